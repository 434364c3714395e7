//! The OpenAPI document says how the service answers: who asks, in which words, and how it refuses.

use std::{collections::BTreeMap, fs, path::Path};

use roundtable::server::routes::{API, Access};
use serde_json::Value;

use super::{
    floors::files,
    routes::{World, name},
};
use crate::harness::{
    app::{TestApp, Who},
    databases::on_each_database,
};

fn document(app: &TestApp) -> Value {
    app.public().get("/api/v1/openapi.json").expect(200).json()
}

on_each_database! {
    fn whoever_reads_a_version_is_told_that_it_is_one(app: &TestApp) {
        let (document, world) = (document(app), World::of(app));
        let readers = [Who::Officer, Who::Administrator, Who::Manager].map(|who| app.client(who));
        let mut versioned = 0;
        for route in API.iter().filter(|route| route.method == "GET") {
            let headers = &document["paths"][route.path]["get"]["responses"]["200"]["headers"];
            for answer in readers.iter().map(|reader| world.ask(reader, route, &world.submitted)) {
                // What is published has a hash of its bytes instead; what is approved or chosen among has one too, and is answered
                // by it.
                let answered = route.path.contains("/releases/") || route.path.ends_with("/led-bids");
                let sent = answer.header("etag").is_some_and(|tag| answered || tag.starts_with("\"v"));
                assert!(answer.status != 200 || sent == headers["ETag"].is_object(), "{}: {headers}", name(route));
                versioned += u32::from(sent);
            }
        }
        assert!(versioned >= 5, "{versioned}");
    }

    fn whatever_is_not_public_says_so_and_every_refusal_is_a_problem(app: &TestApp) {
        let document = document(app);
        for route in API {
            let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
            assert_eq!(operation.get("security").is_some(), route.access != Access::Public, "{}", name(route));
            let refusals = operation["responses"].as_object().unwrap().iter().filter(|(status, _)| status.as_str() >= "400");
            for (status, refusal) in refusals {
                let shared = refusal["$ref"].as_str().is_some_and(|place| place.starts_with("#/components/responses/"));
                let own_form = route.path.starts_with("/common-grants/");
                assert!(shared || own_form, "{}: {status} is written by hand: {refusal}", name(route));
            }
        }
        for (name, response) in document["components"]["responses"].as_object().unwrap() {
            assert!(response["content"]["application/problem+json"].is_object(), "{name}");
        }
    }

    fn words_are_documented_as_they_are_sent(app: &TestApp) {
        let schemas = &document(app)["components"]["schemas"];
        assert_eq!(schemas["Stage"]["enum"], serde_json::json!(["eoi", "full"]));
        for (name, schema) in schemas.as_object().unwrap() {
            for word in schema["enum"].as_array().into_iter().flatten() {
                let word = word.as_str().unwrap_or_default();
                assert!(!word.starts_with(char::is_uppercase), "{name}: {word} is the variant's name");
            }
        }
    }
}

/// Two types of one name would overwrite each other in the document, and one of them would be documented as the other.
#[test]
fn every_schema_has_a_name_of_its_own() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // The scenarios' words are read from files and stand in no document.
    for file in files(&source).into_iter().filter(|file| !file.starts_with(source.join("demo"))) {
        let text = fs::read_to_string(&file).unwrap();
        for name in schemas_in(&text) {
            named.entry(name).or_default().push(file.display().to_string());
        }
    }
    assert!(named.len() > 100, "{named:?}");
    named.retain(|_, files| files.len() > 1);
    assert_eq!(named, BTreeMap::new(), "give one of them `#[schema(as = …)]`");
}

/// The names under which the types of a file stand in the document.
fn schemas_in(text: &str) -> Vec<String> {
    let (mut names, mut documented) = (Vec::new(), false);
    for line in text.lines().map(str::trim) {
        documented |= line.contains("ToSchema") || line == "words! {";
        if let Some(name) = line.strip_prefix("#[schema(as = ").and_then(|rest| rest.strip_suffix(")]")) {
            names.push(name.to_owned());
            documented = false;
        }
        let bare = line.strip_prefix("pub ").unwrap_or(line);
        let declared = ["struct ", "enum "].iter().find_map(|word| bare.strip_prefix(word));
        if let Some(declared) = declared {
            let end = declared.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(declared.len());
            // A macro names its type by what it is given.
            if documented && end > 0 {
                names.push(declared[..end].to_owned());
            }
            documented = false;
        }
    }
    names
}
