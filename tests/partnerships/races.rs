//! Two acts that exclude each other, at the same instant on many bids and hundreds of times each: one of two bids becomes part of the
//! other or is submitted, and a signature is given or its bid withdrawn. Each time it comes to exactly one, and nothing is lost.

use std::thread;

use diesel::prelude::*;
use roundtable::{
    clock::Moment,
    db::{
        Conn,
        schema::{
            bids, partners, partnership_consents as consents, partnership_proposals as proposals, sign_offs,
            withdrawals,
        },
    },
    error::{AppError, Result},
    ids::{BidKey, Id, PersonKey, RowKey},
};
use serde_json::{Value, json};

use super::{
    any_order::kept,
    events,
    leads::{agree, newest},
    merging::{act, bid, in_full, partner, propose, written},
};
use crate::harness::{
    app::{Answer, Client, TestApp, Who},
    databases::on_each_database,
};

/// So many bids are raced for at the same time.
const LANES: usize = 4;
/// And so many times each, or as often as `TURNS` says for a long run.
fn turns_each() -> usize {
    std::env::var("TURNS").ok().and_then(|turns| turns.parse().ok()).unwrap_or(65)
}

/// Tries again as long as too much goes on at once.
pub(super) fn again(ask: impl Fn() -> Answer) -> Answer {
    loop {
        let answer = ask();
        if answer.status != 503 {
            return answer;
        }
        thread::yield_now();
    }
}

/// Does both at the same time; which sets out first changes with the turn.
pub(super) fn at_once(
    turn: usize,
    one: impl Fn() -> Answer + Sync,
    other: impl Fn() -> Answer + Sync,
) -> (Answer, Answer) {
    thread::scope(|scope| {
        if turn.is_multiple_of(2) {
            let one = scope.spawn(|| again(&one));
            let other = again(&other);
            (one.join().unwrap(), other)
        } else {
            let other = scope.spawn(|| again(&other));
            let one = again(&one);
            (one, other.join().unwrap())
        }
    })
}

/// Plays the turns of every lane at the same time; gives how often the first act came first.
fn raced(turns: impl Fn(usize) -> usize + Sync) -> usize {
    thread::scope(|scope| {
        let turns = &turns;
        let running: Vec<_> = (0..LANES).map(|lane| scope.spawn(move || turns(lane))).collect();
        running.into_iter().map(|lane| lane.join().unwrap()).sum()
    })
}

/// Two drafts of which one is to become part of the other: its lead has agreed, the other's has not.
struct Merger {
    officer: Client,
    stranger: Client,
    ours: String,
    theirs: String,
    path: String,
    seen: Value,
}

impl Merger {
    fn half_agreed(app: &TestApp) -> Self {
        let (officer, ours) = written(app, (Who::Officer, "AMB"), "Repairs");
        let (stranger, theirs) = written(app, (Who::Stranger, "CAS"), "Leaks");
        partner(app, &stranger, &theirs, (Who::Officer, "AMB"), 0);
        propose(app, Who::Officer, &ours, &theirs, false).expect(201);
        let path = newest(app, Who::Officer, &ours);
        let half = agree(app, Who::Stranger, &newest(app, Who::Stranger, &theirs)).expect(200).json();
        Self { officer, stranger, ours, theirs, path, seen: half["seen"].clone() }
    }

    /// One turn; says whether the bid was submitted rather than ended.
    fn turn(&self, app: &TestApp, turn: usize) -> bool {
        let (agreed, handed_in) = at_once(
            turn,
            || self.officer.post(&format!("{}/agree", self.path), json!({ "seen": self.seen })),
            || act(&self.stranger, &self.theirs, "submit_eoi"),
        );
        let proposal = self.officer.get(&self.path).expect(200).json();
        let state = bid(app, Who::Stranger, &self.theirs)["state"].clone();
        let submitted = handed_in.status == 200;
        if submitted {
            assert_eq!((state, &proposal["state"]), (json!("eoi_submitted"), &json!("open")), "turn {turn}");
            assert_eq!(agreed.status, 200, "{}", agreed.text());
            assert_eq!(proposal["awaited"], json!(["the fund"]), "what was submitted is the fund's to agree to");
        } else {
            assert_eq!(handed_in.status, 409, "{}", handed_in.text());
            assert_eq!((state, &proposal["state"]), (json!("withdrawn"), &json!("done")), "turn {turn}");
        }
        submitted
    }

    /// Puts both bids and the proposal back to where they stood before the turn.
    fn put_back(&self, app: &TestApp) {
        let (ours, theirs) = (self.ours.clone(), self.theirs.clone());
        write(app, move |conn| {
            let (ours, theirs) = (id(conn, &ours)?, id(conn, &theirs)?);
            let (nobody, never, nothing): (Option<Id<PersonKey>>, Option<Moment>, Option<String>) = (None, None, None);
            diesel::delete(partners::table.filter(partners::bid_id.eq(ours))).execute(conn)?;
            diesel::delete(withdrawals::table.find(theirs)).execute(conn)?;
            let draft = (bids::state.eq("eoi_draft"), bids::kind.eq("draft"), bids::submitted_at.eq(never));
            diesel::update(bids::table.find(theirs)).set(draft).execute(conn)?;
            let proposal: Id<RowKey> =
                proposals::table.filter(proposals::bid_id.eq(ours)).select(proposals::id).first(conn)?;
            let open = (proposals::state.eq("open"), proposals::ended_at.eq(never), proposals::ended_why.eq(&nothing));
            diesel::update(proposals::table.find(proposal)).set(open).execute(conn)?;
            diesel::delete(consents::table.find((proposal, "fund"))).execute(conn)?;
            let unanswered =
                (consents::agreed_at.eq(never), consents::person_id.eq(nobody), consents::seen.eq(&nothing));
            diesel::update(consents::table.find((proposal, "lead"))).set(unanswered).execute(conn)?;
            Ok(())
        });
    }
}

fn id(conn: &mut Conn, reference: &str) -> Result<Id<BidKey>> {
    roundtable::bids::store::id_of(conn, reference)
}

pub(super) fn write(app: &TestApp, put: impl Fn(&mut Conn) -> Result<()> + Clone + Send + 'static) {
    loop {
        let put = put.clone();
        match app.block_on(|app| async move { app.db.write(put).await }) {
            Err(AppError::Busy { .. }) => thread::yield_now(),
            done => return done.unwrap(),
        }
    }
}

on_each_database! {
    fn merging_and_submitting_at_once_come_to_exactly_one_and_nothing_is_lost(app: &TestApp) {
        let mergers: Vec<Merger> = (0..LANES).map(|_| Merger::half_agreed(app)).collect();
        let submitted = raced(|lane| {
            let merger = &mergers[lane];
            let submitted = |turn| {
                let submitted = merger.turn(app, turn);
                if turn + 1 < turns_each() {
                    merger.put_back(app);
                }
                usize::from(submitted)
            };
            (0..turns_each()).map(submitted).sum()
        });
        let turns = LANES * turns_each();
        assert!(submitted > turns / 50 && submitted < turns - turns / 50, "both happen: {submitted} of {turns}");
        for Merger { ours, theirs, .. } in &mergers {
            assert_eq!(bid(app, Who::Stranger, theirs)["content"]["answers"]["problem"], "Words of Leaks.");
            assert_eq!(bid(app, Who::Officer, ours)["content"]["answers"]["problem"], "Words of Repairs.");
            let (kinds, of_other) = (events(app, ours), events(app, theirs));
            let count = |kinds: &[String], kind: &str| kinds.iter().filter(|other| *other == kind).count();
            let merged = count(&kinds, "bid.merged");
            assert_eq!(merged, count(&of_other, "bid.merged_into"), "{of_other:?}");
            assert_eq!(merged + count(&of_other, "bid.submitted"), turns_each(), "each turn came to one of the two: {of_other:?}");
        }
    }

    fn signing_and_withdrawing_at_once_leave_nothing_asked_for(app: &TestApp) {
        let references: Vec<String> = (0..LANES).map(|_| written(app, (Who::Officer, "AMB"), "Repairs").1).collect();
        in_full(app, &references.iter().collect::<Vec<_>>());
        let signed = raced(|lane| {
            let (reference, officer, signatory) = (&references[lane], app.client(Who::Officer), app.client(Who::Signatory));
            let signed = |turn| {
                let signed = sign_or_withdraw(app, (reference, turn), &officer, &signatory);
                let reference = reference.clone();
                write(app, move |conn| {
                    let bid = id(conn, &reference)?;
                    diesel::delete(withdrawals::table.find(bid)).execute(conn)?;
                    let stands = (bids::state.eq("full_draft"), bids::kind.eq("waiting"));
                    diesel::update(bids::table.find(bid)).set(stands).execute(conn)?;
                    diesel::update(sign_offs::table.filter(sign_offs::bid_id.eq(bid))).set(sign_offs::state.eq("void")).execute(conn)?;
                    Ok(())
                });
                usize::from(signed)
            };
            (0..turns_each()).map(signed).sum()
        });
        let turns = LANES * turns_each();
        assert!(signed > turns / 50 && signed < turns - turns / 50, "both happen: {signed} of {turns}");
        let count = |kind: &str| references.iter().flat_map(|one| events(app, one)).filter(|other| other == kind).count();
        assert_eq!((count("sign_off.signed"), count("sign_off.ended")), (signed, turns - signed), "nothing is lost or double");
    }
}

/// Signs a bid and takes it back at the same time; says whether the signature came first.
fn sign_or_withdraw(app: &TestApp, (reference, turn): (&str, usize), officer: &Client, signatory: &Client) -> bool {
    let path = format!("/api/v1/bids/{reference}/sign-off");
    let hash = again(|| officer.post(&path, json!({}))).expect(200).json()["hash"].clone();
    let (one, other) = at_once(
        turn,
        || signatory.post(&format!("{path}/sign"), json!({ "hash": hash })),
        || act(officer, reference, "withdraw"),
    );
    other.expect(200);
    let standing: Vec<String> =
        kept(app, reference).into_iter().map(|(_, state, ..)| state).filter(|state| state != "void").collect();
    let signed = one.status == 200;
    if signed {
        assert_eq!(standing, ["signed"], "turn {turn}");
    } else {
        assert_eq!((one.problem(), standing), ((409, "not_requested".into()), vec![]), "turn {turn}");
    }
    assert_eq!(bid(app, Who::Officer, reference)["state"], "withdrawn");
    signed
}
