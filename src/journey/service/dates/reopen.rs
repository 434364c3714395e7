//! Reopening one bid for named questions, once its stage has closed and while nothing is decided: always two people. What
//! was written since the version that stands is set aside, and the newer version that is submitted ends it.

use super::{
    bid::{Known, NewTime, TimeOfBid, asked, close_at, must_be_undecided, time},
    letters,
};
use crate::{
    assessment,
    bids::{self, holds},
    db::Conn,
    error::{AppError, Fault, Result},
    funds::{
        change::{Change, Ground},
        model::Milestone,
        reopening::{self, NamedPart, Reopening},
        rulebook::Stage,
        store,
    },
    http::{App, Call, Scene},
    identity::policy::{Action, Granted},
    ids::BidKey,
    journey::service::situation,
};

/// What a manager looks at who wants to reopen a bid.
#[derive(Debug, Clone)]
pub struct ToReopen {
    /// When it closes, and what was changed.
    pub time: TimeOfBid,
    /// What moves, where it can be reopened.
    pub milestone: Option<Milestone>,
    /// What can be named.
    pub parts: Vec<NamedPart>,
    /// Why it cannot be reopened, where it cannot.
    pub refused: Option<String>,
}

/// A bid as a manager reopens it. Of a draft it tells no more than that it is there.
///
/// # Errors
/// As policy says.
pub async fn to_reopen(app: &App, call: &Call, reference: String) -> Result<ToReopen> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::GiveTime, &reference)?;
        let known = Known::of(conn, &granted)?;
        let (milestone, parts, refused) = match possible(conn, scene, (&granted, &known)) {
            Ok(stage) => {
                let parts = reopening::nameable(known.round.rulebook.form(stage), stage);
                (Some(Milestone::closing(stage)), parts, None)
            }
            Err(AppError::Conflict { message, .. }) => (None, Vec::new(), Some(message)),
            Err(other) => return Err(other),
        };
        Ok(ToReopen { milestone, parts, refused, time: time(conn, scene, &granted, known)? })
    })
    .await
}

/// Nothing if the bid can be reopened where this closed.
pub(super) fn must_be_possible(
    conn: &mut Conn,
    scene: &Scene,
    known: (&Granted<BidKey>, &Known),
    milestone: Milestone,
) -> Result<()> {
    let closed = Milestone::closing(possible(conn, scene, known)?);
    if closed == milestone {
        return Ok(());
    }
    let message = format!("Where this bid stands now, it is reopened for “{}”.", closed.title());
    Err(AppError::conflict("nothing_closes", message))
}

/// The stage for which the bid can be reopened.
fn possible(conn: &mut Conn, scene: &Scene, (granted, known): (&Granted<BidKey>, &Known)) -> Result<Stage> {
    known.round.round.require_running()?;
    let state = &known.bid.state;
    let stage = bids::model::open_stage(&known.definition, state).filter(|_| known.definition.stands_in(state));
    let Some(stage) = stage else {
        let message = "A bid is reopened only while the version that it submitted stands and waits for the fund. This one is not there.";
        return Err(AppError::conflict("nothing_stands", message));
    };
    let reopened = store::reopening_of(conn, (known.round.round.id, granted.id()), stage, scene.now)?.is_some();
    if !reopened && !known.round.timetable.is_late(stage, scene.now) {
        let until =
            known.round.timetable.closes(stage).map(|at| format!(" until {}", at.in_words())).unwrap_or_default();
        let message = format!("This bid is open{until}. It can be reopened once that is over.");
        return Err(AppError::conflict("still_open", message));
    }
    if let Some(hold) = holds::store::of_bid(conn, granted)?.iter().find(|hold| hold.stands()) {
        return Err(AppError::conflict("on_hold", format!("Not now: {}. Lift the hold first.", hold.in_words())));
    }
    must_be_undecided(conn, known)?;
    if assessment::readers(conn, granted)?.submitted > 0 {
        let message =
            "Assessors have submitted their scores, which are about the version that stands and stay as they are.";
        return Err(AppError::conflict("scored", message));
    }
    Ok(stage)
}

/// Nothing if more time would not open the whole of a bid that two managers have reopened for a part of it.
pub(super) fn must_not_stand(conn: &mut Conn, scene: &Scene, known: &Known, milestone: Milestone) -> Result<()> {
    let Some(stage) = milestone.closed_stage() else { return Ok(()) };
    let Some(change) = store::reopening_of(conn, (known.round.round.id, known.bid.id), stage, scene.now)? else {
        return Ok(());
    };
    let message = format!(
        "This bid is reopened for some of its questions until {}. More time would open the rest of it too: reopen it once \
         more, until later or for more questions.",
        change.to_at.in_words()
    );
    Err(AppError::conflict("reopened", message))
}

/// What is wrong with what is to be named.
pub(super) fn faults(known: &Known, new: &NewTime) -> Vec<Fault> {
    let Some(stage) = new.milestone.closed_stage() else { return Vec::new() };
    if new.ground == Ground::Reopening {
        return reopening::faults(&new.questions, &reopening::nameable(known.round.rulebook.form(stage), stage));
    }
    let message = "More time is for the whole bid. Leave the questions out, or choose reopening.";
    let named = !new.questions.is_empty();
    named.then(|| Fault::new("questions", "not_reopening", message)).into_iter().collect()
}

/// What is named, each once and in the form's order.
pub(super) fn in_order(known: &Known, new: &NewTime) -> Vec<String> {
    let Some(stage) = new.milestone.closed_stage() else { return Vec::new() };
    let nameable = reopening::nameable(known.round.rulebook.form(stage), stage).into_iter();
    nameable.map(|part| part.id).filter(|id| new.questions.contains(id)).collect()
}

/// Puts everything back to the version that stands but for what is named, and keeps what had been written.
pub(super) fn put_back(
    conn: &mut Conn,
    scene: &Scene,
    (granted, known): (&Granted<BidKey>, &Known),
    change: &Change,
) -> Result<()> {
    let Some(stage) = change.milestone.closed_stage() else { return Ok(()) };
    let rules = &known.round.rulebook;
    let named = Reopening::of(change, rules.form(stage));
    let written = bids::service::put_back(conn, scene, granted, rules, (stage, &named))?;
    store::set_aside(conn, change.id, written)
}

/// What a change names, with titles.
pub(super) fn named(conn: &mut Conn, change: &Change) -> Result<Vec<NamedPart>> {
    let Some(stage) = change.milestone.closed_stage().filter(|_| change.reopens()) else { return Ok(Vec::new()) };
    let round = store::round_by_id(conn, change.round_id)?;
    let round = store::in_full(conn, round)?;
    Ok(reopening::named(change, round.rulebook.form(stage)))
}

/// A version was submitted: where the bid was reopened for it, that is over, and those who have read the version before it
/// hear of it. Says whether it was so.
pub(in crate::journey::service) fn submitted_anew(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    known: &situation::Known,
) -> Result<bool> {
    let Some(stage) = known.stage else { return Ok(false) };
    let Some(change) = store::reopening_of(conn, (known.round.round.id, granted.id()), stage, scene.now)? else {
        return Ok(false);
    };
    store::use_up(conn, change.id, scene.now)?;
    // What the closing brings was done for the version before it, and comes at once for this one.
    close_at(conn, scene, &change, scene.now)?;
    letters::of_newer_version(conn, scene, granted, &change)?;
    Ok(true)
}
