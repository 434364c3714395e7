//! Whether a rule can hold and can fail, decided without a bid: known answers, and random rules held against random bids.

use proptest::prelude::*;
use roundtable::workflow::{BidFacts, Facts, PartnerFacts, Rule, Vocabulary, rules::Budget};
use serde_json::{Value, json};

/// What a rule can come to; none if it has more cases than a check tries.
fn sides(rule: &Value) -> Option<(bool, bool)> {
    let rule = Rule::parse(rule).unwrap();
    assert_eq!(rule.faults(Vocabulary::bids()), []);
    let sides = rule.sides(Vocabulary::bids(), &mut Budget::for_a_definition())?;
    Some((sides.can_hold, sides.can_fail))
}

#[test]
fn a_rule_that_can_only_hold_or_only_fail_is_known_without_a_bid() {
    let var = |name: &str| json!({ "var": name });
    let (confirmed, invited, ask) = (var("partners.confirmed"), var("partners.invited"), var("ask_pence"));
    let partners = |sign: &str, rule: Value| json!({ sign: [{ "var": "partners" }, rule] });
    let both = (true, true);
    let (never, always) = ((false, true), (true, false));
    let cases = [
        (json!({ "var": "answers.complete" }), both),
        (json!({ "and": [var("answers.complete"), { "!": var("answers.complete") }] }), never),
        (json!({ "or": [var("answers.complete"), { "!": var("answers.complete") }] }), always),
        (json!({ "!": { "or": [var("answers.complete"), { "==": [var("answers.complete"), false] }] } }), never),
        (json!({ "<=": [ask, var("limit_pence")] }), both),
        (json!({ "and": [{ "<": [ask, var("limit_pence")] }, { "<": [var("limit_pence"), ask] }] }), never),
        (json!({ "or": [{ "<=": [ask, var("limit_pence")] }, { ">=": [ask, var("limit_pence")] }] }), always),
        (json!({ ">=": [ask, 0] }), always),
        (json!({ "<": [ask, 0] }), never),
        (json!({ ">": [ask, i64::MAX] }), never),
        (json!({ "and": [{ ">": [ask, 7] }, { "<": [ask, 8] }] }), never),
        (json!({ "and": [{ ">": [ask, 7] }, { "<": [ask, 9] }] }), both),
        (
            json!({ "and": [{ "in": [var("lead.nation"), ["england"]] }, { "==": [var("lead.nation"), "wales"] }] }),
            never,
        ),
        (json!({ "in": [var("lead.nation"), ["england", "wales", "scotland", "northern_ireland"]] }), always),
        (json!({ "in": [var("lead.kind"), ["county_council"]] }), both),
        (json!({ "and": [{ "==": [var("phase"), "alpha"] }, { "==": [var("phase"), "beta"] }] }), never),
        (json!({ ">": [confirmed, invited] }), never),
        (json!({ "and": [{ "==": [confirmed, 3] }, { "==": [invited, 5] }] }), both),
        (partners("some", var("confirmed")), both),
        (json!({ "and": [partners("some", var("confirmed")), { "==": [confirmed, 0] }] }), never),
        (json!({ "and": [partners("all", var("confirmed")), { ">": [invited, confirmed] }] }), never),
        (json!({ "and": [partners("all", var("confirmed")), { "==": [invited, 0] }] }), never),
        (json!({ "and": [partners("all", var("confirmed")), { "==": [confirmed, 100_000] }] }), both),
        (
            json!({ "and": [
                partners("some", json!({ "==": [var("nation"), "wales"] })),
                partners("all", json!({ "==": [var("nation"), "england"] }))
            ] }),
            never,
        ),
        (
            json!({ "and": [
                partners("some", json!({ "==": [var("nation"), "wales"] })),
                partners("some", json!({ "==": [var("nation"), "england"] })),
                { "<": [invited, 2] }
            ] }),
            never,
        ),
        (json!({ "rule": { ">=": [invited, 0] }, "say": "invite somebody" }), always),
    ];
    for (rule, expected) in cases {
        assert_eq!(sides(&rule), Some(expected), "{rule}");
    }
}

fn atom() -> impl Strategy<Value = Value> {
    let signs = || prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let counts = || prop::sample::select(vec!["partners.confirmed", "partners.invited", "led_bids"]);
    let of_partner = prop_oneof![
        Just(json!({ "var": "confirmed" })),
        Just(json!({ "var": "signed_declaration" })),
        Just(json!({ "==": [{ "var": "nation" }, "wales"] })),
        Just(json!({ "and": [{ "var": "confirmed" }, { "!=": [{ "var": "nation" }, "wales"] }] })),
    ];
    prop_oneof![
        Just(json!({ "var": "answers.complete" })),
        (signs(), counts(), 0..4_i64).prop_map(|(sign, field, number)| json!({ sign: [{ "var": field }, number] })),
        (signs(), counts(), counts())
            .prop_map(|(sign, one, other)| json!({ sign: [{ "var": one }, { "var": other }] })),
        (prop::sample::select(vec!["some", "all"]), of_partner)
            .prop_map(|(sign, rule)| json!({ sign: [{ "var": "partners" }, rule] })),
        prop::sample::select(vec!["alpha", "beta"]).prop_map(|word| json!({ "==": [{ "var": "phase" }, word] })),
    ]
}

fn rule() -> impl Strategy<Value = Value> {
    atom().prop_recursive(2, 4, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|rules| json!({ "and": rules })),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|rules| json!({ "or": rules })),
            inner.prop_map(|rule| json!({ "!": rule })),
        ]
    })
}

fn bid() -> impl Strategy<Value = BidFacts> {
    let partner = (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(confirmed, signed, welsh)| PartnerFacts {
        name: "A council".to_owned(),
        nation: Some(if welsh { "wales" } else { "england" }.to_owned()),
        confirmed,
        signed_declaration: Some(signed),
        ..PartnerFacts::default()
    });
    let phase = prop::sample::select(vec!["alpha", "beta", "gamma"]);
    (prop::collection::vec(partner, 0..5), 0..6_i64, any::<bool>(), phase).prop_map(
        |(partners, led, complete, phase)| {
            let phase = Some(phase.to_owned());
            BidFacts { partners, led_bids: Some(led), answers_complete: Some(complete), phase, ..BidFacts::default() }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_bid_does_what_a_rule_is_said_never_to_come_to(rule in rule(), bids in prop::collection::vec(bid(), 1..20)) {
        let sides = sides(&rule);
        prop_assume!(sides.is_some());
        let (can_hold, can_fail) = sides.unwrap();
        prop_assert!(can_hold || can_fail);
        let rule = Rule::parse(&rule).unwrap();
        for bid in bids {
            let holds = rule.judge(&Facts::from(bid)).holds;
            let foretold = if holds { can_hold } else { can_fail };
            prop_assert!(foretold);
        }
    }
}
