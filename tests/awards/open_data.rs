//! What other programs read: 360Giving, expressions of interest, CommonGrants, Atom, iCalendar.

use serde_json::json;

use super::{ANNOUNCED, DECIDING, SIFT, award, decide, release, shortlisted, submitted};
use crate::harness::{
    app::{ROUND, TestApp, Who},
    databases::on_each_database,
};

on_each_database! {
    fn the_award_list_has_what_360giving_requires_and_caches_can_ask_again(app: &TestApp) {
        let reference = shortlisted(app, "=cmd|' /C calc'!A0", 8_000_000);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &reference, "award", award(8_000_000, 1)).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        let path = format!("/api/v1/open/rounds/{ROUND}/awards");
        let answer = app.public().get(&format!("{path}.json")).expect(200);
        let package = answer.json();
        assert_eq!(package["version"], "1.4");
        let grant = &package["grants"][0];
        for field in ["id", "title", "description", "currency", "amountAwarded", "awardDate"] {
            assert!(!grant[field].is_null(), "{field}");
        }
        for organisation in ["recipientOrganization", "fundingOrganization"] {
            assert!(grant[organisation][0]["id"].is_string() && grant[organisation][0]["name"].is_string());
        }
        assert_eq!(grant["awardDate"], "2026-12-07");
        let tag = answer.header("etag").unwrap();
        let again = app.public().raw("GET", &format!("{path}.json"), &[("If-None-Match", tag)], None);
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(answer.header("last-modified"), Some("Mon, 07 Dec 2026 09:30:00 GMT"));
        let csv = app.public().get(&format!("{path}.csv")).expect(200).text();
        assert!(csv.starts_with("\u{feff}Identifier,Title,Description,Currency,Amount Applied For,Amount Awarded"), "{csv}");
        assert!(csv.contains(",'=cmd|' /C calc'!A0,"), "a title cannot be a formula: {csv}");
    }

    fn what_commongrants_asks_in_vain_is_refused_in_its_own_form(app: &TestApp) {
        let public = app.public();
        let asked = |path: &str| public.get(&format!("/common-grants/opportunities{path}"));
        let search = json!({ "pagination": { "pageSize": -1 } });
        for (answer, status, errors) in [
            (asked("/x"), 404, 0),
            (asked("?page=0"), 422, 1),
            (asked("?pageSize=many"), 422, 1),
            (public.post("/common-grants/opportunities/search", search), 422, 1),
            (public.post("/common-grants/opportunities", json!({})), 405, 0),
        ] {
            let answer = answer.expect(status);
            let failure = answer.json();
            assert_eq!(failure["status"], status);
            assert!(failure["message"].as_str().is_some_and(|message| !message.is_empty()), "{failure}");
            assert_eq!(failure["errors"].as_array().unwrap().len(), errors, "{failure}");
            assert_eq!(answer.header("content-type"), Some("application/json"));
        }
    }

    fn expressions_of_interest_are_public_after_the_closing_instant_without_what_is_private(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        let path = format!("/api/v1/open/rounds/{ROUND}/eois");
        app.clock.set(crate::harness::app::moment("2026-09-30T16:00:00Z"));
        assert_eq!(app.public().get(&format!("{path}.json")).status, 404, "what arrives at the instant is in time");
        app.at(SIFT);
        let list = app.public().get(&format!("{path}.json")).expect(200).json();
        let bid = &list["bids"][0];
        assert_eq!(bid["reference"], reference);
        let questions: Vec<_> = bid["answers"].as_array().unwrap().iter().map(|answer| &answer["question"]).collect();
        assert_eq!(questions, ["problem", "assets"]);
        assert_eq!(bid["outcomes"], json!([]));
        let csv = app.public().get(&format!("{path}.csv")).expect(200).text();
        assert!(csv.contains("Shared repairs") && csv.contains("What is the common problem?"), "{csv}");
        let mut browser = app.browser(Who::Nobody);
        browser.open(&format!("/rounds/{ROUND}/eois?q=repairs")).sees("1 of 1 expression of interest");
        browser.follow("Shared repairs").sees("Words of our own.").sees("Ambridge Borough Council");
        browser.open(&format!("/rounds/{ROUND}/eois?q=unheard")).sees("Nothing fits");
    }

    fn published_rounds_are_opportunities_a_feed_and_a_calendar(app: &TestApp) {
        let public = app.public();
        let list = public.get("/common-grants/opportunities").expect(200).json();
        assert_eq!(list["paginationInfo"], json!({ "page": 1, "pageSize": 100, "totalItems": 1, "totalPages": 1 }));
        let opportunity = &list["items"][0];
        assert_eq!(opportunity["status"]["value"], "open");
        assert_eq!(opportunity["funding"]["totalAmountAvailable"], json!({ "amount": "200000.00", "currency": "GBP" }));
        assert_eq!(opportunity["keyDates"]["closeDate"]["date"], "2026-09-30");
        assert_eq!(opportunity["keyDates"]["closeDate"]["time"], "17:00:00");
        let id = opportunity["id"].as_str().unwrap();
        assert_eq!(&public.get(&format!("/common-grants/opportunities/{id}")).expect(200).json()["data"], opportunity);
        let search = |body| public.post("/common-grants/opportunities/search", body).expect(200).json();
        let found = search(json!({ "search": "TEST", "filters": { "status": { "operator": "in", "value": ["open"] } } }));
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let none = search(json!({ "filters": { "status": { "operator": "notIn", "value": ["open"] } } }));
        assert_eq!(none["items"], json!([]));
        let listed = |query: &str| public.get(&format!("/common-grants/opportunities?{query}"));
        assert_eq!(listed("page=2&pageSize=1").expect(200).json()["items"], json!([]));
        assert_eq!(listed("pageSize=5000").expect(200).json()["paginationInfo"]["pageSize"], 1_000);
        let feed = public.get("/rounds.atom").expect(200);
        assert!(feed.text().contains(&format!("<id>urn:uuid:{id}</id>")), "{}", feed.text());
        let calendar = public.get("/rounds.ics").expect(200).text();
        assert_eq!(calendar.matches("BEGIN:VEVENT\r\n").count(), 7);
        assert!(calendar.contains("DTSTART:20260930T160000Z\r\n"), "{calendar}");
    }
}
