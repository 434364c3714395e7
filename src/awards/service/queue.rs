//! What waits for a decision, what the ranking suggests, and whether it can be released.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    advice::{Advice, Basis, Followed, Gates},
    readiness::{seen_by, waits_for_a_decision},
};
use crate::{
    assessment::{gateway::model::GatewayStanding, model::Mark},
    awards::{
        model::{Decision, Gate},
        public::PublicRound,
        readiness::Readiness,
        store,
    },
    db::Conn,
    error::Result,
    funds::{self, model::Milestone},
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RoundKey, WorkflowKey, grouped},
    money::Pence,
    workflow::{Definition, Place},
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
    /// What the draw at the funding line says, for whoever sees every bid of the round and reads none blind.
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
pub(super) fn releases(definitions: &[Definition]) -> Vec<Shown> {
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
pub(super) fn unpassed(standing: Option<GatewayStanding>) -> Option<String> {
    standing.filter(|standing| standing.must_take_money().is_err()).map(|standing| standing.in_words())
}

pub(super) fn label(definition: &Definition, state: &str) -> String {
    definition.state(state).map_or_else(|| state.to_owned(), |state| state.labels.staff.clone())
}
