//! A bid begins with what an earlier one of one's own says, and is filled with it later; of nobody else's, and of what another council
//! leads with nothing but what it has submitted.

use roundtable::ids::{Id, OrganisationKey};
use serde_json::{Value, json};

use super::{together::answer, written};
use crate::{
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::with_borchester,
    pages::story::Story,
};

fn start(client: &Client, lead: Id<OrganisationKey>, from: &str) -> Answer {
    client.post("/api/v1/bids", json!({ "round": ROUND, "lead": lead, "title": "Once more", "copy_from": from }))
}

/// A draft in which nothing is written yet.
fn begun(client: &Client, app: &TestApp) -> String {
    let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Once more" });
    client.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned()
}

/// What was filled.
fn parts(view: &Value) -> Vec<&str> {
    view["fills"].as_array().unwrap().iter().map(|fill| fill["part"].as_str().unwrap()).collect()
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
        browser.sees("Copied from an earlier bid what was still empty");
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
        let refused = start(&partner, app.organisation("BOR"), &earlier);
        assert_eq!(refused.expect(422).json()["errors"][0]["code"], "not_submitted", "the draft of another council is its own");
        let start_page = format!("/rounds/{ROUND}/start");
        assert!(!app.browser(Who::Partner).open(&start_page).has(&format!("{earlier}: ")));
        let lead = app.client(Who::Officer);
        lead.post(&format!("/api/v1/bids/{earlier}/actions/submit_eoi"), json!({})).expect(200);
        answer(&lead, &earlier, "problem", 1, "Words that nobody has submitted.").expect(200);
        app.browser(Who::Partner).open(&start_page).sees(&format!("{earlier}: Shared repairs"));
        let started = start(&partner, app.organisation("BOR"), &earlier).expect(201);
        assert_eq!(bid(&partner, &started)["content"]["answers"]["problem"], "Words of our own.", "what was submitted");
        let started = start(&lead, app.organisation("AMB"), &earlier).expect(201);
        assert_eq!(bid(&lead, &started)["content"]["answers"]["problem"], "Words that nobody has submitted.", "one’s own");
    }

    fn what_is_still_empty_of_a_draft_is_filled_and_nothing_that_is_written_changes(app: &TestApp) {
        let (officer, earlier) = written(app, "Shared repairs");
        let draft = begun(&officer, app);
        answer(&officer, &draft, "problem", 0, "Newer words.").expect(200);
        let path = format!("/api/v1/bids/{draft}");
        let looked = officer.get(&format!("{path}/copy?copy_from={earlier}")).expect(200).json();
        assert_eq!(parts(&looked), ["assets"]);
        assert_eq!(looked["fills"][0]["title"], "What will others be able to use again?");
        assert_eq!(officer.get(&path).json()["content"]["answers"]["assets"], Value::Null, "looking changes nothing");
        let copied = officer.post(&format!("{path}/copy"), json!({ "copy_from": earlier })).expect(200).json();
        assert_eq!(copied, looked);
        let kept = officer.get(&path).expect(200).json();
        let there = officer.get(&format!("/api/v1/bids/{earlier}")).expect(200).json();
        assert_eq!(kept["content"]["answers"]["problem"], "Newer words.");
        assert_eq!(kept["content"]["answers"]["assets"], there["content"]["answers"]["assets"]);
        let versions = officer.get(&format!("{path}/answers/assets/versions")).expect(200).json();
        assert_eq!((&versions["items"][0]["number"], &versions["items"][0]["complete"]), (&json!(1), &json!(false)));
        let again = officer.post(&format!("{path}/copy"), json!({ "copy_from": earlier })).expect(200).json();
        assert_eq!(parts(&again), Vec::<&str>::new());
        // Whoever empties an answer can have it filled once more.
        officer.put(&format!("{path}/answers/assets"), 1, json!({ "value": null })).expect(200);
        officer.post(&format!("{path}/copy"), json!({ "copy_from": earlier })).expect(200);
        let versions = officer.get(&format!("{path}/answers/assets/versions")).expect(200).json();
        assert_eq!(versions["items"][0]["number"], 3);
    }

    fn an_open_full_application_gets_answers_costs_of_the_lead_and_promises_where_there_are_none(app: &TestApp) {
        let earlier = Story::begin(app);
        let draft = Story::begin_in(app, ROUND);
        for story in [&earlier, &draft] {
            story.submit_interest();
        }
        app.at("2026-10-01T09:00:00Z");
        for story in [&earlier, &draft] {
            story.sift();
            story.decide("sift", "invite", None);
        }
        draft.release("eoi_outcome");
        app.at("2026-10-12T09:00:00Z");
        earlier.write_application();
        draft.act(Who::Officer, "start_full");
        let officer = app.client(Who::Officer);
        let path = format!("/api/v1{}", draft.page(""));
        let before = officer.get(&path).expect(200).json()["version"].as_i64().unwrap();
        let from = json!({ "copy_from": earlier.reference });
        let copied = officer.post(&format!("{path}/copy"), from.clone()).expect(200).json();
        assert_eq!(parts(&copied), ["plan", "costs", "promises"], "the common problem was carried over already");
        let kept = officer.get(&path).expect(200).json();
        assert_eq!(kept["content"]["answers"]["plan"], "Tenants ring three times on average before a repair is done.");
        let costs = kept["content"]["costs"].as_array().unwrap();
        assert_eq!(costs.len(), 1, "the partner’s line is not the lead’s: {costs:?}");
        assert_eq!((&costs[0]["pence"], &costs[0]["category"]), (&json!(6_000_000), &json!("lead")));
        assert_eq!(kept["content"]["promises"][0]["measure"], "Days from report to repair");
        assert_eq!(kept["version"].as_i64().unwrap(), before + 1, "whoever has the costs open is told");
        let again = officer.post(&format!("{path}/copy"), from).expect(200).json();
        assert_eq!(parts(&again), Vec::<&str>::new());
        app.browser(Who::Officer).open(&draft.page("/history")).sees("Copied from an earlier bid what was still empty");
    }

    fn a_draft_is_filled_by_its_lead_alone_and_from_another_bid_than_itself(app: &TestApp) {
        let (officer, earlier) = written(app, "Shared repairs");
        let draft = begun(&officer, app);
        with_borchester(app, &draft, true);
        let path = format!("/api/v1/bids/{draft}/copy");
        let copy = |client: &Client, from: &str| client.post(&path, json!({ "copy_from": from }));
        assert_eq!(copy(&app.client(Who::Partner), &earlier).problem(), (403, "not_allowed".into()));
        copy(&app.client(Who::Stranger), &earlier).expect(404);
        for (from, code) in [(draft.as_str(), "same_bid"), ("TEST-9999", "unknown_bid")] {
            let errors = copy(&officer, from).expect(422).json()["errors"].clone();
            assert_eq!((&errors[0]["code"], &errors[0]["pointer"]), (&json!(code), &json!("/copy_from")));
        }
        officer.post(&format!("/api/v1/bids/{draft}/actions/withdraw"), json!({})).expect(200);
        assert_eq!(copy(&officer, &earlier).status, 403, "nothing of it can be written any more");
    }

    fn the_task_list_leads_to_a_page_that_shows_what_is_filled_before_it_is(app: &TestApp) {
        let (officer, earlier) = written(app, "Shared repairs");
        let draft = begun(&officer, app);
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{draft}")).follow("Copy from an earlier bid");
        browser.press("Show what it fills").sees("Choose the bid to copy from.");
        browser.select("From which bid?", &format!("{earlier}: Shared repairs, Ambridge Borough Council"));
        browser.press("Show what it fills").sees("What “Shared repairs” fills").sees("Words of our own.");
        assert_eq!(officer.get(&format!("/api/v1/bids/{draft}")).json()["content"]["answers"], json!({}));
        browser.press("Fill these").sees("Read each part before you call it completed.");
        browser.follow("What is the common problem?").sees("Words of our own.");
    }

    fn who_copies_after_the_closing_time_reads_that_it_comes_too_late(app: &TestApp) {
        let (officer, earlier) = written(app, "Shared repairs");
        let draft = begun(&officer, app);
        let rest = format!("/api/v1/bids/{draft}/copy");
        let looked = officer.get(&format!("{rest}?copy_from={earlier}")).expect(200).json();
        assert!(looked.get("late").is_none(), "it is in time: {looked}");
        app.at("2026-09-30T16:00:00.000001Z");
        let looked = app.client(Who::Officer).get(&format!("{rest}?copy_from={earlier}")).expect(200).json();
        assert_eq!(looked["late"]["closed_at"], "2026-09-30T16:00:00Z");
        assert_eq!(looked["late"]["page"], format!("/bids/{draft}/draft"));
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{draft}/copy?copy_from={earlier}"));
        browser.sees("closed at 5pm on 30 September 2026").sees("What you fill is kept, but it cannot be submitted.");
        browser.press("Fill these").sees("It is kept, but it comes too late: the expression of interest closed at 5pm on 30 September 2026");
        let kept = app.client(Who::Officer).get(&format!("/api/v1/bids/{draft}")).expect(200).json();
        assert_eq!(kept["content"]["answers"]["problem"], "Words of our own.");
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
