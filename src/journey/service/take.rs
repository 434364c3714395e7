//! Taking a transition: one transaction that asks policy and the workflow, performs the effects and tells the history.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    dates::submitted_anew,
    effects,
    letters::{self, Mailing},
    proposals, requests,
    situation::{Known, standing},
    timers,
};
use crate::{
    actor::Actor,
    approvals::{self, model::Support},
    assessment::interviews,
    bids::{self, holds},
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::pages::sentence,
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, BidKind, Granted},
        sessions,
    },
    ids::{BidKey, Id},
    partnerships::sign_offs::service as sign_offs,
    workflow::{self, Act, Refusal, Transition},
};

/// What is said of a draft that came too late.
pub const DRAFT_IS_KEPT: &str = "What you wrote is kept: you can print the draft, or download it as PDF or Word.";

/// What taking a transition did: the receipt of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Taken {
    /// The bid.
    pub reference: String,
    /// Its state now.
    pub state: String,
    /// Its state in words.
    pub label: String,
    /// When the request had arrived.
    pub at: Moment,
    /// The hash of the version that was submitted, in hexadecimal digits.
    pub hash: Option<String>,
}

/// What became of what somebody wanted to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Done {
    /// It is done.
    Taken(Taken),
    /// The decision stands, and shows.
    Decided,
    /// Others have to approve it first.
    Waiting(Support),
}

/// Takes a transition for the caller, or asks those for their approval who have to stand behind it.
///
/// A person submits only with a fresh code. Getting one does not stop the clock: what counts for the deadline is when this
/// request had arrived, the one that submits after the code.
///
/// # Errors
/// `NotFound`, `Forbidden` (`fresh_code_needed` too), or `Conflict` with `deadline_passed`, `not_yet` or `not_from_here`
/// and the reasons in words.
pub async fn take(app: &App, call: &Call, reference: String, transition: String) -> Result<Done> {
    call.write(app, move |conn, scene| take_one(conn, scene, &reference, (&transition, Mailing::Sent))).await
}

/// The same within the transaction of the use case.
pub(super) fn take_one(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    (transition, mail): (&str, Mailing),
) -> Result<Done> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
    timers::catch_up(conn, scene, id)?;
    let (granted, known, chosen) = to_take(conn, scene, id, transition)?;
    if chosen.keeps_version() {
        require_fresh(scene)?;
    }
    if requests::waits(&chosen) {
        return requests::ask(conn, scene, &granted, known, (&chosen, mail));
    }
    perform(conn, scene, &granted, &known, (&chosen, mail)).map(Done::Taken)
}

/// The transition of that name, if policy and workflow allow it to the caller, alone or with those who approve it.
pub(super) fn to_take(
    conn: &mut Conn,
    scene: &Scene,
    id: Id<BidKey>,
    transition: &str,
) -> Result<(Granted<BidKey>, Known, Transition)> {
    let seen = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
    let known = Known::of(conn, scene, &seen)?;
    let wanted = known.definition.transition(transition).ok_or(AppError::NotFound)?;
    let granted = policy::bid(conn, &scene.actor, action_of(wanted), id)?;
    let chosen = match requests::choose(&known, &granted, wanted) {
        Ok(chosen) => chosen.clone(),
        Err(refusal) => {
            let missing = if wanted.keeps_version() { missing(conn, &granted, &known)? } else { Vec::new() };
            return Err(naming(refused(refusal, &known, wanted, scene), &missing));
        }
    };
    if chosen.is_decision() {
        let message = "This is a decision: record it with its feedback.";
        return Err(AppError::conflict("decision_needed", message));
    }
    Ok((granted, known, chosen))
}

/// Takes a transition that the workflow allows, asked once more.
pub(super) fn chosen(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    known: &Known,
    (transition, mail): (&str, Mailing),
) -> Result<Taken> {
    let wanted = known.definition.transition(transition).ok_or(AppError::NotFound)?;
    let chosen = workflow::choose(&known.situation(), &standing(granted), transition);
    let chosen = chosen.map_err(|refusal| refused(refusal, known, wanted, scene))?;
    perform(conn, scene, granted, known, (chosen, mail))
}

/// Which of policy's actions a transition is.
pub(super) fn action_of(transition: &Transition) -> Action {
    match Act::of(transition) {
        Act::Sift => Action::SiftBid,
        Act::Decide => Action::DecideBid,
        Act::Submit => Action::SubmitBid,
        Act::Edit => Action::EditBid,
        Act::Withdraw => Action::WithdrawBid,
    }
}

/// A borrowed laptop submits nothing. A program has just shown its secret, and enters no codes.
pub(super) fn require_fresh(scene: &Scene) -> Result<()> {
    match &scene.actor {
        Actor::Person(signed_in) => sessions::require_fresh(signed_in, scene.now),
        Actor::Client(_) | Actor::System | Actor::Public => Ok(()),
    }
}

/// What the form of a bid's stage still lacks, each in a sentence.
fn missing(conn: &mut Conn, granted: &Granted<BidKey>, known: &Known) -> Result<Vec<String>> {
    let Some(stage) = known.stage else { return Ok(Vec::new()) };
    let missing = bids::service::completeness(conn, granted, &known.round, stage)?.missing;
    Ok(missing.iter().map(|fault| sentence(fault.message.trim_end_matches('.'))).collect())
}

/// The same refusal with what is missing named behind it, where there is still time to add it.
fn naming(refusal: AppError, missing: &[String]) -> AppError {
    match refusal {
        AppError::Conflict { code: "not_yet", message } if !missing.is_empty() => {
            AppError::conflict("not_yet", format!("{} Missing: {}", sentence(&message), missing.join(" ")))
        }
        other => other,
    }
}

fn refused(refusal: Refusal, known: &Known, wanted: &Transition, scene: &Scene) -> AppError {
    let closes = wanted.not_after.as_deref().and_then(crate::funds::model::Milestone::from_word);
    let closed = closes.and_then(|milestone| known.round.timetable.at(milestone)).filter(|at| scene.now > *at);
    match refusal {
        Refusal::Unknown(_) => AppError::NotFound,
        Refusal::NotYours(_) => AppError::forbidden("not_allowed", refusal.to_string()),
        Refusal::NotFromHere(_) => AppError::conflict("not_from_here", refusal.to_string()),
        Refusal::OnHold { .. } => AppError::conflict("on_hold", format!("{refusal}.")),
        Refusal::NotYet { .. } if closed.is_some() => {
            let at = closed.map(Moment::in_words).unwrap_or_default();
            let stands = known.definition.stands_in(known.place.shown());
            AppError::conflict("deadline_passed", closed_in_words(&at, wanted.keeps_version(), stands))
        }
        Refusal::NotYet { .. } => AppError::conflict("not_yet", refusal.to_string()),
    }
}

/// That something closed, and to whoever submits also what counts then and what became of what they wrote.
fn closed_in_words(at: &str, submits: bool, stands: bool) -> String {
    let counts = match (submits, stands) {
        (false, _) => return format!("This closed at {at}."),
        (true, true) => "The last version submitted stands.",
        (true, false) => "Nothing was submitted by then.",
    };
    format!("This closed at {at}. {counts} {DRAFT_IS_KEPT}")
}

/// Moves the bid and performs what the transition does besides.
pub(super) fn perform(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    known: &Known,
    (transition, mail): (&Transition, Mailing),
) -> Result<Taken> {
    let to = known.definition.state(&transition.to).ok_or_else(|| AppError::internal("a transition leads nowhere"))?;
    let mut receipt = None;
    for effect in transition.effects_when_taken() {
        receipt = effects::perform(conn, scene, granted, known, effect)?.or(receipt);
    }
    let kind = BidKind::from_word(to.kind.word()).ok_or_else(|| AppError::internal("a state of no kind"))?;
    if !bids::store::move_to(conn, granted.id(), &known.bid.state, (&to.id, kind), scene.now)? {
        return Err(AppError::Stale { current: known.bid.version });
    }
    if Act::of(transition) == Act::Withdraw && kind == BidKind::Closed {
        bids::store::mark_withdrawn(conn, granted, scene.now)?;
        sign_offs::end_requests(conn, scene, granted)?;
        interviews::service::let_go(conn, scene, granted)?;
    }
    // Only taking the bid back gets here while it is on hold, and then there is nothing left to hold.
    if let Some(hold) = &known.hold {
        holds::store::lift(conn, granted, None, (scene.actor.person(), scene.now))?;
        scene.tell(conn, Chain::Bid(granted.id()), "bid.hold_lifted", json!({ "hold": hold.number }))?;
    }
    approvals::service::overtake(conn, scene, granted, &known.definition)?;
    let mut last = false;
    if receipt.is_some() {
        last = submitted_anew(conn, scene, granted, known)?;
        bids::service::order_look(conn, scene, granted.id())?;
    }
    let hash = receipt.as_ref().map(|signed| signed.receipt.hash.clone());
    tell(conn, scene, granted, (transition, mail), &known.bid.state, hash.as_deref())?;
    if mail == Mailing::Sent {
        letters::of_transition(conn, scene, known, (transition, to), (receipt.as_ref(), last))?;
    }
    proposals::lapse_after(conn, scene, granted.id())?;
    Ok(Taken {
        reference: known.bid.reference.clone(),
        state: to.id.clone(),
        label: to.labels.applicant.clone(),
        at: scene.now,
        hash,
    })
}

fn tell(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (transition, mail): (&Transition, Mailing),
    from: &str,
    hash: Option<&str>,
) -> Result<()> {
    let kind = if hash.is_some() { "bid.submitted" } else { "bid.moved" };
    let detail = json!({ "transition": transition.id, "from": from, "to": transition.to, "version": hash });
    scene.tell(conn, Chain::Bid(granted.id()), kind, mail.noted_in(detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whoever_submits_too_late_hears_of_versions_and_drafts() {
        assert_eq!(closed_in_words("noon", false, false), "This closed at noon.");
        assert_eq!(closed_in_words("noon", false, true), "This closed at noon.");
        let nothing = closed_in_words("noon", true, false);
        assert!(
            nothing.starts_with("This closed at noon. Nothing was submitted by then.")
                && nothing.ends_with(DRAFT_IS_KEPT)
        );
        assert!(
            closed_in_words("noon", true, true).starts_with("This closed at noon. The last version submitted stands.")
        );
    }
}
