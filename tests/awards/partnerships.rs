//! Who works with whom is public once expressions of interest are, and says nothing of who was asked and has not confirmed.

use super::{SIFT, submitted};
use crate::{
    harness::{
        app::{ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::with_borchester,
};

fn resubmit(app: &TestApp, reference: &str) {
    let path = format!("/api/v1/bids/{reference}/actions/resubmit_eoi");
    app.client(Who::Officer).post(&path, serde_json::json!({})).expect(200);
}

on_each_database! {
    fn councils_that_stand_together_are_published_with_the_expressions_of_interest(app: &TestApp) {
        let (shared, alone) = (submitted(app, "Shared repairs"), submitted(app, "Parking alone"));
        with_borchester(app, &shared, true);
        resubmit(app, &shared);
        let open = format!("/api/v1/open/rounds/{ROUND}/partnerships");
        for path in [format!("{open}.json"), format!("{open}.csv"), format!("/rounds/{ROUND}/partnerships")] {
            assert_eq!(app.public().get(&path).status, 404, "{path} before the closing time");
        }
        app.at(SIFT);
        let json = app.public().get(&format!("{open}.json")).expect(200).json();
        let pairs = json["pairs"].as_array().unwrap();
        assert_eq!(pairs.len(), 1, "{json}");
        assert_eq!(pairs[0]["bids"], serde_json::json!([shared]));
        assert_eq!((&pairs[0]["one"], &pairs[0]["other"]), (&"Ambridge Borough Council".into(), &"Borchester City Council".into()));
        assert_eq!(json["members"][0]["leads"], 2, "{alone} counts as a lead too");
        let csv = app.public().get(&format!("{open}.csv")).expect(200).text();
        assert!(csv.contains(&format!("Ambridge Borough Council,Borchester City Council,1,{shared},No")), "{csv}");
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/rounds/{ROUND}/eois")).follow("See who works with whom").sees("1 of 1 pair").sees("Borchester");
        browser.open(&format!("/rounds/{ROUND}/partnerships?q=AMBRIDGE")).sees("1 of 1 pair");
        browser.open(&format!("/rounds/{ROUND}/partnerships?q=unheard&page=99")).sees("Nothing fits");
    }

    fn whoever_has_not_confirmed_stands_in_no_pair(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        with_borchester(app, &reference, false);
        resubmit(app, &reference);
        app.at(SIFT);
        let json = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/partnerships.json")).expect(200).json();
        assert_eq!(json["pairs"], serde_json::json!([]));
        let mut browser = app.browser(Who::Partner);
        assert!(!browser.open(&format!("/rounds/{ROUND}/partnerships")).has("Borchester City Council"));
    }
}
