//! What becomes of requests to join and of mergers that still wait when their bid goes on: a merger is over with the stage for which
//! it was proposed, a request to join waits on, and nobody joins against the round's rules.

use serde_json::{Value, json};

use super::{
    events,
    leads::{agree, newest},
    merging::{act, partner, propose, written},
    rules::{self, ASKING},
};
use crate::{
    awards::{SIFT, decide, outcome, release, submitted},
    bids::led::another_round,
    harness::{
        app::{Answer, TestApp, Who},
        databases::on_each_database,
    },
};

fn ask(app: &TestApp, reference: &str) -> Answer {
    let body = json!({ "kind": "join", "organisation": "CAS", "words": "We have the same tenants." });
    app.client(Who::Stranger).post(&format!("/api/v1/bids/{reference}/partnership-changes"), body)
}

fn ended(app: &TestApp, who: Who, path: &str) -> (Value, String) {
    let now = app.client(who).get(path).expect(200).json();
    (now["state"].clone(), now["ended_why"].as_str().unwrap_or_default().to_owned())
}

on_each_database! {
    fn a_merger_is_over_with_its_stage_and_a_request_to_join_waits_on(app: &TestApp) {
        let ours = submitted(app, "Repairs");
        let (stranger, theirs) = written(app, (Who::Stranger, "CAS"), "Leaks");
        partner(app, &stranger, &theirs, (Who::Officer, "AMB"), 0);
        act(&stranger, &theirs, "submit_eoi").expect(200);
        propose(app, Who::Officer, &ours, &theirs, false).expect(201);
        let merger = newest(app, Who::Officer, &ours);
        app.at(SIFT);
        ask(app, &ours).expect(201);
        let joining = newest(app, Who::Stranger, &ours);
        let manager = app.client(Who::Manager);
        for reference in [&ours, &theirs] {
            decide(&manager, reference, "sift", outcome("invite")).expect(201);
        }
        release(app, "eoi_outcome").expect(200);
        app.at("2026-10-10T08:59:00Z");
        assert_eq!(app.client(Who::Officer).get(&merger).expect(200).json()["state"], "open", "nothing tells the outcome before");
        app.at("2026-10-10T09:00:00Z");
        let (state, why) = ended(app, Who::Officer, &merger);
        assert_eq!(state, "lapsed");
        assert!(why.contains("has gone on to the full application"), "{why}");
        assert!(events(app, &ours).contains(&"partnership.lapsed".to_owned()));
        assert_eq!(agree(app, Who::Officer, &merger).problem(), (409, "not_open".into()));
        let officer = app.client(Who::Officer);
        officer.post(&format!("/api/v1/bids/{ours}/actions/start_full"), json!({})).expect(200);
        assert_eq!(ended(app, Who::Officer, &joining).0, "open");
        assert_eq!(agree(app, Who::Officer, &joining).expect(200).json()["state"], "done");
    }

    fn a_council_does_not_join_a_lead_with_which_it_bids_in_a_round_that_this_one_excludes(app: &TestApp) {
        another_round(app, "first-round", "ONE", |_| {});
        rules::ask(app, json!({ "excludes": [{ "round": "first-round", "name": "First round" }] }));
        let first = rules::start(app, "first-round", "Shared repairs");
        rules::put(app, &first, "full_draft");
        rules::confirm(app, Who::Stranger, &rules::invite(app, &first, "CAS")).expect(200);
        let reference = rules::start(app, ASKING, "Shared repairs again");
        let path = format!("/api/v1/bids/{reference}");
        let officer = app.client(Who::Officer);
        officer.patch(&path, 1, json!({ "phase": "discovery" })).expect(200);
        for question in ["problem", "assets"] {
            let body = json!({ "value": "Words of our own.", "complete": true });
            officer.put(&format!("{path}/answers/{question}"), 0, body).expect(200);
        }
        officer.post(&format!("{path}/actions/submit_eoi"), json!({})).expect(200);
        app.at(SIFT);
        rules::put(app, &first, "full_submitted");
        ask(app, &reference).expect(201);
        let joining = newest(app, Who::Officer, &reference);
        let refused = agree(app, Who::Officer, &joining);
        assert_eq!(refused.problem(), (409, "cannot_be_done".into()));
        assert!(refused.text().contains("First round"), "{}", refused.text());
        assert_eq!(ended(app, Who::Officer, &joining).0, "open", "and nothing was done");
        // The session of September is over by now.
        let officer = app.client(Who::Officer);
        assert_eq!(officer.get(&path).expect(200).json()["content"]["partners"], json!([]));
        officer.post(&format!("/api/v1/bids/{first}/actions/withdraw"), json!({})).expect(200);
        assert_eq!(agree(app, Who::Officer, &joining).expect(200).json()["state"], "done");
    }
}
