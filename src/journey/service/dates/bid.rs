//! More time for one bid alone: because this service was out of order, or as a reasonable adjustment for somebody who works
//! on the bid. What was written in time may have lapsed meanwhile; then the bid goes back to where it lapsed from.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    ChangeView, DEADLINE_JOB, Depth, NewReply, letters, must_still_fit, note, numbered, person_of, read_reply, reopen,
    views,
};
use crate::{
    awards::{self, model::Decision},
    bids::{self, model::Bid},
    clock::Moment,
    db::Conn,
    error::{AppError, Fault, Result},
    events::{self, Chain},
    funds::{
        change::{Against, Change, Ground, Instants, Move, Reply, reason_fault},
        model::{Milestone, RoundInFull, RoundState},
        reminders,
        reopening::Named,
        store,
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, BidKind, Granted},
    ids::{BidKey, Id},
    jobs::{self, Handler},
    journey::service::{take, timers},
    workflow::Definition,
};

/// More time for one bid, on its way in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewTimeForBid)]
#[serde(deny_unknown_fields)]
pub struct NewTime {
    /// Which closing time is later for this bid.
    pub milestone: Milestone,
    /// When it closes for this bid.
    pub at: Moment,
    /// `outage`, `adjustment` or `reopening`.
    pub ground: Ground,
    /// Why. People of the bid's lead and the fund's managers read it, nobody else; why a bid is reopened all its councils read.
    pub reason: String,
    /// Of a reopening alone: the ids of the questions that may be answered anew; `about` (title, phase and ask), `costs` and
    /// `promises` where those may change.
    #[serde(default)]
    pub questions: Vec<String>,
}

/// When a bid closes, and why later than others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TimeOfBid {
    /// The bid.
    pub reference: String,
    /// The round's title.
    pub round: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The closing times that the bid can still have more time for.
    pub closings: Vec<Closing>,
    /// The changes for this bid alone, newest first.
    pub changes: Vec<ChangeView>,
}

/// A closing time of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ClosingOfBid)]
pub struct Closing {
    /// Which.
    pub milestone: Milestone,
    /// What it is called.
    pub title: String,
    /// When it is for this bid.
    pub at: Moment,
}

/// What is known of a bid when it is given time.
pub(super) struct Known {
    pub(super) bid: Bid,
    pub(super) definition: Definition,
    /// With the timetable that the bid goes by.
    pub(super) round: RoundInFull,
    own: Vec<Change>,
    /// The decision that its row does not show yet.
    decided: Option<Decision>,
}

impl Known {
    pub(super) fn of(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<Self> {
        let bid = bids::store::load(conn, granted)?;
        let round = store::round_by_id(conn, bid.round_id)?;
        let round = store::in_full_for(conn, round, bid.id)?;
        let definition = store::workflow(conn, bid.workflow_id)?;
        let own = store::changes_of_bid(conn, bid.id)?;
        let decisions = awards::store::of_bid(conn, granted)?;
        let decided = decisions.into_iter().find(|decision| decision.recorded_at.is_none());
        Ok(Self { bid, definition, round, own, decided })
    }

    fn closes_at(&self, milestone: Milestone) -> bool {
        milestone.is_closing() && self.definition.closes_in(&self.bid.state, milestone.word())
    }

    fn closings(&self) -> Vec<Closing> {
        let of_bid = self.round.timetable.0.iter().filter(|(milestone, _)| self.closes_at(*milestone));
        of_bid
            .map(|(milestone, at)| Closing { milestone: *milestone, title: milestone.title().into(), at: *at })
            .collect()
    }

    /// What one manager alone can do runs from what two people stand behind, for the round or for this bid. They stand behind
    /// a reopening for its questions alone.
    fn instants(&self, conn: &mut Conn, milestone: Milestone) -> Result<Instants> {
        let at = store::timetable(conn, self.round.round.id)?.at(milestone).ok_or(AppError::NotFound)?;
        let of_round = store::changes_of_round(conn, self.round.round.id)?;
        let of_round = Instants::of_round(at, milestone, &of_round);
        let own = self.own.iter().filter(|change| change.milestone == milestone && !change.reopens());
        Ok(Instants::of(of_round.agreed, own).or_later(of_round))
    }
}

/// When a bid closes, for its councils and the fund's staff; why, for people of its lead and managers; proposals for managers
/// alone.
///
/// # Errors
/// As policy says.
pub async fn time_of(app: &App, call: &Call, reference: String) -> Result<TimeOfBid> {
    call.read(app, move |conn, scene| read(conn, scene, Action::ReadTime, &reference)).await
}

/// The same for whoever gives a bid more time.
///
/// # Errors
/// As policy says.
pub async fn to_give(app: &App, call: &Call, reference: String) -> Result<TimeOfBid> {
    call.read(app, move |conn, scene| read(conn, scene, Action::GiveTime, &reference)).await
}

fn read(conn: &mut Conn, scene: &Scene, action: Action, reference: &str) -> Result<TimeOfBid> {
    let granted = asked(conn, scene, action, reference)?;
    let known = Known::of(conn, &granted)?;
    time(conn, scene, &granted, known)
}

pub(super) fn time(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, known: Known) -> Result<TimeOfBid> {
    let depth = if granted.standing().may(Action::GiveTime) { Depth::Managers } else { told(granted) };
    let changes = views(conn, scene, &known.own, depth)?;
    Ok(TimeOfBid {
        closings: known.closings(),
        reference: known.bid.reference,
        round: known.round.round.title,
        slug: known.round.round.slug,
        changes,
    })
}

/// Why somebody needs more time is not for those who are only invited or who assess; why a bid is reopened is for them too.
pub(super) fn told(granted: &Granted<BidKey>) -> Depth {
    if granted.standing().may(Action::ReadTimeReason) { Depth::Reasons } else { Depth::Instants }
}

pub(super) fn asked(conn: &mut Conn, scene: &Scene, action: Action, reference: &str) -> Result<Granted<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::bid(conn, &scene.actor, action, id)
}

/// Gives a bid more time, or proposes to, with a fresh code. To reopen it is always a proposal.
///
/// # Errors
/// As policy says; `Forbidden` with `fresh_code_needed`; `Invalid` with every fault; `Conflict` when the bid has nothing that closes then.
pub async fn give_time(app: &App, call: &Call, reference: String, new: NewTime) -> Result<ChangeView> {
    call.write(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::GiveTime, &reference)?;
        let known = Known::of(conn, &granted)?;
        AppError::unless_empty(faults(&known, &new))?;
        let change = planned(conn, scene, (&granted, &known), &new)?;
        take::require_fresh(scene)?;
        store::insert_change(conn, &change)?;
        if change.at_once {
            bring_into_force(conn, scene, (&granted, &known), &change)?;
        } else {
            tell(conn, scene, &change, "round.time_proposed")?;
        }
        let occasion = if change.at_once { "to_confirm" } else { "proposed" };
        letters::to_managers(conn, scene, &change, (occasion, ""))?;
        ChangeView::for_manager(conn, scene, &change)
    })
    .await
}

fn faults(known: &Known, new: &NewTime) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !new.milestone.is_closing() {
        faults.push(Fault::new("milestone", "not_closing", "A bid alone has more time for a closing time only."));
    }
    if new.ground == Ground::Round {
        let message =
            "Choose outage, adjustment or reopening. What concerns every bid is a change of the round’s dates.";
        faults.push(Fault::new("ground", "wrong_ground", message));
    }
    faults.extend(reopen::faults(known, new));
    faults.extend(reason_fault("reason", &new.reason));
    faults
}

fn planned(
    conn: &mut Conn,
    scene: &Scene,
    (granted, known): (&Granted<BidKey>, &Known),
    new: &NewTime,
) -> Result<Change> {
    let made_by = person_of(scene)?;
    let reopens = new.ground == Ground::Reopening;
    must_be_possible(conn, scene, (granted, known), (new.ground, new.milestone))?;
    let from_at = may_have(conn, scene, known, (new.milestone, new.at))?;
    Ok(Change {
        id: scene.fresh(),
        round_id: known.round.round.id,
        bid_id: Some(known.bid.id),
        milestone: new.milestone,
        number: known.own.last().map_or(1, |last| last.number + 1),
        from_at,
        to_at: new.at,
        ground: new.ground,
        reason: new.reason.trim().into(),
        at_once: !reopens && known.instants(conn, new.milestone)?.allows_alone(new.at),
        made_by,
        made_at: scene.now,
        confirmed_by: None,
        confirmed_at: None,
        against: Against::default(),
        reopening: reopens.then(|| Named::new(reopen::in_order(known, new))),
    })
}

fn must_be_possible(
    conn: &mut Conn,
    scene: &Scene,
    (granted, known): (&Granted<BidKey>, &Known),
    (ground, milestone): (Ground, Milestone),
) -> Result<()> {
    match ground {
        Ground::Reopening => reopen::must_be_possible(conn, scene, (granted, known), milestone),
        Ground::Round | Ground::Outage | Ground::Adjustment => reopen::must_not_stand(conn, scene, known, milestone),
    }
}

/// The instant from which the bid's own time can move there now. The round's deadline may be over: that is what it is for.
fn may_have(conn: &mut Conn, scene: &Scene, known: &Known, (milestone, to): (Milestone, Moment)) -> Result<Moment> {
    if known.round.round.state != RoundState::Published {
        return Err(AppError::conflict("not_published", "The round is not open, so nothing closes in it."));
    }
    let at =
        known.round.timetable.at(milestone).ok_or_else(|| {
            AppError::invalid("milestone", "unknown_milestone", "Choose a milestone that the round has.")
        })?;
    if !known.closes_at(milestone) {
        let message = format!("Where this bid stands now, nothing of it closes at “{}”.", milestone.title());
        return Err(AppError::conflict("nothing_closes", message));
    }
    Move { timetable: &known.round.timetable, milestone, to, now: scene.now }.check()?;
    must_be_undecided(conn, known)?;
    Ok(at)
}

/// A decision is about the version that stands: no newer one may come in behind it. Managers alone hear this, who may know.
pub(super) fn must_be_undecided(conn: &mut Conn, known: &Known) -> Result<()> {
    let Some(decision) = &known.decided else { return Ok(()) };
    let approved = match decision.release {
        Some(milestone) => awards::store::release_of(conn, known.round.round.id, milestone)?.is_some(),
        None => true,
    };
    let (code, message) = if approved {
        ("release_approved", "This bid’s outcome is decided and its release is approved, so nothing more can come in.")
    } else {
        (
            "decided",
            "A decision on this bid is recorded. It is about the version that stands, so no newer one can come in: take it back first.",
        )
    };
    Err(AppError::conflict(code, message))
}

/// From now on the bid goes by it: a timer of its own waits for it, a lapsed bid is open again, and its councils hear of it.
fn bring_into_force(
    conn: &mut Conn,
    scene: &Scene,
    (granted, known): (&Granted<BidKey>, &Known),
    change: &Change,
) -> Result<()> {
    if change.reopens() {
        reopen::put_back(conn, scene, (granted, known), change)?;
        tell(conn, scene, change, "bid.reopened")?;
    } else {
        tell(conn, scene, change, "bid.more_time")?;
    }
    close_at(conn, scene, change, change.to_at)?;
    let closes = (change.milestone, change.to_at);
    reminders::service::order(conn, scene, (change.round_id, Some(known.bid.id)), closes)?;
    if let Some(lapse) = known.definition.lapsed_by(&known.bid.state, change.milestone.word()) {
        take_up_again(conn, scene, known, &lapse.id)?;
    }
    letters::order(conn, scene, change)
}

/// Orders what the closing brings for the bid of a change alone.
pub(super) fn close_at(conn: &mut Conn, scene: &Scene, change: &Change, at: Moment) -> Result<()> {
    let Some(bid) = change.bid_id else { return Ok(()) };
    let order = jobs::Order {
        id: scene.fresh(),
        kind: DEADLINE_JOB,
        payload: json!({ "bid": bid, "milestone": change.milestone }),
        run_at: at,
        unique_key: Some(format!("{DEADLINE_JOB} {bid} {} {}", change.milestone, at.micros())),
    };
    jobs::enqueue(conn, order, scene.now)
}

/// Puts a lapsed bid back into the state from which it lapsed.
fn take_up_again(conn: &mut Conn, scene: &Scene, known: &Known, lapse: &str) -> Result<()> {
    let (id, lapsed) = (known.bid.id, &known.bid.state);
    let happened = events::history(conn, Chain::Bid(id))?;
    let said = |event: &events::Data, field: &str| Some(event.detail.get(field)?.as_str()?.to_owned());
    let last = happened.iter().rev().find(|event| said(event, "transition").as_deref() == Some(lapse));
    let from = last.and_then(|event| said(event, "from"));
    let state = from.as_deref().and_then(|from| known.definition.state(from));
    let state = state.ok_or_else(|| AppError::internal("a bid lapsed from a state that its workflow does not know"))?;
    let kind = BidKind::from_word(state.kind.word()).ok_or_else(|| AppError::internal("a state of no kind"))?;
    if !bids::store::move_to(conn, id, lapsed, (&state.id, kind), scene.now)? {
        return Err(AppError::Stale { current: known.bid.version });
    }
    scene.tell(conn, Chain::Bid(id), "bid.taken_up_again", json!({ "from": lapsed, "to": state.id }))
}

/// Confirms, refuses, withdraws or objects to more time for a bid.
///
/// # Errors
/// As [`answer_change`](super::answer_change).
pub async fn answer_time(
    app: &App,
    call: &Call,
    reference: String,
    (number, word): (String, String),
    body: NewReply,
) -> Result<ChangeView> {
    call.write(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::GiveTime, &reference)?;
        let known = Known::of(conn, &granted)?;
        let change = numbered(known.own.clone(), &number)?;
        let reply = read_reply(&word, &body)?;
        note(conn, scene, &change, (reply, &body))?;
        let (kind, occasion) = told_as(reply);
        tell(conn, scene, &change, kind)?;
        if reply == Reply::Confirm && !change.at_once {
            must_still_fit(&change, &known.round.timetable)?;
            must_be_possible(conn, scene, (&granted, &known), (change.ground, change.milestone))?;
            may_have(conn, scene, &known, (change.milestone, change.to_at))?;
            bring_into_force(conn, scene, (&granted, &known), &change)?;
        }
        letters::to_managers(conn, scene, &change, (occasion, body.reason.trim()))?;
        let change = store::change(conn, change.id)?;
        ChangeView::for_manager(conn, scene, &change)
    })
    .await
}

const fn told_as(reply: Reply) -> (&'static str, &'static str) {
    match reply {
        Reply::Confirm => ("round.time_confirmed", "confirmed"),
        Reply::Refuse => ("round.time_refused", "refused"),
        Reply::Withdraw => ("round.time_withdrawn", "withdrawn"),
        Reply::Object => ("round.time_objected", "objected"),
    }
}

/// What is in force stands in the bid's chain, which its councils read; what managers say about it stands in the round's.
/// Neither holds the ground or the reason, which may say something of a person; a reopening's questions are the bid's own.
fn tell(conn: &mut Conn, scene: &Scene, change: &Change, kind: &'static str) -> Result<()> {
    let chain = match (kind, change.bid_id) {
        ("bid.more_time" | "bid.reopened", Some(bid)) => Chain::Bid(bid),
        _ => Chain::Round(change.round_id),
    };
    let mut detail = json!({
        "change": change.id,
        "bid": change.bid_id,
        "milestone": change.milestone,
        "from": change.from_at,
        "until": change.to_at,
    });
    if let (Some(named), Value::Object(detail)) = (&change.reopening, &mut detail) {
        detail.insert("questions".into(), json!(named.questions.0));
    }
    scene.tell(conn, chain, kind, detail)
}

/// What the job of a bid's own deadline carries.
#[derive(Debug, Deserialize)]
struct Payload {
    bid: Id<BidKey>,
    milestone: Milestone,
}

/// Does the jobs of bids that have more time.
pub fn deadline_handler(app: &App) -> Handler {
    jobs::handler(
        app,
        |app, payload: Payload| async move { timers::bid_closed(&app, payload.bid, payload.milestone).await },
    )
}
