//! The desk of those who decide: where one bid stands, and what may be decided on it.

use std::{
    collections::{BTreeMap, BTreeSet},
    slice,
};

use serde::Serialize;

use super::{
    advice::{places, ranking},
    place::place,
    queue::{label, releases, unpassed},
    retract::retractable,
    situation::situation_of,
    wall::is_withheld,
};
use crate::{
    assessment::gateway,
    awards::{
        draws,
        lists::follow,
        model::{Decision, Gate, awards},
        readiness::Readers,
        store,
    },
    bids::{
        self,
        holds::{self, model::Hold},
    },
    db::Conn,
    error::Result,
    funds::{self, model::Milestone},
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id, RoundKey},
    money::Pence,
    workflow::{self, Definition, Place},
};

/// One bid on the desk.
#[derive(Debug, Clone, Serialize)]
pub struct Desk {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The round's place in addresses.
    pub round: String,
    /// What it asks for.
    pub ask_pence: Option<Pence>,
    /// Where the decisions have brought it, in the staff's words.
    pub position: String,
    /// Its place in the ranking, which is recorded with a decision.
    pub place: Option<i32>,
    /// The same as the reader may see it: without the bids that a conflict of interest hides from them.
    pub seen_place: Option<i32>,
    /// What the list of record says of it, for whoever sees every bid of the round and reads none blind.
    pub listed: Option<Listed>,
    /// What the draw at the funding line says of it, for whoever sees every bid of the round and reads none blind.
    pub lot: Option<String>,
    /// What can be decided, allowed or not.
    pub choices: Vec<DeskChoice>,
    /// When what is decided now shows, if it waits for a release: where the bid stands in the queue.
    pub release: Option<Milestone>,
    /// The decision that stands and can be changed.
    pub standing: Option<Decision>,
    /// The decision that can be taken back.
    pub retractable: Option<Decision>,
    /// That the round was called off, when and why, as part of a sentence.
    pub cancelled: Option<String>,
    /// Why nothing can be decided while the bid is on hold, as part of a sentence.
    pub on_hold: Option<String>,
    /// Who gets an email of what is decided now and shows at once.
    pub readers: Readers,
    /// What is open or failed of its gateway checks, in words.
    pub gateway: Option<String>,
    /// Where feedback begins to the councils of a bid that has failed its gateway checks.
    pub feedback: String,
}

/// What the list of record says of a bid.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// The number of the list.
    pub number: i32,
    /// What it suggests.
    pub suggested: &'static str,
    /// Why that is not what the ranking says.
    pub reason: Option<String>,
    /// Whether ranking, rules, budget or bids have changed since it was made: then a decision takes over no reason of it.
    pub outdated: bool,
}

/// Something that can be decided.
#[derive(Debug, Clone, Serialize)]
pub struct DeskChoice {
    /// The transition.
    pub transition: String,
    /// Its words.
    pub label: String,
    /// At which gate.
    pub gate: Gate,
    /// When it shows, if not at once.
    pub release: Option<Milestone>,
    /// Whether it awards money.
    pub awards: bool,
    /// Whether it shows as soon as it is decided.
    pub at_once: bool,
    /// Whether the councils get an email when it shows.
    pub tells: bool,
    /// Whether others have to approve it before it stands.
    pub asks: bool,
}

/// What may be decided on a bid now.
///
/// # Errors
/// As policy says; a conflict of interest makes it `NotFound`.
pub async fn desk(app: &App, call: &Call, reference: String) -> Result<Desk> {
    call.read(app, move |conn, scene| {
        let id = bids::store::id_of(conn, &reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
        let granted = policy::bid_to_read(conn, &scene.actor, Action::DecideBid, id)?;
        let running = granted.standing().may(Action::DecideBid);
        let row = bids::store::load(conn, &granted)?;
        let round = funds::store::round_by_id(conn, row.round_id)?;
        let (definition, place) = place(conn, &granted, scene.now)?;
        let choices = if running { choices(conn, scene, &granted, (&definition, &place))? } else { Vec::new() };
        let gates: BTreeSet<Gate> = choices.iter().map(|choice| choice.gate).collect();
        let standing = store::of_bid(conn, &granted)?;
        let holds = holds::store::of_bid(conn, &granted)?;
        let on_round = policy::round(conn, &scene.actor, Action::ListBids, round.id)?;
        // Bids that are decided on one by one are not held against one another.
        let is_ranked = !releases(slice::from_ref(&definition)).is_empty();
        let ranked = if is_ranked { ranking(conn, &on_round)? } else { Vec::new() };
        let sight = policy::sight(conn, &scene.actor)?;
        let full = funds::store::in_full(conn, round.clone())?;
        // Before a full application stands there is nothing to check.
        let checked = gates.iter().any(|gate| *gate != Gate::Sift);
        let standing_at_gateway = if checked { gateway::service::of_bid(conn, &granted, &full)? } else { None };
        let seen = if is_ranked { places(conn, &on_round, &sight)? } else { BTreeMap::new() };
        Ok(Desk {
            standing: standing.into_iter().rfind(|it| it.recorded_at.is_none() && gates.contains(&it.gate)),
            retractable: if running { retractable(conn, &granted)? } else { None },
            position: label(&definition, place.decided()),
            place: ranked.iter().find(|ranked| ranked.bid == id).map(|ranked| ranked.place),
            seen_place: seen.get(&id).copied(),
            listed: if is_ranked { listed(conn, &on_round, &sight, id)? } else { None },
            lot: if is_ranked { lot(conn, &on_round, &sight, id)? } else { None },
            reference: row.reference,
            title: row.title,
            cancelled: round.cancellation(),
            round: round.slug,
            ask_pence: row.ask_pence,
            release: choices.first().and_then(|choice| choice.release),
            on_hold: holds.iter().find(|hold| hold.stands()).map(Hold::in_words),
            readers: readers(conn, &on_round, id)?,
            gateway: unpassed(standing_at_gateway),
            feedback: gateway::service::feedback_of(conn, &granted, &full)?,
            choices,
        })
    })
    .await
}

fn listed(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight, bid: Id<BidKey>) -> Result<Option<Listed>> {
    let full = funds::store::round_by_id(conn, round.id())?;
    let is_ruled = funds::store::in_full(conn, full)?.rulebook.assessment.rules_the_list();
    if !is_ruled || is_withheld(conn, round.id(), sight)? {
        return Ok(None);
    }
    let (list, outdated) = (follow::standing(conn, round)?, follow::is_outdated(conn, round)?);
    Ok(list.map(|list| Listed {
        number: list.number,
        suggested: list.on(bid).title(),
        reason: list.reason(bid).filter(|_| !outdated).map(str::to_owned),
        outdated,
    }))
}

fn lot(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight, bid: Id<BidKey>) -> Result<Option<String>> {
    if is_withheld(conn, round.id(), sight)? {
        return Ok(None);
    }
    Ok(draws::follow::standing(conn, round)?.and_then(|draw| draw.words(bid)))
}

/// Who reads one mail about a bid.
fn readers(conn: &mut Conn, round: &Granted<RoundKey>, bid: Id<BidKey>) -> Result<Readers> {
    let bids = store::bids_of_round(conn, round)?;
    let audience = store::Audience::of(conn, bids.iter().filter(|other| other.id == bid))?;
    Ok(audience.readers([(bid, 1)]))
}

/// The decisions that the plan offers; feedback is written with them, so that its absence is no reason against them.
fn choices(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    (definition, place): (&Definition, &Place),
) -> Result<Vec<DeskChoice>> {
    let known = situation_of(conn, scene, bid, true)?;
    let planned = workflow::plan(&known.situation(definition, place), &known.standing);
    let offered = planned.into_iter().filter(|choice| choice.allowed || choice.asks);
    let decisions = offered.filter_map(|choice| {
        let transition = definition.transition(choice.transition)?;
        Some(DeskChoice {
            release: transition.release.as_deref().and_then(Milestone::from_word),
            transition: transition.id.clone(),
            label: choice.label.to_owned(),
            gate: transition.gate?.into(),
            awards: awards(definition, transition),
            at_once: transition.shows_at_once(),
            tells: transition.mails().next().is_some(),
            asks: choice.asks,
        })
    });
    Ok(decisions.collect())
}
