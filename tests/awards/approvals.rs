//! The release of awards takes two people: different ones, of the list as it stands, each with a reason if they refuse.

use diesel::{prelude::*, update};
use roundtable::{
    actor::Actor,
    bids::store::{id_of, keep_version},
    db::{Conn, schema::decisions},
    error::Result,
    events::Chain,
    funds::rulebook::Stage,
    identity::policy::{self, Action, BidKind},
};
use serde_json::{Value, json};

use super::{
    ANNOUNCED, DECIDING, SIFT, award, bring_to, change, decide, outcome, post_seen, shortlisted, stand_behind,
    submitted,
};
use crate::{
    account::{
        happened,
        kept_forms::{confirm, send_it_now},
    },
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::requests::takes,
};

const ASK: i64 = 8_000_000;
const PATH: &str = "/api/v1/rounds/test-round/releases/announcement";

/// A bid of the shortlist that is to be funded with its whole ask, before anybody has approved that.
fn decided(app: &TestApp) -> String {
    let bid = shortlisted(app, "Shared repairs", ASK);
    app.at(DECIDING);
    decide(&app.client(Who::Manager), &bid, "award", award(ASK, 1)).expect(201);
    bid
}

fn approve(client: &Client) -> Answer {
    stand_behind(client, PATH)
}

fn refuse(client: &Client, reason: &str) -> Answer {
    let tag = client.get(PATH).expect(200).json()["support"]["tag"].clone();
    post_seen(client, &format!("{PATH}/refuse"), &tag, json!({ "reason": reason }))
}

fn support(app: &TestApp) -> Value {
    app.client(Who::Observer).get(PATH).expect(200).json()["support"].clone()
}

/// The readers of the messages of a template, with what they read.
fn told(app: &TestApp, template: &str) -> Vec<(String, String)> {
    let letters = app.letters().into_iter().filter(|letter| letter.template == template);
    letters.map(|letter| (letter.recipient, letter.text)).collect()
}

fn history(app: &TestApp) -> Vec<String> {
    let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
    let chain = Chain::Round(round["id"].as_str().unwrap().parse().unwrap());
    happened(app, chain).into_iter().map(|(kind, _)| kind).collect()
}

/// Changes the database in a way that no decision maker can.
fn behind_the_scenes(app: &TestApp, change: impl Fn(&mut Conn) -> Result<()> + Send + Sync + 'static) {
    app.block_on(|app| async move { app.db.write(change).await.unwrap() });
}

on_each_database! {
    fn an_approval_is_of_a_version_of_the_bid_and_of_a_transition(app: &TestApp) {
        let bid = decided(app);
        let counts = || support(app)["given"][0]["counts"].clone();
        approve(&app.client(Who::Manager)).expect(202);
        let (reference, now) = (bid, app.clock.now());
        let (id, person) = (app.block_on(move |app| async move { app.ids.fresh(now) }), app.person(Who::Officer));
        behind_the_scenes(app, move |conn| {
            let bid = id_of(conn, &reference)?;
            let bid = policy::bid(conn, &Actor::System, Action::DecideBid, bid)?;
            keep_version(conn, &bid, id, (Stage::Full, "{}", &[7; 32]), (now, person)).map(drop)
        });
        assert_eq!(counts(), false, "another version stands than the one that was approved");
        approve(&app.client(Who::Manager)).expect(202);
        assert_eq!(counts(), true);
        behind_the_scenes(app, |conn| {
            update(decisions::table).set(decisions::transition.eq("fund_reserve")).execute(conn)?;
            Ok(())
        });
        assert_eq!(counts(), false, "another transition leads to the same state");
    }

    fn awards_are_released_by_two_managers_and_by_nobody_twice(app: &TestApp) {
        decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        app.client(Who::Admin).post("/api/v1/funds/test-fund/roles",
            json!({ "email": Who::Manager.email(), "name": "x", "role": "moderator" })).expect(201);
        let waiting = approve(&manager).expect(202).json();
        assert_eq!((&waiting["needed"], &waiting["asked_by"]["name"]), (&json!(2), &json!("Manager Person")));
        assert_eq!(waiting["wanted"].as_array().unwrap().len(), 1, "{waiting}");
        let wanted = told(app, "approval-wanted");
        let [(reader, text)] = wanted.as_slice() else { panic!("one message: {wanted:?}") };
        assert_eq!(reader, "colleague@test.example");
        assert!(text.contains("“Awards announced” of Test round: 1 bid, £80,000 awarded"), "{text}");
        assert!(text.contains(&format!("https://roundtable.example/rounds/{ROUND}/decisions?release=announcement")), "{text}");
        assert_eq!(approve(&manager).problem(), (409, "approved_already".into()));
        for who in [Who::Observer, Who::Moderator] {
            assert_eq!(approve(&app.client(who)).problem(), (403, "not_allowed".into()));
        }
        assert_eq!(support(app)["given"].as_array().unwrap().len(), 1);
        approve(&colleague).expect(200);
        assert_eq!(told(app, "approval-given")[0].0, Who::Manager.email());
        assert_eq!(approve(&colleague).problem(), (409, "released_already".into()));
        let ours = ["approval.given", "approval.given", "release.approved"];
        assert!(history(app).ends_with(&ours.map(str::to_owned)), "{:?}", history(app));
    }

    fn until_the_second_approves_nothing_shows_and_then_it_shows_at_once(app: &TestApp) {
        let bid = decided(app);
        let list = format!("/api/v1/open/rounds/{ROUND}/awards.json");
        approve(&app.client(Who::Manager)).expect(202);
        app.at(ANNOUNCED);
        app.later(std::time::Duration::from_secs(3_600));
        assert_eq!(app.public().get(&list).status, 404, "the instant has passed, and one person alone has approved");
        assert_eq!(app.client(Who::Officer).get(&format!("/api/v1/bids/{bid}")).expect(200).json()["state"], "shortlisted");
        let released = approve(&app.client_of(app.colleague())).expect(200).json();
        assert_eq!(released["shown_from"], "2026-12-07T10:30:00Z");
        assert_eq!(app.public().get(&list).expect(200).json()["grants"].as_array().unwrap().len(), 1);
    }

    fn a_changed_decision_makes_approvals_void_and_asks_again(app: &TestApp) {
        let bid = decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        approve(&manager).expect(202);
        change(&colleague, &bid, "award", 1, award(ASK - 1, 1)).expect(200);
        change(&colleague, &bid, "award", 2, award(ASK - 2, 1)).expect(200);
        let void = told(app, "approval-void");
        assert_eq!(void.len(), 1, "it was void already the second time: {void:?}");
        assert_eq!(void[0].0, Who::Manager.email());
        assert_eq!(support(app)["given"][0]["counts"], false);
        approve(&colleague).expect(202);
        let mut worded = award(ASK - 2, 1);
        worded["feedback"] = json!("Other words.");
        change(&manager, &bid, "award", 3, worded).expect(200);
        assert_eq!(told(app, "approval-void").len(), 2, "what councils read is part of what is approved");
        approve(&manager).expect(202);
        approve(&colleague).expect(200);
    }

    fn nobody_stands_behind_a_list_that_they_have_not_read(app: &TestApp) {
        let bid = decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        let read = |client: &Client| {
            let answer = client.get(PATH).expect(200);
            let tag = answer.json()["support"]["tag"].clone();
            assert_eq!(answer.header("ETag").unwrap(), format!("\"{}\"", tag.as_str().unwrap()));
            tag
        };
        let before = read(&colleague);
        approve(&manager).expect(202);
        assert_eq!(colleague.post(PATH, json!({})).problem(), (428, "version_needed".into()));
        let asked = read(&colleague);
        change(&manager, &bid, "award", 1, award(ASK - 1, 1)).expect(200);
        for tag in [&before, &asked] {
            assert_eq!(post_seen(&colleague, PATH, tag, json!({})).problem(), (412, "changed_since".into()));
            let refused = post_seen(&colleague, &format!("{PATH}/refuse"), tag, json!({ "reason": "No." }));
            assert_eq!(refused.problem(), (412, "changed_since".into()));
        }
        let asked = read(&colleague);
        manager.delete(PATH).expect(204);
        assert_eq!(post_seen(&colleague, PATH, &asked, json!({})).problem(), (412, "changed_since".into()),
            "what was taken back is not asked for again by whoever did not know");
        assert_eq!(support(app)["given"], json!([]));
        let unasked = read(&colleague);
        approve(&manager).expect(202);
        post_seen(&colleague, PATH, &unasked, json!({})).expect(200);
    }

    fn a_page_that_shows_an_older_list_approves_and_refuses_nothing(app: &TestApp) {
        let bid = decided(app);
        let page = format!("/rounds/{ROUND}/decisions");
        approve(&app.client(Who::Manager)).expect(202);
        let mut second = app.browser_of(app.colleague());
        second.open(&page).sees("£80,000 of £200,000");
        change(&app.client(Who::Manager), &bid, "award", 1, award(ASK - 100, 1)).expect(200);
        second.press("Approve the release").sees("The list has changed since you opened this page").sees("£79,999");
        change(&app.client(Who::Manager), &bid, "award", 2, award(ASK - 200, 1)).expect(200);
        second.fill("Or say why you refuse", "No.").press("Refuse").sees("The list has changed since you opened this page");
        assert_eq!((&support(app)["refused"], support(app)["given"].as_array().unwrap().len()), (&Value::Null, 1));
        second.press("Approve the release").sees("One more person has to approve");
    }

    fn whoever_has_a_conflict_with_a_bid_has_no_part_in_the_list_with_its_outcome(app: &TestApp) {
        let bid = decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        approve(&colleague).expect(202);
        let members = format!("/api/v1/organisations/{}/members", app.organisation("AMB"));
        let member = json!({ "email": "colleague@test.example", "name": "x", "role": "member" });
        app.client(Who::Administrator).post(&members, member).expect(201);
        let mine = support(app);
        assert_eq!((&mine["needed"], &mine["able"], &mine["given"][0]["counts"]), (&json!(2), &json!(1), &json!(false)));
        let page = format!("/rounds/{ROUND}/decisions");
        app.browser(Who::Manager).open(&page).sees("Too few people can: 1 of 2.");
        change(&manager, &bid, "award", 1, award(ASK - 1, 1)).expect(200);
        assert!(told(app, "approval-void").is_empty(), "not even that there is a decision");
        approve(&manager).expect(202);
        assert_eq!(approve(&colleague).problem(), (403, "not_allowed".into()));
        assert_eq!(refuse(&colleague, "No.").problem(), (403, "not_allowed".into()));
        let buttons = app.browser_of(app.colleague()).open(&page).buttons();
        assert!(!buttons.contains(&"Approve the release".to_owned()), "{buttons:?}");
        let third = json!({ "email": "third@test.example", "name": "Third Person", "role": "fund_manager" });
        manager.post("/api/v1/funds/test-fund/roles", third).expect(201);
        approve(&app.client_of(app.person_at("third@test.example"))).expect(200);
        let read: Vec<String> = ["approval-wanted", "approval-given"].iter().flat_map(|mail| told(app, mail)).map(|mail| mail.0).collect();
        assert!(!read.contains(&"colleague@test.example".to_owned()), "{read:?}");
    }

    fn whoever_refuses_says_why_and_the_first_reads_it(app: &TestApp) {
        let bid = decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        assert_eq!(refuse(&colleague, "Too early.").problem(), (409, "not_requested".into()));
        approve(&manager).expect(202);
        let missing = refuse(&colleague, " ").expect(422).json();
        assert_eq!(missing["errors"][0]["pointer"], "/reason");
        assert_eq!(refuse(&manager, "No.").problem(), (409, "own_request".into()));
        assert_eq!(refuse(&app.client(Who::Observer), "No.").problem(), (403, "not_allowed".into()));
        let refused = refuse(&colleague, "The feedback is too short.").expect(200).json();
        assert_eq!(refused["refused"]["reason"], "The feedback is too short.");
        let letters = told(app, "approval-refused");
        assert_eq!((letters.len(), letters[0].0.as_str()), (1, Who::Manager.email().as_str()));
        assert!(letters[0].1.contains("The feedback is too short."), "{}", letters[0].1);
        assert!(history(app).contains(&"approval.refused".to_owned()));
        change(&manager, &bid, "award", 1, award(ASK, 1)).expect(200);
        approve(&colleague).expect(202);
        assert_eq!(support(app)["refused"], Value::Null, "somebody has asked again");
        approve(&manager).expect(200);
    }

    fn what_was_asked_for_can_be_taken_back(app: &TestApp) {
        decided(app);
        approve(&app.client(Who::Manager)).expect(202);
        app.client_of(app.colleague()).delete(PATH).expect(204);
        app.client(Who::Manager).delete(PATH).expect(404);
        let read = |template: &str| told(app, template).into_iter().map(|letter| letter.0).collect::<Vec<_>>();
        assert_eq!(read("approval-taken-back"), [Who::Manager.email()], "whoever asked hears of it");
        assert!(history(app).contains(&"approval.taken_back".to_owned()));
        approve(&app.client_of(app.colleague())).expect(202);
        assert_eq!(support(app)["given"].as_array().unwrap().len(), 1, "it begins anew");
        approve(&app.client(Who::Manager)).expect(200);
        app.client(Who::Manager).delete(PATH).expect(204);
        assert_eq!(read("approval-taken-back"), [&Who::Manager.email(), "colleague@test.example"], "of a release too");
    }

    fn taking_back_wants_a_fresh_code(app: &TestApp) {
        decided(app);
        let manager = app.client(Who::Manager);
        let mut browser = app.browser(Who::Manager);
        approve(&manager).expect(202);
        app.later(std::time::Duration::from_secs(31 * 60));
        assert_eq!(manager.delete(PATH).problem(), (403, "fresh_code_needed".into()));
        browser.open(&format!("/rounds/{ROUND}/decisions")).press("Take the request back").sees("Confirm that it is you");
        assert_eq!(support(app)["given"].as_array().unwrap().len(), 1);
    }

    fn whoever_can_approve_only_later_is_asked_then(app: &TestApp) {
        decided(app);
        let manager = app.client(Who::Manager);
        approve(&manager).expect(202);
        assert!(told(app, "approval-wanted").is_empty(), "there is nobody else");
        app.colleague();
        app.work();
        let third = json!({ "email": "third@test.example", "name": "Third Person", "role": "fund_manager" });
        manager.post("/api/v1/funds/test-fund/roles", third).expect(201);
        let deputy = json!({ "deputy": app.person(Who::Moderator), "from": "2026-11-22", "until": "2026-11-23",
            "reason": "On leave" });
        app.client_of(app.colleague()).post("/api/v1/funds/test-fund/deputies", deputy).expect(201);
        app.work();
        let asked = || told(app, "approval-wanted").into_iter().map(|letter| letter.0).collect::<Vec<_>>();
        assert_eq!(asked(), ["colleague@test.example", "third@test.example"]);
        app.at("2026-11-22T00:00:00Z");
        assert_eq!(asked(), ["colleague@test.example", "third@test.example", &Who::Moderator.email()], "each once");
    }

    fn whoever_loses_the_role_stands_behind_nothing_any_more(app: &TestApp) {
        decided(app);
        let colleague = app.colleague();
        approve(&app.client_of(colleague)).expect(202);
        app.client(Who::Manager).delete(&format!("/api/v1/funds/test-fund/roles/{colleague}/fund_manager")).expect(204);
        approve(&app.client(Who::Manager)).expect(202);
        assert_eq!(support(app)["given"][0]["counts"], false);
    }

    fn two_managers_at_once_release_once(app: &TestApp) {
        decided(app);
        let clients = [app.client(Who::Manager), app.client_of(app.colleague())];
        let racing = clients.map(|client| std::thread::spawn(move || approve(&client).status));
        let mut answers = racing.map(|racer| racer.join().unwrap());
        answers.sort_unstable();
        assert_eq!(answers, [200, 202]);
    }

    fn the_outcomes_of_interest_need_one_manager(app: &TestApp) {
        let bid = submitted(app, "Shared repairs");
        app.at(SIFT);
        decide(&app.client(Who::Manager), &bid, "sift", outcome("invite")).expect(201);
        app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/releases/eoi_outcome"), json!({})).expect(200);
    }

    fn a_withdrawal_leaves_the_approvals_as_they_are(app: &TestApp) {
        let gone = shortlisted(app, "Gone", ASK);
        decided(app);
        decide(&app.client(Who::Manager), &gone, "award", award(ASK, 2)).expect(201);
        approve(&app.client(Who::Manager)).expect(202);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{gone}/actions/withdraw"), json!({})).expect(200);
        approve(&app.client_of(app.colleague())).expect(200);
    }

    fn a_ministers_decision_is_recorded_by_one_manager_and_confirmed_by_another(app: &TestApp) {
        decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        let path = format!("{PATH}/outside");
        let wrong = json!({ "by": " ", "on": "2026-11-21", "paper": "" });
        let refused = manager.post(&path, wrong).expect(422).json();
        let pointers: Vec<&str> =
            refused["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/by", "/paper", "/on"]);
        let outside = json!({ "by": "The minister", "on": "2026-11-19", "paper": "LDF/2026/14, in the safe" });
        manager.post(&path, outside.clone()).expect(202);
        assert_eq!(manager.post(&path, outside.clone()).problem(), (409, "requested_already".into()));
        assert_eq!(approve(&manager).problem(), (409, "approved_already".into()));
        let ready = app.client(Who::Observer).get(PATH).expect(200).json();
        assert_eq!((&ready["outside"], &ready["support"]["needed"]), (&outside, &json!(2)));
        approve(&colleague).expect(200);
        assert!(history(app).contains(&"release.decided_outside".to_owned()));
        assert_eq!(manager.get(PATH).expect(200).json()["outside"], outside, "it stays to be read");
        manager.delete(PATH).expect(204);
        assert_eq!(manager.get(PATH).expect(200).json()["outside"], Value::Null, "what is taken back stands no more");
    }

    fn a_decision_from_outside_takes_two_where_one_would_do(app: &TestApp) {
        let bid = submitted(app, "Shared repairs");
        app.at(SIFT);
        decide(&app.client(Who::Manager), &bid, "sift", outcome("invite")).expect(201);
        let path = format!("/api/v1/rounds/{ROUND}/releases/eoi_outcome");
        let outside = json!({ "by": "The board", "on": "2026-09-30", "paper": "Minute 7" });
        app.client(Who::Manager).post(&format!("{path}/outside"), outside).expect(202);
        stand_behind(&app.client_of(app.colleague()), &path).expect(200);
    }

    fn a_decision_from_outside_takes_no_fewer_people_than_the_workflow_asks_for(app: &TestApp) {
        takes(app, "fund", json!({ "count": 3, "roles": ["fund_manager"] }));
        decided(app);
        let outside = json!({ "by": "The board", "on": "2026-11-19", "paper": "Minute 7" });
        let waiting = app.client(Who::Manager).post(&format!("{PATH}/outside"), outside).expect(202).json();
        assert_eq!(waiting["needed"], 3);
        assert_eq!(approve(&app.client_of(app.colleague())).expect(202).json()["needed"], 3);
    }

    fn a_manager_records_a_decision_from_outside_on_the_page(app: &TestApp) {
        decided(app);
        let page = format!("/rounds/{ROUND}/decisions");
        let mut browser = app.browser(Who::Manager);
        browser.open(&page).press("Record the decision of somebody else").sees("Enter the day of the decision");
        browser.fill("Who decided", "The minister").fill("The signed paper", "LDF/2026/14");
        for (part, value) in [("Day", "19"), ("Month", "11"), ("Year", "2026")] {
            browser.fill_in("On which day", part, value);
        }
        browser.press("Record the decision of somebody else").sees("The decision is recorded.");
        let mut second = app.browser_of(app.colleague());
        second.open(&page).sees("Decided by The minister on 19 November 2026").press("Approve the release");
        second.sees("The outcomes show from");
    }

    fn what_somebody_writes_of_a_release_is_kept_while_they_enter_a_code(app: &TestApp) {
        decided(app);
        let page = format!("/rounds/{ROUND}/decisions");
        let (mut first, mut second) = (app.browser(Who::Manager), app.browser_of(app.colleague()));
        app.later(std::time::Duration::from_secs(31 * 60));
        first.open(&page).fill("Who decided", "The minister").fill("The signed paper", "LDF/2026/14");
        for (part, value) in [("Day", "19"), ("Month", "11"), ("Year", "2026")] {
            first.fill_in("On which day", part, value);
        }
        first.press("Record the decision of somebody else");
        confirm(app, &mut first, Who::Manager);
        send_it_now(&mut first).sees("The decision is recorded.");
        second.open(&page).fill("Or say why you refuse", "Wait for the minister.").press("Refuse");
        assert_eq!((second.h1(), &support(app)["refused"]), ("Confirm that it is you".to_owned(), &Value::Null));
        second.press("Email me a code");
        let letter = app.letters().into_iter().rfind(|letter| letter.template == "fresh-code").unwrap();
        second.fill("Code", letter.data["code"].as_str().unwrap()).press("Continue");
        send_it_now(&mut second).sees("The release is refused");
        assert_eq!(support(app)["refused"]["reason"], "Wait for the minister.");
    }

    fn what_stands_in_the_way_of_a_release_does_not_keep_anybody_from_refusing_it(app: &TestApp) {
        let undecided = submitted(app, "Chatbots");
        decided(app);
        approve(&app.client(Who::Manager)).expect(202);
        bring_to(app, &undecided, ("shortlisted", BidKind::Review), ASK);
        let mut second = app.browser_of(app.colleague());
        second.open(&format!("/rounds/{ROUND}/decisions")).sees("Decide these bids first");
        assert!(!second.buttons().contains(&"Approve the release".to_owned()));
        second.fill("Say why you refuse", "Not all are decided.").press("Refuse").sees("The release is refused");
    }

    fn two_managers_release_on_the_page_without_javascript(app: &TestApp) {
        decided(app);
        let page = format!("/rounds/{ROUND}/decisions");
        let (mut first, mut second) = (app.browser(Who::Manager), app.browser_of(app.colleague()));
        first.open(&page).sees("2 different people must approve").press("Approve the release");
        first.sees("One more person has to approve").sees("Asked by email, and not answered yet: Colleague Person.");
        second.open(&page).sees("Manager Person approved at").press("Refuse").sees("Say why you refuse");
        second.fill("Or say why you refuse", "Wait for the minister.").press("Refuse").sees("The release is refused");
        first.open(&page).sees("Colleague Person refused at").sees("Wait for the minister.").press("Approve the release");
        second.open(&page).press("Approve the release").sees("The outcomes show from");
    }
}
