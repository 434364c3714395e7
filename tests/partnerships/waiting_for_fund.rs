//! What waits for the fund's agreement stands before its managers, counted on their desk and listed for each round.

use serde_json::{Value, json};

use super::leads::{agree, newest, propose};
use crate::{
    awards::submitted,
    harness::{
        app::{ROUND, TestApp, Who},
        chromium::{Visit, look_at},
        databases::{Engine, on_each_database},
    },
    journey::with_borchester,
};

/// A submitted bid that Borchester is to lead: its council proposed it, and Borchester has not answered.
fn proposed(app: &TestApp) -> (String, String) {
    let reference = submitted(app, "Shared repairs");
    with_borchester(app, &reference, true);
    let resubmit = format!("/api/v1/bids/{reference}/actions/resubmit_eoi");
    app.client(Who::Officer).post(&resubmit, json!({})).expect(200);
    app.at("2026-10-01T09:00:00Z");
    propose(app, Who::Officer, &reference, &json!({})).expect(201);
    let path = newest(app, Who::Officer, &reference);
    (reference, path)
}

fn waiting(app: &TestApp, who: Who) -> Vec<Value> {
    let list = app.client(who).get(&format!("/api/v1/rounds/{ROUND}/partnership-changes")).expect(200).json();
    list.as_array().unwrap().clone()
}

on_each_database! {
    fn managers_find_what_waits_for_them_on_their_desk_and_nothing_before_or_after(app: &TestApp) {
        let (reference, path) = proposed(app);
        let words = "1 change of councils waits for the fund";
        assert!(!app.browser(Who::Manager).open("/staff").has(words), "its councils have not agreed yet");
        assert_eq!(waiting(app, Who::Manager), [] as [Value; 0]);
        agree(app, Who::Partner, &path).expect(200);
        let listed = waiting(app, Who::Manager);
        assert_eq!((listed.len(), &listed[0]["reference"], &listed[0]["may_agree"]), (1, &json!(reference), &json!(true)));
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").follow(&format!("{words} in Test round")).sees("Changes of councils that wait for the fund");
        let says = format!("Borchester City Council leads {reference} instead of Ambridge Borough Council, which stays as a partner.");
        manager.follow(&says);
        manager.press("Agree to this").sees("It is done.");
        assert!(!manager.open("/staff").has(words));
        manager.open(&format!("/rounds/{ROUND}/partnership-changes")).sees("Nothing waits for the fund.");
    }

    fn what_a_council_has_agreed_to_no_more_waits_for_the_fund_no_more(app: &TestApp) {
        let (_, path) = proposed(app);
        agree(app, Who::Partner, &path).expect(200);
        assert_eq!(waiting(app, Who::Manager).len(), 1);
        app.client(Who::Partner).post(&format!("{path}/take-back"), json!({})).expect(200);
        assert_eq!(waiting(app, Who::Manager), [] as [Value; 0]);
        agree(app, Who::Partner, &path).expect(200);
        assert_eq!(waiting(app, Who::Manager).len(), 1);
    }

    fn only_managers_without_a_conflict_of_interest_find_it(app: &TestApp) {
        let (reference, path) = proposed(app);
        agree(app, Who::Partner, &path).expect(200);
        let list = format!("/api/v1/rounds/{ROUND}/partnership-changes");
        for (who, status) in [(Who::Moderator, 403), (Who::Observer, 403), (Who::Nobody, 404), (Who::Officer, 404)] {
            assert_eq!(app.client(who).get(&list).status, status, "{who:?}");
        }
        app.public().get(&list).expect(401);
        let person = app.colleague();
        let colleague = app.client_of(person);
        assert_eq!(colleague.get(&list).expect(200).json()[0]["reference"], reference.as_str());
        let conflict = json!({ "organisation": "AMB", "reason": "My sister works there." });
        colleague.post("/api/v1/conflicts", conflict).expect(200);
        assert_eq!(colleague.get(&list).expect(200).json(), json!([]));
        assert!(!app.browser_of(person).open("/staff").has("waits for the fund"));
        assert_eq!(waiting(app, Who::Manager).len(), 1);
    }
}

#[test]
fn the_page_of_what_waits_for_the_fund_is_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    let (_, path) = proposed(&app);
    agree(&app, Who::Partner, &path).expect(200);
    let manager = app.browser(Who::Manager).cookies();
    let pages = [
        Visit::signed_in("/staff", &manager, "waiting"),
        Visit::signed_in(&format!("/rounds/{ROUND}/partnership-changes"), &manager, "waiting"),
    ];
    look_at(&app.base, &pages);
}
