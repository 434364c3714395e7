//! Documents that are read, and what is wrong with them.

use std::collections::BTreeMap;

use methods::portfolio::{self, Problem};

#[test]
fn documents_that_make_no_sense_are_refused_with_the_place() {
    let refused = |text: &str| {
        let faults = Problem::read(text.as_bytes()).and_then(|problem| problem.check()).unwrap_err();
        faults.to_string()
    };
    assert!(refused("{").contains("cannot be read"));
    assert!(refused(r#"{"budget": 1.5, "bids": []}"#).contains("cannot be read"));
    assert!(refused(r#"{"budget": 1, "bids": [], "rulez": []}"#).contains("rulez"));
    assert!(refused(r#"{"budget": -1, "bids": []}"#).contains("/budget: must be 0 or more"));
    assert!(refused(r#"{"budget": 1, "bids": []}"#).contains("/bids: there is no bid"));
    let with = |bids: &str, rules: &str| refused(&format!(r#"{{"budget": 9, "bids": [{bids}], "rules": [{rules}]}}"#));
    let one = r#"{"bid": "A", "value": 1, "amount": 2, "theme": "x"}"#;
    assert!(with(&format!("{one},{one}"), "").contains("/bids/1/bid: A stands twice"));
    assert!(with(r#"{"bid": "A", "value": 1e300, "amount": 2}"#, "").contains("/bids/0/value"));
    assert!(with(r#"{"bid": "A", "value": 1, "amount": -2}"#, "").contains("/bids/0/amount"));
    assert!(
        with(one, r#"{"rule": "cap", "of": "region", "is": "x", "awards": 1}"#)
            .contains("/rules/0/of: no bid has \"region\"")
    );
    assert!(with(one, r#"{"rule": "cap", "of": "theme", "is": "x"}"#).contains("give either awards or amount"));
    assert!(with(one, r#"{"rule": "exclusive", "bids": ["A", "Z"]}"#).contains("/rules/0/bids: there is no bid Z"));
    assert!(with(one, r#"{"rule": "together", "bids": ["A"]}"#).contains("name two bids at least"));
}

#[test]
fn the_schema_names_what_a_document_has() {
    let schema = serde_json::to_value(portfolio::schema()).unwrap();
    assert!(schema["properties"]["bids"].is_object() && schema["properties"]["rules"].is_object());
    let kinds = schema["$defs"]["Rule"]["oneOf"].as_array().unwrap();
    let names: BTreeMap<&str, ()> =
        kinds.iter().map(|kind| (kind["properties"]["rule"]["const"].as_str().unwrap(), ())).collect();
    assert_eq!(names.into_keys().collect::<Vec<_>>(), ["cap", "each", "exclusive", "floor", "together"]);
}

#[test]
fn a_bid_that_says_something_twice_or_has_no_reference_is_refused_by_name() {
    let refused = |bid: &str| {
        let text = format!(r#"{{"budget": 9, "bids": [{bid}]}}"#);
        Problem::read(text.as_bytes()).and_then(|problem| problem.check()).unwrap_err().to_string()
    };
    let twice = refused(r#"{"theme": "x", "value": 1, "amount": 2, "theme": "y", "bid": "A"}"#);
    assert!(twice.contains(r#"bid A has "theme" twice"#), "{twice}");
    assert!(refused(r#"{"bid": "A", "value": 1, "value": 2, "amount": 2}"#).contains(r#"bid A has "value" twice"#));
    assert!(refused(r#"{"bid": "A", "value": 1}"#).contains("bid A has no amount"));
    assert!(refused(r#"{"bid": "A", "amount": 1}"#).contains("bid A has no value"));
    assert!(refused(r#"{"value": 1, "amount": 1}"#).contains("missing field `bid`"));
    assert!(
        refused(r#"{"bid": " ", "value": 1, "amount": 2}"#).contains("/bids/0/bid: bid 1 of the list has no reference")
    );
}
