//! Decisions, their release, what is published of them, and what nothing tells before.

mod approvals;
mod awarding;
mod councils;
pub mod draws;
mod hours;
pub mod lists;
mod open_data;
mod outcomes;
mod partnerships;
mod reserves;
mod retracting;
mod secrecy;
mod sifting;
mod silence;

use diesel::prelude::*;
use roundtable::{
    actor::Actor,
    bids::store::{Heading, change_heading, id_of, load, move_to},
    db::{Doc, schema::outbox},
    identity::policy::{self, Action, BidKind},
    money::Pence,
};
use serde_json::{Value, json};

use crate::{
    bids::written,
    harness::app::{Answer, Client, ROUND, TestApp, Who},
};

/// While the expressions of interest are sifted.
pub const SIFT: &str = "2026-10-01T09:00:00Z";
/// While the full applications are decided on.
pub const DECIDING: &str = "2026-11-20T09:00:00Z";
/// The instant of the announcement, and one microsecond before it.
pub const ANNOUNCED: &str = "2026-12-07T09:30:00Z";
pub const JUST_BEFORE: &str = "2026-12-07T09:29:59.999999Z";

/// A submitted expression of interest of Ambridge.
pub fn submitted(app: &TestApp, title: &str) -> String {
    let (client, reference) = written(app, title);
    client.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
    reference
}

/// A bid that has come to the shortlist, with what it asks for. How bids get there is tested elsewhere.
pub fn shortlisted(app: &TestApp, title: &str, ask: i64) -> String {
    let reference = submitted(app, title);
    bring_to(app, &reference, ("shortlisted", BidKind::Review), ask);
    reference
}

pub fn bring_to(app: &TestApp, reference: &str, (state, kind): (&'static str, BidKind), ask: i64) {
    let (reference, now) = (reference.to_owned(), app.clock.now());
    app.block_on(|app| async move {
        let change = app.db.write(move |conn| {
            let id = id_of(conn, &reference)?;
            let granted = policy::bid(conn, &Actor::System, Action::DecideBid, id)?;
            let bid = load(conn, &granted)?;
            let heading = Heading { ask_pence: Some(Pence(ask)), ..Heading::default() };
            assert!(change_heading(conn, &granted, bid.version, &heading, now)?);
            assert!(move_to(conn, id, &bid.state, (state, kind), now)?);
            Ok(())
        });
        change.await.unwrap();
    });
}

/// A first decision.
pub fn decide(client: &Client, reference: &str, gate: &str, body: Value) -> Answer {
    client.send("PUT", &format!("/api/v1/bids/{reference}/decisions/{gate}"), &[], Some(&body))
}

/// A decision in the place of the one that stands.
pub fn change(client: &Client, reference: &str, gate: &str, version: i64, body: Value) -> Answer {
    client.put(&format!("/api/v1/bids/{reference}/decisions/{gate}"), version, body)
}

pub fn outcome(transition: &str) -> Value {
    json!({ "transition": transition, "feedback": "Say more about the users." })
}

pub fn award(pence: i64, place: i32) -> Value {
    json!({ "transition": "fund", "amount_pence": pence, "place": place, "feedback": "Strong on every criterion." })
}

/// A decision that shows at once and takes two: the manager asks for it, and a colleague approves it.
pub fn decide_by_two(app: &TestApp, reference: &str, gate: &str, body: Value) -> Answer {
    let asked = decide(&app.client(Who::Manager), reference, gate, body);
    if asked.status == 202 { approve(&app.client_of(app.colleague()), reference) } else { asked }
}

/// Approves the first thing that waits for it on a bid, as it stands.
pub fn approve(client: &Client, reference: &str) -> Answer {
    answer(client, reference, "approve", json!({}))
}

/// Answers the first thing that waits on a bid, as it stands.
pub fn answer(client: &Client, reference: &str, answer: &str, body: Value) -> Answer {
    let path = format!("/api/v1/bids/{reference}/requests");
    let waiting = client.get(&path).expect(200).json()[0].clone();
    let path = format!("{path}/{}/{answer}", waiting["id"].as_str().unwrap());
    post_seen(client, &path, &waiting["support"]["tag"], body)
}

/// Answers what was read with this tag.
pub fn post_seen(client: &Client, path: &str, tag: &Value, body: Value) -> Answer {
    let tag = format!("\"{}\"", tag.as_str().unwrap());
    client.send("POST", path, &[("If-Match", &tag)], Some(&body))
}

/// Approves a release with fresh codes, as the manager and, where it takes two, as a colleague.
pub fn release(app: &TestApp, milestone: &str) -> Answer {
    release_in(app, ROUND, milestone)
}

/// The same in any round.
pub fn release_in(app: &TestApp, round: &str, milestone: &str) -> Answer {
    let path = format!("/api/v1/rounds/{round}/releases/{milestone}");
    let first = app.client(Who::Manager).post(&path, json!({}));
    if first.status == 202 { stand_behind(&app.client_of(app.colleague()), &path) } else { first }
}

/// Reads a release, and approves it as it stands.
pub fn stand_behind(client: &Client, path: &str) -> Answer {
    let tag = client.get(path).expect(200).json()["support"]["tag"].clone();
    post_seen(client, path, &tag, json!({}))
}

/// The data of the messages of a template in the outbox.
pub fn letters(app: &TestApp, template: &'static str) -> Vec<Value> {
    app.block_on(|app| async move {
        let load = app.db.read(move |conn| {
            let rows = outbox::table.filter(outbox::template.eq(template)).select(outbox::data);
            Ok(rows.load::<Doc<Value>>(conn)?.into_iter().map(|data| data.0).collect())
        });
        load.await.unwrap()
    })
}
