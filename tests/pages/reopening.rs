//! A bid is reopened for one question while another was written and not submitted.

use serde_json::json;

use super::{story::Story, tour::Tour};
use crate::harness::app::{TestApp, Who};

/// The form, filled in wrongly and then well, and what managers and councils see before and after the second manager.
pub fn a_bid(tour: &mut Tour, app: &TestApp, story: &Story) {
    let [bid, form, more_time, check] = ["", "/reopen", "/more-time", "/check"].map(|part| story.page(part));
    let drifted = json!({ "value": "A library of patterns and a guide.", "complete": true });
    app.client(Who::Officer).put(&format!("/api/v1{bid}/answers/assets"), 1, drifted).expect(200);
    tour.look("2-open", &[(Who::Manager, &[&form])]);
    app.at("2026-10-01T08:00:00Z");
    let mut manager = app.browser(Who::Manager);
    manager.open(&form);
    tour.look_over_the_shoulder("2-reopen", &manager);
    manager.fill("Day", "1").fill("Month", "10").fill("Year", "2026").fill("At what time?", "9.30am");
    manager.press("Propose to reopen this bid");
    tour.look_over_the_shoulder("2-wrong", &manager);
    manager.choose("What is the common problem?").fill("Why is it reopened?", "Two figures contradict each other.");
    manager.press("Propose to reopen this bid");
    tour.look_over_the_shoulder("2-proposed", &manager);
    tour.look("2-proposed", &[(Who::Manager, &[&bid])]);
    let number = app.client(Who::Manager).get(&format!("/api/v1{bid}/milestones/changes")).expect(200).json();
    let confirm = format!("/api/v1{bid}/milestones/changes/{}/confirm", number["changes"][0]["staff"]["number"]);
    app.client_of(app.colleague()).post(&confirm, json!({})).expect(200);
    let question = story.page("/questions/problem");
    tour.look("2-reopened", &[(Who::Officer, &[&bid, &question, &check]), (Who::Manager, &[&bid, &more_time])]);
}
