//! Releasing outcomes: all of a milestone together, approved beforehand, shown at the instant.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    place::{taken, unknown_state},
    support::{outside, thing, words, words_with_figures},
};
use crate::{
    actor::Actor,
    approvals::{
        self,
        model::{Support, Thing},
    },
    awards::{
        model::{Decision, Placed, Readiness, Release, awarding},
        outside::{DecidedOutside, PEOPLE},
        store::{self, RoundBid},
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{
        self,
        model::{Milestone, Round},
        service::MILESTONE_JOB,
    },
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted, Sight},
        sessions,
    },
    ids::{BidKey, Id, RoundKey, WorkflowKey},
    jobs,
    money::Pence,
    workflow::{Definition, Place},
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
        let ready = check(conn, &round, &granted, milestone, scene.now)?;
        without_hidden(ready, conn, &granted, &sight)
    })
    .await
}

/// What an approval of a release came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Approved {
    /// Enough people stand behind it.
    Released(Release),
    /// Others have to approve it as well.
    Waiting(Support),
}

/// Approves the release of a milestone's outcomes, as the decisions are now. Once as many different people have done so as
/// the workflow asks for, the outcomes show at the milestone's instant, or at once when it has passed.
///
/// # Errors
/// `Invalid` with everything that stands in the way; `Conflict` when it has been approved already, by enough people or by
/// this one; `Changed` when the decisions are not those that were `seen`.
pub async fn release(
    app: &App,
    call: &Call,
    slug: String,
    milestone: Milestone,
    seen: Option<String>,
) -> Result<Approved> {
    call.write(app, move |conn, scene| {
        let (round, granted, thing) = to_approve(conn, scene, &slug, milestone)?;
        let ready = ready(conn, scene, (&round, &granted), milestone)?;
        let words = words_with_figures(&round, &ready);
        let support = approvals::service::approve(conn, scene, (&thing, &words), seen.as_deref())?;
        if support.still_needed() > 0 {
            return Ok(Approved::Waiting(support));
        }
        complete(conn, scene, &granted, milestone).map(Approved::Released)
    })
    .await
}

/// Records that the outcomes were decided outside the service, as the first of those who stand behind their release: at
/// least a second manager confirms it by approving, and as many as the workflow asks for.
///
/// # Errors
/// As [`release`]; `Conflict` when an approval is asked for already; `Changed` as well where it says what was `seen`.
pub async fn record_outside(
    app: &App,
    call: &Call,
    slug: String,
    milestone: Milestone,
    outside: DecidedOutside,
    seen: Option<String>,
) -> Result<Support> {
    call.write(app, move |conn, scene| {
        let (round, granted, mut thing) = to_approve(conn, scene, &slug, milestone)?;
        AppError::unless_empty(outside.faults(scene.now.london_date()))?;
        let ready = ready(conn, scene, (&round, &granted), milestone)?;
        if seen.is_some() {
            approvals::service::require_seen(conn, &thing, seen.as_deref())?;
        }
        thing.wanted.count = thing.wanted.count.max(PEOPLE);
        let words = words_with_figures(&round, &ready);
        let record = serde_json::to_value(&outside)?;
        let hash = hex::encode(Sha256::digest(record.to_string()));
        let support = approvals::service::ask(conn, scene, (&thing, &words), Some(record))?;
        let detail = json!({ "milestone": milestone, "record": hash });
        scene.tell(conn, Chain::Round(round.id), "release.decided_outside", detail)?;
        Ok(support)
    })
    .await
}

/// Looks at everything that is released, and refuses what stands in the way.
fn ready(
    conn: &mut Conn,
    scene: &Scene,
    (round, granted): (&Round, &Granted<RoundKey>),
    milestone: Milestone,
) -> Result<Readiness> {
    let sight = policy::sight(conn, &scene.actor)?;
    let ready = check(conn, round, granted, milestone, scene.now)?;
    let ready = without_hidden(ready, conn, granted, &sight)?;
    AppError::unless_empty(ready.obstacles())?;
    if ready.released.is_some() {
        return Err(AppError::conflict("released_already", "The release is approved already."));
    }
    if funds::store::timetable(conn, round.id)?.at(milestone).is_none() {
        return Err(no_date(milestone));
    }
    Ok(ready)
}

/// What is asked of somebody who approves or refuses a release: to be one of those whom the workflow names, with a fresh
/// code.
fn to_approve(
    conn: &mut Conn,
    scene: &Scene,
    slug: &str,
    milestone: Milestone,
) -> Result<(Round, Granted<RoundKey>, Thing)> {
    let round = funds::store::round_by_slug(conn, slug)?;
    let granted = policy::round(conn, &scene.actor, Action::ListBids, round.id)?;
    round.require_running()?;
    let thing = thing(conn, &round, milestone, scene.now)?;
    approvals::service::require_able(conn, scene, &thing)?;
    require_fresh(scene)?;
    Ok((round, granted, thing))
}

/// Enough people stand behind it: from now on the outcomes wait for their instant alone.
fn complete(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>, milestone: Milestone) -> Result<Release> {
    let person = store::responsible_person(conn, &scene.actor)?;
    if !store::approve(conn, scene.fresh(), round, milestone, (person, scene.now))? {
        return Err(AppError::conflict("released_already", "The release is approved already."));
    }
    let release = store::release_of(conn, round.id(), milestone)?.ok_or_else(|| no_date(milestone))?;
    let approved = release.approved_at.micros().to_string();
    wake(conn, scene, round.id(), (milestone, release.shown_from), &approved)?;
    scene.tell(conn, Chain::Round(round.id()), "release.approved", json!({ "milestone": milestone }))?;
    Ok(release)
}

/// Refuses to approve a release that somebody else has asked for, in words that they read.
///
/// # Errors
/// `Invalid` without a reason; `Conflict` when nobody waits for an approval, and for whoever asked; `Changed` when the
/// decisions are not those that were `seen`.
pub async fn refuse(
    app: &App,
    call: &Call,
    slug: String,
    milestone: Milestone,
    reason: String,
    seen: Option<String>,
) -> Result<Support> {
    call.write(app, move |conn, scene| {
        let (round, _, thing) = to_approve(conn, scene, &slug, milestone)?;
        approvals::service::refuse(conn, scene, (&thing, &words(&round, milestone)), (&reason, seen.as_deref()))?;
        approvals::service::support(conn, &thing)
    })
    .await
}

/// Takes the approval of a release back, or the request for it, so that decisions can be changed again; possible until it
/// shows.
///
/// # Errors
/// `NotFound` when nothing is approved; `Conflict` when the outcomes show already; `Forbidden` without a fresh code.
pub async fn recall(app: &App, call: &Call, slug: String, milestone: Milestone) -> Result<()> {
    call.write(app, move |conn, scene| {
        let round = funds::store::round_by_slug(conn, &slug)?;
        let granted = policy::round(conn, &scene.actor, Action::Release, round.id)?;
        round.require_running()?;
        require_fresh(scene)?;
        let thing = thing(conn, &round, milestone, scene.now)?;
        let told = (&thing, &words(&round, milestone));
        match store::release_of(conn, round.id, milestone)? {
            Some(release) => {
                if release.shown_from <= scene.now || !store::recall(conn, &granted, milestone)? {
                    let message = "The outcomes are out: they cannot be taken back.";
                    return Err(AppError::conflict("shown_already", message));
                }
                approvals::service::take_back(conn, scene, told, true)?;
            }
            None if approvals::service::take_back(conn, scene, told, false)? => {}
            None => return Err(AppError::NotFound),
        }
        scene.tell(conn, Chain::Round(round.id), "release.recalled", json!({ "milestone": milestone }))
    })
    .await
}

/// Outcomes are released by somebody who has just entered a code: a borrowed laptop announces nothing.
pub(super) fn require_fresh(scene: &Scene) -> Result<()> {
    match &scene.actor {
        Actor::Person(signed_in) => sessions::require_fresh(signed_in, scene.now),
        _ => Err(AppError::forbidden("person_needed", "Outcomes are released by a person: sign in.")),
    }
}

fn no_date(milestone: Milestone) -> AppError {
    let message = format!("The round has no date for “{}”. Give it one first.", milestone.title());
    AppError::conflict("no_date", message)
}

/// Wakes the timer of a milestone: at its instant it wakes by itself, and what shows later needs it once more. `occasion`
/// tells one such waking from another.
pub(super) fn wake(
    conn: &mut Conn,
    scene: &Scene,
    round: Id<RoundKey>,
    (milestone, at): (Milestone, Moment),
    occasion: &str,
) -> Result<()> {
    let order = jobs::Order {
        id: scene.fresh(),
        kind: MILESTONE_JOB,
        payload: json!({ "round": round, "milestone": milestone }),
        run_at: at,
        unique_key: Some(format!("release {round} {milestone} {occasion}")),
    };
    jobs::enqueue(conn, order, scene.now)
}

/// A bid of the round with its decisions and where they have brought it.
struct Standing {
    bid: RoundBid,
    decisions: Vec<Decision>,
    /// Whether it still needs a decision that shows at the milestone.
    undecided: bool,
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
    let mine = |decision: &&Decision| decision.release == Some(milestone) && decision.recorded_at.is_none();
    let shown: Vec<(&RoundBid, Vec<&Decision>)> = standings
        .iter()
        .map(|standing| (&standing.bid, standing.decisions.iter().filter(mine).collect()))
        .filter(|(_, decisions): &(_, Vec<_>)| !decisions.is_empty())
        .collect();
    let told: Vec<&RoundBid> = shown.iter().map(|(bid, _)| *bid).collect();
    let awards: Vec<(&RoundBid, &Decision)> = standings
        .iter()
        .flat_map(|standing| awarding(&standing.decisions).into_iter().map(move |decision| (&standing.bid, decision)))
        .collect();
    let thing = thing(conn, round, milestone, now)?;
    let released = store::release_of(conn, round.id, milestone)?;
    let silent = |decisions: &[&Decision]| decisions.last().is_some_and(|last| last.feedback.is_empty());
    Ok(Readiness {
        milestone,
        outcomes: shown.len(),
        recipients: store::people_of(conn, &told)?,
        undecided: references(standings.iter().filter(|standing| standing.undecided).map(|standing| &standing.bid)),
        without_feedback: references(shown.iter().filter(|(_, decisions)| silent(decisions)).map(|(bid, _)| *bid)),
        unexplained: unexplained(&awards),
        hidden: false,
        awarded_pence: awards.iter().filter_map(|(_, decision)| decision.amount_pence).sum::<Pence>(),
        budget_pence: round.budget_pence,
        support: approvals::service::support(conn, &thing)?,
        outside: outside(conn, &thing, released.is_some())?,
        released,
    })
}

fn references<'a>(bids: impl Iterator<Item = &'a RoundBid>) -> Vec<String> {
    bids.map(|bid| bid.reference.clone()).collect()
}

fn unexplained(awards: &[(&RoundBid, &Decision)]) -> Vec<String> {
    let placed: Vec<Placed> = awards.iter().map(|(_, decision)| Placed::from(*decision)).collect();
    let against = |mine: &Placed| mine.funded && placed.iter().any(|other| mine.contradicts(other));
    let found = awards.iter().zip(&placed).filter(|(_, mine)| against(mine));
    found.map(|((bid, _), _)| bid.reference.clone()).collect()
}

fn standings(conn: &mut Conn, round: &Granted<RoundKey>, milestone: Milestone, now: Moment) -> Result<Vec<Standing>> {
    let mut decisions: BTreeMap<Id<BidKey>, Vec<Decision>> = BTreeMap::new();
    for decision in store::decisions_of_round(conn, round)? {
        decisions.entry(decision.bid_id).or_default().push(decision);
    }
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
        standings.push(Standing { bid, decisions, undecided });
    }
    Ok(standings)
}

/// Whether a decision that shows at the milestone, or at once, can and must still be taken where the bid stands.
pub(super) fn waits_for_a_decision(definition: &Definition, place: &Place, milestone: Option<Milestone>) -> bool {
    let release = milestone.map(Milestone::word);
    let mut decisions = definition.transitions.iter().filter(|transition| transition.is_decision());
    decisions.any(|decision| decision.release.as_deref() == release && decision.leaves(place.decided()))
}

/// What one who asks may read of it: a bid that a conflict of interest hides is not named.
pub(super) fn without_hidden(
    mut ready: Readiness,
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    sight: &Sight,
) -> Result<Readiness> {
    if sight.hidden.is_empty() {
        return Ok(ready);
    }
    let hidden: BTreeSet<String> = store::bids_of_round(conn, round)?
        .into_iter()
        .filter(|bid| sight.hidden.contains(&bid.id))
        .map(|bid| bid.reference)
        .collect();
    for list in [&mut ready.undecided, &mut ready.without_feedback, &mut ready.unexplained] {
        let before = list.len();
        list.retain(|reference| !hidden.contains(reference));
        ready.hidden |= list.len() < before;
    }
    Ok(ready)
}
