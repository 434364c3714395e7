//! Who works with whom is public once expressions of interest are, and says nothing of who was asked and has not confirmed.

use roundtable::identity::policy::BidKind;
use serde_json::json;

use super::{ANNOUNCED, DECIDING, SIFT, award, bring_to, decide, release, submitted};
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

/// Lets a council take part in a bid as a partner of this kind.
fn with(app: &TestApp, reference: &str, (who, code): (Who, &str), kind: &str) {
    let path = format!("/api/v1/bids/{reference}/partners");
    let partner =
        app.client(Who::Officer).post(&path, json!({ "organisation": code, "kind": kind })).expect(201).json();
    app.client(who).post(&format!("{path}/{}/confirm", partner["id"].as_str().unwrap()), json!({})).expect(200);
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

    fn the_kind_of_each_partner_is_told_everywhere_and_a_supporter_is_no_partner(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        with(app, &reference, (Who::Partner, "BOR"), "delivery_partner");
        with(app, &reference, (Who::Stranger, "CAS"), "supporter");
        resubmit(app, &reference);
        app.at(SIFT);
        let eois = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/eois.json")).expect(200).json();
        let partners = &eois["bids"][0]["partners"];
        let of = |at: usize| (partners[at]["name"].as_str().unwrap(), partners[at]["org_id"].as_str().unwrap(), partners[at]["kind"].as_str().unwrap());
        assert_eq!(of(0), ("Borchester City Council", "GB-LAE-BOR", "delivery_partner"));
        assert_eq!(of(1), ("Casterbridge District Council", "GB-LAE-CAS", "supporter"));
        let csv = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/eois.csv")).expect(200).text();
        assert!(csv.contains(",Borchester City Council,Borchester City Council,Casterbridge District Council,"), "{csv}");
        let open = format!("/api/v1/open/rounds/{ROUND}/partnerships");
        let json = app.public().get(&format!("{open}.json")).expect(200).json();
        assert_eq!(json["pairs"].as_array().unwrap().len(), 1, "{json}");
        assert_eq!((&json["pairs"][0]["one_as"], &json["pairs"][0]["other_as"]), (&json!(["lead"]), &json!(["delivery_partner"])));
        assert_eq!(json["members"].as_array().unwrap().len(), 2, "whoever supports alone is no member: {json}");
        assert_eq!(json["supporters"], json!([{ "name": "Casterbridge District Council", "bids": [reference] }]));
        let csv = app.public().get(&format!("{open}.csv")).expect(200).text();
        let row = format!("Ambridge Borough Council,Borchester City Council,1,{reference},No,Lead authority,Delivery partner");
        assert!(csv.contains(&row) && !csv.contains("Casterbridge"), "{csv}");
        let mut browser = app.browser(Who::Nobody);
        browser.open(&format!("/rounds/{ROUND}/eois")).sees("with Borchester City Council (delivery partner); supported by Casterbridge District Council");
        browser.open(&format!("/rounds/{ROUND}/eois/{reference}")).sees("Delivery partners").sees("Supporters");
        browser.open(&format!("/rounds/{ROUND}/partnerships")).sees("2 councils and other bodies stand together");
        browser.sees("Supporters stand behind a bid and take no part in it.").sees("Bids that it supports").sees("Delivery partner");
    }

    fn an_award_tells_the_kind_of_each_partner_and_does_not_count_who_supports_it(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        with(app, &reference, (Who::Partner, "BOR"), "delivery_partner");
        with(app, &reference, (Who::Stranger, "CAS"), "supporter");
        bring_to(app, &reference, ("shortlisted", BidKind::Review), 8_000_000);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &reference, "award", award(8_000_000, 1)).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        let list = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/awards.json")).expect(200).json();
        let grant = &list["grants"][0];
        assert_eq!((&grant["partners"][0]["id"], &grant["partners"][0]["kind"]), (&json!("GB-LAE-BOR"), &json!("delivery_partner")));
        assert_eq!((grant["partners"].as_array().unwrap().len(), &grant["supporters"][0]["id"]), (1, &json!("GB-LAE-CAS")));
        let words = "led by Ambridge Borough Council with Borchester City Council supported by Casterbridge District Council.";
        assert!(grant["description"].as_str().unwrap().contains(words), "{grant}");
        let csv = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/awards.csv")).expect(200).text();
        assert!(csv.contains(",Borchester City Council,Borchester City Council,Casterbridge District Council,No"), "{csv}");
        let mut browser = app.browser(Who::Nobody);
        browser.open(&format!("/rounds/{ROUND}/awards")).sees("for 1 project of 2 councils");
        browser.sees("Borchester City Council (delivery partner); supported by Casterbridge District Council");
        let project = app.public().get(&format!("/api/v1/projects/{reference}")).expect(200).json();
        assert_eq!(project["partners"][1], json!({ "name": "Casterbridge District Council", "kind": "supporter" }));
        app.browser(Who::Nobody).open(&format!("/projects/{reference}")).sees("Borchester City Council (delivery partner); supported by");
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
