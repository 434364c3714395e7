//! Who hears of a changed date, and what. Managers at once; councils through a job, bid by bid, so that several hundred
//! bids neither hold up the change nor are told twice.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::TOLD_JOB;
use crate::{
    actor::Actor,
    bids,
    db::{Conn, schema::bids as bid_rows},
    error::Result,
    funds::{self, change::Change, model::RoundInFull, reopening},
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::{organisations as councils, people, readers},
    },
    ids::{BidKey, Id, RowKey},
    jobs::{self, Handler},
    journey::service::situation::bids_where,
    mail::outbox::{Notice, extend},
    partnerships::{self, Reader, model::PartnerState},
    workflow::Definition,
};

/// Queues telling the councils of a change that is in force now.
pub(super) fn order(conn: &mut Conn, scene: &Scene, change: &Change) -> Result<()> {
    let order = jobs::Order {
        id: scene.fresh(),
        kind: TOLD_JOB,
        payload: json!({ "change": change.id }),
        run_at: scene.now,
        unique_key: Some(format!("{TOLD_JOB} {}", change.id)),
    };
    jobs::enqueue(conn, order, scene.now)
}

/// What the job carries.
#[derive(Debug, Deserialize)]
struct Payload {
    change: Id<RowKey>,
}

/// Tells councils of changes.
pub fn told_handler(app: &App) -> Handler {
    jobs::handler(app, |app, payload: Payload| async move { tell_councils(&app, payload.change).await })
}

/// One transaction for each bid, and the others are told where one cannot be. A message has a key, so that doing it again
/// writes none twice.
async fn tell_councils(app: &App, id: Id<RowKey>) -> Result<()> {
    let call = Call::by(Actor::System, app.clock.now());
    let concerned = call.read(app, move |conn, _| {
        let change = funds::store::change(conn, id)?;
        concerned(conn, &change)
    });
    let mut outcome = Ok(());
    for bid in concerned.await? {
        let told = call.write(app, move |conn, scene| {
            let change = funds::store::change(conn, id)?;
            let granted = policy::bid(conn, &scene.actor, Action::ReadBid, bid)?;
            to_councils(conn, scene, &granted, &change)
        });
        outcome = outcome.and(told.await);
    }
    outcome
}

/// The bid itself, or those of the round that have what changes before them. Their rows say no more than everybody may
/// know, so that a decision which is not released tells nothing here.
fn concerned(conn: &mut Conn, change: &Change) -> Result<Vec<Id<BidKey>>> {
    if let Some(bid) = change.bid_id {
        return Ok(vec![bid]);
    }
    let is_concerned = |definition: &Definition, state: &str| definition.has_ahead(state, change.milestone.word());
    bids_where(conn, change.round_id, is_concerned)
}

/// Tells the people of a bid's councils, unless the bid goes by another instant: its own later one, or that of a newer
/// change, of which they hear by itself.
fn to_councils(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, change: &Change) -> Result<()> {
    let bid = bids::store::load(conn, granted)?;
    let round = funds::store::round_by_id(conn, change.round_id)?;
    let round = funds::store::in_full_for(conn, round, bid.id)?;
    if round.timetable.at(change.milestone) != Some(change.to_at) {
        return Ok(());
    }
    let template = match change.bid_id {
        Some(_) if change.reopens() => "reopened",
        Some(_) => "more-time",
        None => "date-changed",
    };
    let mut data = about(conn, change, &round)?;
    let lead = councils::by_id(conn, bid.lead_id)?.name;
    extend(&mut data, json!({ "title": bid.title, "reference": bid.reference, "lead": lead }));
    extend(&mut data, json!({ "link": format!("/bids/{}", bid.reference) }));
    let mut whole = Notice { template, bid: Some(bid.id), round: Some(change.round_id), data };
    let mut instants = whole.clone();
    // Why somebody needs more time may say something of a person; why a bid is reopened says what is wrong with it.
    if change.bid_id.is_some() && !change.reopens() {
        extend(&mut instants.data, json!({ "reason": null, "ground": null }));
    }
    let set_aside = change.reopening.as_ref().and_then(|named| named.set_aside.as_ref());
    let set_aside = set_aside.is_some_and(|written| !written.0.is_empty());
    extend(&mut whole.data, json!({ "leads": true, "set_aside": set_aside }));
    extend(&mut instants.data, json!({ "leads": false, "set_aside": false }));
    // Also those who were asked and have not answered, since what they were asked depends on the date.
    let readers = partnerships::readers_of(conn, (bid.id, bid.lead_id), PartnerState::STANDING)?;
    for Reader { person, leads } in readers {
        let told = if leads { &whole } else { &instants };
        scene.write_to(conn, &person, told, &format!("{} {} councils {}", change.id, bid.id, person.id))?;
    }
    Ok(())
}

/// What every message about a change says.
fn about(conn: &mut Conn, change: &Change, round: &RoundInFull) -> Result<Value> {
    let made_by = people::person(conn, change.made_by)?;
    let form = change.milestone.closed_stage().map(|stage| round.rulebook.form(stage));
    let questions = form.map_or_else(Vec::new, |form| reopening::named(change, form));
    let questions: Vec<String> = questions.into_iter().map(|part| part.title).collect();
    Ok(json!({
        "round": round.round.title,
        "fund": round.fund.name,
        "milestone": change.milestone.title(),
        "closes": change.milestone.is_closing(),
        "from": change.from_at.in_words(),
        "to": change.to_at.in_words(),
        "reason": change.reason,
        "ground": change.ground,
        "questions": questions,
        "by": made_by.name,
        "ask": made_by.email,
        "dates": format!("/rounds/{}#dates", round.round.slug),
    }))
}

/// Tells the fund's managers but for the one who acts: those of them who may know of the bid, if it is about one.
pub(super) fn to_managers(
    conn: &mut Conn,
    scene: &Scene,
    change: &Change,
    (occasion, words): (&'static str, &str),
) -> Result<()> {
    let round = funds::store::round_by_id(conn, change.round_id)?;
    let round = funds::store::in_full(conn, round)?;
    let mut data = about(conn, change, &round)?;
    let actor = scene.actor.person();
    let reference: Option<String> = match change.bid_id {
        Some(bid) => Some(bid_rows::table.find(bid).select(bid_rows::reference).first(conn)?),
        None => None,
    };
    let link = match &reference {
        Some(reference) => format!("/bids/{reference}/more-time"),
        None => format!("/rounds/{}/dates", round.round.slug),
    };
    let who = actor.map(|actor| people::name_of(conn, actor)).transpose()?;
    extend(&mut data, json!({ "occasion": occasion, "words": words, "who": who }));
    extend(&mut data, json!({ "reference": reference, "link": link }));
    let told = Notice { template: "date-managers", bid: change.bid_id, round: Some(change.round_id), data };
    for reader in readers::managers(conn, round.fund.id)? {
        let may_know = match change.bid_id {
            Some(bid) => !policy::has_conflict(conn, reader.id, bid, scene.now)?,
            None => true,
        };
        if may_know && Some(reader.id) != actor {
            scene.write_to(conn, &reader, &told, &format!("{} {occasion} {}", change.id, reader.id))?;
        }
    }
    Ok(())
}

/// Tells the fund's managers and those who were given a bid to assess that a newer version stands since it was reopened:
/// those of them who may know of the bid.
pub(super) fn of_newer_version(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    change: &Change,
) -> Result<()> {
    let bid = bids::store::load(conn, granted)?;
    let round = funds::store::round_by_id(conn, change.round_id)?;
    let questions: Vec<String> = super::reopen::named(conn, change)?.into_iter().map(|part| part.title).collect();
    let data = json!({
        "title": bid.title,
        "reference": bid.reference,
        "round": round.title,
        "questions": questions,
        "at": scene.now.in_words(),
        "link": format!("/bids/{}", bid.reference),
    });
    let told = Notice { template: "new-version", bid: Some(bid.id), round: Some(change.round_id), data };
    let mut told_to = BTreeSet::new();
    for reader in readers::managers(conn, round.fund_id)?.into_iter().chain(readers::assessors(conn, bid.id)?) {
        if told_to.insert(reader.id) && !policy::has_conflict(conn, reader.id, bid.id, scene.now)? {
            scene.write_to(conn, &reader, &told, &format!("{} submitted {}", change.id, reader.id))?;
        }
    }
    Ok(())
}
