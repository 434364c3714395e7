//! What a full application says otherwise than its expression of interest, for whoever reads it.

use serde_json::{Value, json};

use super::together::answer;
use crate::{
    harness::{
        app::{TestApp, Who},
        databases::on_each_database,
    },
    pages::story::Story,
};

/// A bid whose full application is being written.
fn begun(app: &TestApp) -> Story<'_> {
    let story = Story::begin(app);
    story.submit_interest();
    app.at("2026-10-01T09:00:00Z");
    story.sift();
    story.decide("sift", "invite", None);
    story.release("eoi_outcome");
    app.at("2026-10-12T09:00:00Z");
    story
}

fn carried(app: &TestApp, who: Who, reference: &str) -> Value {
    app.client(who).get(&format!("/api/v1/bids/{reference}/carried-over")).expect(200).json()
}

on_each_database! {
    fn writers_see_what_they_said_before_and_what_they_have_changed(app: &TestApp) {
        let story = begun(app);
        let reference = story.reference.as_str();
        assert_eq!(carried(app, Who::Officer, reference), json!([]), "no full application has begun");
        let invitation = story.write_application();
        assert!(!invitation.is_empty());
        let said = "Tenants ring three times on average before a repair is done.";
        assert_eq!(carried(app, Who::Officer, reference), json!([
            { "question": "problem", "title": "What is the common problem?", "said": said, "says": said, "same": true }
        ]), "only what both stages ask");
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}/questions/problem")).sees("As in the expression of interest");
        answer(&app.client(Who::Officer), reference, "problem", 1, "Tenants ring four times before a repair is done.").expect(200);
        let now = carried(app, Who::Officer, reference);
        assert_eq!((&now[0]["said"], &now[0]["same"]), (&said.into(), &false.into()));
        for page in ["questions/problem", "check"] {
            browser.open(&format!("/bids/{reference}/{page}")).sees("Changed since the expression of interest");
            browser.sees("1 word added, 3 taken out").sees("What it said then").sees(said);
        }
        assert!(!browser.open(&format!("/bids/{reference}/questions/plan")).has("expression of interest"), "the plan is new");
    }

    fn nobody_else_reads_an_application_that_is_not_submitted(app: &TestApp) {
        let story = begun(app);
        story.write_application();
        let reference = story.reference.as_str();
        answer(&app.client(Who::Officer), reference, "problem", 1, "Not for the fund yet.").expect(200);
        for who in [Who::Manager, Who::Moderator, Who::Observer] {
            let bid = app.client(who).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
            let said = (&bid["stage"], &bid["writable"], bid["content"]["answers"]["plan"].is_null());
            assert_eq!(said, (&json!("eoi"), &json!(false), true), "{who:?}");
            assert_eq!(carried(app, who, reference), json!([]));
            let mut browser = app.browser(who);
            browser.open(&format!("/bids/{reference}")).sees("5pm on 15 November 2026");
            assert!(!browser.has("Not for the fund yet.") && !browser.has("Sift this expression of interest"), "{who:?}");
        }
        let own = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
        assert_eq!((&own["stage"], &own["writable"]), (&json!("full"), &json!(true)));
    }

    fn staff_and_assessors_read_it_too_and_nobody_else(app: &TestApp) {
        let story = begun(app);
        let invitation = story.write_application();
        let reference = story.reference.as_str();
        answer(&app.client(Who::Officer), reference, "problem", 1, "Tenants ring four times before a repair is done.").expect(200);
        story.ask_to_sign();
        story.submit_application(&invitation);
        app.at("2026-11-16T09:00:00Z");
        story.give_to_assessors();
        for who in [Who::Manager, Who::Assessor, Who::Partner] {
            assert_eq!(carried(app, who, reference)[0]["same"], false, "{who:?}");
            app.browser(who).open(&format!("/bids/{reference}")).sees("Changed since the expression of interest");
        }
        app.browser(Who::Assessor).open(&format!("/bids/{reference}/score/fit")).sees("Changed since the expression of interest");
        for who in [Who::ConflictedAssessor, Who::Stranger, Who::Nobody] {
            let answer = app.client(who).get(&format!("/api/v1/bids/{reference}/carried-over"));
            assert_eq!(answer.status, if who == Who::ConflictedAssessor { 200 } else { 404 }, "{who:?}: who works for the lead reads as such");
        }
    }
}
