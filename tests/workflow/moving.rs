//! Moving bids to another version of their round's workflow: looked at, done, told, undone.

use serde_json::{Value, json};

use super::over_rest::{adopt, begun, label, of_round, rewrite};
use crate::{
    awards::{SIFT, decide, letters, outcome, release, submitted},
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

const RENAMED: &str = "The expression of interest has arrived";

/// Version 2 calls a submitted expression of interest by another id and another label.
fn renamed(app: &TestApp) -> Client {
    let manager = begun(app);
    let changed = rewrite(&manager, |definition| {
        let place = definition.states.iter().position(|state| state.id == "eoi_submitted").unwrap();
        let mut state = definition.states[place].clone();
        state.id = "eoi_in".into();
        definition.put_state(Some(place), state);
        label(definition, "eoi_in", RENAMED);
    });
    assert_eq!(changed.expect(200).json()["faults"], json!([]));
    adopt(&manager, "Plainer words.").expect(201);
    manager
}

fn go(manager: &Client, dry_run: bool) -> Answer {
    let body = json!({ "from": 1, "to": 2, "mapping": { "eoi_submitted": "eoi_in" }, "dry_run": dry_run });
    manager.post(&of_round("moves"), body)
}

fn plan(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/actions")).expect(200).json()
}

fn moves(manager: &Client) -> Value {
    manager.get(&of_round("moves")).expect(200).json()
}

on_each_database! {
    fn a_dry_run_says_where_each_bid_would_land_and_moves_none(app: &TestApp) {
        let (first, second) = (submitted(app, "Repairs"), submitted(app, "Chatbots"));
        let manager = renamed(app);
        let page = manager.get(&format!("/rounds/{ROUND}")).expect(200).text();
        assert!(page.contains("2 bids more stand at a state of an earlier version"), "none is left out of the count");
        let lost = manager.post(&of_round("moves"), json!({ "from": 1, "to": 2, "dry_run": true })).expect(200).json();
        assert_eq!((&lost["possible"], lost["bids"].as_array().unwrap().len()), (&json!(false), 2));
        assert!(lost["bids"][0]["reasons"][0].as_str().unwrap().contains("has no counterpart"), "{lost}");
        let found = go(&manager, true).expect(200).json();
        assert_eq!((&found["possible"], &found["id"]), (&json!(true), &Value::Null));
        let rows: Vec<_> = found["bids"].as_array().unwrap().iter().map(|bid| (bid["reference"].clone(), bid["to"].clone())).collect();
        assert_eq!(rows, [(json!(first), json!("eoi_in")), (json!(second), json!("eoi_in"))]);
        assert_eq!(found["bids"][0]["told"], true);
        assert_eq!((plan(app, &first)["state"].clone(), moves(&manager)), (json!("eoi_submitted"), json!([])));
    }

    fn bids_move_together_and_their_histories_and_councils_are_told(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        let manager = renamed(app);
        let moved = go(&manager, false).expect(201).json();
        assert_eq!(moved["bids"].as_array().unwrap().len(), 1);
        assert_eq!((&plan(app, &reference)["state"], &plan(app, &reference)["label"]), (&json!("eoi_in"), &json!(RENAMED)));
        let told = letters(app, "moved");
        assert!(!told.is_empty() && told.iter().all(|letter| letter["label"] == RENAMED), "{told:?}");
        let page = app.client(Who::Officer).get(&format!("/bids/{reference}/history")).expect(200).text();
        assert!(page.contains("has arrived (now on version 2 of how the round decides)"), "{page}");
        assert!(page.contains("Expression of interest: submitted"), "what came before goes by the words of its time");
        app.client(Who::Officer).get(&format!("/bids/{reference}")).expect(200);
        let made = moves(&manager);
        assert_eq!((&made[0]["bids"], &made[0]["undoable"]), (&json!(1), &json!(true)));
        let board = manager.get(&format!("/rounds/{ROUND}/bids")).expect(200).text();
        assert!(board.contains(&reference), "{board}");
        assert_eq!(go(&manager, false).problem(), (409, "nothing_to_move".into()));
        app.at(SIFT);
        decide(&app.client(Who::Manager), &reference, "sift", outcome("invite")).expect(201);
    }

    fn one_bid_that_cannot_be_moved_keeps_all_where_they_are(app: &TestApp) {
        let (first, second) = (submitted(app, "Repairs"), submitted(app, "Chatbots"));
        renamed(app);
        app.at(SIFT);
        let manager_then = app.client(Who::Manager);
        decide(&manager_then, &second, "sift", outcome("invite")).expect(201);
        let refused = go(&manager_then, false);
        assert_eq!(refused.problem(), (409, "cannot_move".into()));
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&second) && detail.contains("is not released yet") && !detail.contains(&first), "{detail}");
        assert_eq!(plan(app, &first)["state"], "eoi_submitted");
        assert_eq!(moves(&manager_then), json!([]));

        decide(&manager_then, &first, "sift", outcome("not_invite")).expect(201);
        release(app, "eoi_outcome").expect(200);
        app.at("2026-10-12T09:00:00Z");
        go(&app.client(Who::Manager), false).expect(201);
        let states = [&first, &second].map(|reference| plan(app, reference)["state"].clone());
        assert_eq!(states, [json!("not_invited"), json!("invited")]);
        assert_eq!(letters(app, "moved").len(), 0, "nobody sees another label");
    }

    fn a_move_is_undone_while_nothing_has_happened_since(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        let manager = renamed(app);
        let id = go(&manager, false).expect(201).json()["id"].as_str().unwrap().to_owned();
        manager.delete(&of_round(&format!("moves/{id}"))).expect(204);
        assert_eq!(plan(app, &reference)["state"], "eoi_submitted");
        assert_eq!(manager.delete(&of_round(&format!("moves/{id}"))).problem(), (409, "undone_already".into()));
        assert!(moves(&manager)[0]["undone_at"].is_string());
        let again = go(&manager, false).expect(201).json()["id"].as_str().unwrap().to_owned();
        let kinds: Vec<String> = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/history")).json()
            .as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
        assert_eq!(kinds[3..], ["bid.workflow_moved", "bid.workflow_move_undone", "bid.workflow_moved"]);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/withdraw"), json!({})).expect(200);
        assert_eq!(manager.delete(&of_round(&format!("moves/{again}"))).problem(), (409, "cannot_undo".into()));
        assert_eq!(moves(&manager)[0]["undoable"], false);
        assert_eq!(plan(app, &reference)["state"], "withdrawn");
    }

    fn a_decision_since_keeps_a_move_from_being_undone(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        let id = go(&renamed(app), false).expect(201).json()["id"].as_str().unwrap().to_owned();
        app.at(SIFT);
        let manager = app.client(Who::Manager);
        decide(&manager, &reference, "sift", outcome("invite")).expect(201);
        assert_eq!(manager.delete(&of_round(&format!("moves/{id}"))).problem(), (409, "cannot_undo".into()));
    }

    fn drafts_and_bids_of_a_conflict_of_interest_are_not_in_sight(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        let start = json!({ "round": ROUND, "lead": app.organisation("CAS"), "title": "A draft" });
        app.client(Who::Stranger).post("/api/v1/bids", start).expect(201);
        let manager = renamed(app);
        let seen = |manager: &Client| go(manager, true).expect(200).json()["bids"].as_array().unwrap().len();
        assert_eq!(seen(&manager), 1);
        assert_eq!(go(&manager, true).json()["bids"][0]["reference"], reference);
        let members = format!("/api/v1/organisations/{}/members", app.organisation("AMB"));
        let also_there = json!({ "email": Who::Manager.email(), "name": "Manager Person", "role": "member" });
        app.client(Who::Administrator).post(&members, also_there).expect(201);
        assert_eq!(seen(&manager), 0);
        assert_eq!(go(&manager, false).problem(), (409, "nothing_to_move".into()));
    }

    fn a_move_names_versions_and_states_that_are_there_and_is_for_managers(app: &TestApp) {
        submitted(app, "Repairs");
        let manager = renamed(app);
        let body = |from: i32, to: i32, mapping: Value| json!({ "from": from, "to": to, "mapping": mapping });
        let same = manager.post(&of_round("moves"), body(1, 1, json!({})));
        assert_eq!(same.json()["errors"][0]["code"], "same_version");
        assert_eq!(manager.post(&of_round("moves"), body(1, 3, json!({}))).status, 404);
        for mapping in [json!({ "lunch": "eoi_in" }), json!({ "eoi_submitted": "lunch" })] {
            let refused = manager.post(&of_round("moves"), body(1, 2, mapping)).expect(422).json();
            assert!(refused["errors"][0]["pointer"].as_str().unwrap().starts_with("/mapping/"), "{refused}");
        }
        assert_eq!(app.client(Who::Observer).post(&of_round("moves"), body(1, 2, json!({}))).status, 403);
        assert_eq!(app.client(Who::Officer).get(&of_round("moves")).status, 404);
        let nothing = "0197a000-0000-7000-8000-000000000000";
        assert_eq!(manager.delete(&of_round(&format!("moves/{nothing}"))).status, 404);
    }
}
