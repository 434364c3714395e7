//! Awards: within the ask, within the budget under any concurrency, in the order of the ranking or with a reason.

use std::thread;

use serde_json::{Value, json};

use super::{ANNOUNCED, DECIDING, JUST_BEFORE, award, change, decide, outcome, release, shortlisted, stand_behind};
use crate::harness::{
    app::{ROUND, TestApp, Who},
    browser::Browser,
    databases::on_each_database,
};

const ASK: i64 = 8_000_000;

on_each_database! {
    fn an_award_stays_within_the_ask_and_all_awards_within_the_budget(app: &TestApp) {
        let bids: Vec<String> = (1..=3).map(|number| shortlisted(app, &format!("Bid {number}"), ASK)).collect();
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        for pence in [i64::MIN, -1, 0, ASK + 1, i64::MAX] {
            let refused = decide(&manager, &bids[0], "award", award(pence, 1)).expect(422).json();
            assert_eq!(refused["errors"][0]["pointer"], "/amount_pence", "{pence}");
        }
        decide(&manager, &bids[0], "award", award(ASK, 1)).expect(201);
        decide(&manager, &bids[1], "award", award(ASK, 2)).expect(201);
        let refused = decide(&manager, &bids[2], "award", award(ASK, 3));
        assert_eq!(refused.problem(), (409, "over_budget".into()));
        assert!(refused.text().contains("£40,000 left of £200,000"), "{}", refused.text());
        decide(&manager, &bids[2], "award", award(4_000_000, 3)).expect(201);
        assert_eq!(change(&manager, &bids[2], "award", 1, award(4_000_001, 3)).problem(), (409, "over_budget".into()));
        change(&manager, &bids[0], "award", 1, award(ASK - 1, 1)).expect(200);
        change(&manager, &bids[2], "award", 1, award(4_000_001, 3)).expect(200);
    }

    fn no_race_passes_the_budget(app: &TestApp) {
        let bids: Vec<String> = (1..=4).map(|number| shortlisted(app, &format!("Bid {number}"), ASK)).collect();
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        let racing = bids.iter().map(|bid| {
            let (manager, bid) = (manager.clone(), bid.clone());
            thread::spawn(move || decide(&manager, &bid, "award", award(ASK, 1)).problem())
        });
        let racing: Vec<_> = racing.collect();
        let answers: Vec<_> = racing.into_iter().map(|racer| racer.join().unwrap()).collect();
        assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 2, "{answers:?}");
        assert_eq!(answers.iter().filter(|(_, code)| code == "over_budget").count(), 2, "{answers:?}");
    }

    fn money_for_the_worse_placed_needs_a_reason_which_is_published(app: &TestApp) {
        let (first, second) = (shortlisted(app, "First", ASK), shortlisted(app, "Second", ASK));
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        let mut reserve = outcome("reserve_bid");
        reserve["place"] = json!(1);
        decide(&manager, &first, "award", reserve).expect(201);
        let refused = decide(&manager, &second, "award", award(ASK, 2)).expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], "/reason");
        let mut explained = award(ASK, 2);
        explained["reason"] = json!("The first has no signed agreement.");
        decide(&manager, &second, "award", explained).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        let page = app.public().get(&format!("/rounds/{ROUND}/awards")).expect(200).text();
        assert!(page.contains("The first has no signed agreement."), "{page}");
    }

    fn the_award_list_begins_at_the_instant_of_the_announcement(app: &TestApp) {
        let (funded, refused) = (shortlisted(app, "Shared repairs", ASK), shortlisted(app, "Chatbots", ASK));
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &funded, "award", award(7_999_999, 1)).expect(201);
        decide(&manager, &refused, "award", outcome("not_fund")).expect(201);
        release(app, "announcement").expect(200);
        let path = format!("/api/v1/open/rounds/{ROUND}/awards.json");
        app.at(JUST_BEFORE);
        assert_eq!(app.public().get(&path).status, 404);
        app.clock.set(crate::harness::app::moment(ANNOUNCED));
        let list = app.public().get(&path).expect(200).json();
        let grants = list["grants"].as_array().unwrap();
        assert_eq!(grants.len(), 1);
        assert_eq!(grants[0]["id"], format!("360G-roundtable-test-{funded}"));
        assert_eq!(grants[0]["amountAwarded"], json!(79_999.99));
        assert_eq!(grants[0]["recipientOrganization"][0]["id"], "GB-LAE-AMB");
        let page = app.public().get(&format!("/rounds/{ROUND}/awards")).expect(200).text();
        assert!(page.contains("£79,999.99 for 1 project of 1 council"), "{page}");
        app.work();
        let project = app.public().get(&format!("/api/v1/projects/{funded}")).expect(200).json();
        assert_eq!(project["award_pence"], 7_999_999);
        assert_eq!(app.public().get(&format!("/api/v1/projects/{refused}")).status, 404);
    }

    fn a_bid_withdrawn_before_the_announcement_is_on_no_list_and_frees_its_money(app: &TestApp) {
        let (gone, other) = (shortlisted(app, "Gone", ASK), shortlisted(app, "Other", ASK));
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &gone, "award", award(ASK, 1)).expect(201);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{gone}/actions/withdraw"), json!({})).expect(200);
        decide(&manager, &other, "award", award(ASK, 2)).expect(201);
        let ready = manager.get(&format!("/api/v1/rounds/{ROUND}/releases/announcement")).expect(200).json();
        assert_eq!(ready["awarded_pence"], ASK);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        let list = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/awards.json")).expect(200).json();
        let ids: Vec<&Value> = list["grants"].as_array().unwrap().iter().map(|grant| &grant["title"]).collect();
        assert_eq!(ids, ["Other"]);
    }

    fn what_somebody_reads_of_a_release_counts_nothing_of_a_bid_that_a_conflict_hides(app: &TestApp) {
        let (seen, hidden) = (shortlisted(app, "Seen", ASK), shortlisted(app, "Hidden", ASK));
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &seen, "award", award(ASK - 1, 1)).expect(201);
        let ready = || manager.get(&format!("/api/v1/rounds/{ROUND}/releases/announcement")).expect(200).json();
        let told = |ready: &Value| {
            ["outcomes", "awarded_pence", "recipients", "messages", "councils"].map(|what| ready[what].clone())
        };
        let alone = told(&ready());
        decide(&manager, &hidden, "award", award(ASK, 2)).expect(201);
        assert_ne!(told(&ready()), alone);
        let conflict = json!({ "bid": hidden, "person": app.person(Who::Manager), "reason": "They share a house." });
        app.client(Who::Moderator).post("/api/v1/conflicts", conflict).expect(200);
        assert_eq!(told(&ready()), alone);
        app.browser(Who::Manager).open(&format!("/rounds/{ROUND}/decisions")).sees("£79,999.99 of £200,000");
    }

    fn a_manager_decides_on_the_desk_and_releases_there_without_javascript(app: &TestApp) {
        let reference = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/decisions")).sees("Shared repairs").sees("Not decided yet");
        let offered = |browser: &Browser| browser.buttons().contains(&"Approve the release".into());
        assert!(!offered(browser.sees("Decide these bids first")), "nothing is approved that cannot be released");
        browser.follow("Shared repairs");
        browser.choose("Fund").fill("Award", "80,001").press("Record the decision");
        browser.sees("no more than the bid asks for, £80,000").sees("Write feedback");
        browser.fill("Award", "80,000").fill("Feedback to the councils", "Well made.").press("Record the decision");
        browser.sees(&format!("The decision on {reference} is recorded.")).sees("£80,000 of £200,000");
        browser.press("Approve the release").sees("One more person has to approve");
        stand_behind(&app.client_of(app.colleague()), &format!("/api/v1/rounds/{ROUND}/releases/announcement")).expect(200);
        browser.open(&format!("/rounds/{ROUND}/decisions")).sees("The outcomes show from");
        browser.press("Take the approval back").sees("Decisions can be changed");
        app.later(std::time::Duration::from_secs(31 * 60));
        browser.press("Approve the release").sees("Confirm that it is you");
        let queue = format!("%2Frounds%2F{ROUND}%2Fdecisions%3Frelease%3Dannouncement");
        assert_eq!(browser.path(), format!("/account/fresh?return_to={queue}"));
    }
}
