//! What a round asks of councils that bid together and of their shares, held against whoever acts at the same instant: complete and
//! signed full applications, submitted against each other, against a partner that leaves, and against other costs. Each time it comes
//! to exactly what the rules allow, and nothing is lost.

use std::thread;

use diesel::prelude::*;
use roundtable::{
    bids::{
        content::{Content, Sealed},
        model::{CostLine, asked_in},
    },
    clock::Moment,
    db::{
        Conn,
        schema::{bids, withdrawals},
    },
    error::Result,
    ids::{BidKey, Id},
};
use serde_json::{Value, json};

use super::{
    any_order::kept,
    merging::act,
    races::{again, at_once, write},
    rules::{ASKING, ask, confirm, invite, put, start},
};
use crate::{
    bids::led::another_round,
    harness::{
        app::{Answer, Client, TestApp, Who},
        databases::on_each_database,
    },
};

const FULL: &str = "2026-10-12T09:00:00Z";
const SHARE: i64 = 20_000;
const OWN: i64 = 30_000;

fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}")
}

fn version(client: &Client, reference: &str) -> i64 {
    client.get(&path(reference)).expect(200).json()["version"].as_i64().unwrap()
}

/// The costs of the lead and of Borchester.
fn lines(app: &TestApp, own: i64, share: i64) -> Value {
    let line = |category: &str, whose: Value, pence: i64| json!({ "category": category, "organisation_id": whose, "description": "Work", "pence": pence });
    json!({ "costs": [line("lead", json!(null), own), line("partner", json!(app.organisation("BOR")), share)] })
}

/// A full application of Ambridge with Borchester as a partner that wants nothing but to be signed; gives the path of its part.
fn complete(app: &TestApp, reference: &str) -> String {
    put(app, reference, "full_draft");
    let officer = app.client(Who::Officer);
    let here = path(reference);
    officer
        .patch(&here, version(&officer, reference), json!({ "phase": "discovery", "ask_pence": OWN + SHARE }))
        .expect(200);
    for question in ["problem", "plan"] {
        let answer = json!({ "value": format!("Words of {reference}."), "complete": true });
        officer.put(&format!("{here}/answers/{question}"), 0, answer).expect(200);
    }
    let promise = json!({ "measure": "Days to a repair", "unit": "days", "target": 5.0 });
    officer
        .put(&format!("{here}/promises"), version(&officer, reference), json!({ "promises": [promise] }))
        .expect(200);
    officer.put(&format!("{here}/costs"), version(&officer, reference), lines(app, OWN, SHARE)).expect(200);
    let part = invite(app, reference, "BOR");
    share(app, &part, SHARE);
    confirm(app, Who::Partner, &part).expect(200);
    part
}

fn share(app: &TestApp, part: &str, pence: i64) {
    let officer = app.client(Who::Officer);
    let of_bid = officer.get(part.rsplit_once('/').unwrap().0).expect(200).json();
    let partner =
        of_bid["partners"].as_array().unwrap().iter().find(|one| part.ends_with(one["id"].as_str().unwrap())).cloned();
    officer.patch(part, partner.unwrap()["version"].as_i64().unwrap(), json!({ "share_pence": pence })).expect(200);
}

fn sign(app: &TestApp, reference: &str) {
    let here = format!("{}/sign-off", path(reference));
    let asked = again(|| app.client(Who::Officer).post(&here, json!({})));
    // What was signed for stands as long as it says the same.
    if asked.status == 409 && asked.problem().1 == "signed_already" {
        return;
    }
    assert!(asked.status == 200 || asked.problem().1 == "requested_already", "{}", asked.text());
    let hash = app.client(Who::Signatory).get(&here).expect(200).json()["hash"].clone();
    again(|| app.client(Who::Signatory).post(&format!("{here}/sign"), json!({ "hash": hash }))).expect(200);
}

fn id(conn: &mut Conn, reference: &str) -> Result<Id<BidKey>> {
    roundtable::bids::store::id_of(conn, reference)
}

/// Puts bids back where they are written and were never submitted. Their versions stay.
fn put_back(app: &TestApp, references: &[String]) {
    let references = references.to_vec();
    write(app, move |conn| {
        for reference in &references {
            let (bid, never): (_, Option<Moment>) = (id(conn, reference)?, None);
            let draft = (bids::state.eq("full_draft"), bids::kind.eq("waiting"), bids::submitted_at.eq(never));
            diesel::update(bids::table.find(bid)).set(draft).execute(conn)?;
            diesel::delete(withdrawals::table.find(bid)).execute(conn)?;
        }
        Ok(())
    });
}

/// Whether each was submitted, all of them at the same time.
fn submitted(app: &TestApp, references: &[String]) -> Vec<bool> {
    let officer = app.client(Who::Officer);
    thread::scope(|scope| {
        let officer = &officer;
        let submit = |reference| scope.spawn(move || again(|| act(officer, reference, "submit_full")));
        let running: Vec<_> = references.iter().map(|reference: &String| submit(reference)).collect();
        let answers = running.into_iter().map(|one| one.join().unwrap());
        let was = |answer: Answer| {
            assert!([200, 409].contains(&answer.status), "{}", answer.text());
            answer.status == 200
        };
        answers.map(was).collect()
    })
}

/// The newest submitted version of a full application adds up and is what was signed.
fn version_holds(app: &TestApp, reference: &str) -> Content {
    let officer = app.client(Who::Officer);
    let all = officer.get(&format!("{}/versions", path(reference))).expect(200).json();
    let newest = all.as_array().unwrap().last().unwrap()["number"].as_i64().unwrap();
    let kept_version = officer.get(&format!("{}/versions/full/{newest}", path(reference))).expect(200).json();
    let content: Content = serde_json::from_value(kept_version["content"].clone()).unwrap();
    assert_eq!(content.ask_pence, Some(asked_in(&content.costs)), "the costs are the ask");
    for partner in &content.partners {
        let of_partner = |line: &&CostLine| line.is_of_partner(partner.organisation.id);
        let lines: Vec<CostLine> = content.costs.iter().filter(of_partner).cloned().collect();
        assert_eq!(asked_in(&lines), partner.share_pence, "each share is its costs");
    }
    let terms = Sealed::of(content.clone()).unwrap().terms;
    let lead = content.lead.id;
    let signed =
        kept(app, reference).into_iter().any(|(council, _, of, _)| council == lead && of.as_ref() == Some(&terms));
    assert!(signed, "it is what was signed for");
    content
}

/// Does both at the same time; in some turns one after the other, so that each order comes up whatever the database prefers.
fn in_some_order(turn: usize, one: impl Fn() -> Answer + Sync, other: impl Fn() -> Answer + Sync) -> (Answer, Answer) {
    match turn % 5 {
        0 => {
            let one = again(one);
            (one, again(other))
        }
        1 => {
            let other = again(other);
            (again(one), other)
        }
        _ => at_once(turn, one, other),
    }
}

/// How often each race is run, or as often as `TURNS` says for a long run.
fn turns() -> usize {
    std::env::var("TURNS").ok().and_then(|turns| turns.parse().ok()).unwrap_or(60)
}

on_each_database! {
    fn of_bids_with_one_partner_that_are_submitted_at_once_no_more_go_in_than_it_can_join(app: &TestApp) {
        ask(app, json!({ "most_joined": 2 }));
        let references: Vec<String> = (0..6).map(|n| start(app, ASKING, &format!("Idea {n}"))).collect();
        for reference in &references {
            complete(app, reference);
        }
        app.at(FULL);
        for reference in &references {
            sign(app, reference);
        }
        let mut first = [0; 6];
        for _ in 0..turns() / 3 {
            let went_in = submitted(app, &references);
            assert_eq!(went_in.iter().filter(|went| **went).count(), 2, "{went_in:?}");
            first.iter_mut().zip(&went_in).for_each(|(first, went)| *first += usize::from(*went));
            put_back(app, &references);
        }
        assert!(first.iter().filter(|times| **times > 0).count() > 2, "it is not always the same two: {first:?}");
    }

    fn councils_that_two_rounds_exclude_from_bidding_twice_together_go_in_once(app: &TestApp) {
        another_round(app, "first-round", "ONE", |rulebook| {
            let other = json!({ "excludes": [{ "round": ASKING, "name": "Asking round" }] });
            rulebook.partnership = serde_json::from_value(other).unwrap();
        });
        ask(app, json!({ "excludes": [{ "round": "first-round", "name": "First round" }] }));
        let references = ["first-round", ASKING].map(|round| start(app, round, "Shared repairs"));
        for reference in &references {
            complete(app, reference);
        }
        app.at(FULL);
        for reference in &references {
            sign(app, reference);
        }
        for turn in 0..turns() {
            let went_in = submitted(app, &references);
            assert_eq!(went_in.iter().filter(|went| **went).count(), 1, "turn {turn}: {went_in:?}");
            put_back(app, &references);
        }
    }

    fn a_bid_whose_partner_leaves_while_it_is_submitted_goes_in_with_enough_councils_or_not_at_all(app: &TestApp) {
        ask(app, json!({ "least_councils": { "count": 2, "with_lead": true } }));
        let reference = start(app, ASKING, "Shared repairs");
        let part = complete(app, &reference);
        app.at(FULL);
        let (officer, partner) = (app.client(Who::Officer), app.client(Who::Partner));
        let mut went_in = 0;
        for turn in 0..turns() {
            sign(app, &reference);
            let leave = || partner.post(&format!("{part}/leave"), json!({ "reason": "We have no people for it." }));
            let (submitted, left) = in_some_order(turn, || act(&officer, &reference, "submit_full"), leave);
            left.expect(200);
            if submitted.status == 200 {
                went_in += 1;
                let content = version_holds(app, &reference);
                assert_eq!(content.partners.iter().filter(|partner| partner.confirmed).count(), 1, "turn {turn}");
            } else {
                assert_eq!(submitted.problem(), (409, "not_yet".into()), "{}", submitted.text());
            }
            app.work();
            put_back(app, std::slice::from_ref(&reference));
            assert_eq!(invite(app, &reference, "BOR"), part, "it takes its old place");
            share(app, &part, SHARE);
            confirm(app, Who::Partner, &part).expect(200);
        }
        assert!(went_in > 0 && went_in < turns(), "both happen: {went_in}");
    }

    fn what_is_submitted_while_shares_and_costs_are_rewritten_adds_up_and_is_signed(app: &TestApp) {
        ask(app, json!({}));
        let reference = start(app, ASKING, "Shared repairs");
        let part = complete(app, &reference);
        app.at(FULL);
        let officer = app.client(Who::Officer);
        let mut went_in = 0;
        for turn in 0..turns() {
            sign(app, &reference);
            let now = version(&officer, &reference);
            let (submitted, written) = in_some_order(
                turn,
                || act(&officer, &reference, "submit_full"),
                || officer.put(&format!("{}/costs", path(&reference)), now, lines(app, OWN + 1, SHARE - 1)),
            );
            if submitted.status == 200 {
                went_in += 1;
                assert_eq!(version_holds(app, &reference).costs.len(), 2);
            } else {
                assert_eq!(submitted.problem(), (409, "not_yet".into()), "{}", submitted.text());
            }
            assert!([200, 412].contains(&written.status), "{}", written.text());
            app.work();
            put_back(app, std::slice::from_ref(&reference));
            let now = version(&officer, &reference);
            officer.put(&format!("{}/costs", path(&reference)), now, lines(app, OWN, SHARE)).expect(200);
            share(app, &part, SHARE + 1);
            share(app, &part, SHARE);
            confirm(app, Who::Partner, &part).expect(200);
        }
        assert!(went_in > 0 && went_in < turns(), "both happen: {went_in}");
    }
}
