//! An expression of interest from the first word to its submission, its newer version, and the deadline.

use serde_json::{Value, json};

use crate::harness::{
    app::{Client, ROUND, TestApp, Who},
    databases::on_each_database,
};

/// A bid of Ambridge with every answer of its expression of interest.
pub fn written(app: &TestApp, title: &str) -> (Client, String) {
    let client = app.client(Who::Officer);
    let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": title });
    let reference = client.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
    client.patch(&format!("/api/v1/bids/{reference}"), 1, json!({ "phase": "discovery" })).expect(200);
    for question in ["problem", "assets"] {
        answer(&client, &reference, question, 0, json!("Words of our own.")).expect(200);
    }
    (client, reference)
}

fn answer(client: &Client, reference: &str, question: &str, version: i64, value: Value) -> crate::harness::app::Answer {
    let body = json!({ "value": value, "complete": true });
    client.put(&format!("/api/v1/bids/{reference}/answers/{question}"), version, body)
}

fn submit(client: &Client, reference: &str, action: &str) -> crate::harness::app::Answer {
    client.post(&format!("/api/v1/bids/{reference}/actions/{action}"), json!({}))
}

on_each_database! {
    fn an_expression_of_interest_goes_from_draft_to_submitted(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let plan = client.get(&format!("/api/v1/bids/{reference}/actions")).expect(200).json();
        assert_eq!(plan["choices"][0]["transition"], "submit_eoi");
        assert_eq!(plan["choices"][0]["allowed"], true, "{plan}");
        let receipt = submit(&client, &reference, "submit_eoi").expect(200).json();
        assert_eq!(receipt["state"], "eoi_submitted");
        assert_eq!(receipt["hash"].as_str().unwrap().len(), 64);
        let history = client.get(&format!("/api/v1/bids/{reference}/history")).expect(200).json();
        let kinds: Vec<&str> = history.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["bid.started", "bid.heading_written", "bid.submitted"]);
    }

    fn a_newer_version_replaces_the_older_which_stands_until_then(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        submit(&client, &reference, "submit_eoi").expect(200);
        answer(&client, &reference, "problem", 1, json!("Better words.")).expect(200);
        let staff = app.client(Who::Manager).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
        assert_eq!(staff["content"]["answers"]["problem"], "Words of our own.");
        submit(&client, &reference, "resubmit_eoi").expect(200);
        let staff = app.client(Who::Manager).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
        assert_eq!(staff["content"]["answers"]["problem"], "Better words.");
        let versions = client.get(&format!("/api/v1/bids/{reference}/versions")).expect(200).json();
        assert_eq!(versions.as_array().unwrap().len(), 2);
    }

    fn the_deadlines_own_instant_is_in_time_and_a_millisecond_later_is_not(app: &TestApp) {
        let (_, first) = written(app, "In time");
        let (_, second) = written(app, "Too late");
        app.clock.set(crate::harness::app::moment("2026-09-30T16:00:00Z"));
        let client = app.client(Who::Officer);
        submit(&client, &first, "submit_eoi").expect(200);
        app.clock.set(crate::harness::app::moment("2026-09-30T16:00:00.001Z"));
        assert_eq!(submit(&client, &second, "submit_eoi").problem(), (409, "deadline_passed".into()));
        let kept = client.get(&format!("/api/v1/bids/{second}")).expect(200).json();
        assert_eq!(kept["content"]["answers"]["problem"], "Words of our own.");
    }

    fn a_draft_that_lacks_answers_hears_which(app: &TestApp) {
        let client = app.client(Who::Officer);
        let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Empty" });
        let reference = client.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
        let refused = submit(&client, &reference, "submit_eoi");
        assert_eq!(refused.problem(), (409, "not_yet".into()));
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("Missing: Choose the phase that you bid for."), "{detail}");
        assert!(detail.contains("Answer the question “"), "{detail}");
    }

    fn staff_never_see_a_draft(app: &TestApp) {
        let (_, reference) = written(app, "Ours alone");
        for who in [Who::Manager, Who::Moderator, Who::Observer, Who::Assessor, Who::Stranger, Who::Admin] {
            let answer = app.client(who).get(&format!("/api/v1/bids/{reference}"));
            assert_eq!(answer.problem(), (404, "not_found".into()), "{who:?}");
        }
    }

    fn staff_never_see_a_draft_that_was_given_up_either(app: &TestApp) {
        let (officer, reference) = written(app, "Ours alone");
        officer.post(&format!("/api/v1/bids/{reference}/actions/withdraw"), json!({})).expect(200);
        officer.get(&format!("/api/v1/bids/{reference}")).expect(200);
        for who in [Who::Manager, Who::Moderator, Who::Observer, Who::Assessor] {
            let client = app.client(who);
            for path in ["", "/history", "/actions", "/versions", "/carried-over"] {
                client.get(&format!("/api/v1/bids/{reference}{path}")).expect(404);
            }
            client.get(&format!("/bids/{reference}")).expect(404);
        }
        let manager = app.client(Who::Manager);
        for path in [format!("/rounds/{ROUND}/bids"), format!("/rounds/{ROUND}/bids.csv"), format!("/api/v1/rounds/{ROUND}/bids")] {
            assert!(!manager.get(&path).expect(200).text().contains(&reference), "{path}");
        }
    }

    fn two_people_on_one_answer_do_not_overwrite_each_other(app: &TestApp) {
        let (client, reference) = written(app, "Together");
        let colleague = app.client(Who::Administrator);
        answer(&client, &reference, "problem", 1, json!("Mine.")).expect(200);
        let refused = answer(&colleague, &reference, "problem", 1, json!("Theirs."));
        assert_eq!(refused.problem(), (412, "stale_version".into()));
        answer(&colleague, &reference, "assets", 1, json!("Another answer.")).expect(200);
    }
}
