//! Deciding: recorded beside the bid, changed until its release is approved, never written into the bid.
//!
//! What happened stands in the round's history, which its staff alone can read: an entry in the bid's own history would
//! tell its councils that something was decided.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    DECISION_JOB,
    measured::{check, refuse_released},
    place::place,
    release::require_fresh,
    situation::{refused, situation_of},
    support::{Touched, tell_of_changes},
    wall::is_withheld,
};
use crate::{
    approvals::{
        self,
        model::{Request, Support, Thing, Words},
    },
    awards::{
        draws,
        lists::follow,
        model::{Decision, Gate, NewDecision, Terms},
        store::{self, Stakes},
    },
    bids,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, PersonKey},
    jobs,
    money::Pence,
    workflow::{self, Transition},
};

/// A decision as it is sent: which of the workflow's transitions, and its terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    /// The transition that is decided on, e.g. `fund`.
    pub transition: String,
    /// How much is awarded, in pence; for awards only.
    #[serde(default)]
    pub amount_pence: Option<Pence>,
    /// The bid's place in the ranking, from 1.
    #[serde(default)]
    pub place: Option<i32>,
    /// Why, where the ranking says otherwise; published with the award list.
    #[serde(default)]
    pub reason: Option<String>,
    /// What the applicants read; every outcome needs it.
    #[serde(default)]
    pub feedback: String,
    /// Why nobody is told of it by mail, if nobody is to be; only where it shows at once.
    #[serde(default)]
    pub no_mail: Option<String>,
}

impl DecisionBody {
    fn terms(&self) -> Terms {
        Terms {
            amount_pence: self.amount_pence,
            place: self.place,
            reason: self.reason.clone(),
            feedback: self.feedback.clone(),
            no_mail: self.no_mail.clone(),
        }
    }
}

/// A decision that waits for approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RequestedDecision)]
pub struct Requested {
    /// At which gate.
    pub gate: Gate,
    /// The decision.
    pub body: DecisionBody,
}

impl Requested {
    /// The decision that a request is about, if it is about one.
    ///
    /// # Errors
    /// When what was kept of it cannot be read.
    pub fn of(request: &Request) -> Result<Option<Self>> {
        let kept = request.body.as_ref().map(|body| serde_json::from_value(body.0.clone()));
        Ok(kept.transpose()?)
    }
}

/// What became of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decided {
    /// It stands.
    Recorded(Decision),
    /// It shows at once, and others have to approve it first.
    Waiting(Support),
}

/// Decides on a bid at a gate; with `version`, changes the decision that stands at it.
///
/// # Errors
/// `Invalid` with every fault; `Conflict` when the workflow does not allow it, the budget does not reach or the release
/// is approved; `VersionNeeded` and `Stale` when a decision stands.
pub async fn decide(
    app: &App,
    call: &Call,
    reference: String,
    gate: Gate,
    body: DecisionBody,
    version: Option<i32>,
) -> Result<Decided> {
    call.write(app, move |conn, scene| {
        let mut touched = Touched::new();
        let decided = decide_one(conn, scene, &reference, (gate, version), &body, &mut touched)?;
        tell_of_changes(conn, scene, &touched)?;
        Ok(decided)
    })
    .await
}

/// A bid's decision at a gate, for staff; without its place among all bids where a conflict hides one of these from the reader,
/// or they read one blind.
///
/// # Errors
/// `NotFound`.
pub async fn decision(app: &App, call: &Call, reference: String, gate: Gate) -> Result<Decision> {
    call.read(app, move |conn, scene| {
        let id = id_of(conn, scene, &reference)?;
        let granted = policy::bid_to_read(conn, &scene.actor, action_at(gate), id)?;
        let decision = store::at_gate(conn, &granted, gate)?.ok_or(AppError::NotFound)?;
        let round = store::stakes(conn, &granted)?.round_id;
        let sight = policy::sight(conn, &scene.actor)?;
        // The place that is recorded is one among all bids.
        Ok(if is_withheld(conn, round, &sight)? { Decision { place: None, ..decision } } else { decision })
    })
    .await
}

/// Takes one decision, and notes in `touched` which releases it changes; whoever calls it tells of them afterwards.
pub(super) fn decide_one(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    (gate, version): (Gate, Option<i32>),
    body: &DecisionBody,
    touched: &mut Touched,
) -> Result<Decided> {
    let granted = granted(conn, scene, reference, gate)?;
    let (new, transition) = chosen(conn, scene, &granted, body)?;
    if new.gate != gate {
        let message = format!("“{}” is decided at the gate “{}”, not “{gate}”.", new.transition, new.gate);
        return Err(AppError::invalid("transition", "wrong_gate", message));
    }
    if let Some((thing, words)) = approvals::service::transition(conn, scene, &granted, &transition)? {
        let words = if body.no_mail.is_some() { words.without_mail() } else { words };
        return ask(conn, scene, &granted, (&thing, &words), &new, (body, version));
    }
    let person = store::responsible_person(conn, &scene.actor)?;
    let decision = match version {
        Some(version) => change(conn, scene, &granted, (version, person), &new, touched),
        None => record(conn, scene, &granted, &new, person, touched),
    };
    decision.map(Decided::Recorded)
}

/// Asks those for their approval who have to stand behind a decision that shows at once. It is measured against everything
/// now, and again when it is taken.
fn ask(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    told: (&Thing, &Words),
    new: &NewDecision,
    (body, version): (&DecisionBody, Option<i32>),
) -> Result<Decided> {
    require_fresh_for(scene, new)?;
    check(conn, scene, bid, new)?;
    let standing = store::at_gate(conn, bid, new.gate)?.map(|standing| standing.version);
    match (standing, version) {
        (Some(_), None) => return Err(AppError::VersionNeeded),
        (Some(current), Some(version)) if current != version => return Err(AppError::Stale { current }),
        (None, Some(_)) => return Err(AppError::NotFound),
        _ => {}
    }
    let requested = Requested { gate: new.gate, body: body.clone() };
    let support = approvals::service::ask(conn, scene, told, Some(serde_json::to_value(&requested)?))?;
    if support.still_needed() > 0 {
        return Ok(Decided::Waiting(support));
    }
    let person = store::responsible_person(conn, &scene.actor)?;
    take(conn, scene, bid, new, person).map(Decided::Recorded)
}

/// Takes a decision behind which enough people stand, in the place of the one at its gate that is not out yet, if any.
fn take(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    new: &NewDecision,
    person: Id<PersonKey>,
) -> Result<Decision> {
    let mut touched = Touched::new();
    let decision = match store::at_gate(conn, bid, new.gate)? {
        Some(standing) => change(conn, scene, bid, (standing.version, person), new, &mut touched),
        None => record(conn, scene, bid, new, person, &mut touched),
    }?;
    tell_of_changes(conn, scene, &touched)?;
    Ok(decision)
}

/// Takes a decision that shows at once and behind which enough people stand; `bid` is policy's yes to whoever asked for
/// it. For the room above, in the transaction of the last approval.
///
/// # Errors
/// As [`decide`].
pub fn decide_approved(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    (asker, requested): (Id<PersonKey>, &Requested),
    support: &Support,
) -> Result<Decision> {
    let (definition, place) = place(conn, bid, scene.now)?;
    let body = &requested.body;
    let mut known = situation_of(conn, scene, bid, !body.feedback.trim().is_empty())?;
    let people = u32::try_from(support.people()).unwrap_or(u32::MAX);
    known.approvals.insert(body.transition.clone(), people);
    let choice = workflow::choose(&known.situation(&definition, &place), &known.standing, &body.transition);
    let new = NewDecision::of(&definition, choice.map_err(refused)?, body.terms())?;
    let new = explained(conn, scene, bid, new)?;
    take(conn, scene, bid, &new, asker)
}

/// Policy's yes to deciding on a bid at a gate.
pub(super) fn granted(conn: &mut Conn, scene: &Scene, reference: &str, gate: Gate) -> Result<Granted<BidKey>> {
    let id = id_of(conn, scene, reference)?;
    policy::bid(conn, &scene.actor, action_at(gate), id)
}

const fn action_at(gate: Gate) -> Action {
    if matches!(gate, Gate::Sift) { Action::SiftBid } else { Action::DecideBid }
}

fn id_of(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Id<BidKey>> {
    bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))
}

/// The decision that the workflow allows where the bid stands.
fn chosen(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    body: &DecisionBody,
) -> Result<(NewDecision, Transition)> {
    let (definition, place) = place(conn, bid, scene.now)?;
    // An outcome without feedback is a fault of its field, told with the other faults, rather than a refusal of the plan.
    let tells = definition.transition(&body.transition).is_some_and(|transition| transition.outcome);
    let known = situation_of(conn, scene, bid, tells || !body.feedback.trim().is_empty())?;
    let choice = workflow::ask(&known.situation(&definition, &place), &known.standing, &body.transition);
    let transition = choice.map_err(refused)?;
    let new = NewDecision::of(&definition, transition, body.terms())?;
    Ok((explained(conn, scene, bid, new)?, transition.clone()))
}

/// The decision with the reason that the list of record gives, or else the draw, where it follows them and says none of its own.
fn explained(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, new: NewDecision) -> Result<NewDecision> {
    let new = follow::explained(conn, scene, bid, new)?;
    draws::follow::explained(conn, scene, bid, new)
}

/// Records a decision on a bid that has none at this gate. Whether the workflow allows it is the caller's to have asked.
fn record(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    new: &NewDecision,
    person: Id<PersonKey>,
    touched: &mut Touched,
) -> Result<Decision> {
    require_fresh_for(scene, new)?;
    let stakes = check(conn, scene, bid, new)?;
    touched.extend(new.release.map(|release| (stakes.round_id, release)));
    if !store::insert(conn, scene.fresh(), bid, new, (person, scene.now))? {
        return Err(AppError::VersionNeeded);
    }
    written(conn, scene, (bid, &stakes), "decision.recorded", new)
}

/// Changes the decision that stands at `version`, until its release is approved. Whoever is not shown its place, because a
/// conflict hides a bid of the round from them or they read one blind, leaves it as it is unless they give one, and is not shown
/// it in the answer either.
fn change(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    (version, person): (i32, Id<PersonKey>),
    new: &NewDecision,
    touched: &mut Touched,
) -> Result<Decision> {
    require_fresh_for(scene, new)?;
    let standing = store::at_gate(conn, bid, new.gate)?;
    let kept = match &standing {
        Some(standing) if new.terms.place.is_none() => withheld_place(conn, scene, bid, standing)?,
        _ => None,
    };
    let new = &NewDecision { terms: Terms { place: new.terms.place.or(kept), ..new.terms.clone() }, ..new.clone() };
    let stakes = check(conn, scene, bid, new)?;
    let standing = standing.ok_or(AppError::NotFound)?;
    if standing.release.is_none() {
        let message = "This decision showed as soon as it was taken: it stands as it is.";
        return Err(AppError::conflict("shown_already", message));
    }
    refuse_released(conn, stakes.round_id, standing.release)?;
    touched.extend([standing.release, new.release].into_iter().flatten().map(|release| (stakes.round_id, release)));
    if !store::replace(conn, bid, version, new, (person, scene.now))? {
        return Err(AppError::Stale { current: standing.version });
    }
    let changed = written(conn, scene, (bid, &stakes), "decision.changed", new)?;
    Ok(if kept.is_some() { Decision { place: None, ..changed } } else { changed })
}

/// The place of a decision where it is withheld from the actor.
fn withheld_place(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, standing: &Decision) -> Result<Option<i32>> {
    let round = store::stakes(conn, bid)?.round_id;
    let sight = policy::sight(conn, &scene.actor)?;
    Ok(if is_withheld(conn, round, &sight)? { standing.place } else { None })
}

fn require_fresh_for(scene: &Scene, new: &NewDecision) -> Result<()> {
    if new.release.is_none() && new.outcome { require_fresh(scene) } else { Ok(()) }
}

/// What follows once a decision is written, whether it is the first or takes the place of another: history tells it, and
/// one that shows at once moves its bid.
fn written(
    conn: &mut Conn,
    scene: &Scene,
    (bid, stakes): (&Granted<BidKey>, &Stakes),
    kind: &'static str,
    new: &NewDecision,
) -> Result<Decision> {
    tell(conn, scene, bid, stakes, kind, new)?;
    if new.release.is_none() {
        record_at_once(conn, scene, bid)?;
    }
    store::at_gate(conn, bid, new.gate)?.ok_or(AppError::NotFound)
}

/// What shows at once moves its bid by a job, since this room moves none; what people see follows from the decision.
fn record_at_once(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<()> {
    let order = jobs::Order {
        id: scene.fresh(),
        kind: DECISION_JOB,
        payload: json!({ "bid": bid.id() }),
        run_at: scene.now,
        unique_key: None,
    };
    jobs::enqueue(conn, order, scene.now)
}

fn tell(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    stakes: &Stakes,
    kind: &'static str,
    new: &NewDecision,
) -> Result<()> {
    let detail = json!({
        "bid": bid.id(), "gate": new.gate, "transition": new.transition, "to": new.to_state,
        "amount_pence": new.terms.amount_pence, "place": new.terms.place, "explained": new.terms.reason.is_some(),
        "no_mail": new.terms.no_mail.is_some(),
    });
    scene.tell(conn, Chain::Round(stakes.round_id), kind, detail)
}
