//! Places at the funding line drawn by lot: committed to before the public value exists, drawn by two managers, followed by decisions,
//! and drawn again by anybody once the awards are out.

mod blind;
mod drawing;
mod lists;
mod refusing;
mod telling;

use roundtable::identity::policy::BidKind;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{ANNOUNCED, award, bring_to, decide, lists::ruled, outcome, post_seen, release};
use crate::{
    assessment::rankings::{SCORES, scored},
    harness::app::{Answer, Client, ROUND, TestApp, Who},
};

const PATH: &str = "/api/v1/rounds/test-round";
const TOLD: &str = "/api/v1/open/rounds/test-round/draws.json";
const FILE: &str = "/api/v1/open/rounds/test-round/draws/1/drawn.json";
const KNOWN: &str = "2026-11-18T12:00:00Z";
const VALUE: &str = "8a1f44";
/// The first bid lies above the line and the last below it; the money left pays for one of the two between.
const NEAR: [[(i32, i32); 2]; 4] = [SCORES[0], [(2, 1), (2, 2)], [(2, 2), (1, 2)], SCORES[3]];

fn rules(told_before: bool) -> Value {
    json!({ "draw": { "source": "A round of the League of Entropy’s beacon", "told_before": told_before } })
}

fn ranked(app: &TestApp, assessment: Value) -> Vec<String> {
    ruled(app, assessment);
    let bids = scored(app, &NEAR);
    app.client(Who::Moderator).post(&format!("{PATH}/rankings"), json!({})).expect(201);
    bids
}

fn new_draw() -> Value {
    json!({ "exactly": "Round 14,220,000", "known_from": KNOWN })
}

fn commit(app: &TestApp, who: Who, body: Value) -> Answer {
    app.client(who).post(&format!("{PATH}/draws"), body)
}

fn enter(client: &Client, value: &str) -> Answer {
    let body = json!({ "value": value, "looked_up": "https://beacon.example/14220000" });
    client.post(&format!("{PATH}/draws/1/value"), body)
}

fn record(client: &Client, number: i32) -> Value {
    client.get(&format!("{PATH}/draws/{number}")).expect(200).json()
}

/// Answers the value that waits, as it stands.
fn answer(client: &Client, how: &str, body: Value) -> Answer {
    let tag = record(client, 1)["support"]["tag"].clone();
    post_seen(client, &format!("{PATH}/draws/1/value/{how}"), &tag, body)
}

/// The manager enters the value, and the colleague confirms it.
fn drawn(app: &TestApp) -> Value {
    enter(&app.client(Who::Manager), VALUE).expect(202);
    answer(&app.client_of(app.colleague()), "confirm", json!({})).expect(200).json()
}

/// Who is drawn by hand: the first by the hash of value and reference; and who is not.
fn by_hand<'a>(bids: &[&'a str]) -> (&'a str, &'a str) {
    let digest = |bid: &&str| hex::encode(Sha256::digest(format!("{VALUE}|{bid}")));
    let mut order = bids.to_vec();
    order.sort_by_key(digest);
    (order[0], order[1])
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 422, "{}", answer.text());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}

fn fault(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

/// Where the public and a council could read something of a draw.
fn seen_outside(app: &TestApp) -> Vec<(u16, Option<String>, String)> {
    let page = format!("/rounds/{ROUND}");
    let paths =
        [TOLD.into(), FILE.into(), page.clone(), format!("{page}/draws"), format!("{page}/awards"), PATH.into()];
    let officer = app.client(Who::Officer);
    let look = |path: &String| [app.public().get(path), officer.get(path)];
    let told = |answer: Answer| {
        // A form's token is of its session.
        let text = answer.text().lines().filter(|line| !line.contains("csrf")).collect();
        (answer.status, answer.header("etag").map(str::to_owned), text)
    };
    paths.iter().flat_map(look).map(told).collect()
}

/// A draw that was withdrawn and one whose value waits for the colleague, whose browser's cookies these are.
pub fn told_of(app: &TestApp) -> String {
    ranked(app, rules(true));
    commit(app, Who::Manager, new_draw()).expect(201);
    let why = json!({ "reason": "We named the wrong round of the beacon." });
    app.client(Who::Manager).post(&format!("{PATH}/draws/1/withdraw"), why).expect(200);
    let mut another = new_draw();
    another["again_reason"] = json!("The first named the wrong round of the beacon.");
    commit(app, Who::Manager, another).expect(201);
    app.at(KNOWN);
    let value = json!({ "value": VALUE, "looked_up": "https://beacon.example/public/14220000/with/a/long/address" });
    app.client(Who::Manager).post(&format!("{PATH}/draws/2/value"), value).expect(202);
    app.browser_of(app.colleague()).cookies()
}

/// The second of them is drawn, and the awards are out.
pub fn announced(app: &TestApp) {
    let colleague = app.client_of(app.colleague());
    let tag = record(&colleague, 2)["support"]["tag"].clone();
    post_seen(&colleague, &format!("{PATH}/draws/2/value/confirm"), &tag, json!({})).expect(200);
    let bids = colleague.get(&format!("{PATH}/rankings/1")).expect(200).json()["bids"].clone();
    let bids: Vec<&str> = bids.as_array().unwrap().iter().map(|bid| bid["bid"].as_str().unwrap()).collect();
    for (bid, place) in bids.iter().zip(1..) {
        bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
        let mut declined = outcome("not_fund");
        declined["place"] = json!(place);
        let body = if place == 1 { award(8_000_000, 1) } else { declined };
        let decided = decide(&colleague, bid, "award", body);
        if decided.status == 422 {
            decide(&colleague, bid, "award", award(8_000_000, place)).expect(201);
        }
    }
    release(app, "announcement").expect(200);
    app.at(ANNOUNCED);
}
