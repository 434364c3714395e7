//! How far the reading of a round is: the page for those who see to it, with faults in its forms, and by when scores are wanted.

use serde_json::json;

use super::tour::Tour;
use crate::harness::app::{ROUND, TestApp, Who};

/// Scores are wanted by an instant, and nobody is chosen to be reminded.
pub fn of_a_round(tour: &mut Tour, app: &TestApp) {
    let [progress, wanted] = ["progress", "progress/wanted"].map(|what| format!("/rounds/{ROUND}/{what}"));
    tour.look("5-reading", &[(Who::Manager, &[&progress, &wanted]), (Who::Moderator, &[&progress])]);
    let mut wrong = app.browser(Who::Manager);
    wrong.open(&wanted).fill("Day", "31").press("Save");
    tour.look_over_the_shoulder("5-reading-wrong", &wrong);
    wrong.open(&progress).press("Send the reminders");
    tour.look_over_the_shoulder("5-reading-nobody", &wrong);
    let by = json!({ "wanted_by": "2026-11-27T17:00:00Z", "reminder_days": [5, 1] });
    app.client(Who::Manager).put(&format!("/api/v1{wanted}"), 0, by).expect(200);
    tour.look("5-reading-wanted", &[(Who::Manager, &[&progress]), (Who::Assessor, &["/assess"])]);
}
