//! What bidding in a round took is published with its awards, and only of five answers or more.

use serde_json::{Value, json};

use super::{ANNOUNCED, DECIDING, JUST_BEFORE, award, bring_to, decide, release, submitted};
use crate::{
    harness::{
        app::{ROUND, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::with_borchester,
};
use roundtable::identity::policy::BidKind;

fn give(app: &TestApp, who: Who, reference: &str, hours: i64) {
    app.client(who).put(&format!("/api/v1/bids/{reference}/hours"), 0, json!({ "hours": hours })).expect(200);
}

fn open(app: &TestApp, format: &str) -> crate::harness::app::Answer {
    app.public().get(&format!("/api/v1/open/rounds/{ROUND}/hours.{format}"))
}

/// Three bids that Borchester has joined, of which the first is awarded.
fn bids(app: &TestApp) -> Vec<String> {
    let bids: Vec<String> = ["Repairs", "Bins", "Parking"].iter().map(|title| submitted(app, title)).collect();
    for reference in &bids {
        with_borchester(app, reference, true);
    }
    bids
}

on_each_database! {
    fn figures_of_five_answers_are_public_from_the_announcement_on(app: &TestApp) {
        let bids = bids(app);
        for (reference, hours) in bids.iter().zip([10, 20, 30]) {
            give(app, Who::Officer, reference, hours);
        }
        give(app, Who::Partner, &bids[0], 40);
        bring_to(app, &bids[0], ("shortlisted", BidKind::Review), 8_000_000);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &bids[0], "award", award(8_000_000, 1)).expect(201);
        release(app, "announcement").expect(200);
        app.at(JUST_BEFORE);
        assert_eq!((open(app, "json").status, open(app, "csv").status), (404, 404));
        assert!(!app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).has("How many hours bidding took"));
        app.at(ANNOUNCED);
        let few = open(app, "json").expect(200).json();
        assert_eq!((&few["figures"], &few["least_answers"]), (&Value::Null, &json!(5)));
        assert_eq!(open(app, "csv").expect(200).text().lines().count(), 1, "the head alone");
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("at least 5 councils or other bodies").sees("Fewer have said so yet.");
        app.clock.set(moment("2026-12-08T09:00:00Z"));
        give(app, Who::Partner, &bids[1], 100);
        let enough = open(app, "json").expect(200);
        assert_eq!(enough.json()["figures"], json!({
            "answers": 5, "bids": 3, "total_hours": 200, "lower_quartile_hours": 20.0, "median_hours": 30.0, "upper_quartile_hours": 40.0
        }));
        assert_eq!(enough.header("last-modified"), Some("Tue, 08 Dec 2026 09:00:00 GMT"));
        assert!(open(app, "csv").expect(200).text().contains("Test round,5,3,200,20,30,40"));
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("There are 5 answers, about 3 bids.").sees("The median is 30 hours.")
            .sees("between 20 and 40 hours").sees("no figures of fewer than 5 answers");
        app.client(Who::Partner).put(&format!("/api/v1/bids/{}/hours", bids[1]), 1, json!({ "hours": null })).expect(200);
        assert_eq!(open(app, "json").expect(200).json()["figures"], Value::Null, "what is taken back counts no more");
    }
}
