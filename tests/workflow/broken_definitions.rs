//! Every kind of broken definition is caught, with the place and the reason.

use std::time::{Duration, Instant};

use roundtable::workflow::{
    Definition, Fault, Role, Rule, Vocabulary,
    check::{check, check_with_people},
};
use serde_json::{Value, json};

use super::SMALL_GRANT;

/// One way to break the small grant: where, what is put there, and the fault that must come of it.
struct Breakage {
    at: &'static str,
    with: Value,
    place: &'static str,
    reason: &'static str,
}

fn breakage(at: &'static str, with: Value, place: &'static str, reason: &'static str) -> Breakage {
    Breakage { at, with, place, reason }
}

/// Puts a value at a pointer; `null` takes the member out, `-` at the end of a list appends.
pub fn put(document: &mut Value, at: &str, value: Value) {
    let (parent, last) = at.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(object) if value.is_null() => drop(object.remove(last)),
        Value::Object(object) => drop(object.insert(last.to_owned(), value)),
        Value::Array(items) if last == "-" => items.push(value),
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = value,
        other => panic!("{other} has no members"),
    }
}

pub fn faults_of(document: &Value) -> Vec<Fault> {
    match Definition::from_json(&document.to_string()) {
        Ok(definition) => check(&definition, Vocabulary::bids()),
        Err(faults) => faults,
    }
}

fn assert_caught(breakages: Vec<Breakage>) {
    for Breakage { at, with, place, reason } in breakages {
        let mut document: Value = serde_json::from_str(SMALL_GRANT).unwrap();
        put(&mut document, at, with.clone());
        let faults = faults_of(&document);
        let is_caught = faults.iter().any(|fault| fault.pointer == place && fault.reason.contains(reason));
        assert!(is_caught, "{with} at {at} should give “{reason}” at {place}, gave {faults:#?}");
        assert!(faults.iter().all(|fault| !fault.suggestion.is_empty()));
    }
}

#[test]
fn a_definition_of_the_wrong_form_is_told_where_and_why() {
    assert_caught(vec![
        breakage("/colour", json!("red"), "/colour", "unknown field `colour`"),
        breakage("/title", json!(7), "/title", "invalid type: integer `7`, expected a string"),
        breakage("/start", Value::Null, "", "missing field `start`"),
        breakage("/states/1/kind", json!("thinking"), "/states/1/kind", "unknown variant `thinking`"),
        breakage("/states/1/colour", json!("red"), "/states/1/colour", "unknown field `colour`"),
        breakage("/states/1/labels/next", Value::Null, "/states/1/labels", "missing field `next`"),
        breakage("/transitions/0/who/0", json!("mayor"), "/transitions/0/who/0", "unknown variant `mayor`"),
        breakage("/transitions/2/gate", json!("lunch"), "/transitions/2/gate", "unknown variant `lunch`"),
        breakage(
            "/transitions/2/effects/0",
            json!("ring-bell"),
            "/transitions/2/effects/0",
            "unknown variant `ring-bell`",
        ),
        breakage(
            "/transitions/2/approvals/count",
            json!(-1),
            "/transitions/2/approvals/count",
            "invalid value: integer `-1`",
        ),
        breakage("/transitions/3/guard", json!({"xor": []}), "/transitions/3/guard", "“xor” is not an operator"),
        breakage("/transitions/2/guard/and/0", json!(5), "/transitions/2/guard/and/0", "exactly one operator"),
    ]);
}

#[test]
fn a_definition_with_wrong_names_is_told_where_and_why() {
    assert_caught(vec![
        breakage("/id", json!("Small grant"), "/id", "small letters"),
        breakage("/title", json!(" "), "/title", "label is empty"),
        breakage("/version", json!(0), "/version", "count from 1"),
        breakage("/start", json!("nowhere"), "/start", "no state “nowhere”"),
        breakage("/start", json!("submitted"), "/start", "not a draft"),
        breakage("/states/2/id", json!("submitted"), "/states/2/id", "used twice"),
        breakage("/transitions/1/id", json!("submit"), "/transitions/1/id", "used twice"),
        breakage("/milestones/1", json!("full_closes"), "/milestones/1", "used twice"),
        breakage("/states/0/labels/next", json!(""), "/states/0/labels/next", "label is empty"),
        breakage("/transitions/0/label", json!(""), "/transitions/0/label", "label is empty"),
        breakage("/transitions/0/from", json!([]), "/transitions/0/from", "starts nowhere"),
        breakage("/transitions/0/from", json!(["draft", "draft"]), "/transitions/0/from/1", "named twice"),
        breakage("/transitions/0/from/0", json!("gone"), "/transitions/0/from/0", "no state “gone”"),
        breakage("/transitions/0/to", json!("gone"), "/transitions/0/to", "no state “gone”"),
        breakage("/transitions/0/not_after", json!("never"), "/transitions/0/not_after", "no milestone “never”"),
        breakage("/transitions/1/automatic_at", json!("never"), "/transitions/1/automatic_at", "no milestone “never”"),
        breakage("/transitions/2/release", json!("never"), "/transitions/2/release", "no milestone “never”"),
        breakage(
            "/transitions/2/effects/0/send-mail/template",
            json!("love-letter"),
            "/transitions/2/effects/0/send-mail/template",
            "no mail “love-letter”",
        ),
        breakage(
            "/transitions/2/effects/0/send-mail/template",
            json!("sign-off-wanted"),
            "/transitions/2/effects/0/send-mail/template",
            "no mail “sign-off-wanted”",
        ),
        breakage(
            "/transitions/2/effects/-",
            json!({"send-mail": {"template": "outcome"}}),
            "/transitions/2/effects/1",
            "twice",
        ),
    ]);
}

#[test]
fn a_definition_with_a_guard_that_does_not_fit_is_told_where_and_why() {
    assert_caught(vec![
        breakage(
            "/transitions/3/guard",
            json!({"var": "moon.full"}),
            "/transitions/3/guard/var",
            "no field “moon.full”",
        ),
        breakage(
            "/transitions/2/guard/and/-",
            json!({"<=": [{"var": "ask_pence"}, "plenty"]}),
            "/transitions/2/guard/and/1/<=",
            "an amount of money with a word",
        ),
    ]);
}

#[test]
fn a_definition_whose_ways_lead_nowhere_is_told_where_and_why() {
    let island = json!({"id": "island", "kind": "review", "labels": {"staff": "I", "applicant": "I", "next": "I"}});
    let competitor = json!({
        "id": "also", "label": "Also", "from": ["draft"], "to": "lapsed", "who": ["system"], "automatic_at": "full_closes"
    });
    let circle = json!({
        "id": "back", "label": "Back", "from": ["lapsed"], "to": "draft", "who": ["system"], "automatic_at": "full_closes"
    });
    let turning = json!({
        "id": "turn", "label": "Turn", "from": ["granted"], "to": "submitted", "who": ["fund_manager"],
        "release": "announcement", "gate": "award"
    });
    assert_caught(vec![
        breakage("/states/-", island.clone(), "/states/5", "can ever reach “island”"),
        breakage("/states/-", island, "/states/5", "“island” can never come to an end"),
        breakage("/states/2/terminal", json!(false), "/states/2", "“granted” can never come to an end"),
        breakage("/transitions/-", competitor, "/transitions/4/from/0", "“lapse” also leaves “draft” by itself"),
        breakage("/transitions/-", circle, "/transitions/4/automatic_at", "leads back to where it starts"),
        breakage("/transitions/-", turning, "/transitions/4/release", "leads back to where it starts"),
    ]);
}

#[test]
fn a_definition_that_fails_people_is_told_where_and_why() {
    assert_caught(vec![
        breakage("/transitions/0/who", json!([]), "/transitions/0/who", "nobody can take it"),
        breakage("/transitions/0/who", json!(["system"]), "/transitions/0/who", "only what has a milestone"),
        breakage("/transitions/1/who", json!(["assessor"]), "/transitions/1/who", "taken by the system alone"),
        breakage("/transitions/2/who", json!(["partner_member"]), "/transitions/2/who/0", "would decide on it"),
        breakage("/transitions/2/gate", Value::Null, "/transitions/2", "has no gate"),
        breakage(
            "/transitions/2/automatic_at",
            json!("announcement"),
            "/transitions/2/automatic_at",
            "taken by people",
        ),
        breakage("/transitions/2/approvals/count", json!(0), "/transitions/2/approvals/count", "1 to 10 can"),
        breakage("/transitions/2/approvals/roles", json!([]), "/transitions/2/approvals/roles", "nobody could agree"),
        breakage(
            "/transitions/1/approvals",
            json!({"count": 1, "roles": ["moderator"]}),
            "/transitions/1/approvals",
            "cannot wait for people",
        ),
        breakage("/transitions/3/outcome", Value::Null, "/transitions/3", "not marked as one"),
        breakage("/transitions/3/effects", json!([]), "/transitions/3/effects", "nobody is told"),
        breakage(
            "/transitions/3/effects/0/send-mail/template",
            json!("withdrawn"),
            "/transitions/3/effects",
            "nobody is told",
        ),
        breakage(
            "/transitions/3/effects/0/send-mail/template",
            json!("outcome-funded"),
            "/transitions/3/effects/0/send-mail/template",
            "does not tell what “refused” means",
        ),
        breakage(
            "/transitions/0/effects",
            json!([{"send-mail": {"template": "submitted-full"}}]),
            "/transitions/0/effects/0/send-mail/template",
            "none is kept",
        ),
        breakage(
            "/transitions/1/effects",
            json!([{"send-mail": {"template": "outcome"}}]),
            "/transitions/1/effects/0/send-mail/template",
            "there is none",
        ),
        breakage("/transitions/3/guard", Value::Null, "/transitions/3/guard", "without feedback"),
        breakage(
            "/transitions/3/guard",
            json!({"or": [{"var": "feedback.given"}, {"var": "scores.complete"}]}),
            "/transitions/3/guard",
            "without feedback",
        ),
    ]);
}

#[test]
fn a_definition_without_an_end_is_refused() {
    let mut document: Value = serde_json::from_str(SMALL_GRANT).unwrap();
    for state in document["states"].as_array_mut().unwrap() {
        state.as_object_mut().unwrap().remove("terminal");
    }
    assert!(faults_of(&document).iter().any(|fault| fault.reason == "no state is an end"));
}

#[test]
fn text_that_is_no_json_or_nested_a_thousand_deep_or_too_long_is_refused_and_nothing_overflows() {
    for (text, reason) in [
        ("{".to_owned(), "cannot be read as JSON"),
        ("[".repeat(1_000), "recursion limit"),
        (format!("{}\"\"{}", "{\"!\":".repeat(1_000), "}".repeat(1_000)), "recursion limit"),
        (format!("{{\"id\": \"a\"}} {}", "more"), "trailing characters"),
        (" ".repeat(5_000_000), "at most 1048576 are read"),
    ] {
        let faults = Definition::from_json(&text).unwrap_err();
        assert!(faults[0].reason.contains(reason), "{}", faults[0].reason);
    }
}

#[test]
fn ten_thousand_states_are_refused_without_walking_them() {
    let mut document: Value = serde_json::from_str(SMALL_GRANT).unwrap();
    let labels = json!({"staff": "s", "applicant": "a", "next": "n"});
    for index in 0..10_000 {
        let state = json!({"id": format!("s{index}"), "kind": "review", "labels": labels});
        put(&mut document, "/states/-", state);
    }
    let faults = faults_of(&document);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].pointer, "/states");
}

#[test]
fn no_list_of_a_transition_is_longer_than_a_list_can_be() {
    for (at, item) in [
        ("/transitions/2/who", json!("fund_manager")),
        ("/transitions/2/from", json!("submitted")),
        ("/transitions/2/effects", json!("open-scoring")),
        ("/transitions/2/approvals/roles", json!("fund_manager")),
    ] {
        let mut document: Value = serde_json::from_str(SMALL_GRANT).unwrap();
        put(&mut document, at, json!(vec![item; 201]));
        let faults = faults_of(&document);
        let told: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.reason.as_str())).collect();
        assert_eq!(told, [(at, "there are 201 here, at most 200 are possible")]);
    }
}

#[test]
fn a_tangle_of_the_largest_size_is_checked_to_its_end() {
    let mut document: Value = serde_json::from_str(SMALL_GRANT).unwrap();
    let (labels, names) = (json!({"staff": "s", "applicant": "a", "next": "n"}), 5..200);
    for index in names.clone() {
        put(&mut document, "/states/-", json!({"id": format!("{index}"), "kind": "review", "labels": labels}));
    }
    let from: Vec<_> = names.map(|index| index.to_string()).collect();
    for index in 4..1_000 {
        let to = from[index % from.len()].clone();
        let transition = json!({
            "id": format!("t{index}"), "label": "l", "from": from, "to": to, "who": ["fund_manager"],
            "release": "announcement", "gate": "award"
        });
        put(&mut document, "/transitions/-", transition);
    }
    let definition: Definition = serde_json::from_value(document).unwrap();
    assert!(check(&definition, Vocabulary::bids()).len() > 996);
}

#[test]
fn a_guard_nested_a_thousand_deep_is_told_where_it_is() {
    let guard = format!("{}{{\"var\": \"feedback.given\"}}{}", "{\"!\": ".repeat(1_000), "}".repeat(1_000));
    let text = SMALL_GRANT.replacen("{\"and\": [{\"var\": \"feedback.given\"}]}", &guard, 1);
    assert!(text.len() > SMALL_GRANT.len(), "the guard was put in");
    let faults = Definition::from_json(&text).unwrap_err();
    assert_eq!(faults[0].pointer, "/transitions/2/guard");
    assert!(faults[0].reason.contains("recursion limit exceeded at line"), "{}", faults[0].reason);
}

#[test]
fn an_approval_needs_as_many_people_as_the_fund_has_in_its_roles() {
    let mut definition: Definition = serde_json::from_str(SMALL_GRANT).unwrap();
    let faults = |definition: &Definition, people: &[(Role, usize)]| {
        let people = people.iter().copied().collect();
        check_with_people(definition, Vocabulary::bids(), &people)
    };
    let alone = faults(&definition, &[(Role::FundManager, 1), (Role::Assessor, 9)]);
    assert_eq!(alone.len(), 1);
    assert_eq!(alone[0].pointer, "/transitions/2/approvals/count");
    assert_eq!(alone[0].reason, "2 people have to agree, and the fund has 1 who could");
    assert_eq!(faults(&definition, &[(Role::FundManager, 2)]), []);
    definition.transitions[2].approvals.as_mut().unwrap().roles = vec![Role::FundManager, Role::Moderator];
    assert_eq!(faults(&definition, &[(Role::FundManager, 1), (Role::Moderator, 1)]), []);
    assert_eq!(faults(&definition, &[]).len(), 1);
    definition.transitions[2].approvals.as_mut().unwrap().roles = vec![Role::PartnerSignatory];
    assert_eq!(faults(&definition, &[]), [], "how many people councils have is not the fund's to know");
}

/// A rule that asks whether a field is one of so many values, in lists as long as they can be.
fn one_of(field: &str, values: &[Value]) -> Value {
    let lists = values.chunks(Rule::MAX_LIST).map(|list| json!({ "in": [{ "var": field }, list] }));
    json!({ "or": lists.collect::<Vec<_>>() })
}

/// The one fault of the small grant with this guard on its submission.
fn fault_of_guard(guard: Value) -> Fault {
    let mut document: Value = serde_json::from_str(SMALL_GRANT).unwrap();
    put(&mut document, "/transitions/0/guard", guard);
    let mut faults = faults_of(&document);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults.remove(0)
}

#[test]
fn a_guard_with_more_cases_than_can_be_tried_is_refused_in_a_moment() {
    let words: Vec<Value> = (0..5_000).map(|index| json!(format!("kind_{index}"))).collect();
    let numbers: Vec<Value> = (0..20_000).map(|number| json!(number * 1_000)).collect();
    let partners = |count: &str, more: Value| json!({ "and": [one_of(count, &numbers), more] });
    let guards = [
        json!({ "and": [
            { "some": [{ "var": "partners" }, one_of("kind", &words)] },
            { "all": [{ "var": "partners" }, { "!": { "==": [{ "var": "nation" }, "wales"] } }] },
            { ">=": [{ "var": "partners.confirmed" }, { "var": "led_bids" }] },
            one_of("led_bids", &numbers[..4_000])
        ] }),
        one_of("partners.confirmed", &numbers[..3_000]),
        partners("partners.invited", json!({ "some": [{ "var": "partners" }, one_of("kind", &words[..20])] })),
        partners("led_bids", one_of("led_bids_limit", &numbers)),
    ];
    for guard in guards {
        let begun = Instant::now();
        let fault = fault_of_guard(guard);
        assert_eq!(
            (fault.pointer.as_str(), fault.reason.as_str()),
            ("/transitions/0/guard", "it has too many cases to be proved")
        );
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }
}

#[test]
fn a_guard_with_more_values_or_parts_than_a_rule_can_have_is_told_so() {
    let numbers: Vec<i64> = (0..3_000).collect();
    let fault = fault_of_guard(json!({ "in": [{ "var": "partners.confirmed" }, numbers] }));
    assert_eq!(fault.pointer, "/transitions/0/guard/in/1");
    assert_eq!(fault.reason, "there are 3000 values here, at most 200 are possible");
    let pair = json!({ "<=": [{ "var": "led_bids" }, { "var": "led_bids_limit" }] });
    let fault = fault_of_guard(json!({ "and": vec![pair.clone(); 3_000] }));
    assert_eq!(fault.reason, "the rule has 3001 parts, at most 500 are possible");
    let mut document: Value = serde_json::from_str(SMALL_GRANT).unwrap();
    put(&mut document, "/transitions/0/guard", json!({ "and": vec![pair; 499] }));
    assert_eq!(faults_of(&document), []);
}
