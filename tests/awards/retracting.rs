//! A decision that nobody has been told of can be taken back, and the bid waits for one again.

use roundtable::identity::policy::BidKind;
use serde_json::{Value, json};

use super::{ANNOUNCED, DECIDING, award, bring_to, change, decide, outcome, release, shortlisted, submitted};
use crate::harness::{
    app::{Answer, Client, ROUND, TestApp, Who},
    databases::on_each_database,
};
use crate::{journey::holds::hold, workflow::over_rest::kinds_of_round};

const ASK: i64 = 8_000_000;

fn take_back(client: &Client, reference: &str, gate: &str, version: i64) -> Answer {
    let version = format!("\"v{version}\"");
    let path = format!("/api/v1/bids/{reference}/decisions/{gate}");
    client.send("DELETE", &path, &[("If-Match", &version)], None)
}

fn undecided(app: &TestApp) -> Value {
    let path = format!("/api/v1/rounds/{ROUND}/releases/announcement");
    app.client(Who::Manager).get(&path).expect(200).json()["undecided"].clone()
}

on_each_database! {
    fn a_decision_taken_back_leaves_the_bid_undecided_and_its_history(app: &TestApp) {
        let reference = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &reference, "award", award(ASK, 1)).expect(201);
        assert_eq!(undecided(app), json!([]));
        let path = format!("/api/v1/bids/{reference}/decisions/award");
        assert_eq!(manager.send("DELETE", &path, &[], None).status, 428, "it names what it takes back");
        assert_eq!(take_back(&manager, &reference, "award", 2).status, 412);
        take_back(&manager, &reference, "award", 1).expect(204);
        assert_eq!(undecided(app), json!([reference]));
        assert_eq!(manager.get(&path).status, 404);
        assert_eq!(take_back(&manager, &reference, "award", 1).status, 404);
        assert_eq!(kinds_of_round(app).last().unwrap(), "decision.taken_back");
        decide(&manager, &reference, "award", outcome("not_fund")).expect(201);
    }

    fn whoever_has_read_a_decision_that_was_taken_back_does_not_touch_the_next_one(app: &TestApp) {
        let reference = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &reference, "award", award(ASK, 1)).expect(201);
        take_back(&manager, &reference, "award", 1).expect(204);
        let next = decide(&manager, &reference, "award", outcome("not_fund")).expect(201);
        assert_eq!(next.header("etag"), Some("\"v2\""));
        assert_eq!(take_back(&manager, &reference, "award", 1).status, 412);
        assert_eq!(change(&manager, &reference, "award", 1, award(ASK, 1)).status, 412);
        take_back(&manager, &reference, "award", 2).expect(204);
        let third = decide(&manager, &reference, "award", outcome("not_fund")).expect(201);
        assert_eq!(third.header("etag"), Some("\"v3\""));
    }

    fn a_decision_is_taken_back_on_hold_and_its_councils_learn_nothing(app: &TestApp) {
        let reference = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &reference, "award", award(ASK, 1)).expect(201);
        hold(&manager, &reference).expect(201);
        assert_eq!(change(&manager, &reference, "award", 1, outcome("not_fund")).status, 409);
        let seen = || app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).text();
        let before = seen();
        take_back(&manager, &reference, "award", 1).expect(204);
        assert_eq!(seen(), before);
    }

    fn a_form_above_a_decision_that_was_taken_back_says_so_before_it_records(app: &TestApp) {
        let reference = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &reference, "award", award(ASK, 1)).expect(201);
        let mut late = app.browser(Who::Manager);
        late.open(&format!("/bids/{reference}/decision"));
        take_back(&manager, &reference, "award", 1).expect(204);
        late.press("Record the decision").sees("was taken back since you opened the page");
        assert_eq!(undecided(app), json!([reference]));
        late.press("Record the decision").sees("is recorded");
        assert_eq!(undecided(app), json!([]));
    }

    fn what_rests_on_a_decision_is_taken_back_first(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        bring_to(app, &reference, ("assessed", BidKind::Review), ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &reference, "shortlist", json!({ "transition": "shortlist" })).expect(201);
        decide(&manager, &reference, "award", award(ASK, 1)).expect(201);
        let refused = take_back(&manager, &reference, "shortlist", 1).expect(409).json();
        assert_eq!(refused["code"], "decided_further", "{refused}");
        take_back(&manager, &reference, "award", 1).expect(204);
        take_back(&manager, &reference, "shortlist", 1).expect(204);
    }

    fn nothing_is_taken_back_once_its_release_is_approved(app: &TestApp) {
        let reference = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &reference, "award", award(ASK, 1)).expect(201);
        release(app, "announcement").expect(200);
        let refused = take_back(&manager, &reference, "award", 1).expect(409).json();
        assert_eq!(refused["code"], "released_already", "{refused}");
        app.at(ANNOUNCED);
        app.work();
        assert_eq!(take_back(&app.client(Who::Manager), &reference, "award", 1).status, 409);
    }

    fn a_manager_takes_a_decision_back_on_the_desk(app: &TestApp) {
        let reference = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &reference, "award", award(ASK, 1)).expect(201);
        let mut browser = app.browser(Who::Manager);
        let mut late = app.browser(Who::Manager);
        let desk = format!("/bids/{reference}/decision");
        late.open(&desk);
        change(&app.client(Who::Manager), &reference, "award", 1, outcome("not_fund")).expect(200);
        late.press("Take the decision back").sees("Somebody has changed this decision");
        browser.open(&desk).press("Take the decision back").sees("It waits for one again");
        assert!(!browser.buttons().contains(&"Take the decision back".into()));
        assert_eq!(undecided(app), json!([reference]));
    }
}
