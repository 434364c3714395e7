//! Looks at everything that a release is about: what stands in its way, and who is told.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    place::{taken, unknown_state},
    support::{terms, thing, wanted},
    wall::hides_any,
};
use crate::{
    actor::Actor,
    approvals::{self, model::Support},
    assessment::{self, gateway},
    awards::{
        draws,
        lists::follow,
        model::{Decision, Gate, Placed, advances, awarding},
        readiness::Readiness,
        store::{self, Audience, RoundBid},
    },
    bids::holds::{self, model::Span},
    clock::Moment,
    db::Conn,
    error::Result,
    funds::{
        self,
        model::{Milestone, Round},
    },
    http::{App, Call},
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id, RoundKey, WorkflowKey, grouped},
    money::Pence,
    partnerships,
    workflow::{Definition, Place, Transition},
};

/// Whether the outcomes of a milestone can be released, and what stands in the way.
///
/// # Errors
/// `NotFound` for those who are not of the fund's staff.
pub async fn readiness(app: &App, call: &Call, slug: String, milestone: Milestone) -> Result<Readiness> {
    call.read(app, move |conn, scene| {
        let round = funds::store::round_by_slug(conn, &slug)?;
        let granted = policy::round(conn, &scene.actor, Action::ListBids, round.id)?;
        let sight = policy::sight(conn, &scene.actor)?;
        seen_by(conn, &sight, (&round, &granted), milestone, scene.now)
    })
    .await
}

/// A bid of the round with its decisions and where they have brought it.
struct Standing {
    bid: RoundBid,
    decisions: Vec<Decision>,
    /// Whether it still needs a decision that shows at the milestone.
    undecided: bool,
    /// How many mails its release at the milestone sends to each reader.
    mails: usize,
    /// Whether the last of what shows at the milestone brings it on its way to money.
    advances: bool,
}

/// Looks at every bid of the round, also those that a conflict of interest hides from whoever asks.
pub(super) fn check(
    conn: &mut Conn,
    round: &Round,
    granted: &Granted<RoundKey>,
    milestone: Milestone,
    now: Moment,
) -> Result<Readiness> {
    let standings = standings(conn, granted, milestone, now)?;
    measured(conn, round, &standings, (milestone, now), true)
}

/// What a release of these bids is about; `all` says that they are all bids of the round and that the reader may hear what
/// follows from all, so that they can be held against the list of record and the draw.
fn measured(
    conn: &mut Conn,
    round: &Round,
    standings: &[Standing],
    (milestone, now): (Milestone, Moment),
    all: bool,
) -> Result<Readiness> {
    let mine = |decision: &&Decision| is_shown_at(decision, milestone);
    let shown: Vec<(&RoundBid, Vec<&Decision>)> = standings
        .iter()
        .map(|standing| (&standing.bid, standing.decisions.iter().filter(mine).collect()))
        .filter(|(_, decisions): &(_, Vec<_>)| !decisions.is_empty())
        .collect();
    let holds = holds::store::spans_of_round(conn, round.id)?;
    let is_on_hold = |bid: &RoundBid| holds.get(&bid.id).is_some_and(|spans| spans.iter().any(Span::stands));
    let audience = Audience::of(conn, standings.iter().map(|standing| &standing.bid))?;
    let told = standings.iter().filter(|standing| !is_on_hold(&standing.bid));
    let readers = audience.readers(told.map(|standing| (standing.bid.id, standing.mails)));
    let awards: Vec<(&RoundBid, &Decision)> = standings
        .iter()
        .flat_map(|standing| awarding(&standing.decisions).into_iter().map(move |decision| (&standing.bid, decision)))
        .collect();
    let mut against = Vec::new();
    if all {
        against.extend(follow::unexplained(conn, round.id, awards.iter().map(|(_, decision)| *decision))?);
        against.extend(draws::follow::unexplained(conn, round.id, awards.iter().map(|(_, decision)| *decision))?);
    }
    let mut due = shown.iter().flat_map(|(_, decisions)| decisions);
    let awards_are_due = all && due.any(|decision| Gate::AWARDING.contains(&decision.gate));
    let open_draw = if awards_are_due { draws::follow::waiting(conn, round.id)? } else { None };
    let undrawn = awards_are_due && open_draw.is_none() && draws::service::is_undrawn(conn, round)?;
    let thing = thing(conn, round, milestone, now)?;
    let released = store::release_of(conn, round.id, milestone)?;
    let terms = terms(conn, &thing, released.is_some())?;
    let silent = |decisions: &[&Decision]| decisions.last().is_some_and(|last| last.feedback.is_empty());
    Ok(Readiness {
        milestone,
        outcomes: shown.iter().filter(|(bid, _)| !is_on_hold(bid)).count(),
        recipients: readers.people,
        messages: readers.messages,
        councils: readers.councils,
        undecided: references(standings.iter().filter(|standing| standing.undecided).map(|standing| &standing.bid)),
        on_hold: references(shown.iter().map(|(bid, _)| *bid).filter(|bid| is_on_hold(bid))),
        without_feedback: references(shown.iter().filter(|(_, decisions)| silent(decisions)).map(|(bid, _)| *bid)),
        unexplained: unexplained(&awards, &against),
        not_passed: not_passed(conn, round, standings)?,
        open_draw,
        undrawn,
        not_members: not_members(conn, round, &awards, milestone)?,
        hidden: false,
        awarded_pence: awards.iter().filter_map(|(_, decision)| decision.amount_pence).sum::<Pence>(),
        budget_pence: round.budget_pence,
        support: approvals::service::support(conn, &thing)?,
        outside: terms.outside(),
        no_mail: terms.no_mail,
        released,
    })
}

/// Whether a decision shows at the milestone and has not moved its bid yet.
fn is_shown_at(decision: &Decision, milestone: Milestone) -> bool {
    decision.release == Some(milestone) && decision.recorded_at.is_none()
}

fn references<'a>(bids: impl Iterator<Item = &'a RoundBid>) -> Vec<String> {
    bids.map(|bid| bid.reference.clone()).collect()
}

/// The bids that are funded against the ranking, or decided against the list of record or the draw, and nobody says why.
fn unexplained(awards: &[(&RoundBid, &Decision)], against_the_list: &[Id<BidKey>]) -> Vec<String> {
    let placed: Vec<Placed> = awards.iter().map(|(_, decision)| Placed::from(*decision)).collect();
    let against = |mine: &Placed| mine.funded && placed.iter().any(|other| mine.contradicts(other));
    let found =
        awards.iter().zip(&placed).filter(|((bid, _), mine)| against(mine) || against_the_list.contains(&bid.id));
    found.map(|((bid, _), _)| bid.reference.clone()).collect()
}

/// Bids on their way to money that have not passed the gateway checks of their round.
fn not_passed(conn: &mut Conn, round: &Round, standings: &[Standing]) -> Result<Vec<String>> {
    let full = funds::store::in_full(conn, round.clone())?;
    let checks = &full.rulebook.assessment.gateway;
    if checks.is_empty() {
        return Ok(Vec::new());
    }
    let granted = policy::round(conn, &Actor::System, Action::ListBids, round.id)?;
    let gateway = gateway::service::of_round(conn, &granted, checks)?;
    let passed = |bid: &RoundBid| gateway.on(bid.id).is_none_or(|standing| standing.must_take_money().is_ok());
    let advancing = standings.iter().filter(|standing| standing.advances && !passed(&standing.bid));
    Ok(references(advancing.map(|standing| &standing.bid)))
}

/// Bids whose award shows at the milestone before all of their organisations are where the rules want them.
fn not_members(
    conn: &mut Conn,
    round: &Round,
    awards: &[(&RoundBid, &Decision)],
    milestone: Milestone,
) -> Result<Vec<String>> {
    let rules = funds::store::in_full(conn, round.clone())?.rulebook.partnership;
    let mut found = Vec::new();
    for (bid, _) in awards.iter().filter(|(_, decision)| is_shown_at(decision, milestone) && is_an_award(decision)) {
        if !partnerships::rules::not_yet_members(conn, &rules, bid.id)?.is_empty() {
            found.push(bid.reference.clone());
        }
    }
    Ok(found)
}

fn is_an_award(decision: &Decision) -> bool {
    decision.amount_pence.is_some_and(|amount| amount > Pence(0))
}

fn standings(conn: &mut Conn, round: &Granted<RoundKey>, milestone: Milestone, now: Moment) -> Result<Vec<Standing>> {
    let mut decisions = grouped(store::decisions_of_round(conn, round)?, |decision| decision.bid_id);
    let timetable = store::shown_timetable(conn, round.id(), now)?;
    let mut definitions: BTreeMap<Id<WorkflowKey>, Definition> = BTreeMap::new();
    let mut standings = Vec::new();
    for bid in store::bids_of_round(conn, round)? {
        let unknown = || unknown_state(bid.workflow_id, &bid.state);
        let definition = match definitions.entry(bid.workflow_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(funds::store::workflow(conn, bid.workflow_id)?),
        };
        let decisions = decisions.remove(&bid.id).unwrap_or_default();
        let place = Place::of(definition, &bid.state, &taken(&decisions), &timetable).ok_or_else(unknown)?;
        let undecided = waits_for_a_decision(definition, &place, Some(milestone));
        let shown = decisions.iter().filter(|decision| is_shown_at(decision, milestone));
        let taken: Vec<&Transition> =
            shown.filter_map(|decision| definition.transition(&decision.transition)).collect();
        let mails = taken.iter().map(|transition| transition.mails().count()).sum();
        let advances = taken.last().is_some_and(|transition| advances(definition, transition));
        standings.push(Standing { bid, decisions, undecided, mails, advances });
    }
    Ok(standings)
}

/// Whether a decision that shows at the milestone, or at once, can and must still be taken where the bid stands.
pub(super) fn waits_for_a_decision(definition: &Definition, place: &Place, milestone: Option<Milestone>) -> bool {
    let release = milestone.map(Milestone::word);
    let mut decisions = definition.transitions.iter().filter(|transition| transition.is_decision());
    decisions.any(|decision| decision.release.as_deref() == release && decision.leaves(place.decided()))
}

/// What somebody may read of it: nothing is named, counted or summed of a bid that a conflict of interest hides from them.
/// Whoever reads a bid of the round blind is not told what stands against ranking, list or draw.
pub(super) fn seen_by(
    conn: &mut Conn,
    sight: &Sight,
    (round, granted): (&Round, &Granted<RoundKey>),
    milestone: Milestone,
    now: Moment,
) -> Result<Readiness> {
    let mut standings = standings(conn, granted, milestone, now)?;
    let blind = assessment::reads_blind(conn, granted, sight)?;
    if sight.hidden.is_empty() {
        let seen = measured(conn, round, &standings, (milestone, now), !blind)?;
        return Ok(if blind { untold(seen) } else { seen });
    }
    let all = !blind && !hides_any(conn, round.id, sight)?;
    let covered = thing(conn, round, milestone, now)?.covers;
    let barred = covered.iter().any(|bid| sight.hidden.contains(bid));
    standings.retain(|standing| !sight.hidden.contains(&standing.bid.id));
    let seen = measured(conn, round, &standings, (milestone, now), all)?;
    let seen = if blind { untold(seen) } else { seen };
    if !barred {
        return Ok(seen);
    }
    // Who stands behind a release follows from all of its decisions, so that whoever does not see them all hears that they cannot.
    let support = Support::withheld(wanted(conn, round.id, milestone)?.count);
    let told = seen.released.is_some();
    let (outside, no_mail) = if told { (seen.outside, seen.no_mail) } else { (None, None) };
    Ok(Readiness { hidden: true, support, outside, no_mail, ..seen })
}

/// The same without the bids that are decided against the ranking.
fn untold(seen: Readiness) -> Readiness {
    Readiness { unexplained: Vec::new(), ..seen }
}
