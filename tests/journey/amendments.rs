//! A published round changes: other rules and another budget, by two managers, with a reason that everybody reads.

use std::{collections::BTreeSet, thread};

use serde_json::{Value, json};

use super::{dates::second, with_borchester};
use crate::{
    awards::{DECIDING, award, decide, post_seen, shortlisted},
    bids::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    pages::story::Story,
};

pub const PATH: &str = "/api/v1/rounds/test-round";
const ASK: i64 = 8_000_000;

/// Proposes something about the round as it stands.
pub fn propose(client: &Client, what: &str, body: &Value) -> Answer {
    let version = client.get(PATH).expect(200).json()["version"].as_i64().unwrap();
    client.put(&format!("{PATH}/{what}"), version, body.clone())
}

/// Approves the one proposal that waits, as it stands.
pub fn approve(client: &Client) -> Answer {
    let waiting = client.get(&format!("{PATH}/proposals")).expect(200).json()[0].clone();
    let kind = waiting["kind"].as_str().unwrap().to_owned();
    post_seen(client, &format!("{PATH}/proposals/{kind}/approve"), &waiting["support"]["tag"], json!({}))
}

/// The rules of the round with one thing changed, and why.
fn rules(app: &TestApp, change: impl FnOnce(&mut Value)) -> Value {
    let mut rulebook = app.public().get(PATH).expect(200).json()["rulebook"].clone();
    change(&mut rulebook);
    json!({ "rulebook": rulebook, "reason": "Fit was worth too little." })
}

fn weights(fit: i64) -> impl FnOnce(&mut Value) {
    move |rules| {
        rules["criteria"][0]["weight"] = json!(fit);
        rules["criteria"][1]["weight"] = json!(10_000 - fit);
    }
}

fn budget(pence: i64) -> Value {
    json!({ "budget_pence": pence, "reason": "The minister gives more." })
}

pub fn told(app: &TestApp, template: &str) -> BTreeSet<String> {
    let letters = app.letters().into_iter().filter(|letter| letter.template == template);
    letters.map(|letter| letter.recipient).collect()
}

/// Everybody whom a change concerns when Ambridge has a bid and Borchester was asked: these councils and the fund's own.
pub fn concerned() -> BTreeSet<String> {
    let nobody = [Who::Admin, Who::Stranger, Who::Nobody];
    Who::ALL.into_iter().filter(|who| !nobody.contains(who)).map(Who::email).collect()
}

fn amendments(app: &TestApp) -> Value {
    app.public().get(&format!("{PATH}/amendments")).expect(200).json()
}

/// A bid on which nothing is left to do but to submit the full application.
fn ready(app: &TestApp) -> Story<'_> {
    let story = Story::begin(app);
    story.submit_interest();
    app.at("2026-10-01T09:00:00Z");
    story.sift();
    story.decide("sift", "invite", None);
    story.release("eoi_outcome");
    app.at("2026-10-10T09:00:00Z");
    app.work();
    let invitation = story.write_application();
    story.ask_to_sign();
    story.confirm_and_sign(&invitation);
    story
}

on_each_database! {
    fn two_managers_change_the_rules_and_everybody_reads_what_and_why(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        let (_, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, false);
        let before = app.public().get(PATH).expect(200).json();
        let proposed = propose(&manager, "rules", &rules(app, weights(7_550))).expect(202).json();
        assert_eq!(proposed["changes"], json!(["Weight of Strategic fit: from 60% to 75.50%", "Weight of Deliverability: from 40% to 24.50%"]));
        assert_eq!((&proposed["own"], &proposed["may_approve"], &proposed["support"]["needed"]), (&json!(true), &json!(false), &json!(2)));
        assert_eq!(app.public().get(PATH).expect(200).json(), before, "a proposal changes nothing");
        assert_eq!(amendments(app), json!([]));
        assert_eq!(told(app, "approval-wanted"), ["second@fund.example".to_owned()].into());
        assert_eq!(approve(&manager).problem(), (409, "approved_already".into()));
        assert_eq!(approve(&app.client(Who::Observer)).problem(), (403, "not_allowed".into()));
        let amended = approve(&second).expect(200).json();
        let after = app.public().get(PATH).expect(200).json();
        assert_eq!(after["rulebook"]["criteria"][0]["weight"], 7_550);
        assert_eq!((&amended["rules_before"], &amended["rules_since"]), (&before["rules_hash"], &after["rules_hash"]));
        assert_eq!(amendments(app), json!([amended]));
        assert!(app.public().get("/rounds.atom").expect(200).text().contains("<updated>2026-09-02T09:00:00Z</updated>"));
        app.work();
        let mut expected = concerned();
        expected.insert("second@fund.example".into());
        assert_eq!(told(app, "rules-changed"), expected);
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("The rules were changed")
            .sees("Weight of Strategic fit: from 60% to 75.50%").sees("Fit was worth too little.")
            .sees(before["rules_hash"].as_str().unwrap());
    }

    fn rules_that_somebody_relies_on_stay_and_so_do_sound_ones(app: &TestApp) {
        let manager = app.client(Who::Manager);
        written(app, "Shared repairs");
        let refused = |body: &Value| {
            let answer = propose(&manager, "rules", body).expect(422).json();
            let faults = answer["errors"].as_array().unwrap().clone();
            faults.into_iter().map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let mut several = rules(app, |rules| {
            rules["eoi"]["sections"][0]["questions"][0]["title"] = json!("What else?");
            rules["phases"] = json!([rules["phases"][1]]);
            rules["criteria"][0]["weight"] = json!(1);
        });
        several["reason"] = json!(" ");
        assert_eq!(refused(&several), ["/rulebook/criteria", "/rulebook/eoi", "/rulebook/phases", "/reason"]);
        let unsound = rules(app, |rules| rules["full_eligibility"] = json!([{ "==": [{ "var": "moon" }, 1] }]));
        assert!(refused(&unsound)[0].starts_with("/rulebook/full_eligibility"), "{:?}", refused(&unsound));
        assert_eq!(propose(&manager, "rules", &rules(app, |_| ())).problem(), (409, "nothing_changed".into()));
        assert_eq!(manager.put(&format!("{PATH}/rules"), 1, rules(app, weights(7_000))).problem(), (412, "stale_version".into()));
        let unversioned = manager.send("PUT", &format!("{PATH}/rules"), &[], Some(&rules(app, weights(7_000))));
        assert_eq!(unversioned.status, 428);
        // A phase that no bid has chosen can go.
        propose(&manager, "rules", &rules(app, |rules| rules["phases"] = json!([rules["phases"][0]]))).expect(202);
    }

    fn a_draft_is_not_changed_with_two_managers(app: &TestApp) {
        let manager = app.client(Who::Manager);
        let draft = json!({ "slug": "again", "title": "Again", "prefix": "AGAIN", "copy_of": ROUND });
        manager.post("/api/v1/funds/test-fund/drafts", draft).expect(201);
        for (what, body) in [("budget", budget(30_000_000)), ("rules", rules(app, weights(7_000))), ("cancellation", json!({ "reason": "x" }))] {
            assert_eq!(manager.put(&format!("/api/v1/rounds/again/{what}"), 1, body).problem(), (409, "not_published".into()), "{what}");
        }
    }

    fn marks_hold_the_rule_of_the_sift(app: &TestApp) {
        let story = Story::begin(app);
        story.submit_interest();
        app.at("2026-10-01T09:00:00Z");
        let manager = app.client(Who::Manager);
        let milder = rules(app, |rules| rules["sift"]["most_fails"] = json!(1));
        propose(&manager, "rules", &milder).expect(202);
        story.sift();
        assert_eq!(approve(&second(app)).problem(), (422, "invalid".into()), "it was marked meanwhile");
        manager.delete(&format!("{PATH}/proposals/rules")).expect(204);
        assert_eq!(propose(&manager, "rules", &milder).problem(), (422, "invalid".into()));
        propose(&manager, "rules", &rules(app, weights(7_000))).expect(202);
    }

    fn the_first_full_application_locks_the_rules_for_good(app: &TestApp) {
        let story = ready(app);
        let (manager, second) = (app.client(Who::Manager), second(app));
        propose(&manager, "rules", &rules(app, weights(7_000))).expect(202);
        story.act(Who::Officer, "submit_full");
        let refused = approve(&second);
        assert_eq!(refused.problem(), (409, "rules_locked".into()));
        assert!(refused.text().contains("let the round stand, or cancel it and run it again"), "{}", refused.text());
        manager.delete(&format!("{PATH}/proposals/rules")).expect(204);
        assert_eq!(propose(&manager, "rules", &rules(app, weights(7_000))).problem(), (409, "rules_locked".into()));
        story.act(Who::Officer, "withdraw");
        assert_eq!(propose(&manager, "rules", &rules(app, weights(7_000))).problem(), (409, "rules_locked".into()));
        app.browser(Who::Manager).open(&format!("/rounds/{ROUND}/amendments")).sees("The rules stay as they are");
    }

    fn a_submission_and_other_rules_at_once_come_one_after_the_other(app: &TestApp) {
        let story = ready(app);
        let (manager, second) = (app.client(Who::Manager), second(app));
        // Enough partners for the rules as they are, and not for those that are proposed.
        let stricter = rules(app, |rules| rules["full_eligibility"] = json!([{ ">=": [{ "var": "partners.confirmed" }, 2] }]));
        propose(&manager, "rules", &stricter).expect(202);
        let (officer, path) = (app.client(Who::Officer), format!("/api/v1{}", story.page("/actions/submit_full")));
        let submits = thread::spawn(move || officer.post(&path, json!({})).problem());
        let amends = thread::spawn(move || approve(&second).problem());
        let (submitted, amended) = (submits.join().unwrap(), amends.join().unwrap());
        match (submitted.0, amended.0) {
            (200, 409) => assert_eq!(amended.1, "rules_locked"),
            (409, 200) => assert_eq!(submitted.1, "not_yet"),
            both => panic!("exactly one comes first: {both:?}, {submitted:?}, {amended:?}"),
        }
    }

    fn two_managers_change_the_budget_never_below_what_is_decided(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", ASK);
        second(app);
        app.at(DECIDING);
        let (manager, second) = (app.client(Who::Manager), app.client_of(app.person_at("second@fund.example")));
        decide(&manager, &bid, "award", award(ASK, 1)).expect(201);
        let refused = propose(&manager, "budget", &budget(ASK - 1));
        assert_eq!(refused.problem(), (409, "below_awards".into()));
        assert!(refused.text().contains("£80,000 is decided on already"), "{}", refused.text());
        for wrong in [0, -1, 1_000_000_000_001] {
            assert_eq!(propose(&manager, "budget", &budget(wrong)).problem(), (422, "invalid".into()), "{wrong}");
        }
        assert_eq!(propose(&manager, "budget", &budget(20_000_000)).problem(), (409, "nothing_changed".into()));
        let silent = json!({ "budget_pence": ASK, "reason": "" });
        assert_eq!(propose(&manager, "budget", &silent).problem(), (422, "invalid".into()));
        propose(&manager, "budget", &budget(ASK)).expect(202);
        let amended = approve(&second).expect(200).json();
        assert_eq!(amended["changes"], json!(["Budget: from £200,000 to £80,000"]));
        let open = app.public().get("/common-grants/opportunities").expect(200).json()["items"][0].clone();
        assert_eq!(open["funding"]["totalAmountAvailable"]["amount"], "80000.00");
        assert!(open["lastModifiedAt"].as_str().unwrap().starts_with("2026-11-20T09:00:00"), "{open}");
        app.work();
        assert!(told(app, "budget-changed").contains(&Who::Officer.email()));
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("can award up to £80,000").sees("The minister gives more.");
    }

    fn a_smaller_budget_and_an_award_at_once_never_pass_one_another(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", ASK);
        second(app);
        app.at(DECIDING);
        let (manager, second) = (app.client(Who::Manager), app.client_of(app.person_at("second@fund.example")));
        propose(&manager, "budget", &budget(ASK - 1)).expect(202);
        let decides = thread::spawn(move || decide(&manager, &bid, "award", award(ASK, 1)).problem());
        let amends = thread::spawn(move || approve(&second).problem());
        let (decided, amended) = (decides.join().unwrap(), amends.join().unwrap());
        match (decided.0, amended.0) {
            (201, 409) => assert_eq!(amended.1, "below_awards"),
            (409, 200) => assert_eq!(decided.1, "over_budget"),
            both => panic!("exactly one comes first: {both:?}, {decided:?}, {amended:?}"),
        }
    }

    fn what_is_proposed_is_refused_by_another_and_taken_back_by_whoever_did(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        propose(&manager, "budget", &budget(30_000_000)).expect(202);
        assert_eq!(propose(&second, "budget", &budget(40_000_000)).problem(), (409, "requested_already".into()));
        let path = format!("{PATH}/proposals/budget");
        assert_eq!(second.delete(&path).problem(), (403, "not_allowed".into()));
        let tag = second.get(&format!("{PATH}/proposals")).expect(200).json()[0]["support"]["tag"].clone();
        let refuse = |client: &Client, reason: &str| post_seen(client, &format!("{path}/refuse"), &tag, json!({ "reason": reason }));
        assert_eq!(refuse(&second, "").problem(), (422, "invalid".into()));
        assert_eq!(refuse(&manager, "A slip.").problem(), (409, "own_request".into()));
        refuse(&second, "Nobody gives more.").expect(204);
        assert_eq!(told(app, "approval-refused"), [Who::Manager.email()].into());
        propose(&manager, "budget", &budget(30_000_000)).expect(202);
        assert_eq!(post_seen(&second, &format!("{path}/approve"), &tag, json!({})).status, 412, "it is another proposal");
        manager.delete(&path).expect(204);
        assert_eq!(second.get(&format!("{PATH}/proposals")).expect(200).json(), json!([]));
        assert_eq!(second.post(&format!("{path}/approve"), json!({})).status, 404);
        app.later(std::time::Duration::from_secs(31 * 60));
        assert_eq!(propose(&manager, "budget", &budget(30_000_000)).problem(), (403, "fresh_code_needed".into()));
    }

    fn a_manager_writes_other_rules_into_a_form_and_a_second_approves_them_on_a_page(app: &TestApp) {
        second(app);
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/amendments")).follow("Change the rules");
        browser.fill("Weight of criterion 1", "lots").fill("Bids that are shortlisted at most", "two").press("Propose these rules");
        let faults: Vec<String> = browser.errors().into_iter().map(|(_, words)| words).collect();
        assert_eq!(faults, ["Enter the weight in per cent, such as 25 or 12.5.", "Enter a whole number, such as 2."]);
        assert_eq!(browser.value("Weight of criterion 1"), "lots");
        browser.fill("Weight of criterion 1", "62.5").fill("Bids that are shortlisted at most", "3").fill("Why?", "More fit.").press("Propose these rules");
        browser.sees("The weights of the criteria must add up to 10,000 basis points.");
        browser.fill("Weight of criterion 2", "37.5%").press("Propose these rules").sees("It is proposed.");
        browser.sees("Weight of Strategic fit: from 60% to 62.50%").sees("Bids that are shortlisted at most: from 2 to 3");
        let mut other = app.browser_of(app.person_at("second@fund.example"));
        other.open(&format!("/rounds/{ROUND}/amendments")).press("Refuse").sees("Say why you refuse");
        other.press("Approve").sees("It is in force.");
        assert_eq!(app.public().get(PATH).expect(200).json()["rulebook"]["shortlist"], 3);
    }

    fn rules_that_changed_meanwhile_are_not_mixed_with_those_that_were_written(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        let (mut fields, mut text) = (app.browser(Who::Manager), app.browser(Who::Manager));
        fields.open(&format!("/rounds/{ROUND}/rules")).fill("Bids that are shortlisted at most", "3").fill("Why?", "Fewer.");
        text.open(&format!("/rounds/{ROUND}/rules/text")).fill("Why?", "As it was.");
        let turned = rules(app, |rules| {
            weights(7_550)(rules);
            rules["criteria"].as_array_mut().unwrap().reverse();
        });
        propose(&manager, "rules", &turned).expect(202);
        approve(&second).expect(200);
        fields.press("Propose these rules").sees("It holds what the rules are now.");
        assert_eq!(fields.status(), 412);
        fields.sees("Title of criterion 1: Strategic fit").sees("Weight of criterion 1, in per cent: 60").sees("Bids that are shortlisted at most: 3");
        assert_eq!(fields.value("Title of criterion 1"), "Deliverability");
        assert_eq!((fields.value("Weight of criterion 1"), fields.value("Why?")), ("24.50".into(), "Fewer.".into()));
        fields.fill("Bids that are shortlisted at most", "3").press("Propose these rules").sees("It is proposed.");
        let waiting = manager.get(&format!("{PATH}/proposals")).expect(200).json();
        assert_eq!(waiting[0]["changes"], json!(["Bids that are shortlisted at most: from 2 to 3"]));
        manager.delete(&format!("{PATH}/proposals/rules")).expect(204);
        text.press("Propose these rules").sees("Weight of Strategic fit: from 75.50% to 60%").sees("The rules as they are now");
        assert_eq!(text.status(), 412);
        text.press("Propose these rules").sees("It is proposed.");
    }

    fn the_rules_are_changed_as_json_where_the_form_does_not_reach(app: &TestApp) {
        second(app);
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/rules/text")).fill("Rules", "{").fill("Why?", "A new criterion.").press("Propose these rules");
        browser.sees("This cannot be read");
        let mut rules = rules(app, |rules| rules["phases"][0]["name"] = json!("Research"))["rulebook"].clone();
        for questions in ["eoi", "full"] {
            rules.as_object_mut().unwrap().remove(questions);
        }
        browser.fill("Rules", &rules.to_string()).press("Propose these rules").sees("Name of a phase: from “Discovery” to “Research”");
    }
}
