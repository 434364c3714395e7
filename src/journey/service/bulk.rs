//! One act on many bids of a round, each in a transaction of its own and answered by itself: one that is refused keeps none
//! of the others back.
//!
//! An Idempotency-Key names the whole. What became of each bid is kept under a key that follows from it, with the act and in
//! the same transaction, so that a request that was cut off halfway is finished by sending it again.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    holds::{self, SetOff},
    letters::{self, Mailing},
    plan, requests,
    situation::{Known, standing},
    take::{self, Done},
};
use crate::{
    bids::{
        self,
        holds::model::{note_fault, reason_fault},
        model::Bid,
    },
    db::Conn,
    error::{AppError, Fault, Result},
    funds::{self, model::Round},
    http::{App, Call, Scene, problem::Problem},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RoundKey},
    words,
    workflow::{self, Transition},
};

/// At most so many bids in one request.
const MOST_BIDS: usize = 500;
/// The act that puts bids on hold, beside the transitions of the workflow.
pub const HOLD: &str = "hold";
/// The act that lifts their holds.
pub const LIFT: &str = "lift";

/// One act on many bids.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkBody {
    /// `hold`, `lift`, or the id of a transition that is no decision.
    pub action: String,
    /// The references of the bids: at most 500, each once.
    pub bids: Vec<String>,
    /// Why: needed to put bids on hold, possible when holds are lifted, and not wanted otherwise. The councils read it.
    #[serde(default)]
    pub reason: String,
    /// Whether the councils of the bids get the messages of the act; if not, that stands in each bid's history.
    #[serde(default = "with_mail")]
    pub mail: bool,
    /// Says what would become of each bid, and does nothing.
    #[serde(default)]
    pub dry_run: bool,
}

const fn with_mail() -> bool {
    true
}

impl BulkBody {
    const fn mail(&self) -> Mailing {
        if self.mail { Mailing::Sent } else { Mailing::LeftOut }
    }

    fn faults(&self, is_known: bool) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !is_known {
            let message = "Choose hold, lift, or an action of the round’s workflow.";
            faults.push(Fault::new("action", "unknown_action", message));
        }
        if self.bids.is_empty() {
            faults.push(Fault::new("bids", "missing", "Choose at least one bid."));
        } else if self.bids.len() > MOST_BIDS {
            let message = format!("Choose at most {MOST_BIDS} bids at a time, you have {}.", self.bids.len());
            faults.push(Fault::new("bids", "too_many", message));
        }
        let mut seen = BTreeSet::new();
        let twice = self.bids.iter().enumerate().filter(|(_, reference)| !seen.insert(reference.as_str()));
        faults.extend(twice.map(|(at, _)| Fault::new(format!("bids/{at}"), "twice", "Name each bid once.")));
        faults.extend(match self.action.as_str() {
            HOLD => reason_fault(&self.reason),
            LIFT => note_fault(&self.reason).map(|fault| Fault { field: "reason".into(), ..fault }),
            _ if self.reason.trim().is_empty() => None,
            _ => Some(Fault::new("reason", "not_wanted", "Leave the reason out: this action takes none.")),
        });
        faults
    }
}

words! {
    /// What became of one of many bids.
    pub enum BulkResult {
        /// It is done, or would be.
        Done = "done",
        /// Others have to approve it first, who are asked by mail.
        Waiting = "waiting",
        /// It cannot be done.
        Refused = "refused",
        /// The round has no such bid that the caller may see.
        NotFound = "not_found",
    }
}

/// What became of one of many bids, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BulkItem {
    /// The bid's reference, as it was sent.
    pub reference: String,
    /// Its title, where it was found.
    pub title: Option<String>,
    /// What became of it.
    pub result: BulkResult,
    /// A stable code, if it was refused.
    pub code: Option<String>,
    /// Why, if it was refused.
    pub detail: Option<String>,
    /// What happens at once besides, as sentences. Its messages go even where those of the act are left out.
    pub sets_off: Vec<String>,
    /// How many messages this sends to its councils.
    pub messages: usize,
}

/// One act on the bids of a round, or with `dry_run` what would become of it.
///
/// # Errors
/// As policy says of the round; `Invalid` with every fault, and then nothing is done. What a single bid is refused with is
/// part of the answer. When the service fails in the middle, what was done stays done: send the same again with the same
/// key.
pub async fn bulk(app: &App, call: &Call, slug: String, body: BulkBody) -> Result<Vec<BulkItem>> {
    let body = Arc::new(body);
    let whole = Arc::clone(&body);
    if body.dry_run {
        return call.read(app, move |conn, scene| foresee(conn, scene, &slug, &whole)).await;
    }
    // The whole key stands before the first bid, so that it is refused at once if it was sent with another body.
    let round = call.write(app, move |conn, scene| Ok(admitted(conn, scene, &slug, &whole)?.id)).await?;
    let mut items = Vec::with_capacity(body.bids.len());
    for reference in &body.bids {
        items.push(one(app, &call.part(reference), (round, reference), &body).await?);
    }
    Ok(items)
}

/// The round, if the caller acts on its bids and what was sent can be read.
fn admitted(conn: &mut Conn, scene: &Scene, slug: &str, body: &BulkBody) -> Result<Round> {
    let round = funds::store::round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::round(conn, &scene.actor, Action::EditRound, round.id)?;
    let versions = funds::store::workflows_of_round(conn, round.id)?;
    let is_ours = [HOLD, LIFT].contains(&body.action.as_str());
    let is_known = is_ours || versions.iter().any(|(_, definition)| definition.transition(&body.action).is_some());
    AppError::unless_empty(body.faults(is_known))?;
    Ok(round)
}

async fn one(app: &App, call: &Call, which: (Id<RoundKey>, &str), body: &Arc<BulkBody>) -> Result<BulkItem> {
    let ((round, reference), whole) = (which, Arc::clone(body));
    let named = reference.to_owned();
    let done = call.write(app, move |conn, scene| act(conn, scene, (round, &named), &whole)).await;
    let refusal = match done {
        Err(fault @ (AppError::Database(_) | AppError::Internal(_) | AppError::Busy { .. })) => return Err(fault),
        Err(refusal) => refusal,
        Ok(item) => return Ok(item),
    };
    // What was begun is undone. That it was refused is kept, so that the same request is answered the same.
    let named = reference.to_owned();
    call.write(app, move |conn, scene| Ok(refused(&named, title(conn, scene, &named)?, &refusal))).await
}

fn act(conn: &mut Conn, scene: &Scene, which: (Id<RoundKey>, &str), body: &BulkBody) -> Result<BulkItem> {
    let foreseen = prospect(conn, scene, which, body)?;
    let (reference, mail) = (which.1, body.mail());
    let result = match body.action.as_str() {
        HOLD => holds::place_one(conn, scene, reference, (&body.reason, mail)).map(|_| BulkResult::Done)?,
        LIFT => holds::lift_one(conn, scene, reference, None, (&body.reason, mail)).map(|()| BulkResult::Done)?,
        action => match take::take_one(conn, scene, reference, (action, mail))? {
            Done::Waiting(_) => BulkResult::Waiting,
            Done::Taken(_) | Done::Decided => BulkResult::Done,
        },
    };
    Ok(BulkItem { result, ..foreseen })
}

fn foresee(conn: &mut Conn, scene: &Scene, slug: &str, body: &BulkBody) -> Result<Vec<BulkItem>> {
    let round = admitted(conn, scene, slug, body)?;
    let mut items = Vec::with_capacity(body.bids.len());
    for reference in &body.bids {
        items.push(match prospect(conn, scene, (round.id, reference), body) {
            Err(fault @ (AppError::Database(_) | AppError::Internal(_))) => return Err(fault),
            Err(refusal) => refused(reference, title(conn, scene, reference)?, &refusal),
            Ok(item) => item,
        });
    }
    Ok(items)
}

/// What would become of one bid.
fn prospect(
    conn: &mut Conn,
    scene: &Scene,
    (round, reference): (Id<RoundKey>, &str),
    body: &BulkBody,
) -> Result<BulkItem> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let action = if [HOLD, LIFT].contains(&body.action.as_str()) { Action::HoldBid } else { Action::ReadBid };
    let granted = as_staff(policy::bid(conn, &scene.actor, action, id)?)?;
    let bid = bids::store::load(conn, &granted)?;
    if bid.round_id != round {
        return Err(AppError::NotFound);
    }
    let mut sets_off = SetOff::default();
    let (result, mails) = match body.action.as_str() {
        HOLD => holds::refuse(&Known::of(conn, scene, &granted)?).map(|()| (BulkResult::Done, 1))?,
        LIFT => {
            holds::to_lift(&Known::of(conn, scene, &granted)?)?;
            sets_off = holds::set_off(conn, scene, &granted)?;
            (BulkResult::Done, 1)
        }
        action => {
            let (_, _, chosen) = take::to_take(conn, scene, id, action)?;
            if requests::waits(&chosen) { (BulkResult::Waiting, 0) } else { (BulkResult::Done, chosen.mails().count()) }
        }
    };
    let mails = if body.mail { mails } else { 0 } + sets_off.mails;
    let messages = mails * letters::count_readers(conn, &bid)?;
    let (reference, title) = (bid.reference, Some(bid.title));
    Ok(BulkItem { reference, title, result, code: None, detail: None, sets_off: sets_off.words, messages })
}

fn refused(reference: &str, title: Option<String>, refusal: &AppError) -> BulkItem {
    let problem = Problem::of(refusal);
    let result = if matches!(refusal, AppError::NotFound) { BulkResult::NotFound } else { BulkResult::Refused };
    BulkItem {
        reference: reference.to_owned(),
        title,
        result,
        code: Some(problem.code),
        detail: Some(problem.detail),
        sets_off: Vec::new(),
        messages: 0,
    }
}

/// The title of a bid that the caller may read.
fn title(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Option<String>> {
    let seen = seen(conn, scene, reference)?;
    seen.map(|granted| Ok(bids::store::load(conn, &granted)?.title)).transpose()
}

/// This is the desk of the fund's people. Whoever reads a bid as one of its councils has no part in it here, whatever else
/// they are: it tells what is decided.
fn as_staff(granted: Granted<BidKey>) -> Result<Granted<BidKey>> {
    if plan::is_staff(&granted) { Ok(granted) } else { Err(AppError::NotFound) }
}

/// A bid, if the caller may read it for the fund.
fn seen(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Option<Granted<BidKey>>> {
    let granted =
        bids::store::id_of(conn, reference).and_then(|id| policy::bid(conn, &scene.actor, Action::ReadBid, id));
    match granted.and_then(as_staff) {
        Err(AppError::NotFound | AppError::Forbidden { .. }) => Ok(None),
        other => other.map(Some),
    }
}

/// The bids that a manager has chosen, and what can be done with them together.
#[derive(Debug, Clone, Serialize)]
pub struct BulkDesk {
    /// The round's title.
    pub round: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The bids, as far as there are such bids in the round.
    pub bids: Vec<Chosen>,
    /// What can be done with at least one of them.
    pub actions: Vec<Possible>,
}

/// A bid that was chosen.
#[derive(Debug, Clone, Serialize)]
pub struct Chosen {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Where it stands, in the staff's words.
    pub label: String,
}

/// Something that can be done with some of the bids.
#[derive(Debug, Clone, Serialize)]
pub struct Possible {
    /// `hold`, `lift`, or the transition's id.
    pub action: String,
    /// The words for it.
    pub label: String,
    /// With how many of them.
    pub count: usize,
}

/// What a manager sees who has chosen bids of a round.
///
/// # Errors
/// As policy says of the round; `Invalid` when more bids are chosen than can be at a time.
pub async fn desk(app: &App, call: &Call, slug: String, references: Vec<String>) -> Result<BulkDesk> {
    call.read(app, move |conn, scene| {
        let round = funds::store::round_by_slug(conn, &slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
        policy::round(conn, &scene.actor, Action::EditRound, round.id)?;
        if references.len() > MOST_BIDS {
            let message = format!("Choose at most {MOST_BIDS} bids at a time, you have {}.", references.len());
            return Err(AppError::invalid("bids", "too_many", message));
        }
        let (mut bids, mut actions) = (Vec::new(), Vec::new());
        for reference in &references {
            if let Some((bid, label, possible)) = chosen(conn, scene, (round.id, reference))? {
                bids.push(Chosen { reference: bid.reference, title: bid.title, label });
                for (action, label) in possible {
                    count(&mut actions, action, label);
                }
            }
        }
        Ok(BulkDesk { round: round.title, slug: round.slug, bids, actions })
    })
    .await
}

fn count(actions: &mut Vec<Possible>, action: String, label: String) {
    match actions.iter_mut().find(|known| known.action == action) {
        Some(known) => known.count += 1,
        None => actions.push(Possible { action, label, count: 1 }),
    }
}

type WithActions = (Bid, String, Vec<(String, String)>);

/// A bid of the round that the caller may see, with where it stands and what can be done with it.
fn chosen(conn: &mut Conn, scene: &Scene, (round, reference): (Id<RoundKey>, &str)) -> Result<Option<WithActions>> {
    let Some(granted) = seen(conn, scene, reference)? else { return Ok(None) };
    let known = Known::of(conn, scene, &granted)?;
    if known.bid.round_id != round {
        return Ok(None);
    }
    let mut possible = Vec::new();
    if granted.standing().may(Action::HoldBid) {
        possible.extend(holds::refuse(&known).is_ok().then(|| (HOLD.into(), "Put on hold".into())));
        possible.extend(known.hold.is_some().then(|| (LIFT.into(), "Lift the hold".into())));
    }
    let planned = workflow::plan(&known.situation(), &standing(&granted)).into_iter();
    let mut others: Vec<(String, String)> = planned
        .filter(|choice| choice.allowed || choice.asks)
        .filter(|choice| !known.definition.transition(choice.transition).is_some_and(Transition::is_decision))
        .map(|choice| (choice.transition.to_owned(), choice.label.to_owned()))
        .collect();
    possible.append(&mut others);
    let label = plan::label_for_staff(&known);
    Ok(Some((known.bid, label, possible)))
}
