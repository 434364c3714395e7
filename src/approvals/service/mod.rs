//! Asking, approving and refusing, each within the transaction of the use case that it belongs to.

mod able;
mod letters;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

pub use self::able::acting;
use self::{
    able::able,
    letters::{By, Told},
};
use crate::{
    approvals::{
        model::{Able, Approval, Ending, Given, Named, Open, Refused, Request, Support, Thing, Words, reason_fault},
        store,
    },
    bids::{content, store as bid_store},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds,
    http::Scene,
    identity::{policy::Granted, store::people},
    ids::{BidKey, FundKey, Id, PersonKey, RoundKey, RowKey},
    workflow::{Definition, Transition, Wanted},
};

/// Who stands behind a thing, and who is still wanted.
///
/// # Errors
/// When the database fails.
pub fn support(conn: &mut Conn, thing: &Thing) -> Result<Support> {
    let last = store::last(conn, thing)?;
    let open = last.as_ref().filter(|request| request.ended_at.is_none());
    let tag = tag(thing, open);
    let able = able(conn, thing)?;
    let is_able = |given: &Approval| able.iter().any(|able| (able.person.id, able.seat) == (given.person, given.seat));
    let mut given = Vec::new();
    for approval in open.map(|request| store::approvals(conn, request.id)).transpose()?.unwrap_or_default() {
        let acts = approval.seat != approval.person;
        given.push(Given {
            counts: approval.hash == thing.hash && is_able(&approval),
            in_place_of: if acts { Some(named(conn, approval.seat)?) } else { None },
            by: Named { person: approval.person, name: approval.name },
            at: approval.at,
        });
    }
    let stands = |able: &&Able| given.iter().any(|given| given.counts && given.seat() == able.seat);
    let wanted = able.iter().filter(|able| !stands(able)).map(|able| Named::from(&able.person)).collect();
    let asked_by = match open {
        Some(request) => Some(named(conn, request.requested_by)?),
        None => None,
    };
    let refused = match last.filter(|request| request.ending == Some(Ending::Refused)) {
        Some(request) => refusal(conn, request)?,
        None => None,
    };
    let seats: BTreeSet<_> = able.iter().map(|able| able.seat).collect();
    let able = u32::try_from(seats.len()).unwrap_or(u32::MAX);
    Ok(Support { tag, needed: thing.wanted.count, able, asked_by, given, wanted, refused })
}

fn tag(thing: &Thing, open: Option<&Request>) -> String {
    let hash = hex::encode(&thing.hash);
    open.map_or_else(|| hash.clone(), |request| format!("{}.{hash}", request.id))
}

/// Refuses an answer to something else than what stands: what is approved has changed since it was read, or the request
/// that was read has ended. Whoever read it before anybody asked has read the same.
///
/// # Errors
/// `Changed`; `VersionNeeded` where somebody asks and the answer does not say to what it is one.
pub fn require_seen(conn: &mut Conn, thing: &Thing, seen: Option<&str>) -> Result<()> {
    let open = open(conn, thing)?;
    match seen {
        None if open.is_some() => Err(AppError::VersionNeeded),
        Some(seen) if seen != tag(thing, open.as_ref()) && seen != tag(thing, None) => Err(AppError::Changed),
        _ => Ok(()),
    }
}

fn refusal(conn: &mut Conn, request: Request) -> Result<Option<Refused>> {
    let (Some(person), Some(at), Some(reason)) = (request.ended_by, request.ended_at, request.reason) else {
        return Ok(None);
    };
    Ok(Some(Refused { by: named(conn, person)?, at, reason }))
}

fn named(conn: &mut Conn, person: Id<PersonKey>) -> Result<Named> {
    Ok(Named::from(&people::person(conn, person)?))
}

/// Whether the actor can approve a thing.
///
/// # Errors
/// When the database fails.
pub fn is_able(conn: &mut Conn, scene: &Scene, thing: &Thing) -> Result<bool> {
    Ok(able(conn, thing)?.iter().any(|able| Some(able.person.id) == scene.actor.person()))
}

/// A transition that waits for people, as they stand behind it: the parts of the bid that matter to them.
///
/// # Errors
/// When the database fails.
pub fn transition(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    transition: &Transition,
) -> Result<Option<(Thing, Words)>> {
    let Some(approvals) = transition.waits_for_people() else { return Ok(None) };
    let row = bid_store::load(conn, bid)?;
    let round = funds::store::round_by_id(conn, row.round_id)?;
    let chain = if transition.is_decision() { Chain::Round(round.id) } else { Chain::Bid(row.id) };
    let thing = Thing {
        round: round.id,
        fund: round.fund_id,
        bid: Some(row.id),
        subject: transition.id.clone(),
        chain,
        wanted: Wanted::from(approvals),
        covers: BTreeSet::new(),
        hash: content::hash_of_parts(conn, bid, &approvals.voided_by)?,
        now: scene.now,
    };
    let what = format!("“{}” for {} ({})", transition.label, row.title, row.reference);
    Ok(Some((thing, Words { what, page: format!("/bids/{}", row.reference) })))
}

/// By transition, how many people stand behind what is asked about a bid.
///
/// # Errors
/// When the database fails.
pub fn behind(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    definition: &Definition,
) -> Result<BTreeMap<String, u32>> {
    let mut behind = BTreeMap::new();
    for request in store::open_of_bid(conn, bid.id())? {
        let Some(asked) = definition.transition(&request.subject) else { continue };
        if let Some((thing, _)) = transition(conn, scene, bid, asked)? {
            let people = support(conn, &thing)?.people();
            behind.insert(request.subject, u32::try_from(people).unwrap_or(u32::MAX));
        }
    }
    Ok(behind)
}

/// What people are asked about a bid now.
///
/// # Errors
/// When the database fails.
pub fn open_of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Request>> {
    store::open_of_bid(conn, bid.id())
}

/// What the people of a fund are asked now.
///
/// # Errors
/// When the database fails.
pub fn open_of_fund(conn: &mut Conn, fund: Id<FundKey>) -> Result<Vec<Open>> {
    store::open_of_fund(conn, fund)
}

/// What people are asked about a whole round now.
///
/// # Errors
/// When the database fails.
pub fn open_of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Request>> {
    store::open_of_round(conn, round)
}

/// Ends everything that was asked about a round which is called off, and about its bids; gives the requests that it ended,
/// for the history of the round. Everybody who asked and approved hears of the round.
///
/// # Errors
/// When the database fails.
pub fn end_of_round(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>) -> Result<Vec<Id<RowKey>>> {
    store::end_of_round(conn, round, (scene.actor.person(), scene.now))
}

/// Asks those who can approve a thing only since it was asked for.
///
/// # Errors
/// When the database fails.
pub fn ask_newcomers(conn: &mut Conn, scene: &Scene, told: Told<'_>, request: &Request) -> Result<()> {
    let support = support(conn, told.0)?;
    let asker = people::person(conn, request.requested_by)?;
    letters::wanted(conn, scene, told, (request, &asker), &support)
}

/// Ends everything that was asked about a bid which has moved on, however it did, and tells those who asked and approved.
///
/// # Errors
/// When the database fails.
pub fn overtake(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, definition: &Definition) -> Result<()> {
    for request in store::open_of_bid(conn, bid.id())? {
        store::end(conn, request.id, (Ending::Overtaken, None), (scene.actor.person(), scene.now))?;
        let Some(asked) = definition.transition(&request.subject) else { continue };
        if let Some((thing, words)) = transition(conn, scene, bid, asked)? {
            tell(conn, scene, &thing, "approval.overtaken", &request)?;
            letters::overtaken(conn, scene, (&thing, &words), &request)?;
        }
    }
    Ok(())
}

fn tell(conn: &mut Conn, scene: &Scene, thing: &Thing, kind: &'static str, request: &Request) -> Result<()> {
    scene.tell(conn, thing.chain, kind, json!({ "request": request.id, "subject": thing.subject }))
}

/// The person who acts, if they can approve the thing: a program answers for nothing.
///
/// # Errors
/// `Forbidden` for everybody else.
pub fn require_able(conn: &mut Conn, scene: &Scene, thing: &Thing) -> Result<Able> {
    let person = person_of(scene)?;
    let found = able(conn, thing)?.into_iter().find(|able| able.person.id == person);
    found.ok_or_else(|| {
        let message =
            format!("Only {} without a conflict of interest can approve or refuse this.", thing.wanted.people());
        AppError::forbidden("not_allowed", message)
    })
}

fn person_of(scene: &Scene) -> Result<Id<PersonKey>> {
    scene.person_or("What needs approval is asked for and approved by people: sign in.")
}

fn open(conn: &mut Conn, thing: &Thing) -> Result<Option<Request>> {
    Ok(store::last(conn, thing)?.filter(|request| request.ended_at.is_none()))
}

/// Lets the actor stand behind a thing as it is now. The first who does asks the others by mail; when the last has done
/// so who is needed, the request has ended and the caller does what was asked for.
///
/// # Errors
/// As [`require_able`] and [`require_seen`]; `Conflict` for whoever stands behind it already.
pub fn approve(conn: &mut Conn, scene: &Scene, told: Told<'_>, seen: Option<&str>) -> Result<Support> {
    approve_on(conn, scene, told, seen, None)
}

/// The same on these terms, where the actor is the first who stands behind it.
///
/// # Errors
/// As [`approve`].
pub fn approve_on(
    conn: &mut Conn,
    scene: &Scene,
    told: Told<'_>,
    seen: Option<&str>,
    terms: Option<Value>,
) -> Result<Support> {
    let able = require_able(conn, scene, told.0)?;
    require_seen(conn, told.0, seen)?;
    let person = able.person.clone();
    let request = match open(conn, told.0)? {
        Some(request) => {
            stand_behind(conn, scene, told.0, (&request, &able))?;
            return settle(conn, scene, told, (&request, &person));
        }
        None => store::insert(conn, scene.fresh(), told.0, terms, (person.id, scene.now))?,
    };
    stand_behind(conn, scene, told.0, (&request, &able))?;
    ask_the_others(conn, scene, told, (&request, &person))
}

/// Asks for what the actor may do only if others stand behind it, with the terms of a decision where it is one. Whoever asks
/// is the first of them where they are one of those who can approve.
///
/// # Errors
/// `Forbidden` for programs; `Conflict` when it is asked for already.
pub fn ask(conn: &mut Conn, scene: &Scene, told: Told<'_>, body: Option<Value>) -> Result<Support> {
    let person = person_of(scene)?;
    if open(conn, told.0)?.is_some() {
        let message = "Approval of this is asked for already. Approve it, refuse it, or take it back first.";
        return Err(AppError::conflict("requested_already", message));
    }
    let person = people::person(conn, person)?;
    let request = store::insert(conn, scene.fresh(), told.0, body, (person.id, scene.now))?;
    let detail = json!({ "request": request.id, "subject": told.0.subject, "bid": told.0.bid });
    scene.tell(conn, told.0.chain, "approval.requested", detail)?;
    if let Some(able) = able(conn, told.0)?.into_iter().find(|able| able.person.id == person.id) {
        stand_behind(conn, scene, told.0, (&request, &able))?;
    }
    ask_the_others(conn, scene, told, (&request, &person))
}

fn stand_behind(conn: &mut Conn, scene: &Scene, thing: &Thing, (request, able): (&Request, &Able)) -> Result<()> {
    let before = support(conn, thing)?;
    if before.given.iter().any(|given| given.counts && given.seat() == able.seat) {
        let message = "You have approved this already, or whoever counts as one with you. Somebody else has to.";
        return Err(AppError::conflict("approved_already", message));
    }
    store::approve(conn, scene.fresh(), request.id, &thing.hash, (able, scene.now))?;
    let detail =
        json!({ "request": request.id, "subject": thing.subject, "hash": hex::encode(&thing.hash), "as": able.seat });
    scene.tell(conn, thing.chain, "approval.given", detail)
}

fn ask_the_others(conn: &mut Conn, scene: &Scene, told: Told<'_>, by: By<'_>) -> Result<Support> {
    let support = settle(conn, scene, told, by)?;
    if support.still_needed() > 0 {
        letters::wanted(conn, scene, told, by, &support)?;
    }
    Ok(support)
}

/// Ends the request once enough people stand behind it.
fn settle(conn: &mut Conn, scene: &Scene, told: Told<'_>, by: By<'_>) -> Result<Support> {
    let support = support(conn, told.0)?;
    if support.still_needed() == 0 {
        store::end(conn, by.0.id, (Ending::Approved, None), (Some(by.1.id), scene.now))?;
        letters::approved(conn, scene, told, by)?;
    }
    Ok(support)
}

/// Refuses a thing that somebody else has asked for, in words that they read.
///
/// # Errors
/// As [`require_able`] and [`require_seen`]; `Invalid` without a reason; `Conflict` when nothing is asked for, and for
/// whoever asked.
pub fn refuse(conn: &mut Conn, scene: &Scene, told: Told<'_>, (reason, seen): (&str, Option<&str>)) -> Result<()> {
    let thing = told.0;
    let Able { person, seat } = require_able(conn, scene, thing)?;
    AppError::unless_empty(reason_fault(reason).into_iter().collect())?;
    let request = open(conn, thing)?.ok_or_else(not_requested)?;
    require_seen(conn, thing, seen)?;
    if [person.id, seat].contains(&request.requested_by) {
        let message = "You asked for this yourself. Take it back instead of refusing it.";
        return Err(AppError::conflict("own_request", message));
    }
    let reason = reason.trim();
    if !store::end(conn, request.id, (Ending::Refused, Some(reason)), (Some(person.id), scene.now))? {
        return Err(not_requested());
    }
    tell(conn, scene, thing, "approval.refused", &request)?;
    letters::refused(conn, scene, told, (&request, &person), reason)
}

fn not_requested() -> AppError {
    AppError::conflict("not_requested", "Nobody waits for an approval of this now.")
}

/// Takes back what was asked for, or what enough people stood behind if it `stands`, and tells those who asked and approved;
/// says whether there was anything.
///
/// # Errors
/// `Forbidden` for programs.
pub fn take_back(conn: &mut Conn, scene: &Scene, told: Told<'_>, stands: bool) -> Result<bool> {
    let person = person_of(scene)?;
    let Some(request) = store::last(conn, told.0)?.filter(|request| is_kept(request, stands)) else { return Ok(false) };
    if request.ended_at.is_none() {
        store::end(conn, request.id, (Ending::TakenBack, None), (Some(person), scene.now))?;
    }
    tell(conn, scene, told.0, "approval.taken_back", &request)?;
    let person = people::person(conn, person)?;
    letters::taken_back(conn, scene, told, (&request, &person))?;
    Ok(true)
}

/// Whether a request is open, or was approved and that approval stands.
fn is_kept(request: &Request, stands: bool) -> bool {
    request.ending.is_none_or(|ending| stands && ending == Ending::Approved)
}

/// The terms with which a thing is asked for, or was asked for when it was approved, if that approval `stands`.
///
/// # Errors
/// When the database fails.
pub fn terms(conn: &mut Conn, thing: &Thing, stands: bool) -> Result<Option<Value>> {
    let last = store::last(conn, thing)?.filter(|request| is_kept(request, stands));
    Ok(last.and_then(|request| request.body).map(|body| body.0))
}

/// Whether anybody waits for approvals of what a round's list says at a milestone: asked before the list is read.
///
/// # Errors
/// When the database fails.
pub fn is_open(conn: &mut Conn, round: Id<RoundKey>, subject: &str) -> Result<bool> {
    store::is_open(conn, round, subject)
}

/// Tells those whose approval is of something else than what stands now that it no longer counts, and asks them again: once
/// for each approval.
///
/// # Errors
/// When the database fails.
pub fn changed(conn: &mut Conn, scene: &Scene, told: Told<'_>) -> Result<()> {
    let thing = told.0;
    let Some(request) = open(conn, thing)? else { return Ok(()) };
    for approval in store::approvals(conn, request.id)?.into_iter().filter(|approval| approval.hash != thing.hash) {
        if letters::void(conn, scene, told, &approval)? {
            let detail = json!({
                "request": request.id, "subject": thing.subject, "person": approval.person,
                "stands": hex::encode(&thing.hash),
            });
            scene.tell(conn, thing.chain, "approval.void", detail)?;
        }
    }
    Ok(())
}
