//! One bid alone has more time: every question whether it is open follows its own instant, and it lapses then, once.

use std::{collections::BTreeSet, time::Duration};

use diesel::{prelude::*, update};
use roundtable::{
    db::{Conn, schema::milestone_changes},
    events::Chain,
    ids::{BidKey, Id},
};
use serde_json::{Value, json};

use super::{
    dates::{CHANGES, second},
    with_borchester,
};
use crate::{
    account::{
        happened,
        kept_forms::{confirm, send_it_now},
    },
    awards::{SIFT, decide, outcome, release, submitted},
    bids::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
        letters::Letter,
    },
};

const CLOSED: &str = "2026-09-30T16:00:00.000001Z";
const OWN: &str = "2026-10-01T16:00:00Z";
const REASON: &str = "Somebody was in hospital.";

fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/milestones/changes")
}

fn give(client: &Client, reference: &str, at: &str) -> Answer {
    let new = json!({ "milestone": "eoi_closes", "at": at, "ground": "adjustment", "reason": REASON });
    client.post(&path(reference), new)
}

fn state(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json()["state"].clone()
}

fn submit(app: &TestApp, reference: &str) -> Answer {
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({}))
}

fn answer(app: &TestApp, reference: &str, version: i64) -> Answer {
    let body = json!({ "value": "Newer words.", "complete": true });
    app.client(Who::Officer).put(&format!("/api/v1/bids/{reference}/answers/problem"), version, body)
}

fn events(app: &TestApp, reference: &str) -> Vec<(String, Value)> {
    let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    let id: Id<BidKey> = bid["id"].as_str().unwrap().parse().unwrap();
    happened(app, Chain::Bid(id))
}

diesel::table! {
    search_documents (title) {
        title -> Text,
    }
}

/// The titles in the index of what is published.
fn indexed(app: &TestApp) -> Vec<String> {
    app.block_on(|app| async move {
        let titles = |conn: &mut Conn| {
            Ok(search_documents::table.order(search_documents::title).select(search_documents::title).load(conn)?)
        };
        app.db.read(titles).await.unwrap()
    })
}

/// Overwrites why bids alone have more time; what is no ground keeps a bid from being read.
fn ground(app: &TestApp, word: &'static str) {
    app.block_on(|app| async move {
        let overwrite = move |conn: &mut Conn| {
            let rows = milestone_changes::table.filter(milestone_changes::bid_id.is_not_null());
            Ok(update(rows).set(milestone_changes::ground.eq(word)).execute(conn)?)
        };
        assert_eq!(app.db.write(overwrite).await.unwrap(), 1);
    });
}

fn extend(manager: &Client, at: &str) -> Answer {
    manager.post(CHANGES, json!({ "milestone": "eoi_closes", "at": at, "reason": "An outage." }))
}

/// Of which bids councils are told that the round's date has changed, and to when.
fn told_of(app: &TestApp) -> BTreeSet<(String, String)> {
    let letters = app.letters().into_iter().filter(|letter| letter.template == "date-changed");
    letters.map(|letter| (text(&letter.data["title"]), text(&letter.data["to"]))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn count(app: &TestApp, reference: &str, kind: &str) -> usize {
    events(app, reference).iter().filter(|(found, _)| found == kind).count()
}

on_each_database! {
    fn a_bid_with_more_time_is_open_until_its_own_instant_while_the_others_lapse_with_the_round(app: &TestApp) {
        let ((_, late), (_, plain)) = (written(app, "Late"), written(app, "Plain"));
        give(&app.client(Who::Manager), &late, OWN).expect(201);
        app.at(CLOSED);
        assert_eq!((state(app, &late), state(app, &plain)), (json!("eoi_draft"), json!("eoi_lapsed")));
        assert_eq!(submit(app, &plain).problem(), (409, "deadline_passed".into()));
        answer(app, &late, 1).expect(200);
        app.browser(Who::Officer).open(&format!("/bids/{late}")).sees("Closes at 5pm on 1 October 2026").sees(REASON);
        app.browser(Who::Officer).open("/dashboard").sees("5pm on 1 October 2026");
        app.at(OWN);
        submit(app, &late).expect(200);
        answer(app, &late, 2).expect(200);
        app.at("2026-10-01T16:00:00.000001Z");
        assert_eq!(answer(app, &late, 3).problem(), (409, "deadline_passed".into()));
        assert_eq!(count(app, &plain, "bid.moved"), 1);
        assert!(!app.browser(Who::Officer).open(&format!("/bids/{late}")).has("This bid alone has more time"), "it is over");
    }

    fn a_draft_that_has_lapsed_is_open_again_and_lapses_once_more_at_its_own_instant(app: &TestApp) {
        let (_, reference) = written(app, "Late");
        app.at("2026-09-30T20:00:00Z");
        assert_eq!(state(app, &reference), "eoi_lapsed");
        give(&app.client(Who::Manager), &reference, OWN).expect(201);
        assert_eq!(state(app, &reference), "eoi_draft");
        let told = events(app, &reference).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(told, ["bid.started", "bid.heading_written", "bid.moved", "bid.more_time", "bid.taken_up_again"]);
        app.browser(Who::Officer).open(&format!("/bids/{reference}/history")).sees("Open again.").sees("until 5pm on 1 October 2026");
        app.work();
        let letters: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "more-time").collect();
        assert_eq!(letters.len(), 4, "everybody of Ambridge");
        assert!(letters[0].text.contains(REASON));
        app.at("2026-10-01T16:00:00.000001Z");
        app.work();
        assert_eq!((state(app, &reference), count(app, &reference, "bid.moved")), (json!("eoi_lapsed"), 2));
        assert_eq!(submit(app, &reference).problem(), (409, "deadline_passed".into()));
    }

    fn a_longer_time_waits_for_a_second_manager_and_the_bid_stays_lapsed_until_then(app: &TestApp) {
        let (_, reference) = written(app, "Late");
        app.at("2026-09-30T20:00:00Z");
        let (manager, second) = (app.client(Who::Manager), second(app));
        let proposed = give(&manager, &reference, "2026-10-02T16:00:00.000001Z").expect(201).json();
        assert_eq!(proposed["staff"]["standing"], "proposed");
        assert_eq!(state(app, &reference), "eoi_lapsed");
        let seen = app.client(Who::Officer).get(&path(&reference)).expect(200).json();
        assert_eq!(seen["changes"], json!([]), "councils are told what is in force");
        let confirm = format!("{}/1/confirm", path(&reference));
        assert_eq!(manager.post(&confirm, json!({})).problem(), (403, "own_change".into()));
        second.post(&confirm, json!({})).expect(200);
        assert_eq!(state(app, &reference), "eoi_draft");
        submit(app, &reference).expect(200);
    }

    fn when_the_round_is_extended_beyond_it_the_bid_closes_with_the_others(app: &TestApp) {
        let (_, reference) = written(app, "Late");
        let manager = app.client(Who::Manager);
        give(&manager, &reference, OWN).expect(201);
        let later = json!({ "milestone": "eoi_closes", "at": "2026-10-02T10:00:00Z", "reason": "An outage." });
        manager.post(CHANGES, later).expect(201);
        app.at("2026-10-01T20:00:00Z");
        assert_eq!(state(app, &reference), "eoi_draft");
        app.at("2026-10-02T10:00:01Z");
        assert_eq!((state(app, &reference), count(app, &reference, "bid.moved")), (json!("eoi_lapsed"), 1));
    }

    fn why_a_bid_has_more_time_is_for_its_lead_and_the_fund_s_managers_alone(app: &TestApp) {
        let (_, reference) = written(app, "Late");
        with_borchester(app, &reference, false);
        submit(app, &reference).expect(200);
        give(&app.client(Who::Manager), &reference, OWN).expect(201);
        for (who, told) in [
            (Who::Officer, true), (Who::Manager, true), (Who::Partner, false), (Who::Observer, false), (Who::Moderator, false),
        ] {
            let seen = app.client(who).get(&path(&reference)).expect(200).json()["changes"][0].clone();
            let (reason, ground) = if told { (json!(REASON), json!("adjustment")) } else { (Value::Null, Value::Null) };
            assert_eq!((&seen["reason"], &seen["ground"], &seen["to"]), (&reason, &ground, &json!(OWN)), "{who:?}");
            let mut page = app.browser(who);
            page.open(&format!("/bids/{reference}")).sees("at 5pm on 1 October 2026 for it");
            assert_eq!((page.has(REASON), page.has("reasonable adjustment")), (told, told), "{who:?}");
        }
        app.work();
        let letters: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "more-time").collect();
        assert!(letters.iter().all(|letter| letter.text.contains("5pm on 1 October 2026")));
        let (told, others): (Vec<_>, Vec<_>) = letters.into_iter().partition(|letter| letter.text.contains(REASON));
        let to = |letters: &[Letter]| letters.iter().map(|letter| letter.recipient.clone()).collect::<BTreeSet<_>>();
        let lead = [Who::Officer, Who::Signatory, Who::Administrator, Who::ConflictedAssessor];
        assert_eq!(to(&told), lead.map(Who::email).into());
        assert_eq!(to(&others), [Who::Partner, Who::PartnerSignatory].map(Who::email).into());
        assert!(others.iter().all(|letter| !letter.text.contains("adjustment") && !letter.data.to_string().contains(REASON)));
        for who in [Who::Assessor, Who::Stranger, Who::Nobody] {
            app.client(who).get(&path(&reference)).expect(404);
        }
        app.at("2026-09-30T20:00:00Z");
        for page in [format!("/rounds/{ROUND}"), format!("/rounds/{ROUND}/eois"), "/rounds.atom".into(), "/rounds.ics".into()] {
            let shown = app.public().get(&page).expect(200).text();
            assert!(!shown.contains(REASON) && !shown.contains("1 October 2026"), "{page}");
        }
        let list = format!("/api/v1/open/rounds/{ROUND}/eois.json");
        app.at(OWN);
        assert!(!app.public().get(&list).expect(200).text().contains(&reference), "it can still be replaced");
        app.at("2026-10-01T16:00:00.000001Z");
        assert!(app.public().get(&list).expect(200).text().contains(&reference));
    }

    fn a_late_bid_comes_into_the_index_alone(app: &TestApp) {
        let ((_, late), (_, plain)) = (written(app, "Late"), written(app, "Plain"));
        give(&app.client(Who::Manager), &late, OWN).expect(201);
        submit(app, &late).expect(200);
        submit(app, &plain).expect(200);
        app.at(CLOSED);
        assert_eq!(indexed(app), ["Plain"]);
        app.block_on(|app| async move {
            let mark = |conn: &mut Conn| {
                let plain = search_documents::table.filter(search_documents::title.eq("Plain"));
                Ok(update(plain).set(search_documents::title.eq("Plain, as it was put in")).execute(conn)?)
            };
            assert_eq!(app.db.write(mark).await.unwrap(), 1);
        });
        app.at("2026-10-01T16:00:00.000001Z");
        assert_eq!(indexed(app), ["Late", "Plain, as it was put in"], "the others are left alone");
    }

    fn a_bid_that_cannot_be_read_holds_up_none_of_the_others(app: &TestApp) {
        let ((_, broken), (_, sound)) = (written(app, "Broken"), written(app, "Sound"));
        let manager = app.client(Who::Manager);
        give(&manager, &broken, OWN).expect(201);
        app.work();
        ground(app, "nonsense");
        extend(&manager, OWN).expect(201);
        app.work();
        assert_eq!(told_of(app), [("Sound".into(), "5pm on 1 October 2026".into())].into());
        ground(app, "adjustment");
        app.later(Duration::from_secs(60));
        assert_eq!(told_of(app).len(), 2, "its job came again");
        ground(app, "nonsense");
        app.at("2026-10-01T16:00:00.000001Z");
        assert_eq!(count(app, &sound, "bid.moved"), 1);
        ground(app, "adjustment");
        app.later(Duration::from_secs(60));
        assert_eq!((count(app, &broken, "bid.moved"), count(app, &sound, "bid.moved")), (1, 1), "its job came again");
    }

    fn a_bid_is_told_only_of_the_instant_that_it_goes_by(app: &TestApp) {
        let ((_, late), _) = (written(app, "Late"), written(app, "Plain"));
        let manager = app.client(Who::Manager);
        give(&manager, &late, "2026-10-02T16:00:00Z").expect(201);
        extend(&manager, OWN).expect(201);
        extend(&manager, "2026-10-02T10:00:00Z").expect(201);
        app.work();
        assert_eq!(told_of(app), [("Plain".into(), "11am on 2 October 2026".into())].into());
    }

    fn a_bid_that_is_decided_gets_no_more_time_behind_its_decision(app: &TestApp) {
        let reference = submitted(app, "Decided");
        app.at(SIFT);
        let (manager, second) = (app.client(Who::Manager), second(app));
        give(&manager, &reference, "2026-10-05T09:00:00Z").expect(201);
        decide(&manager, &reference, "sift", outcome("invite")).expect(201);
        assert_eq!(give(&manager, &reference, "2026-10-02T09:00:00Z").problem(), (409, "decided".into()));
        let confirmed = second.post(&format!("{}/1/confirm", path(&reference)), json!({}));
        assert_eq!(confirmed.problem(), (409, "decided".into()));
        release(app, "eoi_outcome").expect(200);
        assert_eq!(give(&manager, &reference, "2026-10-02T09:00:00Z").problem(), (409, "release_approved".into()));
    }

    fn more_time_is_given_only_with_a_fresh_code_and_what_was_written_is_kept(app: &TestApp) {
        let (_, reference) = written(app, "Late");
        let (stale, mut manager) = (app.client(Who::Manager), app.browser(Who::Manager));
        manager.open(&format!("/bids/{reference}/more-time"));
        app.later(Duration::from_secs(31 * 60));
        assert_eq!(give(&stale, &reference, OWN).problem(), (403, "fresh_code_needed".into()));
        manager.fill("Day", "1").fill("Month", "10").fill("At what time?", "17:00");
        manager.choose("This service was out of order").fill("What happened?", "Nobody could save.");
        confirm(app, manager.press("Give more time"), Who::Manager);
        manager.sees("Nobody could save.");
        assert_eq!(app.client(Who::Manager).get(&path(&reference)).expect(200).json()["changes"], json!([]));
        send_it_now(&mut manager).sees("It is at 5pm on 1 October 2026 from now on.");
    }

    fn only_what_closes_for_the_bid_can_close_later_and_only_for_one_of_two_reasons(app: &TestApp) {
        let (_, reference) = written(app, "Late");
        let manager = app.client(Who::Manager);
        let ask = |milestone: &str, at: &str, ground: &str| {
            manager.post(&path(&reference), json!({ "milestone": milestone, "at": at, "ground": ground, "reason": "x" }))
        };
        assert_eq!(ask("announcement", "2026-12-08T09:30:00Z", "outage").problem(), (422, "invalid".into()));
        assert_eq!(ask("eoi_closes", OWN, "round").problem(), (422, "invalid".into()));
        assert_eq!(ask("full_closes", "2026-11-16T17:00:00Z", "outage").problem(), (409, "nothing_closes".into()));
        assert_eq!(ask("eoi_closes", "2026-10-11T16:00:00Z", "outage").problem(), (409, "out_of_order".into()));
        assert_eq!(ask("eoi_closes", "2026-09-29T16:00:00Z", "outage").problem(), (422, "invalid".into()));
        app.client(Who::Observer).post(&path(&reference), json!({ "milestone": "eoi_closes", "at": OWN, "ground": "outage", "reason": "x" })).expect(404);
    }

    fn a_manager_gives_a_bid_more_time_on_pages(app: &TestApp) {
        let (_, reference) = written(app, "Late");
        let mut manager = app.browser(Who::Manager);
        manager.open("/rounds/test-round/dates").fill("Reference of the bid", "TEST-9999").press("Continue");
        manager.sees("There is no bid with this reference in this round.");
        manager.fill("Reference of the bid", &reference).press("Continue").sees(&format!("More time for {reference}"));
        assert!(!manager.has("Late"), "of a draft staff learn no more than that it is there");
        manager.fill("Day", "1").fill("Month", "10").fill("At what time?", "17:00").press("Give more time");
        manager.sees("Choose why this bid has more time.");
        manager.choose("This service was out of order").fill("What happened?", "Nobody could save.").press("Give more time");
        manager.sees("It is at 5pm on 1 October 2026 from now on.").sees("Outage. Nobody could save.");
    }
}
