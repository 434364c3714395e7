//! A round's dates change: what one manager may do alone, what waits for a second, who hears of it and what stays published.

use std::{collections::BTreeSet, time::Duration};

use roundtable::{
    events::Chain,
    ids::{Id, RoundKey},
};
use serde_json::{Value, json};

use super::with_borchester;
use crate::{
    account::{
        happened,
        kept_forms::{confirm, send_it_now},
    },
    bids::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

pub const CHANGES: &str = "/api/v1/rounds/test-round/milestones/changes";
const SECOND: &str = "second@fund.example";
const TOO_LONG: Duration = Duration::from_secs(31 * 60);

/// A second manager of the fund.
pub fn second(app: &TestApp) -> Client {
    let role = json!({ "email": SECOND, "name": "Second Manager", "role": "fund_manager" });
    app.client(Who::Manager).post("/api/v1/funds/test-fund/roles", role).expect(201);
    app.client_of(app.person_at(SECOND))
}

fn change(client: &Client, milestone: &str, at: &str) -> Answer {
    client.post(CHANGES, json!({ "milestone": milestone, "at": at, "reason": "An outage of this service." }))
}

fn reply(client: &Client, number: i32, word: &str, reason: &str) -> Answer {
    client.post(&format!("{CHANGES}/{number}/{word}"), json!({ "reason": reason }))
}

fn date(app: &TestApp, milestone: &str) -> String {
    let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
    let found = round["milestones"].as_array().unwrap().iter().find(|found| found["name"] == milestone).unwrap();
    found["at"].as_str().unwrap().to_owned()
}

fn told(app: &TestApp, template: &str, words: &str) -> BTreeSet<String> {
    let letters = app.letters().into_iter();
    let found = letters.filter(|letter| letter.template == template && letter.text.contains(words));
    found.map(|letter| letter.recipient).collect()
}

fn round_id(app: &TestApp) -> Id<RoundKey> {
    let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
    round["id"].as_str().unwrap().parse().unwrap()
}

fn standing(app: &TestApp, number: usize) -> Value {
    let changes = app.client(Who::Manager).get(CHANGES).expect(200).json();
    let found = changes.as_array().unwrap().iter().find(|change| change["staff"]["number"] == number);
    found.unwrap()["staff"]["standing"].clone()
}

on_each_database! {
    fn one_manager_moves_a_deadline_by_48_hours_at_once_and_a_second_stands_behind_it_afterwards(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        let (_, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, false);
        let made = change(&manager, "eoi_closes", "2026-10-02T16:00:00Z").expect(201).json();
        assert_eq!(made["from"], "2026-09-30T16:00:00Z");
        assert_eq!((&made["staff"]["standing"], &made["staff"]["replies"]), (&json!("to_confirm"), &json!([])));
        assert_eq!(date(app, "eoi_closes"), "2026-10-02T16:00:00Z");
        app.work();
        let councils = told(app, "date-changed", "An outage of this service.");
        let expected = [Who::Officer, Who::Signatory, Who::Administrator, Who::ConflictedAssessor, Who::Partner, Who::PartnerSignatory];
        assert_eq!(councils, expected.map(Who::email).into(), "the lead and whoever was invited");
        assert_eq!(told(app, "date-managers", "confirm it or object"), [SECOND.to_owned()].into());
        assert_eq!(reply(&manager, 1, "confirm", "").problem(), (403, "own_change".into()));
        reply(&second, 1, "confirm", "").expect(200);
        assert_eq!(standing(app, 1), "confirmed");
        assert_eq!(told(app, "date-managers", "confirmed what"), [Who::Manager.email()].into());
        let kinds: Vec<String> = happened(app, Chain::Round(round_id(app))).into_iter().map(|(kind, _)| kind).collect();
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).filter(|kind| kind.starts_with("round.date")).collect();
        assert_eq!(kinds, ["round.date_changed", "round.date_confirmed"]);
        // Nobody is told twice, and what is written after the old time is in time.
        app.at("2026-10-02T16:00:00Z");
        assert_eq!(told(app, "date-changed", "").len(), 6);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
    }

    fn small_steps_lead_one_manager_no_further_than_48_hours(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        change(&manager, "eoi_closes", "2026-10-02T15:00:00Z").expect(201);
        let proposed = change(&manager, "eoi_closes", "2026-10-02T16:00:00.000001Z").expect(201).json();
        assert_eq!(proposed["staff"]["standing"], "proposed");
        assert_eq!(date(app, "eoi_closes"), "2026-10-02T15:00:00Z");
        reply(&second, 1, "confirm", "").expect(200);
        let alone = change(&manager, "eoi_closes", "2026-10-04T15:00:00Z").expect(201).json();
        assert_eq!(alone["staff"]["standing"], "to_confirm");
        assert_eq!(reply(&second, 2, "confirm", "").problem(), (409, "overtaken".into()), "it moved meanwhile");
        assert_eq!(date(app, "eoi_closes"), "2026-10-04T15:00:00Z");
    }

    fn a_longer_move_is_in_force_only_when_a_second_manager_confirms_it(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        written(app, "Shared repairs");
        change(&manager, "eoi_closes", "2026-10-05T16:00:00Z").expect(201);
        app.work();
        assert_eq!(date(app, "eoi_closes"), "2026-09-30T16:00:00Z");
        assert_eq!(app.public().get(CHANGES).expect(200).json(), json!([]), "nobody outside knows of a proposal");
        assert_eq!(told(app, "date-changed", ""), [].into());
        assert_eq!(reply(&manager, 1, "confirm", "").problem(), (403, "own_change".into()));
        reply(&second, 1, "confirm", "").expect(200);
        app.work();
        assert_eq!(date(app, "eoi_closes"), "2026-10-05T16:00:00Z");
        assert_eq!(told(app, "date-changed", "5pm on 5 October 2026").len(), 4);
        let public = app.public().get(CHANGES).expect(200).json();
        assert_eq!(public[0]["reason"], "An outage of this service.");
        assert_eq!(public[0]["staff"], Value::Null);
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("How these dates were changed").sees("From 5pm on 30 September 2026");
    }

    fn a_proposal_is_refused_by_another_and_withdrawn_by_whoever_made_it_with_a_reason(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        for _ in 0..2 {
            change(&manager, "announcement", "2026-12-20T09:30:00Z").expect(201);
        }
        assert_eq!(reply(&second, 1, "refuse", " ").problem(), (422, "invalid".into()));
        reply(&second, 1, "refuse", "The minister is away.").expect(200);
        assert_eq!(reply(&second, 2, "withdraw", "Not mine.").problem(), (403, "own_change".into()));
        reply(&manager, 2, "withdraw", "A slip.").expect(200);
        assert_eq!((standing(app, 1), standing(app, 2)), (json!("refused"), json!("withdrawn")));
        assert_eq!(reply(&second, 2, "confirm", "").problem(), (409, "not_open".into()));
        assert_eq!(told(app, "date-managers", "The minister is away."), [Who::Manager.email()].into());
        assert_eq!(date(app, "announcement"), "2026-12-07T09:30:00Z");
    }

    fn an_objection_is_recorded_and_shown_and_takes_nobody_s_time_away(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        change(&manager, "eoi_closes", "2026-10-01T16:00:00Z").expect(201);
        assert_eq!(reply(&second, 1, "refuse", "Too long.").problem(), (409, "not_open".into()));
        reply(&second, 1, "object", "One hour would do.").expect(200);
        assert_eq!(date(app, "eoi_closes"), "2026-10-01T16:00:00Z");
        assert_eq!(told(app, "date-managers", "One hour would do."), [Who::Manager.email()].into());
        app.browser(Who::Manager).open("/rounds/test-round/dates").sees("One hour would do.");
        reply(&second, 1, "confirm", "").expect(200);
    }

    fn a_date_that_is_over_or_would_leave_the_order_or_come_earlier_does_not_move(app: &TestApp) {
        let manager = app.client(Who::Manager);
        assert_eq!(change(&manager, "eoi_opens", "2026-09-03T08:00:00Z").problem(), (409, "milestone_passed".into()));
        assert_eq!(change(&manager, "eoi_closes", "2026-09-29T16:00:00Z").problem(), (422, "invalid".into()));
        assert_eq!(change(&manager, "eoi_closes", "2026-10-11T16:00:00Z").problem(), (409, "out_of_order".into()));
        assert_eq!(change(&manager, "interviews_open", "2026-10-11T16:00:00Z").problem(), (422, "invalid".into()));
        app.at("2026-09-30T16:00:00.000001Z");
        let manager = app.client(Who::Manager);
        assert_eq!(change(&manager, "eoi_closes", "2026-10-01T16:00:00Z").problem(), (409, "milestone_passed".into()));
        // What does not close may come earlier, when two want it.
        let earlier = change(&manager, "announcement", "2026-12-06T09:30:00Z").expect(201).json();
        assert_eq!(earlier["staff"]["standing"], "proposed");
    }

    fn the_older_address_goes_through_the_same_rule(app: &TestApp) {
        let manager = app.client(Who::Manager);
        let body = |at: &str| json!({ "milestone": "eoi_closes", "at": at, "reason": "An outage." });
        manager.post("/api/v1/rounds/test-round/extensions", body("2026-10-05T16:00:00Z")).expect(204);
        assert_eq!(date(app, "eoi_closes"), "2026-09-30T16:00:00Z", "it is a proposal");
        manager.post("/api/v1/rounds/test-round/extensions", body("2026-10-01T16:00:00Z")).expect(204);
        assert_eq!(date(app, "eoi_closes"), "2026-10-01T16:00:00Z");
    }

    fn a_date_moves_and_is_answered_only_with_a_fresh_code(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        change(&manager, "eoi_closes", "2026-10-01T16:00:00Z").expect(201);
        app.later(TOO_LONG);
        let needed = (403, "fresh_code_needed".to_owned());
        assert_eq!(change(&manager, "announcement", "2026-12-08T09:30:00Z").problem(), needed);
        assert_eq!(reply(&second, 1, "confirm", "").problem(), needed);
        assert_eq!(reply(&second, 1, "object", "One hour would do.").problem(), needed);
        assert_eq!((date(app, "announcement"), standing(app, 1)), ("2026-12-07T09:30:00Z".into(), json!("to_confirm")));
        let second = app.client_of(app.person_at(SECOND));
        reply(&second, 1, "confirm", "").expect(200);
    }

    fn what_was_written_for_a_date_is_kept_while_a_code_is_asked_for(app: &TestApp) {
        let (mut manager, _) = (app.browser(Who::Manager), second(app));
        let mut second = app.browser_of(app.person_at(SECOND));
        manager.open("/rounds/test-round/dates/eoi_closes");
        app.later(TOO_LONG);
        manager.fill("Day", "1").fill("Month", "10").fill("At what time?", "5pm").fill("Why?", "An outage.");
        confirm(app, manager.press("Change the date"), Who::Manager);
        manager.sees("An outage.");
        assert_eq!(date(app, "eoi_closes"), "2026-09-30T16:00:00Z");
        send_it_now(&mut manager).sees("It is at 5pm on 1 October 2026 from now on.");
        second.open("/rounds/test-round/dates").press("Confirm change 1").sees("Confirm that it is you");
        assert_eq!(second.path(), "/account/fresh?return_to=%2Frounds%2Ftest-round%2Fdates", "nothing was written");
        assert_eq!(standing(app, 1), "to_confirm");
    }

    fn a_deputy_and_whom_they_act_for_are_one_person_behind_a_date(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        let deputies = "/api/v1/funds/test-fund/deputies";
        let today = app.clock.now().london_date().to_string();
        let deputy = json!({ "principal": app.person(Who::Manager), "deputy": app.person_at(SECOND),
            "from": today, "until": today, "reason": "On leave" });
        let named = manager.post(deputies, deputy).expect(201).json();
        change(&manager, "eoi_closes", "2026-10-01T16:00:00Z").expect(201);
        change(&second, "announcement", "2026-12-20T09:30:00Z").expect(201);
        assert_eq!(reply(&second, 1, "confirm", "").problem(), (403, "own_change".into()));
        assert_eq!(reply(&manager, 2, "confirm", "").problem(), (403, "own_change".into()));
        let seen = second.get(CHANGES).expect(200).json();
        assert_eq!(seen[1]["staff"]["replies"], json!(["object"]), "{seen}");
        manager.delete(&format!("{deputies}/{}", named["id"].as_str().unwrap())).expect(204);
        reply(&second, 1, "confirm", "").expect(200);
        reply(&manager, 2, "confirm", "").expect(200);
    }

    fn managers_change_and_confirm_dates_on_pages(app: &TestApp) {
        second(app);
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").follow("Dates of Test round").follow("Change “Expressions of interest close”");
        manager.fill("Day", "25").fill("Month", "10").fill("At what time?", "1:30").press("Change the date");
        manager.sees("this time comes twice").sees("There is a problem");
        manager.fill("Day", "1").fill("Month", "10").fill("At what time?", "5pm").press("Change the date");
        manager.sees("Say why.");
        manager.fill("Why?", "An outage.").press("Change the date").sees("It is at 5pm on 1 October 2026 from now on.");
        manager.sees("another manager confirms it");
        let mut second = app.browser_of(app.person_at(SECOND));
        second.open("/rounds/test-round/dates").sees("It does not take the time back or make it shorter.");
        second.press("Object to change 1").sees("Say why.");
        second.press("Confirm change 1").sees("In force, confirmed by Second Manager");
        assert_eq!(date(app, "eoi_closes"), "2026-10-01T16:00:00Z");
    }
}
