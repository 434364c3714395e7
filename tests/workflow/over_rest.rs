//! Workflows over REST: the ready ones, the check of anything at all, and the working copy of a round's own.

use std::collections::BTreeSet;

use roundtable::workflow::{Definition, definitions, schema::schema};
use serde_json::{Value, json};

use super::SMALL_GRANT;
use crate::harness::{
    app::{Answer, Client, ROUND, TestApp, Who},
    databases::on_each_database,
};

const CHECK: &str = "/api/v1/workflows/check";
const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

pub fn of_round(what: &str) -> String {
    format!("/api/v1/rounds/{ROUND}/workflow/{what}")
}

fn sent(client: &Client, text: impl Into<Vec<u8>>) -> Answer {
    client.raw("POST", CHECK, &JSON, Some(text.into()))
}

/// The small grant with a value put at a pointer.
fn changed(pointer: &str, value: Value) -> String {
    let mut document: Value = serde_json::from_str(SMALL_GRANT).unwrap();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[last] = value;
    document.to_string()
}

fn with_guard(guard: &str) -> String {
    changed("/transitions/0/guard", json!("@")).replace("\"@\"", guard)
}

/// Begins a working copy with what is in force, as the manager of a fund that has two: fewer cannot give its approvals.
pub fn begun(app: &TestApp) -> Client {
    app.colleague();
    let manager = app.client(Who::Manager);
    manager.post(&of_round("draft"), json!({})).expect(201);
    manager
}

/// Writes the working copy anew, after a change to what it says.
pub fn rewrite(manager: &Client, change: impl FnOnce(&mut Definition)) -> Answer {
    let copy = manager.get(&of_round("draft")).expect(200).json();
    let mut definition = Definition::from_json(copy["text"].as_str().unwrap()).unwrap();
    change(&mut definition);
    manager.put(&of_round("draft"), copy["version"].as_i64().unwrap(), serde_json::to_value(&definition).unwrap())
}

/// Puts the working copy into force.
pub fn adopt(manager: &Client, reason: &str) -> Answer {
    let version = manager.get(&of_round("draft")).expect(200).json()["version"].as_i64().unwrap();
    let tag = format!("\"v{version}\"");
    manager.send("POST", &of_round("draft/adopt"), &[("If-Match", &tag)], Some(&json!({ "reason": reason })))
}

pub fn label(definition: &mut Definition, state: &str, applicant: &str) {
    let state = definition.states.iter_mut().find(|known| known.id == state).unwrap();
    state.labels.applicant = applicant.into();
}

pub fn kinds_of_round(app: &TestApp) -> Vec<String> {
    use diesel::prelude::*;
    use roundtable::{
        db::schema::rounds,
        events::{self, Chain},
    };
    app.block_on(|app| async move {
        let read = app.db.read(|conn| {
            let id = rounds::table.filter(rounds::slug.eq(ROUND)).select(rounds::id).first(conn)?;
            Ok(events::history(conn, Chain::Round(id))?.into_iter().map(|event| event.kind).collect())
        });
        read.await.unwrap()
    })
}

on_each_database! {
    fn everybody_reads_the_ready_workflows_and_the_schema(app: &TestApp) {
        let public = app.public();
        let list = public.get("/api/v1/workflows").expect(200).json();
        let ids: Vec<&str> = list.as_array().unwrap().iter().map(|ready| ready["id"].as_str().unwrap()).collect();
        assert_eq!(ids, definitions::all().iter().map(|(id, _)| *id).collect::<Vec<_>>());
        assert_eq!(list[0]["states"], 19);
        let one = public.get("/api/v1/workflows/continuous").expect(200);
        assert_eq!(Definition::from_json(&one.text()).unwrap(), definitions::read("continuous").unwrap());
        assert_eq!(public.get("/api/v1/workflows/none").problem(), (404, "not_found".into()));
        assert_eq!(public.get("/api/v1/workflows/schema").expect(200).json(), schema());
    }

    fn a_definition_is_checked_for_whoever_is_signed_in_and_nothing_is_kept(app: &TestApp) {
        assert_eq!(sent(&app.public(), SMALL_GRANT).problem(), (401, "unauthenticated".into()));
        for who in [Who::Nobody, Who::Officer, Who::Manager] {
            let checked = sent(&app.client(who), SMALL_GRANT).expect(200).json();
            assert_eq!(checked, json!({ "sound": true, "faults": [] }), "{who:?}");
        }
        assert_eq!(app.client(Who::Manager).get(&of_round("draft")).status, 404);
    }

    fn whatever_is_sent_as_a_definition_is_answered_with_place_and_reason(app: &TestApp) {
        let client = app.client(Who::Nobody);
        let state = serde_json::from_str::<Value>(SMALL_GRANT).unwrap()["states"][0].clone();
        let many: Vec<Value> = (0..2_000).map(|number| {
            let mut state = state.clone();
            state["id"] = json!(format!("s{number}"));
            state
        }).collect();
        let deep = format!("{}{{\"var\":\"stage\"}}{}", "{\"!\":".repeat(1_000), "}".repeat(1_000));
        let levels = format!("{}{{\"var\":\"answers.complete\"}}{}", "{\"!\":".repeat(17), "}".repeat(17));
        let cases: [(&str, Vec<u8>, &str, &str); 14] = [
            ("nothing", Vec::new(), "", "cannot be read as JSON"),
            ("half an object", b"{\"id\":".to_vec(), "", "cannot be read as JSON"),
            ("a list", b"[]".to_vec(), "", "invalid"),
            ("a number", b"7".to_vec(), "", "invalid type"),
            ("no UTF-8", b"{\"id\":\"\xff\"}".to_vec(), "", "not UTF-8"),
            ("NUL", changed("/title", json!("a\u{0}b")).into_bytes(), "", "NUL"),
            ("many states", changed("/states", json!(many)).into_bytes(), "/states", "there are 2000 here"),
            ("deep nesting", format!("{}{}", "[".repeat(1_000), "]".repeat(1_000)).into_bytes(), "", "recursion limit"),
            ("a guard nested 1,000 deep", with_guard(&deep).into_bytes(), "/transitions/0/guard", "recursion limit"),
            ("a guard nested 18 deep", with_guard(&levels).into_bytes(), "/transitions/0/guard", "nested more than 16 deep"),
            ("division by zero", with_guard("{\"/\":[1,0]}").into_bytes(), "/transitions/0/guard", "“/” is not an operator"),
            ("overflow", with_guard("{\">\":[{\"var\":\"ask_pence\"},9223372036854775808]}").into_bytes(),
                "/transitions/0/guard", "is not a whole number in range"),
            ("an unknown field in a guard", with_guard("{\"var\":\"moon.full\"}").into_bytes(), "/transitions/0/guard", "moon.full"),
            ("an unknown field", changed("/states/0/labels", json!({ "tone": "kind" })).into_bytes(),
                "/states/0/labels", "unknown field `tone`"),
        ];
        for (what, body, place, reason) in cases {
            let checked = sent(&client, body).expect(200).json();
            let faults = checked["faults"].as_array().unwrap();
            let is_told = faults.iter().any(|fault| {
                let (pointer, told) = (fault["pointer"].as_str().unwrap(), fault["reason"].as_str().unwrap());
                pointer.starts_with(place) && told.contains(reason) && !fault["suggestion"].as_str().unwrap().is_empty()
            });
            assert!(!checked["sound"].as_bool().unwrap() && is_told, "{what}: {checked}");
        }
    }

    fn a_definition_of_more_than_a_megabyte_is_refused_unread(app: &TestApp) {
        let client = app.client(Who::Nobody);
        for megabytes in [1, 5] {
            let body = changed("/title", json!("x".repeat(megabytes << 20)));
            assert_eq!(sent(&client, body).problem(), (413, "too_large".into()));
        }
        let ten_thousand: Vec<Value> =
            (0..10_000).map(|_| serde_json::from_str::<Value>(SMALL_GRANT).unwrap()["states"][0].clone()).collect();
        assert_eq!(sent(&client, changed("/states", json!(ten_thousand))).problem(), (413, "too_large".into()));
        let text = client.raw("POST", CHECK, &[("Content-Type", "text/plain")], Some(b"{}".to_vec()));
        assert_eq!(text.json()["errors"][0]["code"], "not_json");
    }

    fn a_circle_of_what_happens_by_itself_is_told(app: &TestApp) {
        let mut definition = definitions::read("local-digital-fund-1").unwrap();
        let lapse = definition.transitions.iter().find(|transition| transition.id == "lapse_eoi").unwrap().clone();
        let mut back = lapse.clone();
        (back.id, back.from, back.to) = ("unlapse".into(), vec!["eoi_lapsed".into()], "eoi_draft".into());
        definition.transitions.push(back);
        let checked = sent(&app.client(Who::Nobody), serde_json::to_string(&definition).unwrap()).expect(200).json();
        assert!(checked["faults"].to_string().contains("leads back to where it starts"), "{checked}");
    }

    fn a_working_copy_begins_with_what_is_in_force_or_with_a_ready_workflow(app: &TestApp) {
        let manager = begun(app);
        let copy = manager.get(&of_round("draft")).expect(200);
        assert_eq!(copy.header("etag"), Some("\"v1\""));
        let copy = copy.json();
        assert_eq!((&copy["sound"], &copy["changed_by"]), (&json!(true), &json!("Manager Person")), "{copy}");
        let text = copy["text"].as_str().unwrap();
        assert_eq!(Definition::from_json(text).unwrap(), definitions::read("local-digital-fund-1").unwrap());
        assert_eq!(manager.post(&of_round("draft"), json!({})).problem(), (409, "draft_exists".into()));
        manager.delete_at(&of_round("draft"), 1).expect(204);
        assert_eq!(manager.get(&of_round("draft")).status, 404);
        let unknown = manager.post(&of_round("draft"), json!({ "from": "none" }));
        assert_eq!(unknown.json()["errors"][0]["pointer"], "/from");
        let other = manager.post(&of_round("draft"), json!({ "from": "single-stage-panel" })).expect(201);
        assert_eq!(other.header("etag"), Some("\"v3\""), "what was read of an earlier copy changes no later one");
        let faults = other.json()["faults"].to_string();
        assert!(faults.contains("the round has no date for “Interviews begin”"), "{faults}");
        assert!(faults.contains("no state has its form"), "{faults}");
        assert_eq!(other.json()["sound"], false);
        let told = kinds_of_round(app);
        assert!(told.ends_with(&["round.workflow_draft_begun", "round.workflow_draft_discarded", "round.workflow_draft_begun"].map(String::from)), "{told:?}");
    }

    fn a_working_copy_is_kept_to_the_byte_whatever_it_says(app: &TestApp) {
        let manager = begun(app);
        let put = |version: i64, body: &[u8]| {
            let tag = format!("\"v{version}\"");
            manager.raw("PUT", &of_round("draft"), &[JSON[0], ("If-Match", &tag)], Some(body.to_vec()))
        };
        let words = "{ \"no\":  definition\n";
        let kept = put(1, words.as_bytes()).expect(200).json();
        assert_eq!((kept["text"].as_str().unwrap(), &kept["version"], &kept["sound"]), (words, &json!(2), &json!(false)));
        assert_eq!(manager.get(&of_round("draft")).json()["text"], words);
        assert_eq!(put(2, b"\xff").json()["errors"][0]["code"], "not_utf8");
        assert_eq!(put(2, b"a\0b").json()["errors"][0]["code"], "nul");
        assert_eq!(put(2, "x".repeat((1 << 20) + 1).as_bytes()).problem(), (413, "too_large".into()));
        assert_eq!(manager.get(&of_round("draft")).json()["text"], words);
        let adopted = adopt(&manager, "It is better.");
        assert_eq!(adopted.problem(), (422, "invalid".into()));
        assert_eq!(adopted.json()["errors"][0]["code"], "unsound_workflow");
    }

    fn of_two_who_edit_at_once_the_second_is_told_and_nothing_is_lost(app: &TestApp) {
        let first = begun(app);
        let second = app.client(Who::Manager);
        let text = json!({ "the": "first" });
        first.put(&of_round("draft"), 1, text.clone()).expect(200);
        assert_eq!(second.put(&of_round("draft"), 1, json!({})).problem(), (412, "stale_version".into()));
        let without = second.send("PUT", &of_round("draft"), &[], Some(&json!({})));
        assert_eq!(without.problem(), (428, "version_needed".into()));
        assert_eq!(second.delete_at(&of_round("draft"), 1).problem(), (412, "stale_version".into()));
        let stale = [("If-Match", "\"v1\"")];
        let adopted = second.send("POST", &of_round("draft/adopt"), &stale, Some(&json!({ "reason": "Why" })));
        assert_eq!(adopted.problem(), (412, "stale_version".into()));
        assert_eq!(first.get(&of_round("draft")).json()["text"], text.to_string());
    }

    fn the_funds_people_read_the_working_copy_and_managers_alone_change_it(app: &TestApp) {
        begun(app);
        for who in [Who::Observer, Who::Moderator] {
            let client = app.client(who);
            client.get(&of_round("draft")).expect(200);
            assert_eq!(client.put(&of_round("draft"), 1, json!({})).status, 403, "{who:?}");
            assert_eq!(client.delete_at(&of_round("draft"), 1).status, 403, "{who:?}");
        }
        for who in [Who::Officer, Who::Nobody] {
            assert_eq!(app.client(who).get(&of_round("draft")).status, 404, "{who:?}");
        }
    }

    fn what_is_put_into_force_is_a_new_version_with_its_reason_for_new_bids_alone(app: &TestApp) {
        let before = crate::awards::submitted(app, "In flight");
        let manager = begun(app);
        assert_eq!(adopt(&manager, "Nothing.").problem(), (409, "nothing_changed".into()));
        rewrite(&manager, |definition| label(definition, "eoi_draft", "Your idea, in draft")).expect(200);
        assert_eq!(adopt(&manager, " ").json()["errors"][0]["pointer"], "/reason");
        let adopted = adopt(&manager, "Councils asked for plainer words.").expect(201);
        assert!(adopted.header("location").unwrap().ends_with("/workflow/versions/2"));
        let adopted = adopted.json();
        assert_eq!((&adopted["number"], &adopted["newest"]), (&json!(2), &json!(true)));
        assert_eq!(manager.get(&of_round("draft")).status, 404, "the working copy has done its work");

        let public = app.public();
        let versions = public.get(&of_round("versions")).expect(200).json();
        assert_eq!(versions[1]["reason"], "Councils asked for plainer words.");
        assert_eq!((&versions[0]["reason"], &versions[0]["newest"]), (&Value::Null, &json!(false)));
        let second = public.get(&of_round("versions/2")).expect(200).json();
        assert_eq!((&second["hash"], &second["definition"]["version"]), (&adopted["hash"], &json!(2)));
        let diff = public.get(&of_round("diff?from=1&to=2")).expect(200).json();
        assert_eq!(diff["diff"]["states"]["changed"][0]["id"], "eoi_draft");
        assert!(diff["words"][0].as_str().unwrap().contains("is “Your idea, in draft”"), "{diff}");
        for wrong in ["versions/3", "versions/x", "diff?from=1&to=3"] {
            assert_eq!(public.get(&of_round(wrong)).status, 404, "{wrong}");
        }
        assert_eq!(kinds_of_round(app).last().unwrap(), "round.workflow_adopted");

        let officer = app.client(Who::Officer);
        let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "New" });
        let new = officer.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
        let words = |reference: &str| officer.get(&format!("/api/v1/bids/{reference}/actions")).expect(200).json()["label"].clone();
        assert_eq!(words(&new), "Your idea, in draft");
        assert_eq!(words(&before), "Expression of interest: submitted");
        assert_eq!(public.get(&format!("/api/v1/rounds/{ROUND}/workflow")).header("etag"), Some("\"v2\""));
    }

    fn an_unsound_copy_is_not_put_into_force_and_every_fault_has_its_place(app: &TestApp) {
        let manager = begun(app);
        rewrite(&manager, |definition| {
            definition.states[0].labels.staff = String::new();
            definition.milestones.push("interviews_open".into());
            definition.milestones.push("full_moon".into());
        }).expect(200);
        let refused = adopt(&manager, "Why not.").expect(422).json();
        let errors = refused["errors"].as_array().unwrap().iter();
        let places: BTreeSet<&str> = errors.map(|error| error["pointer"].as_str().unwrap()).collect();
        let wrong = ["/definition/milestones/7", "/definition/milestones/8", "/definition/states/0/labels/staff"];
        assert_eq!(places, BTreeSet::from(wrong));
        assert_eq!(app.public().get(&of_round("versions")).json().as_array().unwrap().len(), 1);
    }

    fn approvals_that_the_funds_people_cannot_give_are_told(app: &TestApp) {
        let manager = begun(app);
        let copy = rewrite(&manager, |definition| {
            let approvals = json!({ "count": 9, "roles": ["fund_manager"] });
            let fund = definition.transitions.iter_mut().find(|transition| transition.id == "fund").unwrap();
            fund.approvals = serde_json::from_value(approvals).unwrap();
        }).expect(200).json();
        assert!(copy["faults"].to_string().contains("9 people have to agree, and the fund has 2"), "{copy}");
    }
}
