//! The desk of those who decide: what waits, what the ranking suggests, and what may be decided on one bid.

use std::{
    collections::{BTreeMap, BTreeSet},
    slice,
};

use serde::Serialize;

use super::{
    advice::{Advice, Basis, Followed, Gates, places, ranking},
    place::place,
    readiness::{seen_by, waits_for_a_decision},
    retract::retractable,
    situation::situation_of,
    wall::hides_any,
};
use crate::{
    assessment::{
        self,
        gateway::{self, model::GatewayStanding},
        model::Mark,
    },
    awards::{
        draws,
        lists::follow,
        model::{Decision, Gate, awards},
        public::PublicRound,
        readiness::{Readers, Readiness},
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
    ids::{BidKey, Id, RoundKey, WorkflowKey, grouped},
    money::Pence,
    workflow::{self, Definition, Place},
};

/// The bids of a round that wait for a decision at one milestone, and whether it can be released.
#[derive(Debug, Serialize)]
pub struct Queue {
    /// The round.
    pub round: PublicRound,
    /// The milestones at which decisions show, in order.
    pub releases: Vec<Shown>,
    /// The one that the queue is for; none where decisions show as soon as they are taken.
    pub milestone: Option<Shown>,
    /// What there is to go by.
    pub basis: Basis,
    /// Whether the round has a submitted bid that the reader may not see, so that nothing is suggested to them.
    pub withheld: bool,
    /// Whether the reader assesses a bid of the round and reads it blind still: they are told neither places nor suggestions.
    pub blind: bool,
    /// The list of record that is followed, where the round has rules of the list and money is awarded then.
    pub followed: Option<Followed>,
    /// Whether money is awarded then.
    pub awards: bool,
    /// The bids, best placed first, then by reference.
    pub rows: Vec<QueueRow>,
    /// Whether the outcomes can be released, where they wait for it.
    pub readiness: Option<Readiness>,
    /// What stands in the way, in words.
    pub obstacles: Vec<String>,
    /// Whether the reader is one of those who can still approve the release.
    pub may_approve: bool,
    /// Whether the reader can take back what was approved or asked for.
    pub may_recall: bool,
}

/// A milestone at which decisions show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Shown {
    /// Its word.
    pub name: Milestone,
    /// What it is called.
    pub title: &'static str,
}

impl From<Milestone> for Shown {
    fn from(name: Milestone) -> Self {
        Self { name, title: name.title() }
    }
}

/// A bid in the queue.
#[derive(Debug, Clone, Serialize)]
pub struct QueueRow {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its lead authority.
    pub lead: String,
    /// What it asks for.
    pub ask_pence: Option<Pence>,
    /// Its place in the ranking.
    pub place: Option<i32>,
    /// What was decided last for this milestone.
    pub decision: Option<Decision>,
    /// The same in the staff's words.
    pub decided: Option<String>,
    /// How many of its answers fail the sift.
    pub fails: Option<usize>,
    /// How many of them pass with caveats.
    pub caveats: Option<usize>,
    /// What the sift, or the ranking and the budget, suggest.
    pub suggested: Option<&'static str>,
    /// What the draw at the funding line says, for whoever sees every bid of the round.
    pub lot: Option<String>,
    /// What is open or failed of its gateway checks, in words, where decisions after the sift are taken.
    pub gateway: Option<String>,
}

/// The queue of a round at a milestone, the last one if not said, for the fund's staff; what a conflict of interest hides
/// is left out.
///
/// # Errors
/// `NotFound` for those who are not of the fund's staff.
pub async fn queue(app: &App, call: &Call, slug: String, wanted: Option<Milestone>) -> Result<Queue> {
    call.read(app, move |conn, scene| {
        let round = funds::store::round_by_slug(conn, &slug)?;
        let granted = policy::round(conn, &scene.actor, Action::ListBids, round.id)?;
        let sight = policy::sight(conn, &scene.actor)?;
        // Bids may stand on different versions of the round's workflow.
        let versions = funds::store::workflows_of_round(conn, round.id)?;
        let definitions: Vec<Definition> = versions.into_iter().map(|(_, definition)| definition).collect();
        let releases = releases(&definitions);
        let milestone = wanted.or_else(|| releases.last().map(|shown| shown.name));
        let readiness = match milestone {
            Some(milestone) => Some(seen_by(conn, &sight, (&round, &granted), milestone, scene.now)?),
            None => None,
        };
        let obstacles = readiness.iter().flat_map(Readiness::obstacles);
        let gates = Gates::at(&definitions, milestone);
        let basis = Basis::of(&gates, &granted);
        let advice = Advice::of(conn, &granted, &sight, (basis, &gates))?;
        let mut rows = rows(conn, scene, &granted, milestone, &advice)?;
        rows.retain(|(id, _)| !sight.hidden.contains(id));
        let running = round.cancelled_at.is_none();
        let cancelled = round.require_running().err().map(|refusal| refusal.to_string());
        Ok(Queue {
            obstacles: cancelled.into_iter().chain(obstacles.map(|fault| fault.message)).collect(),
            may_approve: running && readiness.as_ref().is_some_and(|ready| ready.support.wants(scene.actor.person())),
            may_recall: running && granted.standing().may(Action::Release),
            milestone: milestone.map(Shown::from),
            releases,
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            round: super::published::public_round(funds::store::in_full(conn, round)?),
            basis,
            withheld: advice.withheld,
            blind: advice.blind,
            followed: advice.followed,
            awards: gates.awards(),
            readiness,
        })
    })
    .await
}

/// The milestones at which decisions of these workflows show.
fn releases(definitions: &[Definition]) -> Vec<Shown> {
    let transitions = definitions.iter().flat_map(|definition| &definition.transitions);
    let named = transitions.filter_map(|transition| transition.release.as_deref());
    let milestones: BTreeSet<Milestone> = named.filter_map(Milestone::from_word).collect();
    milestones.into_iter().map(Shown::from).collect()
}

fn rows(
    conn: &mut Conn,
    scene: &Scene,
    round: &Granted<RoundKey>,
    milestone: Option<Milestone>,
    advice: &Advice,
) -> Result<Vec<(Id<BidKey>, QueueRow)>> {
    let timetable = store::shown_timetable(conn, round.id(), scene.now)?;
    let mut decisions = grouped(store::decisions_of_round(conn, round)?, |decision| decision.bid_id);
    let mut definitions: BTreeMap<Id<WorkflowKey>, Definition> = BTreeMap::new();
    let mut rows = Vec::new();
    for bid in store::bids_of_round(conn, round)? {
        let definition = match definitions.remove(&bid.workflow_id) {
            Some(definition) => definition,
            None => funds::store::workflow(conn, bid.workflow_id)?,
        };
        let taken = decisions.remove(&bid.id).unwrap_or_default();
        let transitions = super::place::taken(&taken);
        let place = Place::of(&definition, &bid.state, &transitions, &timetable);
        let place = place.ok_or_else(|| super::place::unknown_state(bid.workflow_id, &bid.state))?;
        let here = |decision: &Decision| decision.release == milestone;
        let awarded = taken.iter().any(|decision| here(decision) && decision.gate == Gate::Award);
        // A bid that was funded from the reserve list shows that in place of the award's decision.
        let instead = |decision: &Decision| awarded && decision.gate == Gate::Reserve;
        let decision = taken.into_iter().rfind(|decision| here(decision) || instead(decision));
        let is_unshown = milestone.is_some() && decision.is_some();
        if is_unshown || waits_for_a_decision(&definition, &place, milestone) {
            let sift = advice.sift.get(&bid.id);
            let row = QueueRow {
                place: advice.places.get(&bid.id).copied(),
                fails: sift.map(|result| result.count(Mark::Fail)),
                caveats: sift.map(|result| result.count(Mark::PassWithCaveats)),
                suggested: advice.on(bid.id),
                lot: advice.draw.as_ref().and_then(|draw| draw.words(bid.id)),
                gateway: unpassed(advice.gateway.on(bid.id)),
                reference: bid.reference,
                title: bid.title,
                lead: bid.lead,
                ask_pence: bid.ask_pence,
                decided: decision.as_ref().map(|decision| label(&definition, &decision.to_state)),
                decision,
            };
            rows.push((bid.id, row));
        }
        definitions.insert(bid.workflow_id, definition);
    }
    rows.sort_by_key(|(_, row)| (row.place.is_none(), row.place));
    Ok(rows)
}

/// What keeps a bid from money at the gateway, in words.
fn unpassed(standing: Option<GatewayStanding>) -> Option<String> {
    standing.filter(|standing| standing.must_take_money().is_err()).map(|standing| standing.in_words())
}

fn label(definition: &Definition, state: &str) -> String {
    definition.state(state).map_or_else(|| state.to_owned(), |state| state.labels.staff.clone())
}

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
    /// What the list of record says of it, for whoever sees every bid of the round.
    pub listed: Option<Listed>,
    /// What the draw at the funding line says of it, for whoever sees every bid of the round.
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
    if !is_ruled || hides_any(conn, round.id(), sight)? || assessment::reads_blind(conn, round, sight)? {
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
    if hides_any(conn, round.id(), sight)? || assessment::reads_blind(conn, round, sight)? {
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
