//! Assessment: the sift, who reads what, conflicts of interest, blind scores, interviews, moderation and the ranking.

mod conflicts;
pub mod gateway;
pub mod interviews;
mod journeys;
pub mod moderation;
mod offline;
pub mod plans;
pub mod pool;
mod preferences;
mod progress;
pub mod queries;
pub mod rankings;
mod recusing;
mod scores;
mod sift;
pub mod slides;
mod suggestions;
pub mod unnamed;

use diesel::prelude::*;
use roundtable::{
    db::schema::bids,
    ids::{Id, RoundKey},
};
use serde_json::{Value, json};

use crate::harness::app::{Answer, ROUND, TestApp, Who, moment};

fn round_id(app: &TestApp) -> Id<RoundKey> {
    let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
    round["id"].as_str().unwrap().parse().unwrap()
}

/// An expression of interest of Ambridge, submitted in time; gives its reference.
fn submitted_eoi(app: &TestApp, title: &str) -> String {
    submitted_to(app, ROUND, title, &[])
}

/// The same in any round, with more answers.
fn submitted_to(app: &TestApp, round: &str, title: &str, more: &[(&str, Value)]) -> String {
    let officer = app.client(Who::Officer);
    let start = json!({ "round": round, "lead": app.organisation("AMB"), "title": title });
    let reference = officer.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
    officer.patch(&format!("/api/v1/bids/{reference}"), 1, json!({ "phase": "discovery" })).expect(200);
    let asked = ["problem", "assets"].map(|question| (question, json!("Words of our own.")));
    for (question, value) in asked.iter().chain(more) {
        let body = json!({ "value": value, "complete": true });
        officer.put(&format!("/api/v1/bids/{reference}/answers/{question}"), 0, body).expect(200);
    }
    officer.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
    reference
}

/// A full application of Ambridge after the deadline, not yet found eligible.
fn full_application(app: &TestApp, title: &str) -> String {
    full_application_to(app, ROUND, title, &[])
}

/// The same in any round, with more answers.
fn full_application_to(app: &TestApp, round: &str, title: &str, more: &[(&str, Value)]) -> String {
    let reference = submitted_to(app, round, title, more);
    app.clock.set(moment("2026-11-16T09:00:00Z"));
    let id = reference.clone();
    app.block_on(|app| async move {
        app.db
            .write(move |conn| {
                diesel::update(bids::table.filter(bids::reference.eq(&id)))
                    .set((bids::state.eq("full_submitted"), bids::kind.eq("waiting")))
                    .execute(conn)?;
                Ok(())
            })
            .await
    })
    .unwrap();
    reference
}

/// Opens a bid for scores.
fn find_eligible(app: &TestApp, reference: &str) {
    let path = format!("/api/v1/bids/{reference}/decisions/eligibility");
    let decision = json!({ "transition": "find_eligible" });
    app.client(Who::Manager).send("PUT", &path, &[], Some(&decision)).expect(201);
}

/// A manager gives a bid to an assessor.
pub fn give(app: &TestApp, reference: &str, who: Who) -> Answer {
    let body = json!({ "person": app.person(who) });
    app.client(Who::Manager).post(&format!("/api/v1/bids/{reference}/assessors"), body)
}

/// A bid open for scores that the assessor has.
pub fn given_bid(app: &TestApp) -> String {
    let reference = full_application(app, "Shared repairs");
    find_eligible(app, &reference);
    give(app, &reference, Who::Assessor).expect(200);
    reference
}

fn score(criterion: &str, value: i32) -> Value {
    json!({ "criterion": criterion, "value": value, "justification": "It is shown.", "confidence": "high" })
}

fn save(app: &TestApp, who: Who, reference: &str, version: i64, scores: &[Value]) -> Answer {
    app.client(who).put(&format!("/api/v1/bids/{reference}/scores/mine"), version, json!({ "scores": scores }))
}

fn submit(app: &TestApp, who: Who, reference: &str, version: i64) -> Answer {
    let path = format!("/api/v1/bids/{reference}/scores/submit");
    app.client(who).send("POST", &path, &[("If-Match", &format!("\"v{version}\""))], None)
}

/// One assessor scores both criteria and submits.
fn assess(app: &TestApp, who: Who, reference: &str, (fit, delivery): (i32, i32)) {
    save(app, who, reference, 1, &[score("fit", fit), score("delivery", delivery)]).expect(200);
    submit(app, who, reference, 2).expect(200);
}
