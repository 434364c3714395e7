//! The pages on which a published round is changed or called off, and run again.

use serde_json::{Value, json};

use super::tour::Tour;
use crate::{
    harness::{
        app::{Client, ROUND, TestApp, Who},
        browser::Browser,
    },
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

/// A round is copied, written, published, called off and run again.
pub fn run_again(tour: &mut Tour, app: &TestApp) {
    let new = "/funds/test-fund/rounds/new";
    let mut browser = app.browser(Who::Manager);
    browser.open(new).press("Begin the round");
    tour.look_over_the_shoulder("8-new", &browser);
    begin(&mut browser, "again");
    browser.fill("How much can be awarded?", "lots").fill("Time of “Awards announced”", "5").press("Save the draft");
    tour.look_over_the_shoulder("8-draft", &browser);
    let pages = ["draft", "draft/rules", "publish"].map(|page| format!("/rounds/again/{page}"));
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    tour.look("8", &[(Who::Manager, &[new, "/staff", pages[0], pages[1], pages[2], "/rounds/again"])]);
    let manager = app.client(Who::Manager);
    let dates = crate::funds::making::dates(app);
    manager.patch("/api/v1/rounds/again", 1, json!({ "milestones": dates })).expect(200);
    tour.look("8-ready", &[(Who::Manager, &pages)]);
    browser.open(pages[2]).press("Publish the round");
    call_off(app, &manager);
    tour.look("8-cancelled", &[(Who::Manager, &["/rounds/again/amendments", "/staff"])]);
    tour.look_from_outside("8-cancelled", &["/rounds/again", "/rounds"]);
}

fn begin(browser: &mut Browser, slug: &str) {
    browser.select("What does it begin with?", "A copy of Test round").fill("Title", "The round after");
    browser.fill("Short name in addresses", slug).fill("What references of bids begin with", "AGAIN");
    browser.press("Begin the round");
}

fn call_off(app: &TestApp, manager: &Client) {
    let reason = json!({ "reason": "The money is needed elsewhere." });
    manager.put("/api/v1/rounds/again/cancellation", 3, reason).expect(202);
    let colleague = app.client_of(app.colleague());
    let waiting: Value = colleague.get("/api/v1/rounds/again/proposals").expect(200).json();
    let tag = &waiting[0]["support"]["tag"];
    let path = "/api/v1/rounds/again/proposals/cancellation/approve";
    crate::awards::post_seen(&colleague, path, tag, json!({})).expect(200);
}
