//! Rules read, refuse and explain themselves.

use proptest::prelude::*;
use roundtable::workflow::rules::MAX_DEPTH;
use roundtable::workflow::{BidFacts, Facts, Rule, Vocabulary};
use serde_json::{Value, json};

use super::{good_bid, partner};

fn rule(value: Value) -> Rule {
    let rule = Rule::parse(&value).unwrap();
    assert_eq!(rule.faults(Vocabulary::bids()), [], "{value}");
    rule
}

fn reasons(value: Value, bid: BidFacts) -> Vec<String> {
    let verdict = rule(value).judge(&Facts::from(bid));
    assert_eq!(verdict.holds, verdict.reasons.is_empty());
    verdict.reasons
}

fn bid(change: impl FnOnce(&mut BidFacts)) -> BidFacts {
    let mut bid = good_bid();
    change(&mut bid);
    bid
}

#[test]
fn an_ask_over_the_limit_reads_as_a_person_would_say_it() {
    let within_limit = json!({"<=": [{"var": "ask_pence"}, {"var": "limit_pence"}]});
    let dear = bid(|bid| bid.ask_pence = Some(12_000_000));
    assert_eq!(reasons(within_limit.clone(), dear), ["your ask is £120,000, the limit for a discovery is £80,000"]);
    let alpha = bid(|bid| {
        bid.phase = Some("alpha".to_owned());
        bid.ask_pence = Some(10_000_050);
        bid.limit_pence = Some(10_000_000);
    });
    assert_eq!(reasons(within_limit, alpha), ["your ask is £100,000.50, the limit for an alpha is £100,000"]);
}

#[test]
fn too_few_partners_read_as_a_person_would_say_it() {
    let three = json!({">=": [{"var": "partners.confirmed"}, 3]});
    assert_eq!(reasons(three.clone(), good_bid()), ["2 partners have confirmed, at least 3 are needed"]);
    let one = bid(|bid| bid.partners.truncate(1));
    assert_eq!(reasons(three, one), ["1 partner has confirmed, at least 3 are needed"]);
}

#[test]
fn every_sort_of_rule_of_eligibility_says_why_it_refuses() {
    let scotland = |bid: &mut BidFacts| bid.lead_nation = Some("scotland".to_owned());
    let fire = |bid: &mut BidFacts| bid.lead_kind = Some("fire_authority".to_owned());
    let kinds = json!({"in": [{"var": "lead.kind"}, ["county_council", "london_borough"]]});
    let table: Vec<(Value, BidFacts, &str)> = vec![
        (
            json!({"==": [{"var": "lead.nation"}, "england"]}),
            bid(scotland),
            "the lead authority’s nation is Scotland, it must be England",
        ),
        (
            kinds,
            bid(fire),
            "the lead authority’s type is fire authority, it must be one of these: county council, london borough",
        ),
        (
            json!({"var": "sign_off.current"}),
            bid(|bid| bid.sign_off_current = Some(false)),
            "an officer who must sign has not signed what stands now",
        ),
        (
            json!({"==": [{"var": "lead.signed_declaration"}, true]}),
            bid(|bid| bid.lead_signed_declaration = Some(false)),
            "the lead authority has not signed the declaration",
        ),
        (
            json!({"<=": [{"var": "led_bids"}, {"var": "led_bids_limit"}]}),
            bid(|bid| bid.led_bids = Some(3)),
            "3 bids are led by this authority, the limit for one authority is 2",
        ),
        (
            json!({"<=": [{"var": "led_bids"}, 1]}),
            bid(|bid| bid.led_bids = Some(3)),
            "3 bids are led by this authority, at most 1 is allowed",
        ),
        (
            json!({">=": [8_000_000, {"var": "ask_pence"}]}),
            bid(|bid| bid.ask_pence = Some(9_000_000)),
            "your ask is £90,000, at most £80,000 is allowed",
        ),
        (json!({"in": [{"var": "phase"}, ["alpha"]]}), good_bid(), "the phase is discovery, it must be alpha"),
    ];
    for (value, bid, reason) in table {
        assert_eq!(reasons(value, bid), [reason]);
    }
}

#[test]
fn a_rule_over_partners_names_those_who_do_not_meet_it() {
    let all_confirmed = json!({"all": [{"var": "partners"}, {"var": "confirmed"}]});
    let two_missing =
        bid(|bid| bid.partners = vec![partner("Crawley", false), partner("Horsham", true), partner("Arun", false)]);
    let told = ["Crawley has not confirmed its part in this bid", "Arun has not confirmed its part in this bid"];
    assert_eq!(reasons(all_confirmed.clone(), two_missing.clone()), told);
    assert_eq!(reasons(all_confirmed, bid(|bid| bid.partners.clear())), ["no partner has been named yet"]);
    let some_welsh = json!({"some": [{"var": "partners"}, {"==": [{"var": "nation"}, "wales"]}]});
    assert_eq!(
        reasons(some_welsh.clone(), bid(|bid| bid.partners.truncate(1))),
        ["the nation of Adur District Council is England, it must be Wales"]
    );
    assert!(reasons(json!({"!": some_welsh}), two_missing).is_empty());
}

#[test]
fn the_authors_own_sentence_replaces_the_default_one() {
    let own = json!({
        "rule": {"==": [{"var": "lead.nation"}, "england"]},
        "say": "councils in {lead.nation} can be partners but cannot lead"
    });
    let welsh = bid(|bid| bid.lead_nation = Some("wales".to_owned()));
    assert_eq!(reasons(own.clone(), welsh), ["councils in Wales can be partners but cannot lead"]);
    assert!(reasons(own, good_bid()).is_empty());
}

#[test]
fn alternatives_are_all_named() {
    let either = json!({"or": [{"==": [{"var": "stage"}, "eoi"]}, {"<": [{"var": "ask_pence"}, 5_000_000]}]});
    assert_eq!(
        reasons(either, good_bid()),
        ["one of these has to be put right: the stage is full application, it must be expression of interest; \
          or your ask is £80,000, less than £50,000 is allowed"]
    );
}

#[test]
fn what_is_not_known_never_lets_a_bid_pass_not_even_below_a_denial() {
    let nothing = BidFacts::default();
    let too_dear = json!({">": [{"var": "ask_pence"}, 8_000_000]});
    assert_eq!(reasons(too_dear.clone(), nothing.clone()), ["your ask has not been given"]);
    assert_eq!(reasons(json!({"!": too_dear}), nothing.clone()), ["your ask has not been given"]);
    assert_eq!(
        reasons(json!({"!": {"var": "feedback.given"}}), nothing),
        ["it is not known yet whether feedback has been written"]
    );
}

#[test]
fn extremes_of_money_are_harmless() {
    for pence in [i64::MIN, -1, 0, i64::MAX] {
        let extreme = bid(|bid| bid.ask_pence = Some(pence));
        assert_eq!(reasons(json!({"==": [{"var": "ask_pence"}, 1]}), extreme).len(), 1);
    }
}

#[test]
fn rules_of_the_wrong_form_are_told_where_and_why() {
    let table: Vec<(Value, &str, &str)> = vec![
        (json!("yes"), "", "exactly one operator"),
        (json!({}), "", "exactly one operator"),
        (json!({"and": [], "or": []}), "", "exactly one operator"),
        (json!({"+": [1, 2]}), "", "“+” is not an operator"),
        (json!({"/": [1, 0]}), "", "“/” is not an operator"),
        (json!({"and": []}), "/and", "at least one rule"),
        (json!({"and": [{"var": "phase"}, 3]}), "/and/1", "exactly one operator"),
        (json!({"!": [1, 2]}), "/!", "exactly one rule"),
        (json!({"var": ""}), "/var", "1 to 300 characters"),
        (json!({"<=": [{"var": "ask_pence"}]}), "/<=", "exactly two arguments"),
        (json!({"<=": [{"var": "ask_pence"}, 1.5]}), "/<=/1", "not a whole number"),
        (json!({"<=": [{"var": "ask_pence"}, 9_223_372_036_854_775_808_u64]}), "/<=/1", "not a whole number"),
        (json!({"==": [{"var": "phase"}, null]}), "/==/1", "is expected here"),
        (json!({"==": [{"val": "phase"}, "alpha"]}), "/==/0", "a field is expected"),
        (json!({"in": [{"var": "phase"}, []]}), "/in/1", "at least one value"),
        (json!({"in": ["alpha", ["alpha"]]}), "/in/0", "a field is expected"),
        (json!({"some": [{"var": "answers"}, {"var": "x"}]}), "/some/0", "partners only"),
        (json!({"rule": {"var": "phase"}}), "", "“rule” and “say”"),
        (json!({"rule": {"var": "phase"}, "say": 7}), "/say", "1 to 300 characters"),
    ];
    for (value, pointer, reason) in table {
        let faults = Rule::parse(&value).unwrap_err();
        let is_told = faults.iter().any(|fault| fault.pointer == pointer && fault.reason.contains(reason));
        assert!(is_told, "{value} gave {faults:?}");
    }
}

#[test]
fn all_faults_of_a_rule_are_told_at_once() {
    let faults = Rule::parse(&json!({"and": [{"+": []}, {"or": []}, 3]})).unwrap_err();
    assert_eq!(faults.len(), 3);
}

#[test]
fn rules_that_do_not_fit_the_vocabulary_are_told_where_and_why() {
    let table: Vec<(Value, &str, &str)> = vec![
        (json!({"var": "lead.colour"}), "/var", "no field “lead.colour”"),
        (json!({"var": "ask_pence"}), "/var", "an amount of money, not a yes or no"),
        (json!({"==": [1, 1]}), "/==", "never change"),
        (json!({"==": [{"var": "ask_pence"}, {"var": "led_bids"}]}), "/==", "an amount of money with a count"),
        (json!({"==": [{"var": "phase"}, true]}), "/==", "a word with a yes or no"),
        (json!({"<": [{"var": "phase"}, "beta"]}), "/<", "a word has no order"),
        (json!({"==": [{"var": "lead.nation"}, "englnd"]}), "/==/1", "never “englnd”"),
        (json!({"in": [{"var": "lead.nation"}, ["wales", 7]]}), "/in/1/1", "this is a number"),
        (json!({"==": [{"var": "partners"}, {"var": "partners"}]}), "/==", "list of partners"),
        (json!({"var": "confirmed"}), "/var", "no field “confirmed”"),
        (
            json!({"all": [{"var": "partners"}, {"var": "sign_off.current"}]}),
            "/all/1/var",
            "no field “sign_off.current”",
        ),
        (
            json!({"all": [{"var": "partners"}, {"some": [{"var": "partners"}, {"var": "confirmed"}]}]}),
            "/all/1/some/0/var",
            "no field “partners”",
        ),
        (json!({"rule": {"var": "answers.complete"}, "say": "oh {moon}"}), "/say", "“moon”, which is no field"),
    ];
    for (value, pointer, reason) in table {
        let faults = Rule::parse(&value).unwrap().faults(Vocabulary::bids());
        let is_told = faults.iter().any(|fault| fault.pointer == pointer && fault.reason.contains(reason));
        assert!(is_told, "{value} gave {faults:?}");
    }
}

fn nested(levels: usize) -> Value {
    (1..levels).fold(json!({"var": "answers.complete"}), |inner, _| json!({"!": inner}))
}

#[test]
fn a_rule_may_be_sixteen_deep_and_not_seventeen() {
    assert!(Rule::parse(&nested(MAX_DEPTH)).is_ok());
    let faults = Rule::parse(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert!(faults[0].reason.contains("more than 16 deep"));
    assert_eq!(faults[0].pointer, "/!".repeat(16));
}

#[test]
fn a_rule_nested_a_thousand_deep_does_not_overflow_the_stack() {
    assert_eq!(Rule::parse(&nested(1_000)).unwrap_err().len(), 1);
}

fn any_rule() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"var": "answers.complete"})),
        any::<i64>().prop_map(|pence| json!({"<=": [{"var": "ask_pence"}, pence]})),
        (0..5_i64).prop_map(|count| json!({">=": [{"var": "partners.confirmed"}, count]})),
        Just(json!({"in": [{"var": "lead.nation"}, ["england", "wales"]]})),
        Just(json!({"all": [{"var": "partners"}, {"var": "confirmed"}]})),
        Just(json!({"some": [{"var": "partners"}, {"!": {"var": "signed_declaration"}}]})),
    ];
    leaf.prop_recursive(8, 40, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|rules| json!({"and": rules})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|rules| json!({"or": rules})),
            inner.prop_map(|rule| json!({"!": rule})),
        ]
    })
}

fn any_bid() -> impl Strategy<Value = BidFacts> {
    let partners = prop::collection::vec(any::<bool>(), 0..4);
    (any::<Option<i64>>(), any::<Option<bool>>(), partners).prop_map(|(ask_pence, answers_complete, confirmed)| {
        BidFacts {
            ask_pence,
            answers_complete,
            lead_nation: Some("scotland".to_owned()),
            partners: confirmed.into_iter().map(|confirmed| partner("Partner", confirmed)).collect(),
            ..BidFacts::default()
        }
    })
}

proptest! {
    #[test]
    fn any_rule_reads_back_as_written_and_every_refusal_has_a_reason(value in any_rule(), bid in any_bid()) {
        let rule = Rule::parse(&value).unwrap();
        prop_assert_eq!(&Rule::parse(&rule.to_value()).unwrap(), &rule);
        prop_assert_eq!(rule.faults(Vocabulary::bids()), []);
        let verdict = rule.judge(&Facts::from(bid));
        prop_assert_eq!(verdict.holds, verdict.reasons.is_empty());
        prop_assert!(verdict.reasons.iter().all(|reason| !reason.trim().is_empty()));
    }
}
