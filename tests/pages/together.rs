//! Two councils write one draft: who writes what, the comments on an answer, and how it came to be.

use serde_json::json;

use super::{story::Story, tour::Tour};
use crate::{
    bids::documents::{PDF, upload},
    harness::app::{ROUND, TestApp, Who},
    journey::with_borchester,
};

/// An answer that both have written, with an open and a resolved comment, and who is asked for it.
pub fn a_bid(tour: &mut Tour, app: &TestApp) {
    let story = Story::begin_in(app, ROUND);
    let [bid, question, history, matrix] =
        ["", "/questions/problem", "/questions/problem/history", "/who-writes-what"].map(|part| story.page(part));
    let rest = format!("/api/v1{bid}");
    with_borchester(app, &story.reference, true);
    let (officer, partner) = (app.client(Who::Officer), app.client(Who::Partner));
    let texts = [
        "Tenants ring three times before a repair is done.",
        "Tenants ring twice before a repair is done, and write once.",
    ];
    for ((version, client), text) in [(0, &officer), (1, &partner)].into_iter().zip(texts) {
        let body = json!({ "value": text, "complete": version == 1 });
        client.put(&format!("{rest}/answers/problem"), version, body).expect(200);
    }
    let comments = format!("{rest}/answers/problem/comments");
    let first = partner.post(&comments, json!({ "words": "Are these your figures or ours?" })).expect(201).json();
    partner.post(&comments, json!({ "words": "The second half is new." })).expect(201);
    officer.post(&format!("{comments}/{}/resolve", first["id"].as_str().unwrap()), json!({})).expect(200);
    let asked = json!({ "question": "problem", "organisation": app.organisation("BOR"), "due_on": "2026-09-20" });
    officer.put(&format!("{rest}/assignments"), 0, json!({ "assignments": [asked] })).expect(200);
    let documents = story.page("/documents");
    tour.look("1-none", &[(Who::Officer, &[&documents])]);
    upload(&officer, &story.reference, "Letter of support from Ambridge Borough Council.pdf", PDF).expect(201);
    upload(&partner, &story.reference, "Cynllun ŵyl 🎉.txt", b"Words").expect(201);
    tour.look("1-together", &[(Who::Officer, &[&bid, &question, &history, &matrix, &documents])]);
    tour.look("1-together", &[(Who::Partner, &[&bid, &question, &history, &matrix])]);
    story.act(Who::Officer, "withdraw");
}
