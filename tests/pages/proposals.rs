//! The pages on which councils change who leads a bid, join one, and make one of two.

use serde_json::json;

use super::tour::Tour;
use crate::{
    harness::app::{ROUND, TestApp, Who},
    partnerships::leads::{agree, newest, propose},
};

/// Another lead of a bid is proposed and refused; two bids become one.
pub fn of_a_bid(tour: &mut Tour, app: &TestApp) {
    let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Repairs that councils share" });
    let started = app.client(Who::Officer).post("/api/v1/bids", start).expect(201).json();
    let reference = started["reference"].as_str().unwrap();
    crate::journey::with_borchester(app, reference, true);
    let [list, new_lead, merge] =
        ["", "/new-lead", "/merge"].map(|part| format!("/bids/{reference}/partnership-changes{part}"));
    let mut form = app.browser(Who::Officer);
    form.open(&new_lead).press("Propose this");
    tour.look_over_the_shoulder("1-new-lead", &form);
    form.open(&merge).choose("The other one").press("Propose this");
    tour.look_over_the_shoulder("1-merge", &form);
    propose(app, Who::Officer, reference, &json!({})).expect(201);
    let page = newest(app, Who::Officer, reference).replace("/api/v1", "");
    tour.look("1-proposed", &[(Who::Officer, &[&list, &page]), (Who::Partner, &[&page, "/dashboard"])]);
    let mut refusing = app.browser(Who::Partner);
    refusing.open(&page).press("Refuse");
    tour.look_over_the_shoulder("1-refusing", &refusing);
    refusing.fill("Why you refuse", "We have nobody to lead.").press("Refuse");
    tour.look("1-refused", &[(Who::Officer, &[&list, &page])]);
    becoming_one(tour, app, reference);
}

fn becoming_one(tour: &mut Tour, app: &TestApp, stays: &str) {
    let start = json!({ "round": ROUND, "lead": app.organisation("BOR"), "title": "Leaks that tenants report" });
    let started = app.client(Who::Partner).post("/api/v1/bids", start).expect(201).json();
    let ends = started["reference"].as_str().unwrap();
    let body = json!({ "value": "Tenants cannot tell anybody of a leak at night.", "complete": true });
    app.client(Who::Partner).put(&format!("/api/v1/bids/{ends}/answers/problem"), 0, body).expect(200);
    let partners = format!("/api/v1/bids/{ends}/partners");
    app.client(Who::Partner).post(&partners, json!({ "organisation": "AMB" })).expect(201);
    let body = json!({ "kind": "merge", "other_bid": ends, "words": "It is one problem." });
    app.client(Who::Officer).post(&format!("/api/v1/bids/{stays}/partnership-changes"), body).expect(201);
    let path = newest(app, Who::Officer, stays);
    let page = path.replace("/api/v1", "");
    tour.look("1-merging", &[(Who::Officer, &[&page]), (Who::Partner, &[&page])]);
    agree(app, Who::Partner, &path).expect(200);
    agree(app, Who::Officer, &path).expect(200);
    let [one, question, other] =
        [format!("/bids/{stays}"), format!("/bids/{stays}/questions/problem"), format!("/bids/{ends}")];
    tour.look("1-merged", &[(Who::Officer, &[&one, &question]), (Who::Partner, &[&other])]);
    app.client(Who::Officer).post(&format!("/api/v1/bids/{stays}/actions/withdraw"), json!({})).expect(200);
}

/// A council asks to join a bid whose expression of interest is published, and takes that back.
pub fn joining(tour: &mut Tour, app: &TestApp, reference: &str) {
    let page = format!("/rounds/{ROUND}/eois/{reference}/join");
    let mut asking = app.browser(Who::Stranger);
    asking.open(&page).press("Ask to join");
    tour.look_over_the_shoulder("2-joining", &asking);
    asking.fill("Why does your council want to join?", "We have the same tenants.").press("Ask to join");
    tour.look("2-asked", &[(Who::Stranger, &[&page]), (Who::Officer, &["/dashboard"])]);
    asking.open(&page).press("Take the request back");
}
