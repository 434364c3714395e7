//! Deputies of a section 151 officer: who names them, on which days they sign, and what the signature says.

use roundtable::events::Chain;
use serde_json::{Value, json};

use super::{council, full_application};
use crate::{
    account::happened,
    harness::{
        app::{Answer, TestApp, Who},
        databases::on_each_database,
    },
};

fn path(app: &TestApp, code: &'static str) -> String {
    format!("/api/v1/organisations/{}/deputies", council(app, code).as_str().unwrap())
}

/// The administrator of Ambridge signs for its section 151 officer in the week of the signature.
fn week(app: &TestApp) -> Value {
    json!({ "principal": app.person(Who::Signatory), "deputy": app.person(Who::Administrator),
        "from": "2026-10-12", "until": "2026-10-16", "reason": "On leave" })
}

/// The same with something else in one field.
fn with(app: &TestApp, field: &str, value: Value) -> Value {
    let mut week = week(app);
    week[field] = value;
    week
}

fn name(app: &TestApp, who: Who, new: Value) -> Answer {
    app.client(who).post(&path(app, "AMB"), new)
}

fn sign(app: &TestApp, who: Who, reference: &str) -> Answer {
    let at = format!("/api/v1/bids/{reference}/sign-off");
    let hash = app.client(Who::Officer).get(&at).expect(200).json()["hash"].clone();
    app.client(who).post(&format!("{at}/sign"), json!({ "hash": hash }))
}

/// An application that waits for its signature.
fn asked(app: &TestApp) -> String {
    let reference = full_application(app);
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
    reference
}

on_each_database! {
    fn a_deputy_signs_for_the_officer_on_the_days_that_were_named_and_on_no_other(app: &TestApp) {
        let named = name(app, Who::Signatory, week(app)).expect(201).json();
        assert_eq!((&named["deputy_name"], &named["principal_name"]), (&"Administrator Person".into(), &"Signatory Person".into()));
        let letters: Vec<_> = app.letters().into_iter().map(|letter| (letter.template, letter.recipient)).collect();
        assert_eq!(letters, [("signatory-deputy-named".to_owned(), Who::Administrator.email())], "who names a deputy knows it");
        let reference = asked(app);
        let wanted = app.letters().into_iter().filter(|letter| letter.template == "sign-off-wanted");
        assert_eq!(wanted.map(|letter| letter.recipient).collect::<Vec<_>>(), [Who::Signatory.email(), Who::Administrator.email()]);
        app.at("2026-10-11T22:59:59Z");
        assert_eq!(sign(app, Who::Administrator, &reference).problem(), (403, "not_allowed".into()), "it is Sunday in London");
        app.at("2026-10-16T23:00:00Z");
        assert_eq!(sign(app, Who::Administrator, &reference).problem(), (403, "not_allowed".into()), "it is Saturday in London");
        app.at("2026-10-16T22:59:59Z");
        let mut deputy = app.browser(Who::Administrator);
        deputy.open("/dashboard").follow("Sign “Better repairs”").press("Sign this version");
        deputy.sees("What stands now is signed.").sees("Administrator Person for Signatory Person");
        deputy.open(&format!("/bids/{reference}/history")).sees("Signed by a deputy of the section 151 officer of Ambridge Borough Council");
        let view = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/sign-off")).expect(200).json();
        assert_eq!(view["signatures"][0]["sign_off"]["signed_for"], json!(app.person(Who::Signatory)));
        app.at("2026-10-20T09:00:00Z");
        let later = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/sign-off")).expect(200).json();
        assert_eq!(later["current"], true, "what a deputy signed in time stands");
    }

    fn a_deputy_is_named_by_the_officer_and_by_the_administrator_alone(app: &TestApp) {
        assert_eq!(name(app, Who::Officer, week(app)).problem(), (403, "not_allowed".into()));
        assert_eq!(name(app, Who::Stranger, week(app)).problem(), (404, "not_found".into()));
        let own = name(app, Who::Officer, with(app, "principal", Value::Null));
        assert_eq!(own.json()["errors"][0]["code"], "no_signatory", "{}", own.text());
        let named = name(app, Who::Administrator, with(app, "deputy", json!(app.person(Who::Officer)))).expect(201).json();
        let told: Vec<_> = app.letters().into_iter().map(|letter| letter.recipient).collect();
        assert_eq!(told, [Who::Officer.email(), Who::Signatory.email()], "the officer hears of it too");
        assert_eq!(app.client(Who::Officer).get(&path(app, "AMB")).expect(200).json().as_array().unwrap().len(), 1);
        let end = format!("{}/{}", path(app, "AMB"), named["id"].as_str().unwrap());
        assert_eq!(app.client(Who::Officer).delete(&end).problem(), (403, "not_allowed".into()));
        app.client(Who::Signatory).delete(&end).expect(204);
        assert_eq!(app.client(Who::Signatory).delete(&end).problem(), (404, "not_found".into()));
        let kinds: Vec<_> = happened(app, Chain::Organisation(app.organisation("AMB"))).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds[kinds.len() - 2..], ["deputy.named", "deputy.ended"]);
        app.browser(Who::Administrator).open(&format!("/organisations/{}/members", app.organisation("AMB"))).sees("Officer Person no longer acts for Signatory Person");
    }

    fn wrong_deputies_are_refused_with_the_field(app: &TestApp) {
        let cases = [
            ("deputy", json!(app.person(Who::Stranger)), "/deputy", "not_of_the_organisation"),
            ("deputy", json!(app.person(Who::Signatory)), "/deputy", "same_person"),
            ("principal", json!(app.person(Who::Officer)), "/principal", "no_signatory"),
            ("until", json!("2026-10-11"), "/until", "too_early"),
            ("until", json!("2028-10-11"), "/until", "too_late"),
            ("reason", json!(" "), "/reason", "missing"),
        ];
        for (field, value, pointer, code) in cases {
            let problem = name(app, Who::Administrator, with(app, field, value)).expect(422).json();
            let errors: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| (error["pointer"].clone(), error["code"].clone())).collect();
            assert!(errors.contains(&(pointer.into(), code.into())), "{field}: {errors:?}");
        }
        name(app, Who::Signatory, week(app)).expect(201);
        assert_eq!(name(app, Who::Signatory, week(app)).problem(), (409, "deputy_already".into()));
    }

    fn whoever_asked_signs_neither_as_officer_nor_as_deputy(app: &TestApp) {
        name(app, Who::Administrator, with(app, "deputy", json!(app.person(Who::Officer)))).expect(201);
        let reference = asked(app);
        assert_eq!(sign(app, Who::Officer, &reference).problem(), (403, "second_person_needed".into()));
        sign(app, Who::Signatory, &reference).expect(200);
    }

    fn a_deputy_is_named_on_a_page_and_ended_there(app: &TestApp) {
        let mut officer = app.browser(Who::Signatory);
        officer.open("/account").follow("Deputies who sign for Ambridge Borough Council").sees("Nobody has a deputy now.");
        officer.press("Name the deputy").sees("Choose who acts").sees("Enter the first day").sees("Enter the last day");
        officer.select("Who acts in your place", "Administrator Person");
        for (name, day) in [("First day", "12"), ("Last day", "16")] {
            officer.fill_in(name, "Day", day).fill_in(name, "Month", "10").fill_in(name, "Year", "2026");
        }
        officer.fill("Why", "On leave").press("Name the deputy").sees("Administrator Person signs for Signatory Person");
        officer.press("End Administrator Person for Signatory Person").sees("no longer signs for");
    }
}
