//! Holds: nothing is done to a bid while one stands, nothing is lost by it, and its end brings what it held back.

use std::thread;

use roundtable::identity::policy::BidKind;
use serde_json::{Value, json};

use super::{dates::second, with_borchester};
use crate::{
    awards::{ANNOUNCED, DECIDING, SIFT, award, bring_to, decide, letters, outcome, release, shortlisted, submitted},
    bids::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

const REASON: &str = "We have to ask the auditor first.";
const OUT: &str = "2026-10-10T09:00:00Z";
const LATER: &str = "2026-10-14T09:00:00Z";
pub const CLOSED: &str = "2026-11-15T17:00:00.000001Z";
const ASK: i64 = 8_000_000;

fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/hold")
}

pub fn hold(client: &Client, reference: &str) -> Answer {
    client.send("PUT", &path(reference), &[], Some(&json!({ "reason": REASON })))
}

pub fn lift(client: &Client, reference: &str) -> Answer {
    client.delete_at(&path(reference), 1)
}

fn state(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json()["state"].clone()
}

fn act(client: &Client, reference: &str, action: &str) -> Answer {
    client.post(&format!("/api/v1/bids/{reference}/actions/{action}"), json!({}))
}

fn outcomes(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/outcomes")).expect(200).json()
}

fn told(app: &TestApp, template: &'static str) -> usize {
    letters(app, template).len()
}

/// What the public reads of the round's bids by now.
fn published(app: &TestApp, what: &str) -> String {
    app.public().get(&format!("/api/v1/open/rounds/{ROUND}/{what}.json")).text()
}

/// A bid whose councils write the full application, and its closing.
pub fn applying(app: &TestApp) -> String {
    let reference = submitted(app, "Repairs");
    bring_to(app, &reference, ("full_draft", BidKind::Waiting), ASK);
    app.at("2026-11-10T09:00:00Z");
    reference
}

on_each_database! {
    fn while_a_bid_is_on_hold_nothing_is_done_to_it_but_its_councils_can_write_and_take_it_back(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        with_borchester(app, &reference, true);
        let (manager, officer) = (app.client(Who::Manager), app.client(Who::Officer));
        hold(&manager, &reference).expect(201);
        let refused = act(&officer, &reference, "resubmit_eoi");
        assert_eq!(refused.problem(), (409, "on_hold".into()));
        let words = "on hold since 10am on 2 September 2026: We have to ask the auditor first.";
        assert!(refused.json()["detail"].as_str().unwrap().ends_with(words), "{}", refused.text());
        let change = json!({ "value": "Newer words.", "complete": true });
        officer.put(&format!("/api/v1/bids/{reference}/answers/problem"), 1, change).expect(200);
        let plan = officer.get(&format!("/api/v1/bids/{reference}/actions")).expect(200).json();
        assert_eq!(plan["on_hold"]["reason"], REASON);
        let allowed = plan["choices"].as_array().unwrap().iter().filter(|choice| choice["allowed"] == true);
        assert_eq!(allowed.map(|choice| choice["transition"].as_str().unwrap()).collect::<Vec<_>>(), ["withdraw"]);
        for who in [Who::Officer, Who::Partner, Who::Observer] {
            app.browser(who).open(&format!("/bids/{reference}")).sees(REASON);
            assert_eq!(app.client(who).get(&path(&reference)).expect(200).json()["number"], 1);
        }
        app.client(Who::Stranger).get(&path(&reference)).expect(404);
        app.browser(Who::Partner).open("/dashboard").sees("On hold since 10am on 2 September 2026");
        assert_eq!(told(app, "on-hold"), 6, "everybody of both councils");
        assert!(letters(app, "on-hold").iter().all(|letter| letter["words"] == REASON));

        app.at(SIFT);
        let decided = decide(&app.client(Who::Manager), &reference, "sift", outcome("invite"));
        assert_eq!(decided.problem(), (409, "on_hold".into()));
        app.browser(Who::Manager).open(&format!("/bids/{reference}/decision")).sees("Nothing can be decided on this bid now: this bid has been on hold");
        act(&app.client(Who::Officer), &reference, "withdraw").expect(200);
        assert_eq!(state(app, &reference), "withdrawn");
        app.client(Who::Officer).get(&path(&reference)).expect(404);
        app.browser(Who::Officer).open(&format!("/bids/{reference}/history")).sees("Put on hold");
    }

    fn a_release_passes_over_a_bid_on_hold_and_lifting_shows_it_at_once(app: &TestApp) {
        let (held, plain) = (submitted(app, "Held"), submitted(app, "Plain"));
        app.at(SIFT);
        let manager = app.client(Who::Manager);
        for bid in [&held, &plain] {
            decide(&manager, bid, "sift", outcome("invite")).expect(201);
        }
        hold(&manager, &held).expect(201);
        let ready = manager.get(&format!("/api/v1/rounds/{ROUND}/releases/eoi_outcome")).expect(200).json();
        assert_eq!((&ready["outcomes"], &ready["on_hold"]), (&json!(1), &json!([held])));
        app.browser(Who::Manager).open(&format!("/rounds/{ROUND}/decisions?release=eoi_outcome")).sees("passed over until");
        release(app, "eoi_outcome").expect(200);
        let before = (published(app, "eois"), app.client(Who::Officer).get(&format!("/api/v1/bids/{held}")).text());
        app.at(OUT);
        assert_eq!((state(app, &held), state(app, &plain)), (json!("eoi_submitted"), json!("invited")));
        assert_eq!(outcomes(app, &held), json!([]));
        assert_eq!(app.client(Who::Officer).get(&format!("/api/v1/bids/{held}")).text(), before.1);
        assert_eq!(told(app, "outcome-invited"), 4, "those of the other bid alone");
        assert_eq!(published(app, "eois").matches("Invited to apply").count(), 1);
        assert!(!before.0.contains("Invited to apply"));

        app.at(LATER);
        lift(&app.client(Who::Manager), &held).expect(204);
        assert_eq!(state(app, &held), "invited", "no timer is needed");
        assert_eq!(outcomes(app, &held)[0]["announced_at"], LATER);
        assert_eq!((told(app, "outcome-invited"), told(app, "hold-lifted")), (8, 4));
        assert_eq!(published(app, "eois").matches("Invited to apply").count(), 2);
        act(&app.client(Who::Officer), &held, "start_full").expect(200);
        app.work();
        assert_eq!(told(app, "outcome-invited"), 8, "once");
    }

    fn the_award_list_leaves_out_who_was_on_hold_when_it_was_announced_until_that_ends(app: &TestApp) {
        let (held, plain) = (shortlisted(app, "Held", ASK), shortlisted(app, "Plain", ASK));
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &held, "award", award(ASK, 1)).expect(201);
        decide(&manager, &plain, "award", award(ASK, 2)).expect(201);
        release(app, "announcement").expect(200);
        hold(&manager, &held).expect(201);
        app.at(ANNOUNCED);
        let list = published(app, "awards");
        assert!(list.contains(&plain) && !list.contains(&held), "{list}");
        assert!(app.public().get(&format!("/rounds/{ROUND}/awards")).text().contains("£80,000"));
        app.public().get(&format!("/api/v1/projects/{held}")).expect(404);
        assert_eq!(told(app, "outcome-funded"), 4);
        // What shows already goes on showing.
        let manager = app.client(Who::Manager);
        hold(&manager, &plain).expect(201);
        assert!(published(app, "awards").contains(&plain));
        assert_eq!(state(app, &plain), "funded");
        assert_eq!(act(&manager, &plain, "start_delivery").problem(), (409, "on_hold".into()));

        app.at("2026-12-09T10:00:00Z");
        lift(&app.client(Who::Manager), &held).expect(204);
        let list = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/awards.json")).expect(200).json();
        let dates: Vec<_> = list["grants"].as_array().unwrap().iter().map(|grant| grant["awardDate"].clone()).collect();
        assert_eq!(dates, ["2026-12-09", "2026-12-07"]);
        app.public().get(&format!("/api/v1/projects/{held}")).expect(200);
        assert_eq!(told(app, "outcome-funded"), 8);
    }

    fn timers_pass_a_bid_over_and_lifting_warns_that_it_lapses_at_once(app: &TestApp) {
        let reference = applying(app);
        hold(&app.client(Who::Manager), &reference).expect(201);
        app.at(CLOSED);
        assert_eq!(state(app, &reference), "full_draft");
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{reference}")).follow("Lift the hold").sees("The bid lapses as soon as you lift the hold");
        manager.fill("What do you want to say? (optional)", "The auditor is content.").press("Lift the hold");
        manager.sees("The hold is lifted");
        assert_eq!((state(app, &reference), told(app, "lapsed")), (json!("full_lapsed"), 4));
        assert_eq!(letters(app, "hold-lifted")[0]["words"], "The auditor is content.");
    }

    fn a_bid_that_gets_more_time_on_hold_goes_on_when_that_is_lifted(app: &TestApp) {
        let reference = applying(app);
        hold(&app.client(Who::Manager), &reference).expect(201);
        app.at(CLOSED);
        let manager = app.client(Who::Manager);
        let more = json!({ "milestone": "full_closes", "at": "2026-11-17T09:00:00Z", "ground": "adjustment", "reason": "x" });
        manager.post(&format!("/api/v1/bids/{reference}/milestones/changes"), more).expect(201);
        lift(&manager, &reference).expect(204);
        assert_eq!(state(app, &reference), "full_draft");
        app.at("2026-11-17T09:00:00.000001Z");
        assert_eq!(state(app, &reference), "full_lapsed");
    }

    fn what_was_due_before_a_hold_is_not_held_back_by_it(app: &TestApp) {
        let reference = applying(app);
        app.clock.set(crate::harness::app::moment(CLOSED));
        assert_eq!(hold(&app.client(Who::Manager), &reference).problem(), (409, "finished".into()), "no timer has come yet");
    }

    fn only_an_unfinished_bid_is_put_on_hold_once_and_with_a_reason(app: &TestApp) {
        let (_, draft) = written(app, "Draft");
        let (reference, manager) = (submitted(app, "Repairs"), app.client(Who::Manager));
        let ask = |body: Value| manager.send("PUT", &path(&reference), &[], Some(&body));
        hold(&manager, &draft).expect(404);
        for (reason, code) in [("", "missing"), (" \n", "missing"), (&"x".repeat(2_001), "too_long")] {
            let refused = ask(json!({ "reason": reason })).expect(422).json();
            assert_eq!((&refused["errors"][0]["code"], &refused["errors"][0]["pointer"]), (&json!(code), &json!("/reason")));
        }
        assert_eq!(ask(json!({ "reason": "\0" })).status, 422);
        assert_eq!(lift(&manager, &reference).problem(), (409, "not_on_hold".into()));
        let placed = hold(&manager, &reference).expect(201);
        assert_eq!((placed.header("etag"), placed.header("location")), (Some("\"v1\""), Some(path(&reference).as_str())));
        assert_eq!(hold(&manager, &reference).problem(), (409, "on_hold_already".into()));
        assert_eq!(manager.delete(&path(&reference)).problem().0, 428);
        assert_eq!(manager.delete_at(&path(&reference), 2).status, 412);
        lift(&manager, &reference).expect(204);
        hold(&manager, &reference).expect(201);
        assert_eq!(lift(&manager, &reference).status, 412, "another hold stands than the one that was read");
        act(&app.client(Who::Officer), &reference, "withdraw").expect(200);
        hold(&manager, &reference).expect(403);
        for who in [Who::Officer, Who::Moderator, Who::Observer] {
            assert!([403, 404].contains(&hold(&app.client(who), &reference).status), "{who:?}");
        }
    }

    fn of_two_managers_at_once_one_places_the_hold_and_one_lifts_it(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        let managers = [app.client(Who::Manager), second(app)];
        let both = |act: fn(&Client, &str) -> Answer| {
            let mut heard: Vec<u16> = thread::scope(|scope| {
                let asked: Vec<_> = managers.iter().map(|one| scope.spawn(|| act(one, &reference).status)).collect();
                asked.into_iter().map(|one| one.join().unwrap()).collect()
            });
            heard.sort_unstable();
            heard
        };
        assert_eq!(both(hold), [201, 409]);
        assert_eq!(both(lift), [204, 409]);
        assert_eq!((told(app, "on-hold"), told(app, "hold-lifted")), (4, 4), "each once");
    }

    fn whoever_has_a_conflict_of_interest_finds_no_bid_to_hold(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        let members = format!("/api/v1/organisations/{}/members", app.organisation("AMB"));
        let member = json!({ "email": Who::Manager.email(), "name": "x", "role": "member" });
        app.client(Who::Administrator).post(&members, member).expect(201);
        hold(&app.client(Who::Manager), &reference).expect(404);
        let page = app.client(Who::Manager).get(&format!("/bids/{reference}/hold"));
        assert_eq!(page.status, 404);
    }

    fn a_manager_puts_a_bid_on_hold_on_a_page_that_keeps_what_was_written(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{reference}")).follow("Put this bid on hold").press("Put this bid on hold");
        manager.sees("Say why the bid is on hold: its councils read it.");
        manager.fill("Why is the bid on hold?", REASON);
        hold(&app.client_of(app.colleague()), &reference).expect(201);
        manager.press("Put this bid on hold").sees("It cannot be put on hold again").sees("Lift the hold");
        lift(&app.client(Who::Manager), &reference).expect(204);
        manager.press("Lift the hold").sees("This bid is not on hold").sees("Put this bid on hold");
        manager.fill("Why is the bid on hold?", REASON).press("Put this bid on hold").sees("The bid is on hold");
        manager.sees(REASON);
    }
}
