//! Putting a bid on hold and lifting that. While it stands the workflow refuses everything but taking the bid back, and
//! timers pass the bid over; its end does at once what has become due meanwhile, through the timers' own code.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    letters::{self, Mailing},
    situation::Known,
    timers,
};
use crate::{
    awards,
    bids::{
        self,
        holds::{
            model::{Hold, note_fault, reason_fault},
            store,
        },
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::model::Milestone,
    http::{App, Call, Scene},
    identity::policy::{self, Action, BidKind, Granted},
    ids::BidKey,
    workflow::Outcome,
};

/// A hold on its way in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Why. The bid's councils read it.
    pub reason: String,
}

/// What is said when a hold is lifted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftBody {
    /// What the bid's councils read, if anything.
    #[serde(default)]
    pub note: String,
}

/// What a manager sees who puts a bid on hold or lifts that.
#[derive(Debug, Clone, Serialize)]
pub struct HoldDesk {
    /// The bid.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its round.
    pub round: String,
    /// The hold that stands.
    pub hold: Option<Hold>,
    /// Whether a decision was released meanwhile, which shows as soon as the hold is lifted.
    pub shows: bool,
    /// The closing that is over meanwhile, after which the bid lapses as soon as the hold is lifted.
    pub lapses: Option<&'static str>,
}

/// The hold that stands on a bid, for its councils and the fund's staff.
///
/// # Errors
/// As policy says; `NotFound` when the bid is not on hold.
pub async fn hold(app: &App, call: &Call, reference: String) -> Result<Hold> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, &reference, Action::ReadHistory)?;
        standing(conn, &granted)?.ok_or(AppError::NotFound)
    })
    .await
}

fn asked(conn: &mut Conn, scene: &Scene, reference: &str, action: Action) -> Result<Granted<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::bid(conn, &scene.actor, action, id)
}

fn standing(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Option<Hold>> {
    Ok(store::of_bid(conn, bid)?.into_iter().find(Hold::stands))
}

/// What whoever may put a bid on hold, or lift that, sees of it.
///
/// # Errors
/// As policy says.
pub async fn desk(app: &App, call: &Call, reference: String) -> Result<HoldDesk> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, &reference, Action::HoldBid)?;
        let known = Known::of(conn, scene, &granted)?;
        let then = Known::when_lifted(conn, scene, &granted)?;
        Ok(HoldDesk {
            shows: known.place.shown() != then.place.shown(),
            lapses: known.hold.is_some().then(|| lapse(scene, &then)).flatten().map(Milestone::title),
            hold: known.hold,
            reference: known.bid.reference,
            title: known.bid.title,
            round: known.round.round.title,
        })
    })
    .await
}

/// What the end of a hold brings at once.
#[derive(Debug, Default)]
pub(super) struct SetOff {
    /// In sentences.
    pub words: Vec<String>,
    /// How many mails that sends to each reader.
    pub mails: usize,
}

/// What happens at once when the hold of this bid is lifted.
pub(super) fn set_off(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<SetOff> {
    let then = Known::when_lifted(conn, scene, bid)?;
    let mut set_off = SetOff::default();
    for decision in awards::store::unrecorded(conn, bid)? {
        let silent = awards::store::is_silent(conn, then.bid.round_id, &decision)?;
        let taken = then.definition.transition(&decision.transition).filter(|_| then.place.shows(&decision.transition));
        set_off.mails += taken.filter(|_| !silent).map_or(0, |taken| taken.mails().count());
        set_off.words.extend(taken.map(|taken| format!("“{}” was released meanwhile and shows.", taken.label)));
    }
    if let Some(over) = lapse(scene, &then) {
        let taken = then.definition.automatic(then.place.shown(), over.word());
        set_off.mails += taken.map_or(0, |taken| taken.mails().count());
        set_off.words.push(format!("It lapses: “{}” is over for it.", over.title()));
    }
    Ok(set_off)
}

/// The milestone after which something happens by itself to the bid where it shows, if that is over.
fn lapse(scene: &Scene, known: &Known) -> Option<Milestone> {
    let now = known.round.round.instant(scene.now);
    let over = Milestone::ALL.iter().copied().filter(|milestone| known.round.timetable.reached(*milestone, now));
    let mut due = over.filter(|over| known.definition.automatic(known.place.shown(), over.word()).is_some());
    due.next()
}

/// Whether the caller can put a bid on hold where it stands, or lift the hold.
///
/// # Errors
/// `NotFound` when one may not know of the bid.
pub async fn may_hold(app: &App, call: &Call, reference: String) -> Result<bool> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, &reference, Action::ReadBid)?;
        if !granted.standing().may(Action::HoldBid) {
            return Ok(false);
        }
        let known = Known::of(conn, scene, &granted)?;
        Ok(known.hold.is_some() || is_unfinished(&known))
    })
    .await
}

/// A bid in reserve may yet be funded.
fn is_unfinished(known: &Known) -> bool {
    let state = known.definition.state(known.place.shown());
    let goes_on = state.is_some_and(|state| !state.terminal || state.result == Some(Outcome::Reserve));
    goes_on && known.bid.kind != BidKind::Draft && known.bid.submitted_at.is_some()
}

/// Puts a bid on hold, which its councils are told.
///
/// # Errors
/// As policy says; `Invalid` without a reason; `Conflict` when the bid is on hold already, or has come to its end.
pub async fn place(app: &App, call: &Call, reference: String, new: NewHold) -> Result<Hold> {
    call.write(app, move |conn, scene| place_one(conn, scene, &reference, (&new.reason, Mailing::Sent))).await
}

/// The same within the transaction of the use case.
pub(super) fn place_one(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    (reason, mail): (&str, Mailing),
) -> Result<Hold> {
    let id = asked(conn, scene, reference, Action::HoldBid)?.id();
    AppError::unless_empty(reason_fault(reason).into_iter().collect())?;
    // What was due before the hold is not held back by it, whether or not a timer has come to it.
    timers::settle(conn, scene, id)?;
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
    let known = Known::of(conn, scene, &granted)?;
    refuse(&known)?;
    let person = awards::store::responsible_person(conn, &scene.actor)?;
    let placed = store::place(conn, &granted, scene.fresh(), reason.trim(), (person, scene.now))?;
    scene.tell(conn, Chain::Bid(id), "bid.on_hold", mail.noted_in(json!({ "hold": placed.number })))?;
    if mail == Mailing::Sent {
        letters::of_hold(conn, scene, &known, "on-hold", &placed.reason)?;
    }
    Ok(placed)
}

/// Refuses to put a bid on hold that is already, or that has come to its end.
pub(super) fn refuse(known: &Known) -> Result<()> {
    if let Some(hold) = &known.hold {
        let message = format!("It cannot be put on hold again: {}.", hold.in_words());
        return Err(AppError::conflict("on_hold_already", message));
    }
    if is_unfinished(known) {
        return Ok(());
    }
    let message = "Nothing more happens to this bid, so that there is nothing to hold.";
    Err(AppError::conflict("finished", message))
}

/// Lifts the hold of a bid that counts `number`, or whichever stands if none is named, tells its councils, and does what
/// has become due meanwhile.
///
/// # Errors
/// As policy says; `Invalid` when the note is too long; `Conflict` when the bid is not on hold; `Stale` when another hold
/// stands.
pub async fn lift(app: &App, call: &Call, reference: String, number: i32, note: String) -> Result<()> {
    call.write(app, move |conn, scene| lift_one(conn, scene, &reference, Some(number), (&note, Mailing::Sent))).await
}

/// The same within the transaction of the use case.
pub(super) fn lift_one(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    number: Option<i32>,
    (note, mail): (&str, Mailing),
) -> Result<()> {
    let granted = asked(conn, scene, reference, Action::HoldBid)?;
    AppError::unless_empty(note_fault(note).into_iter().collect())?;
    let known = Known::of(conn, scene, &granted)?;
    let hold = to_lift(&known)?;
    if number.is_some_and(|number| number != hold.number) {
        return Err(AppError::Stale { current: hold.number });
    }
    let person = awards::store::responsible_person(conn, &scene.actor)?;
    let said = Some(note.trim()).filter(|note| !note.is_empty());
    store::lift(conn, &granted, said, (Some(person), scene.now))?;
    let detail = mail.noted_in(json!({ "hold": hold.number }));
    scene.tell(conn, Chain::Bid(granted.id()), "bid.hold_lifted", detail)?;
    if mail == Mailing::Sent {
        letters::of_hold(conn, scene, &known, "hold-lifted", said.unwrap_or_default())?;
    }
    timers::settle(conn, scene, granted.id())
}

/// The hold that stands.
pub(super) fn to_lift(known: &Known) -> Result<&Hold> {
    known.hold.as_ref().ok_or_else(|| {
        let message = "This bid is not on hold: somebody may have lifted the hold meanwhile.";
        AppError::conflict("not_on_hold", message)
    })
}
