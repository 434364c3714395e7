//! Partnerships: invitation and confirmation in the partner's own account, shares, and the sign-off of one version.

mod all_at_once;
mod any_order;
mod bad_input;
mod bids_in_any_order;
mod councils_sign;
mod deputies;
mod from_profile;
mod invitations;
mod joining;
mod journeys;
mod lapsing;
pub mod leads;
mod leads_in_any_order;
mod merging;
mod networks;
mod papers;
mod parts;
mod races;
mod replaced;
mod rules;
mod rules_at_once;
mod sign_off;
mod three_councils;
mod unknown;
mod waiting_for_fund;

use diesel::prelude::*;
use roundtable::db::schema::bids;
use serde_json::{Value, json};

use crate::harness::app::{ROUND, TestApp, Who};

/// A bid of Ambridge in draft; gives its reference.
fn bid(app: &TestApp) -> String {
    let start = json!({ "round": ROUND, "lead": council(app, "AMB"), "title": "Better repairs" });
    let started = app.client(Who::Officer).post("/api/v1/bids", start).expect(201).json();
    started["reference"].as_str().unwrap().to_owned()
}

/// A bid of Ambridge whose full application is being written.
fn full_application(app: &TestApp) -> String {
    let reference = bid(app);
    app.clock.set(crate::harness::app::moment("2026-10-12T09:00:00Z"));
    let id = reference.clone();
    app.block_on(|app| async move {
        app.db
            .write(move |conn| {
                diesel::update(bids::table.filter(bids::reference.eq(&id)))
                    .set((bids::state.eq("full_draft"), bids::kind.eq("waiting")))
                    .execute(conn)?;
                Ok(())
            })
            .await
    })
    .unwrap();
    reference
}

fn council(app: &TestApp, code: &'static str) -> Value {
    use roundtable::identity::store::organisations;
    let found = app.block_on(|app| async move { app.db.read(move |conn| organisations::find(conn, code)).await });
    json!(found.unwrap().unwrap().id)
}

/// Invites Borchester with a share of £200; gives the path of the invitation.
fn invite_borchester(app: &TestApp, reference: &str) -> String {
    let invitation = json!({ "organisation": "BOR", "share_pence": 20_000, "sponsor": "Director of Housing" });
    let path = format!("/api/v1/bids/{reference}/partners");
    let partner = app.client(Who::Officer).post(&path, invitation).expect(201).json();
    format!("{path}/{}", partner["id"].as_str().unwrap())
}

/// The kinds of events of a bid, oldest first.
fn events(app: &TestApp, reference: &str) -> Vec<String> {
    let history = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/history")).expect(200).json();
    let list = history["items"].as_array().or(history.as_array()).unwrap().clone();
    list.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

/// Templates and recipients of all messages, oldest first.
fn letters(app: &TestApp) -> Vec<(String, String)> {
    app.letters().into_iter().map(|letter| (letter.template, letter.recipient)).collect()
}
