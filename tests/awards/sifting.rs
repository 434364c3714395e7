//! Decisions on expressions of interest: recorded, changed, released together.

use std::time::Duration;

use serde_json::{Value, json};

use super::{SIFT, change, decide, letters, outcome, release, submitted};
use crate::harness::{
    app::{ROUND, TestApp, Who},
    databases::on_each_database,
};

on_each_database! {
    fn outcomes_are_released_together_and_only_with_feedback_for_every_bid(app: &TestApp) {
        let (first, second) = (submitted(app, "Repairs"), submitted(app, "Chatbots"));
        app.at(SIFT);
        let manager = app.client(Who::Manager);
        let silent = decide(&manager, &first, "sift", json!({ "transition": "invite" }));
        assert_eq!(silent.expect(422).json()["errors"][0]["pointer"], "/feedback");
        decide(&manager, &first, "sift", outcome("invite")).expect(201);
        let refused = release(app, "eoi_outcome").expect(422).json();
        assert!(refused["detail"].as_str().unwrap().contains(&second), "{refused}");
        decide(&manager, &second, "sift", outcome("not_invite")).expect(201);
        let approved = release(app, "eoi_outcome").expect(200).json();
        assert_eq!(approved["shown_from"], "2026-10-10T09:00:00Z");
        assert_eq!(release(app, "eoi_outcome").problem(), (409, "released_already".into()));
        app.at("2026-10-10T09:00:00Z");
        let officer = app.client(Who::Officer);
        let state = |reference: &str| officer.get(&format!("/api/v1/bids/{reference}")).expect(200).json()["state"].clone();
        assert_eq!(state(&first), "invited");
        assert_eq!(state(&second), "not_invited");
    }

    fn a_decision_is_changed_by_version_until_its_release_is_approved(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(SIFT);
        let manager = app.client(Who::Manager);
        let first = decide(&manager, &reference, "sift", outcome("invite")).expect(201);
        assert_eq!(first.header("etag"), Some("\"v1\""));
        assert_eq!(decide(&manager, &reference, "sift", outcome("invite")).problem(), (428, "version_needed".into()));
        assert_eq!(change(&manager, &reference, "sift", 9, outcome("not_invite")).problem(), (412, "stale_version".into()));
        change(&manager, &reference, "sift", 1, outcome("not_invite")).expect(200);
        release(app, "eoi_outcome").expect(200);
        let refused = change(&manager, &reference, "sift", 2, outcome("invite"));
        assert_eq!(refused.problem(), (409, "released_already".into()));
        manager.delete(&format!("/api/v1/rounds/{ROUND}/releases/eoi_outcome")).expect(204);
        change(&manager, &reference, "sift", 2, outcome("invite")).expect(200);
    }

    fn a_release_that_shows_cannot_be_taken_back(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(SIFT);
        decide(&app.client(Who::Manager), &reference, "sift", outcome("invite")).expect(201);
        release(app, "eoi_outcome").expect(200);
        app.at("2026-10-10T09:00:00Z");
        let refused = app.client(Who::Manager).delete(&format!("/api/v1/rounds/{ROUND}/releases/eoi_outcome"));
        assert_eq!(refused.problem(), (409, "shown_already".into()));
    }

    fn an_approval_after_the_instant_shows_at_once(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at("2026-10-12T09:00:00Z");
        decide(&app.client(Who::Manager), &reference, "sift", outcome("invite")).expect(201);
        let officer = app.client(Who::Officer);
        assert_eq!(officer.get(&format!("/api/v1/bids/{reference}")).expect(200).json()["state"], "eoi_submitted");
        assert_eq!(release(app, "eoi_outcome").expect(200).json()["shown_from"], "2026-10-12T09:00:00Z");
        app.work();
        assert_eq!(officer.get(&format!("/api/v1/bids/{reference}")).expect(200).json()["state"], "invited");
    }

    fn a_release_wants_a_fresh_code_and_a_fund_manager(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(SIFT);
        let manager = app.client(Who::Manager);
        decide(&manager, &reference, "sift", outcome("invite")).expect(201);
        app.later(Duration::from_secs(3 * 3_600));
        let path = format!("/api/v1/rounds/{ROUND}/releases/eoi_outcome");
        assert_eq!(manager.post(&path, json!({})).status, 403);
        for (who, status) in [(Who::Moderator, 403), (Who::Observer, 403), (Who::Officer, 404), (Who::Nobody, 404)] {
            assert_eq!(app.client(who).post(&path, json!({})).status, status, "{who:?}");
            assert_eq!(app.client(who).get(&format!("/api/v1/bids/{reference}/decisions/sift")).status,
                if status == 404 && who == Who::Officer { 403 } else { status }, "{who:?}");
        }
        assert_eq!(app.public().post(&path, json!({})).status, 401);
    }

    fn many_decisions_are_answered_one_by_one(app: &TestApp) {
        let (first, second) = (submitted(app, "Repairs"), submitted(app, "Chatbots"));
        app.at(SIFT);
        let item = |reference: &str, transition: &str, feedback: &str| {
            json!({ "reference": reference, "gate": "sift", "transition": transition, "feedback": feedback })
        };
        let items = json!([
            item(&first, "invite", "Good."),
            item(&second, "invite", ""),
            item("TEST-9999", "invite", "Good."),
            item("OTHER-0001", "invite", "Good."),
            item(&second, "not_invite", "Too like another."),
            item(&second, "fund", "Good."),
        ]);
        let manager = app.client(Who::Manager);
        let path = format!("/api/v1/rounds/{ROUND}/decisions");
        let send = || manager.send("POST", &path, &[("Idempotency-Key", "one batch")], Some(&items)).expect(200).json();
        let answers = send();
        let statuses: Vec<&Value> = answers.as_array().unwrap().iter().map(|answer| &answer["status"]).collect();
        assert_eq!(statuses, [201, 422, 404, 404, 201, 409]);
        assert_eq!(answers, send(), "the same key gets the first answers again");
    }

    fn an_outcome_comes_by_mail_with_its_feedback(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(SIFT);
        decide(&app.client(Who::Manager), &reference, "sift", outcome("invite")).expect(201);
        release(app, "eoi_outcome").expect(200);
        let before = letters(app, "outcome-invited");
        app.at("2026-10-10T09:00:00Z");
        let after = letters(app, "outcome-invited");
        assert!(before.is_empty(), "nothing is written before the instant");
        assert_eq!(after.len(), 4, "everybody of the lead authority is told");
        assert!(after.iter().all(|data| data["feedback"] == "Say more about the users."), "{after:?}");
    }
}
