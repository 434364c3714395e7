//! The pages on which a published round is changed or called off.

use serde_json::json;

use super::tour::Tour;
use crate::{
    harness::app::{ROUND, TestApp, Who},
    journey::amendments::propose,
};

/// A manager proposes another budget, and is told what is wrong with other rules and with a cancellation.
pub fn the_round(tour: &mut Tour, app: &TestApp) {
    let round = format!("/rounds/{ROUND}");
    let mut rules = app.browser(Who::Manager);
    rules.open(&format!("{round}/rules")).fill("Weight of criterion 1", "70").press("Propose these rules");
    tour.look_over_the_shoulder("1-rules", &rules);
    let mut text = app.browser(Who::Manager);
    text.open(&format!("{round}/rules/text")).fill("Rules", "{").press("Propose these rules");
    tour.look_over_the_shoulder("1-rules", &text);
    for (page, button) in [("budget", "Propose this budget"), ("cancel", "Propose to cancel the round")] {
        let mut form = app.browser(Who::Manager);
        form.open(&format!("{round}/{page}")).press(button);
        tour.look_over_the_shoulder("1-fault", &form);
    }
    let budget = json!({ "budget_pence": 25_000_000, "reason": "The minister gives more.\n\nFrom this year’s money." });
    propose(&app.client(Who::Manager), "budget", &budget).expect(202);
    let pages = ["rules", "rules/text", "budget", "cancel", "amendments"].map(|page| format!("{round}/{page}"));
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    tour.look("1-changing", &[(Who::Manager, &pages), (Who::Observer, &[pages[4]])]);
    let colleague = app.colleague();
    let mut refusing = app.browser_of(colleague);
    refusing.open(pages[4]);
    tour.look_over_the_shoulder("1-asked", &refusing);
    refusing.press("Approve");
    tour.look_from_outside("1-changed", &[&round]);
}
