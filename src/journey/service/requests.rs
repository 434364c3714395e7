//! What waits for approvals on a bid: seen by those who can take it or stand behind it, approved, refused, taken back, and
//! done with the last approval in the same transaction.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    letters::Mailing,
    situation::{Known, standing},
    take::{self, Done},
    timers,
};
use crate::{
    approvals::{
        self,
        model::{Request, Support, Thing, Words},
    },
    awards::service::{self as awards, Requested},
    bids,
    db::Conn,
    error::{AppError, Result},
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RowKey},
    workflow::{self, Transition},
};

/// Something on a bid that waits for approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Awaited {
    /// The request's id.
    pub id: Id<RowKey>,
    /// The transition that is asked for.
    pub transition: String,
    /// The words on its button.
    pub label: String,
    /// The decision, if it is one.
    pub decision: Option<Requested>,
    /// Whether the bid's councils get the messages of it.
    pub mail: bool,
    /// Who stands behind it, and who is still wanted.
    pub support: Support,
    /// Whether the reader can approve it.
    pub may_approve: bool,
    /// Whether the reader asked for it, and can take it back.
    pub own: bool,
}

/// One of them, with what it takes to answer it.
struct Found {
    bid: Granted<BidKey>,
    transition: Transition,
    request: Request,
    thing: Thing,
    words: Words,
    /// The decision that is asked for, if it is one.
    decision: Option<Requested>,
    mail: Mailing,
}

/// What waits on a bid for approvals, as far as it is the caller's business.
///
/// # Errors
/// `NotFound` when one may not know of the bid.
pub async fn requests(app: &App, call: &Call, reference: String) -> Result<Vec<Awaited>> {
    call.read(app, move |conn, scene| {
        let all = found(conn, scene, &reference)?;
        all.iter().map(|found| awaited(conn, scene, found)).collect()
    })
    .await
}

fn found(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Vec<Found>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let seen = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
    let mut all = Vec::new();
    for request in approvals::service::open_of_bid(conn, &seen)? {
        let bid = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
        let known = Known::of(conn, scene, &bid)?;
        let Some(transition) = known.definition.transition(&request.subject).cloned() else { continue };
        let Some((thing, words)) = approvals::service::transition(conn, scene, &bid, &transition)? else { continue };
        let takes = concerns(scene, &bid, &transition, &request);
        if takes || approvals::service::is_able(conn, scene, &thing)? {
            let decision = requested(&transition, &request)?;
            let mail = mail_of(&request, decision.as_ref());
            let words = if mail == Mailing::LeftOut { words.without_mail() } else { words };
            all.push(Found { bid, transition, request, thing, words, decision, mail });
        }
    }
    Ok(all)
}

/// Whoever can neither take it nor stand behind it does not learn that it is asked for: a decision that waits is nobody
/// else's to know.
fn concerns(scene: &Scene, bid: &Granted<BidKey>, transition: &Transition, request: &Request) -> bool {
    transition.who.iter().any(|role| standing(bid).roles.contains(role))
        || scene.actor.person() == Some(request.requested_by)
}

fn awaited(conn: &mut Conn, scene: &Scene, found: &Found) -> Result<Awaited> {
    let support = approvals::service::support(conn, &found.thing)?;
    Ok(Awaited {
        id: found.request.id,
        transition: found.transition.id.clone(),
        label: found.transition.label.clone(),
        decision: found.decision.clone(),
        mail: found.mail == Mailing::Sent,
        may_approve: support.wants(scene.actor.person()),
        own: scene.actor.person() == Some(found.request.requested_by),
        support,
    })
}

/// The decision that is asked for, if it is one.
fn requested(transition: &Transition, request: &Request) -> Result<Option<Requested>> {
    if transition.is_decision() { Requested::of(request) } else { Ok(None) }
}

fn one(conn: &mut Conn, scene: &Scene, reference: &str, request: Id<RowKey>) -> Result<Found> {
    let all = found(conn, scene, reference)?;
    all.into_iter().find(|found| found.request.id == request).ok_or(AppError::NotFound)
}

/// Asks those for their approval who have to stand behind a transition. Where the caller alone is enough, it is done.
pub(super) fn ask(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    known: Known,
    (transition, mail): (&Transition, Mailing),
) -> Result<Done> {
    let asked = approvals::service::transition(conn, scene, bid, transition)?;
    let (thing, words) = asked.ok_or_else(|| AppError::internal("a transition that waits for nobody"))?;
    let (terms, words) = match mail {
        Mailing::Sent | Mailing::Elsewhere => (None, words),
        Mailing::LeftOut => (Some(mail.noted_in(json!({}))), words.without_mail()),
    };
    let support = approvals::service::ask(conn, scene, (&thing, &words), terms)?;
    if support.still_needed() > 0 {
        return Ok(Done::Waiting(support));
    }
    let known = known.with_support(&transition.id, &support);
    take::chosen(conn, scene, bid, &known, (&transition.id, mail)).map(Done::Taken)
}

/// Whether whoever asked wants the messages of the transition left out: a decision says why, and of another transition
/// nothing else is kept.
fn mail_of(request: &Request, decision: Option<&Requested>) -> Mailing {
    let left_out = decision.map_or(request.body.is_some(), |decision| decision.body.no_mail.is_some());
    if left_out { Mailing::LeftOut } else { Mailing::Sent }
}

/// Approves what somebody asked for. With the last approval it is done, if the workflow still allows it to whoever asked.
///
/// # Errors
/// `NotFound` when it is none of the caller's business; `Forbidden` for those who cannot approve it; `Conflict` for
/// whoever has approved it already, or when the workflow does not allow it any more; `Changed` when the bid is not what
/// was `seen`.
pub async fn approve(
    app: &App,
    call: &Call,
    reference: String,
    request: Id<RowKey>,
    seen: Option<String>,
) -> Result<Done> {
    call.write(app, move |conn, scene| {
        let found = one(conn, scene, &reference, request)?;
        approvals::service::require_able(conn, scene, &found.thing)?;
        if found.transition.keeps_version() || found.transition.outcome {
            take::require_fresh(scene)?;
        }
        let support = approvals::service::approve(conn, scene, (&found.thing, &found.words), seen.as_deref())?;
        if support.still_needed() > 0 { Ok(Done::Waiting(support)) } else { complete(conn, scene, found, &support) }
    })
    .await
}

/// Does what enough people stand behind, as whoever asked for it: policy and the workflow are asked once more.
fn complete(conn: &mut Conn, scene: &Scene, found: Found, support: &Support) -> Result<Done> {
    let asker = approvals::service::acting(found.request.requested_by, scene.now);
    let action = take::action_of(&found.transition);
    let bid = policy::bid(conn, &asker, action, found.bid.id()).map_err(not_any_more)?;
    if let Some(requested) = &found.decision {
        awards::decide_approved(conn, scene, &bid, (found.request.requested_by, requested), support)?;
        return Ok(Done::Decided);
    }
    timers::catch_up(conn, scene, bid.id())?;
    let bid = policy::bid(conn, &asker, action, bid.id()).map_err(not_any_more)?;
    let known = Known::of(conn, scene, &bid)?.with_support(&found.transition.id, support);
    let chosen = (found.transition.id.as_str(), found.mail);
    take::chosen(conn, scene, &bid, &known, chosen).map(Done::Taken)
}

/// The refusal is about whoever asked, not about the one who approves now.
fn not_any_more(fault: AppError) -> AppError {
    match fault {
        AppError::NotFound | AppError::Forbidden { .. } => {
            let message = "Whoever asked for this may not do it any more. Refuse it, and ask for it anew.";
            AppError::conflict("asker_may_not", message)
        }
        other => other,
    }
}

/// Refuses what somebody asked for, in words that they read.
///
/// # Errors
/// As [`approve`]; `Invalid` without a reason; `Conflict` for whoever asked.
pub async fn refuse(
    app: &App,
    call: &Call,
    reference: String,
    request: Id<RowKey>,
    reason: String,
    seen: Option<String>,
) -> Result<()> {
    call.write(app, move |conn, scene| {
        let found = one(conn, scene, &reference, request)?;
        approvals::service::refuse(conn, scene, (&found.thing, &found.words), (&reason, seen.as_deref()))
    })
    .await
}

/// Takes back what one has asked for.
///
/// # Errors
/// `NotFound` when it is none of the caller's business; `Forbidden` for whoever did not ask.
pub async fn take_back(app: &App, call: &Call, reference: String, request: Id<RowKey>) -> Result<()> {
    call.write(app, move |conn, scene| {
        let found = one(conn, scene, &reference, request)?;
        if scene.actor.person() != Some(found.request.requested_by) {
            let message = "Only whoever asked for this can take it back. You can refuse it.";
            return Err(AppError::forbidden("not_allowed", message));
        }
        approvals::service::take_back(conn, scene, (&found.thing, &found.words), false).map(drop)
    })
    .await
}

/// Whether others are asked before a transition is taken.
pub(super) fn waits(transition: &Transition) -> bool {
    transition.waits_for_people().is_some()
}

/// The transition that the caller may take, or may ask others to stand behind.
pub(super) fn choose<'a>(
    known: &'a Known,
    bid: &Granted<BidKey>,
    wanted: &Transition,
) -> Result<&'a Transition, workflow::Refusal> {
    let (situation, standing) = (known.situation(), standing(bid));
    if waits(wanted) {
        workflow::ask(&situation, &standing, &wanted.id)
    } else {
        workflow::choose(&situation, &standing, &wanted.id)
    }
}
