//! A council asks to join a bid whose expression of interest is published, and its lead answers.

use serde_json::{Value, json};

use super::{
    events,
    leads::{self, agree, newest},
    rules::{self, ASKING},
};
use crate::{
    bids::journey::written,
    harness::{
        app::{Answer, ROUND, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::{holds::hold, with_borchester},
};

/// A bid of Ambridge whose expression of interest is published.
fn published(app: &TestApp) -> String {
    let (officer, reference) = written(app, "Shared repairs");
    officer.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
    app.at("2026-10-01T09:00:00Z");
    reference
}

fn ask(app: &TestApp, reference: &str, share: i64) -> Answer {
    let terms = json!({ "share_pence": share, "role": "Research", "sponsor": "Director of Housing" });
    let body = json!({ "kind": "join", "organisation": "CAS", "words": "We have the same tenants.", "terms": terms });
    app.client(Who::Stranger).post(&format!("/api/v1/bids/{reference}/partnership-changes"), body)
}

fn partners(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json()["content"]["partners"].clone()
}

on_each_database! {
    fn a_council_asks_on_the_public_page_and_is_a_partner_once_the_lead_accepts(app: &TestApp) {
        let reference = published(app);
        let mut stranger = app.browser(Who::Stranger);
        stranger.open(&format!("/rounds/{ROUND}/eois/{reference}")).follow("Ask for your council to join this bid");
        stranger.press("Ask to join");
        assert_eq!(stranger.errors()[0].0, "#words");
        stranger.fill("Why does your council want to join?", "We have the same tenants.").fill("What it brings (optional)", "Research");
        stranger.fill("Share of the grant that it asks for", "100").press("Ask to join").sees("has not answered yet");
        let mut lead = app.browser(Who::Officer);
        lead.open("/dashboard").follow("A council asks to join “Shared repairs”").sees("We have the same tenants.");
        lead.sees("Casterbridge District Council is a partner now, with a share of £100.").press("Agree to this").sees("It is done.");
        let partner = &partners(app, &reference)[0];
        let is = (&partner["organisation"]["code"], &partner["confirmed"], &partner["share_pence"], &partner["role"]);
        assert_eq!(is, (&json!("CAS"), &json!(true), &json!(10_000), &json!("Research")));
        assert_eq!(app.client(Who::Stranger).get(&format!("/api/v1/bids/{reference}")).status, 200, "it reads the bid now");
        stranger.open(&format!("/rounds/{ROUND}/eois/{reference}/join")).sees("Casterbridge District Council has joined");
        assert!(events(app, &reference).contains(&"partner.joined".to_owned()));
        let told: Vec<_> = app.letters().into_iter().filter(|letter| letter.recipient == Who::Stranger.email()).map(|letter| letter.template).collect();
        assert_eq!(told, ["change-done"]);
    }

    fn nobody_learns_of_a_bid_by_asking_to_join_it(app: &TestApp) {
        let (_, reference) = written(app, "Ours alone");
        assert_eq!(ask(app, &reference, 0).status, 404);
        assert_eq!(ask(app, "TEST-9999", 0).status, 404);
        app.client(Who::Stranger).get(&format!("/rounds/{ROUND}/eois/{reference}/join")).expect(404);
        let submitted = published(app);
        let body = json!({ "kind": "join", "organisation": "CAS", "words": "Let us in." });
        let others = app.client(Who::Partner).post(&format!("/api/v1/bids/{submitted}/partnership-changes"), body);
        assert_eq!(others.problem(), (403, "not_allowed".into()), "nobody asks for another council");
        app.client(Who::Nobody).get(&format!("/rounds/{ROUND}/eois/{submitted}/join")).expect(403);
    }

    fn the_lead_refuses_with_a_reason_and_the_council_takes_back_and_asks_again(app: &TestApp) {
        let reference = published(app);
        ask(app, &reference, 0).expect(201);
        assert_eq!(ask(app, &reference, 0).problem(), (409, "proposed_already".into()));
        let path = newest(app, Who::Stranger, &reference);
        let view = app.client(Who::Stranger).get(&path).expect(200).json();
        assert_eq!((&view["changes"], &view["seen"]), (&json!([]), &Value::Null), "it reads nothing of the bid by it");
        assert_eq!(app.client(Who::Stranger).post(&format!("{path}/agree"), json!({ "seen": "" })).status, 403);
        let refused = app.client(Who::Officer).post(&format!("{path}/refuse"), json!({ "reason": "We are enough." }));
        assert_eq!(refused.expect(200).json()["state"], "refused");
        app.browser(Who::Stranger).open(&format!("/rounds/{ROUND}/eois/{reference}/join")).sees("We are enough.");
        ask(app, &reference, 0).expect(201);
        let mut stranger = app.browser(Who::Stranger);
        stranger.open(&format!("/rounds/{ROUND}/eois/{reference}/join")).press("Take the request back").sees("took its request back");
        assert_eq!(partners(app, &reference), json!([]));
        assert_eq!(agree(app, Who::Officer, &newest(app, Who::Officer, &reference)).problem(), (409, "not_open".into()));
    }

    fn nobody_joins_after_full_applications_have_closed(app: &TestApp) {
        let reference = published(app);
        ask(app, &reference, 0).expect(201);
        let path = newest(app, Who::Officer, &reference);
        app.clock.set(moment("2026-11-15T17:00:00.001Z"));
        let late = agree(app, Who::Officer, &path);
        assert_eq!(late.problem(), (409, "cannot_be_done".into()));
        assert!(late.text().contains("Full applications closed"), "{}", late.text());
    }

    fn a_council_in_as_many_bids_as_it_can_be_does_not_join_another(app: &TestApp) {
        rules::ask(app, json!({ "most_joined": 1 }));
        let bids = ["One", "Two"].map(|title| rules::start(app, ASKING, title));
        for reference in &bids {
            let path = format!("/api/v1/bids/{reference}");
            app.client(Who::Officer).patch(&path, 1, json!({ "phase": "discovery" })).expect(200);
            for question in ["problem", "assets"] {
                let body = json!({ "value": "Words of our own.", "complete": true });
                app.client(Who::Officer).put(&format!("{path}/answers/{question}"), 0, body).expect(200);
            }
            app.client(Who::Officer).post(&format!("{path}/actions/submit_eoi"), json!({})).expect(200);
        }
        app.at("2026-10-01T09:00:00Z");
        for reference in &bids {
            ask(app, reference, 0).expect(201);
        }
        assert_eq!(agree(app, Who::Officer, &newest(app, Who::Officer, &bids[0])).expect(200).json()["state"], "done");
        let path = newest(app, Who::Officer, &bids[1]);
        let refused = agree(app, Who::Officer, &path);
        assert_eq!(refused.problem(), (409, "cannot_be_done".into()));
        assert!(refused.text().contains("can be in 1"), "{}", refused.text());
        assert_eq!(app.client(Who::Officer).get(&path).expect(200).json()["state"], "open", "and nothing was done");
        assert_eq!(partners(app, &bids[1]), json!([]));
    }

    fn whoever_asks_to_join_a_bid_on_hold_is_not_told_why(app: &TestApp) {
        let reference = published(app);
        hold(&app.client(Who::Manager), &reference).expect(201);
        let refused = ask(app, &reference, 0);
        assert_eq!(refused.problem(), (409, "cannot_be_done".into()));
        assert_eq!(refused.json()["detail"], json!(format!("{reference} takes no council in at present.")));
        let mut stranger = app.browser(Who::Stranger);
        stranger.open(&format!("/rounds/{ROUND}/eois/{reference}/join"));
        stranger.fill("Why does your council want to join?", "We have the same tenants.").press("Ask to join");
        assert!(!stranger.has("on hold") && !stranger.has("auditor"), "{}", stranger.text());
    }

    fn the_new_lead_is_asked_about_whoever_asked_the_old_one_to_join(app: &TestApp) {
        let (officer, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, true);
        officer.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        app.at("2026-10-01T09:00:00Z");
        ask(app, &reference, 0).expect(201);
        leads::propose(app, Who::Officer, &reference, &json!({})).expect(201);
        let path = newest(app, Who::Partner, &reference);
        agree(app, Who::Partner, &path).expect(200);
        let before = app.letters().len();
        assert_eq!(agree(app, Who::Manager, &path).expect(200).json()["state"], "done");
        let letters = app.letters();
        let of_partner = letters.iter().skip(before).filter(|letter| letter.recipient == Who::Partner.email());
        assert!(of_partner.map(|letter| &letter.template).any(|template| template == "change-wanted"));
        assert!(!app.browser(Who::Officer).open("/dashboard").has("A council asks to join"));
        let mut lead = app.browser(Who::Partner);
        lead.open("/dashboard").follow("A council asks to join “Shared repairs”").press("Agree to this").sees("It is done.");
    }

}
