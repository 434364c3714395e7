//! A bid begins with the answers of an earlier one of one's own, and of nobody else's.

use roundtable::ids::{Id, OrganisationKey};
use serde_json::{Value, json};

use super::written;
use crate::{
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::with_borchester,
};

fn start(client: &Client, lead: Id<OrganisationKey>, from: &str) -> Answer {
    client.post("/api/v1/bids", json!({ "round": ROUND, "lead": lead, "title": "Once more", "copy_from": from }))
}

fn bid(client: &Client, started: &Answer) -> Value {
    let reference = started.json()["reference"].as_str().unwrap().to_owned();
    client.get(&format!("/api/v1/bids/{reference}")).expect(200).json()
}

on_each_database! {
    fn answers_of_an_earlier_bid_begin_a_new_one_and_are_not_called_finished(app: &TestApp) {
        let (officer, earlier) = written(app, "Shared repairs");
        let started = start(&officer, app.organisation("AMB"), &earlier).expect(201);
        let bid = bid(&officer, &started);
        assert_eq!(bid["content"]["answers"]["problem"], "Words of our own.");
        assert_eq!((&bid["content"]["title"], &bid["content"]["phase"]), (&json!("Once more"), &Value::Null));
        let mut browser = app.browser(Who::Officer);
        let reference = bid["content"]["reference"].as_str().unwrap().to_owned();
        browser.open(&format!("/bids/{reference}")).sees("In progress").open(&format!("/bids/{reference}/history"));
        browser.sees("Answers copied from an earlier bid");
        let kept = officer.get(&format!("/api/v1/bids/{earlier}")).expect(200).json();
        assert_eq!(kept["content"]["title"], "Shared repairs", "the earlier bid stays as it is");
    }

    fn who_has_joined_a_bid_can_begin_with_it_and_who_was_only_asked_cannot(app: &TestApp) {
        let (_, earlier) = written(app, "Shared repairs");
        let partner = app.client(Who::Partner);
        with_borchester(app, &earlier, false);
        let refused = start(&partner, app.organisation("BOR"), &earlier);
        assert_eq!(refused.problem(), (422, "invalid".into()));
        assert_eq!(refused.json()["errors"][0]["code"], "unknown_bid");
        let partners = partner.get(&format!("/api/v1/bids/{earlier}/partners")).expect(200).json();
        let id = partners["partners"][0]["id"].as_str().unwrap().to_owned();
        partner.post(&format!("/api/v1/bids/{earlier}/partners/{id}/confirm"), json!({})).expect(200);
        let started = start(&partner, app.organisation("BOR"), &earlier).expect(201);
        assert_eq!(bid(&partner, &started)["content"]["answers"]["problem"], "Words of our own.");
    }

    fn a_bid_of_others_is_refused_as_one_that_does_not_exist(app: &TestApp) {
        let (_, earlier) = written(app, "Shared repairs");
        let stranger = app.client(Who::Stranger);
        let refused: Vec<Value> = [earlier.as_str(), "TEST-9999", "what\u{0301}ever"]
            .iter()
            .map(|from| start(&stranger, app.organisation("CAS"), from).expect(422).json()["errors"].clone())
            .collect();
        assert!(refused.iter().all(|errors| *errors == refused[0]), "{refused:?}");
        let rows = stranger.get("/api/v1/bids").expect(200).json();
        assert_eq!(rows["items"], json!([]), "nothing was started");
    }

    fn an_earlier_bid_is_chosen_on_the_page(app: &TestApp) {
        let (_, earlier) = written(app, "Shared repairs");
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/rounds/{ROUND}/start")).sees(&format!("{earlier}: Shared repairs"));
        browser.select("Copy answers from an earlier bid?", &format!("{earlier}: Shared repairs, Ambridge Borough Council"));
        browser.press("Start").sees("Enter a title for the bid.");
        browser.fill("What is the working title?", "Once more").press("Start");
        browser.sees("The answers that fit are copied.").follow("What is the common problem?").sees("Words of our own.");
        assert!(!app.browser(Who::Stranger).open(&format!("/rounds/{ROUND}/start")).has(&earlier));
    }
}
