//! Rounds whose kept workflow is older than the ready ones, or another: what a decision brings follows from where it leads the
//! bid, whatever the workflow's document says of gates and releases.

use std::time::Duration;

use diesel::prelude::*;
use roundtable::{
    db::schema::workflows,
    identity::policy::BidKind,
    workflow::{Definition, Gate, Outcome, definitions},
};
use serde_json::{Value, json};

use super::broken_definitions::put;
use crate::{
    awards::{
        ANNOUNCED, DECIDING, approve, award, bring_to, change, decide, letters, outcome, release, shortlisted,
        submitted,
    },
    harness::{
        app::{TestApp, Who},
        databases::on_each_database,
    },
};

const ASK: i64 = 8_000_000;
const LATER: &str = "2027-01-11T10:00:00Z";
/// As it was kept with rounds until decisions could show at once.
const OLDER: &str = include_str!("kept/local-digital-fund-1-v2.json");

/// The workflow of every round is this one from now on.
fn keep(app: &TestApp, text: &str) {
    let text = text.to_owned();
    app.block_on(|app| async move {
        let kept = app.db.write(move |conn| {
            diesel::update(workflows::table).set(workflows::data.eq(&text)).execute(conn)?;
            Ok(())
        });
        kept.await.unwrap();
    });
}

/// The same, made from a ready definition: in each transition, members are put in or, as `null`, taken out.
fn keep_changed(app: &TestApp, id: &str, changes: &[(&str, Value)]) {
    let mut document: Value = serde_json::from_str(definitions::get(id).unwrap()).unwrap();
    let definition = definitions::read(id).unwrap();
    for (transition, members) in changes {
        let at = definition.transitions.iter().position(|found| found.id == *transition).unwrap();
        for (name, value) in members.as_object().unwrap() {
            put(&mut document, &format!("/transitions/{at}/{name}"), value.clone());
        }
    }
    keep(app, &document.to_string());
}

fn at_once() -> Value {
    json!({ "release": null, "approvals": null, "not_before": null })
}

/// A bid that has come to a state in which it is read.
fn in_state(app: &TestApp, state: &'static str) -> String {
    let reference = submitted(app, "Shared repairs");
    bring_to(app, &reference, (state, BidKind::Review), ASK);
    app.at(DECIDING);
    reference
}

fn state(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json()["state"].clone()
}

fn outcomes(app: &TestApp, reference: &str) -> usize {
    let told = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/outcomes")).expect(200).json();
    told.as_array().unwrap().len()
}

on_each_database! {
    fn a_reserve_is_funded_in_a_round_whose_workflow_was_kept_before_decisions_showed_at_once(app: &TestApp) {
        keep(app, OLDER);
        let (funded, reserve) = (shortlisted(app, "Repairs", ASK), shortlisted(app, "Chatbots", ASK));
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &funded, "award", award(ASK, 1)).expect(201);
        decide(&manager, &reserve, "award", outcome("reserve_bid")).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        app.at(LATER);
        let mut decision = award(ASK / 2, 2);
        decision["transition"] = json!("fund_reserve");
        decide(&app.client(Who::Manager), &reserve, "reserve", decision).expect(201);
        app.work();
        assert_eq!(state(app, &reserve), "funded");
        let told = letters(app, "outcome-funded");
        assert!(told.iter().any(|data| data["reference"] == reserve.as_str() && data["amount"] == "£40,000"), "{told:?}");
        app.public().get(&format!("/api/v1/projects/{reserve}")).expect(200);
    }

    fn what_shows_at_once_is_not_decided_over_what_another_gate_keeps_back(app: &TestApp) {
        keep_changed(app, "local-digital-fund-1", &[("not_fund", at_once())]);
        let [bid, other] = ["Repairs", "Chatbots"].map(|title| {
            let reference = submitted(app, title);
            bring_to(app, &reference, ("assessed", BidKind::Review), ASK);
            reference
        });
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &bid, "shortlist", outcome("shortlist")).expect(201);
        let refused = decide(&manager, &bid, "award", outcome("not_fund"));
        assert_eq!(refused.problem(), (409, "not_from_here".into()));
        app.work();
        assert_eq!((letters(app, "outcome-not-funded").len(), state(app, &bid)), (0, json!("assessed")));
        decide(&manager, &other, "award", outcome("not_fund")).expect(201);
        app.work();
        assert_eq!(state(app, &other), "not_funded");
    }

    fn no_workflow_lets_anybody_submit_costs_above_the_limit_or_other_than_the_ask_or_what_nobody_has_signed(app: &TestApp) {
        keep_changed(app, "local-digital-fund-1", &[("submit_full", json!({ "guard": null }))]);
        let reference = submitted(app, "Shared repairs");
        app.at("2026-10-12T09:00:00Z");
        bring_to(app, &reference, ("full_draft", BidKind::Waiting), ASK + 1);
        let officer = app.client(Who::Officer);
        let (path, act) = (format!("/api/v1/bids/{reference}"), format!("/api/v1/bids/{reference}/actions"));
        let choices = officer.get(&act).expect(200).json()["choices"].clone();
        let choice = choices.as_array().unwrap().iter().find(|choice| choice["transition"] == "submit_full").unwrap();
        let reasons = choice["reasons"].to_string();
        for reason in ["the limit for a discovery", "do not add up to your ask", "an officer who must sign has not signed"] {
            assert!(reasons.contains(reason), "{reason}: {reasons}");
        }
        assert_eq!(officer.post(&format!("{act}/submit_full"), json!({})).problem(), (409, "not_yet".into()));
        let version = || officer.get(&path).expect(200).json()["version"].as_i64().unwrap();
        officer.patch(&path, version(), json!({ "ask_pence": ASK })).expect(200);
        let line = json!({ "category": "lead", "organisation_id": null, "description": "Work", "pence": ASK });
        officer.put(&format!("{path}/costs"), version(), json!({ "costs": [line] })).expect(200);
        officer.post(&format!("{path}/sign-off"), json!({})).expect(200);
        let signatory = app.client(Who::Signatory);
        let hash = signatory.get(&format!("{path}/sign-off")).expect(200).json()["hash"].clone();
        signatory.post(&format!("{path}/sign-off/sign"), json!({ "hash": hash })).expect(200);
        let refused = officer.post(&format!("{act}/submit_full"), json!({}));
        assert_eq!(refused.problem(), (409, "not_yet".into()), "the round asks for a partner");
        for reason in ["the limit for a discovery", "do not add up to your ask", "an officer who must sign has not signed"] {
            assert!(!refused.text().contains(reason), "{}", refused.text());
        }
    }

    fn a_decision_that_is_released_before_the_one_it_follows_waits_for_it(app: &TestApp) {
        let early = json!({ "release": "full_closes", "approvals": null });
        keep_changed(app, "local-digital-fund-1", &[("not_fund", early)]);
        let bid = in_state(app, "assessed");
        let manager = app.client(Who::Manager);
        decide(&manager, &bid, "shortlist", outcome("shortlist")).expect(201);
        decide(&manager, &bid, "award", outcome("not_fund")).expect(201);
        release(app, "full_closes").expect(200);
        app.work();
        assert_eq!((outcomes(app, &bid), letters(app, "outcome-not-funded").len()), (0, 0));
        assert_eq!(state(app, &bid), "assessed");
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        assert_eq!((state(app, &bid), outcomes(app, &bid)), (json!("not_funded"), 2));
        assert_eq!(letters(app, "outcome-not-funded").len(), 4, "the four people of the lead authority");
    }

    fn a_pending_decision_that_is_changed_into_one_that_shows_at_once_brings_all_that_one_brings(app: &TestApp) {
        keep_changed(app, "local-digital-fund-1", &[("reserve_bid", at_once())]);
        let bid = in_state(app, "shortlisted");
        let manager = app.client(Who::Manager);
        decide(&manager, &bid, "award", outcome("not_fund")).expect(201);
        app.later(Duration::from_secs(31 * 60));
        let stale = change(&manager, &bid, "award", 1, outcome("reserve_bid"));
        assert_eq!(stale.problem(), (403, "fresh_code_needed".into()));
        change(&app.client(Who::Manager), &bid, "award", 1, outcome("reserve_bid")).expect(200);
        app.work();
        assert_eq!((state(app, &bid), letters(app, "outcome-reserve").len()), (json!("reserve"), 4));
    }

    fn a_pending_decision_is_changed_by_two_into_one_that_shows_at_once(app: &TestApp) {
        keep_changed(app, "local-digital-fund-1", &[("reserve_bid", json!({ "release": null }))]);
        let bid = in_state(app, "shortlisted");
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        decide(&manager, &bid, "award", outcome("not_fund")).expect(201);
        assert_eq!(decide(&manager, &bid, "award", outcome("reserve_bid")).problem(), (428, "version_needed".into()));
        assert_eq!(change(&manager, &bid, "award", 7, outcome("reserve_bid")).status, 412);
        change(&manager, &bid, "award", 1, outcome("reserve_bid")).expect(202);
        assert_eq!(state(app, &bid), "shortlisted");
        approve(&colleague, &bid).expect(204);
        app.work();
        assert_eq!((state(app, &bid), letters(app, "outcome-reserve").len()), (json!("reserve"), 4));
    }

    fn the_fund_moves_no_bid_that_it_has_decided_to_send_another_way(app: &TestApp) {
        let bid = in_state(app, "eligible");
        let opens = json!({ "not_before": null });
        keep_changed(app, "closed-follow-on", &[("record_interview", opens.clone()), ("not_fund", opens)]);
        bring_to(app, &bid, ("to_interview", BidKind::Review), ASK);
        let manager = app.client(Who::Manager);
        decide(&manager, &bid, "award", outcome("not_fund")).expect(201);
        let path = format!("/api/v1/bids/{bid}/actions");
        let refused = manager.post(&format!("{path}/record_interview"), json!({}));
        assert_eq!(refused.problem(), (409, "not_yet".into()));
        let choices = manager.get(&path).expect(200).json()["choices"].clone();
        let choice = choices.as_array().unwrap().iter().find(|choice| choice["transition"] == "record_interview").unwrap();
        assert!(choice["reasons"][0].as_str().unwrap().contains("change that decision first"), "{choice}");
        assert_eq!(state(app, &bid), "to_interview");
        app.client(Who::Officer).post(&format!("{path}/withdraw"), json!({})).expect(200);
    }

    fn whatever_is_done_after_a_release_leaves_nothing_of_it_out(app: &TestApp) {
        let bid = in_state(app, "shortlisted");
        decide(&app.client(Who::Manager), &bid, "award", award(ASK, 1)).expect(201);
        release(app, "announcement").expect(200);
        app.clock.set(crate::harness::app::moment(ANNOUNCED));
        let act = |action: &str| app.client(Who::Manager).post(&format!("/api/v1/bids/{bid}/actions/{action}"), json!({}));
        act("start_delivery").expect(200);
        assert_eq!(letters(app, "outcome-funded").len(), 4, "before any job");
        app.work();
        assert_eq!((letters(app, "outcome-funded").len(), state(app, &bid)), (4, json!("in_delivery")));
        let history = app.client(Who::Officer).get(&format!("/api/v1/bids/{bid}/history")).expect(200).json();
        let kinds: Vec<_> = history.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert!(kinds.ends_with(&["project.created", "bid.outcome_released", "bid.moved"]), "{kinds:?}");
    }
}

#[test]
fn a_reserve_was_funded_at_the_gate_of_awards_before_it_had_its_own() {
    let definition = definitions::read("local-digital-fund-1").unwrap();
    let mut older = definition.clone();
    for decision in older.transitions.iter_mut().filter(|it| it.id == "fund_reserve") {
        (decision.gate, decision.release) = (Some(Gate::Award), Some("announcement".into()));
    }
    assert_eq!(Definition::from_kept(&serde_json::to_string(&older).unwrap()).unwrap(), definition);
    let oldest = Definition::from_kept(OLDER).unwrap();
    let reserve = oldest.transition("fund_reserve").unwrap();
    assert!(reserve.shows_at_once() && oldest.result_of("reserve") == Some(Outcome::Reserve));
}
