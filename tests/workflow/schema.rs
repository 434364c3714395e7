//! The JSON Schema of definitions, held against them by a validator that is not ours.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use roundtable::workflow::{Definition, definitions, schema::schema};
use serde_json::{Value, json};

use super::{SMALL_GRANT, broken_definitions::faults_of};

/// What the validator finds wrong with each document.
fn faults(documents: &[Value]) -> Vec<Vec<String>> {
    let mut validator = Command::new("node")
        .arg("web/e2e/schema.mjs")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs: install Node.js 20 or later");
    let question = json!({ "schema": schema(), "documents": documents }).to_string();
    validator.stdin.take().unwrap().write_all(question.as_bytes()).unwrap();
    let output = validator.wait_with_output().unwrap();
    assert!(output.status.success(), "the schema is none that the validator can use");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn documents() -> Vec<Value> {
    let ready = definitions::all().iter().map(|(_, text)| serde_json::from_str(text).unwrap());
    ready.chain([serde_json::from_str(SMALL_GRANT).unwrap()]).collect()
}

#[test]
fn every_sound_definition_and_what_is_written_of_it_fits_the_schema() {
    let mut all = documents();
    let written = |document: &Value| {
        let definition: Definition = serde_json::from_value(document.clone()).unwrap();
        serde_json::to_value(definition).unwrap()
    };
    let again: Vec<Value> = all.iter().map(written).collect();
    all.extend(again);
    for (document, faults) in all.iter().zip(faults(&all)) {
        assert_eq!(faults, [""; 0], "{}", document["id"]);
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let wrong = [
        ("/colour", json!("red")),
        ("/version", json!(-1)),
        ("/states/0/kind", json!("thinking")),
        ("/states/0/form", json!("short")),
        ("/states/0/result", json!("lost")),
        ("/states/0/labels/tone", json!("kind")),
        ("/transitions/0/who", json!(["mayor"])),
        ("/transitions/0/gate", json!("lunch")),
        ("/transitions/0/effects", json!(["ring-bell"])),
        ("/transitions/0/effects", json!([{ "send-mail": { "template": "outcome", "to": "all" } }])),
        ("/transitions/0/approvals", json!({ "count": 2 })),
        ("/transitions/0/approvals", json!({ "count": 2, "roles": [], "voided_by": ["weather"] })),
        ("/transitions/0/guard", json!({ "xor": [] })),
        ("/transitions/0/guard", json!({ "and": [] })),
        ("/transitions/0/guard", json!({ "var": "moon.full" })),
        ("/transitions/0/guard", json!({ "==": [{ "var": "stage" }] })),
        ("/transitions/0/guard", json!({ "all": [{ "var": "stage" }, { "var": "confirmed" }] })),
        ("/transitions/0/guard", json!({ "rule": { "var": "stage" } })),
        ("/transitions/0/guard", json!({ "!": [{ "var": "stage" }, { "var": "stage" }] })),
    ];
    let break_at = |(place, value): &(&str, Value)| {
        let mut document: Value = serde_json::from_str(SMALL_GRANT).unwrap();
        let (parent, last) = place.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[last] = value.clone();
        document
    };
    let broken: Vec<Value> = wrong.iter().map(break_at).collect();
    for ((place, value), (document, faults)) in wrong.iter().zip(broken.iter().zip(faults(&broken))) {
        assert!(!faults.is_empty(), "the schema lets {value} at {place} through");
        assert!(!faults_of(document).is_empty(), "the reader lets {value} at {place} through");
    }
}

#[test]
fn every_field_stands_in_the_schema_with_what_it_is_for() {
    let schema = schema();
    let parts = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    let fields = parts.filter_map(|part| part["properties"].as_object()).flatten();
    let described = fields.filter(|(_, field)| field["description"].is_string());
    let named: Vec<&str> = described.map(|(name, _)| name.as_str()).collect();
    let mut written = serde_json::to_value(documents()).unwrap();
    let mut missing = Vec::new();
    fields_of(&mut written, &mut |name| {
        if !named.contains(&name) {
            missing.push(name.to_owned());
        }
    });
    assert_eq!(missing, [""; 0]);
}

/// Every name of a field in documents, but for those of guards and effects, which have their own notation.
fn fields_of(value: &mut Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| fields_of(item, found)),
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                found(name);
                if !["guard", "effects"].contains(&name.as_str()) {
                    fields_of(field, found);
                }
            }
        }
        _ => {}
    }
}
