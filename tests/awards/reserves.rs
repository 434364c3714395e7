//! Bids of the reserve list that are funded after the announcement: within the budget, at once, with a date of their own.

use std::{thread, time::Duration};

use serde_json::{Value, json};

use super::{
    ANNOUNCED, DECIDING, approve, award, change, decide, decide_by_two, letters, outcome, release, shortlisted,
};
use crate::{
    account::kept_forms::{confirm, send_it_now},
    harness::{
        app::{ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

const ASK: i64 = 8_000_000;
const LATER: &str = "2027-01-11T10:00:00Z";

fn reserve(place: i32) -> Value {
    json!({ "transition": "reserve_bid", "place": place, "feedback": "The money did not reach this far." })
}

fn fund_reserve(pence: i64, place: i32) -> Value {
    json!({ "transition": "fund_reserve", "amount_pence": pence, "place": place, "feedback": "Money became free." })
}

/// So many bids are funded with £80,000 each, and the others stand in reserve, in the order of the ranking.
fn announced(app: &TestApp, funded: usize, reserves: usize) -> Vec<String> {
    let bids = (1..=funded + reserves).map(|number| shortlisted(app, &format!("Bid {number}"), ASK));
    let bids: Vec<String> = bids.collect();
    app.at(DECIDING);
    let manager = app.client(Who::Manager);
    for (bid, place) in bids.iter().zip(1..) {
        let decision = if place <= i32::try_from(funded).unwrap() { award(ASK, place) } else { reserve(place) };
        decide(&manager, bid, "award", decision).expect(201);
    }
    release(app, "announcement").expect(200);
    app.at(ANNOUNCED);
    bids
}

fn grants(app: &TestApp) -> Vec<Value> {
    let list = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/awards.json")).expect(200).json();
    list["grants"].as_array().unwrap().clone()
}

on_each_database! {
    fn a_reserve_is_funded_later_with_what_is_left_and_told_by_list_mail_and_project(app: &TestApp) {
        let bids = announced(app, 2, 1);
        assert_eq!(grants(app).len(), 2);
        app.at(LATER);
        let manager = app.client(Who::Manager);
        let refused = decide(&manager, &bids[2], "reserve", fund_reserve(4_000_001, 3));
        assert_eq!(refused.problem(), (409, "over_budget".into()));
        assert_eq!(decide(&manager, &bids[2], "reserve", outcome("fund_reserve")).status, 422, "it needs an amount");
        decide_by_two(app, &bids[2], "reserve", fund_reserve(4_000_000, 3)).expect(204);

        let listed = grants(app);
        let dates: Vec<_> = listed.iter().map(|grant| grant["awardDate"].as_str().unwrap()).collect();
        assert_eq!(dates, ["2026-12-07", "2026-12-07", "2027-01-11"], "it shows at once, without a timer");
        assert_eq!(listed[2]["amountAwarded"], 40_000);
        let page = app.public().get(&format!("/rounds/{ROUND}/awards")).expect(200).text();
        assert!(page.contains("From the reserve list, on 11 January 2027") && page.contains("£200,000"), "{page}");

        app.work();
        let told = letters(app, "outcome-funded");
        let about = told.iter().filter(|data| data["reference"] == bids[2].as_str());
        assert!(about.clone().count() == 4 && about.clone().all(|data| data["amount"] == "£40,000"), "{told:?}");
        let project = app.public().get(&format!("/api/v1/projects/{}", bids[2])).expect(200).json();
        assert_eq!((&project["award_pence"], &project["starts_on"]), (&4_000_000.into(), &"2027-01-11".into()));
        let bid = format!("/api/v1/bids/{}", bids[2]);
        assert_eq!(app.client(Who::Officer).get(&bid).expect(200).json()["state"], "funded");
        let history = app.client(Who::Officer).get(&format!("{bid}/history")).expect(200).json();
        let kinds: Vec<_> = history.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert!(kinds.ends_with(&["bid.outcome_released", "project.created", "bid.outcome_released"]), "{kinds:?}");
        manager.post(&format!("{bid}/actions/start_delivery"), json!({})).expect(200);
    }

    fn a_bid_that_was_passed_over_with_a_reason_is_no_longer_told_as_such_once_it_is_funded(app: &TestApp) {
        let bids: Vec<String> = (1..=3).map(|number| shortlisted(app, &format!("Bid {number}"), ASK)).collect();
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &bids[0], "award", award(ASK, 1)).expect(201);
        let mut passed = reserve(2);
        passed["reason"] = json!("Two of one theme are too many.");
        decide(&manager, &bids[1], "award", passed).expect(201);
        decide(&manager, &bids[2], "award", award(4_000_000, 3)).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        let page = || app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}/awards")).text();
        assert!(page().contains("Place 2: Two of one theme are too many."), "{}", page());
        app.at(LATER);
        decide_by_two(app, &bids[1], "reserve", fund_reserve(ASK, 2)).expect(204);
        assert!(page().contains("From the reserve list") && !page().contains("passed over"), "{}", page());
    }

    fn what_is_out_is_decided_once(app: &TestApp) {
        let bids = announced(app, 1, 1);
        app.at(LATER);
        let manager = app.client(Who::Manager);
        decide_by_two(app, &bids[1], "reserve", fund_reserve(ASK, 2)).expect(204);
        let again = decide(&manager, &bids[1], "reserve", fund_reserve(ASK - 1, 2));
        assert_eq!(again.problem(), (409, "not_from_here".into()));
        let changed = change(&manager, &bids[1], "reserve", 1, fund_reserve(ASK - 1, 2));
        assert_eq!(changed.problem(), (409, "not_from_here".into()));
        app.work();
        app.work();
        assert_eq!(letters(app, "outcome-funded").len(), 8, "four people of the lead authority for each bid");
    }

    fn no_reserve_is_funded_before_the_announcement_is_out(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &bid, "award", reserve(1)).expect(201);
        let early = |when: &str| {
            let refused = decide(&app.client(Who::Manager), &bid, "reserve", fund_reserve(ASK, 1));
            assert_eq!(refused.problem(), (409, "not_from_here".into()), "{when}");
        };
        early("while it is decided");
        app.at(LATER);
        early("after the instant, while the release is not approved");
        release(app, "announcement").expect(200);
        decide_by_two(app, &bid, "reserve", fund_reserve(ASK, 1)).expect(204);
    }

    fn no_race_for_reserves_passes_the_budget(app: &TestApp) {
        let bids = announced(app, 1, 3);
        app.at(LATER);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        for bid in &bids[1..] {
            decide(&manager, bid, "reserve", fund_reserve(ASK, 2)).expect(202);
        }
        let racing = bids[1..].iter().map(|bid| {
            let (colleague, bid) = (colleague.clone(), bid.clone());
            thread::spawn(move || approve(&colleague, &bid))
        });
        let racing: Vec<_> = racing.collect();
        let answers: Vec<_> = racing.into_iter().map(|racer| racer.join().unwrap()).collect();
        let (taken, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 204);
        assert!(taken.len() == 1 && refused.iter().all(|answer| answer.problem() == (409, "over_budget".into())));
        let total: i64 = grants(app).iter().map(|grant| grant["amountAwarded"].as_i64().unwrap()).sum();
        assert_eq!(total, 160_000);
    }

    fn the_better_placed_reserve_comes_first_or_a_reason_is_published(app: &TestApp) {
        let bids = announced(app, 0, 2);
        app.at(LATER);
        let manager = app.client(Who::Manager);
        let refused = decide(&manager, &bids[1], "reserve", fund_reserve(ASK, 2)).expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], "/reason");
        let mut explained = fund_reserve(ASK, 2);
        explained["reason"] = json!("The first has found other money.");
        decide_by_two(app, &bids[1], "reserve", explained).expect(204);
        let page = app.public().get(&format!("/rounds/{ROUND}/awards")).expect(200).text();
        assert!(page.contains("The first has found other money."), "{page}");
    }

    fn a_manager_funds_a_reserve_on_its_page_with_a_fresh_code(app: &TestApp) {
        let bids = announced(app, 1, 1);
        app.at(LATER);
        let manager = app.client(Who::Manager);
        app.later(Duration::from_secs(3 * 3_600));
        assert_eq!(decide(&manager, &bids[1], "reserve", fund_reserve(ASK, 2)).problem(), (403, "fresh_code_needed".into()));
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/decisions")).follow("Bid 2");
        browser.sees("the award is published and the project starts");
        app.later(Duration::from_secs(31 * 60));
        browser.choose("Fund from the reserve list").fill("Award", "80,000");
        browser.fill("Feedback to the councils", "Money became free.").press("Record the decision");
        confirm(app, &mut browser, Who::Manager);
        send_it_now(browser.sees("Money became free.")).sees("waits for approval");
        assert_eq!(grants(app).len(), 1, "one alone funds nothing");
        let mut colleague = app.browser_of(app.colleague());
        colleague.open(&format!("/bids/{}", bids[1])).sees("Waiting for approval: Fund from the reserve list");
        colleague.sees("£80,000").sees("Money became free.").press("Refuse").sees("Say why you refuse");
        colleague.press("Approve").sees("The decision stands, and shows now.");
        browser.open(&format!("/rounds/{ROUND}/decisions")).sees("Funded, £80,000");
        assert_eq!(grants(app).len(), 2);
    }
}
