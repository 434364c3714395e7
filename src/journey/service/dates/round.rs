//! The dates of a whole round.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ChangeView, Depth, NewReply, letters, must_still_fit, note, numbered, person_of, read_reply, views};
use crate::{
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{
        self,
        change::{Against, Change, Ground, Instants, Move, Reply, reason_fault},
        model::{Milestone, Round, RoundInFull, RoundState, Timetable},
        store,
    },
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::readers,
    },
    ids::RoundKey,
    journey::service::take,
};

/// A new date of a milestone on its way in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewMilestoneChange)]
#[serde(deny_unknown_fields)]
pub struct NewDate {
    /// Which milestone moves.
    pub milestone: Milestone,
    /// To when.
    pub at: Moment,
    /// Why; it is published.
    pub reason: String,
}

/// A round with the changes of its dates, for its managers.
#[derive(Debug, Clone)]
pub struct DatesOfRound {
    /// The round.
    pub round: RoundInFull,
    /// The changes, newest first.
    pub changes: Vec<ChangeView>,
    /// Whether the fund has a second manager, without whom nothing can be confirmed.
    pub has_second: bool,
}

/// The changes of a round's dates: those in force for everybody, proposals too for the fund's managers.
///
/// # Errors
/// `NotFound`, as for the round itself.
pub async fn changes(app: &App, call: &Call, slug: String) -> Result<Vec<ChangeView>> {
    call.read(app, move |conn, scene| {
        let round = funds::service::visible_round(conn, scene, &slug)?;
        let manages = policy::round(conn, &scene.actor, Action::EditRound, round.round.id).is_ok();
        let changes = store::changes_of_round(conn, round.round.id)?;
        views(conn, scene, &changes, if manages { Depth::Managers } else { Depth::Reasons })
    })
    .await
}

/// What a manager needs to change a date or to confirm a change.
///
/// # Errors
/// As policy says.
pub async fn dates_of(app: &App, call: &Call, slug: String) -> Result<DatesOfRound> {
    call.read(app, move |conn, scene| {
        let (_, round) = asked(conn, scene, &slug)?;
        let changes = store::changes_of_round(conn, round.id)?;
        let changes = views(conn, scene, &changes, Depth::Managers)?;
        let has_second = readers::managers(conn, round.fund_id)?.len() > 1;
        Ok(DatesOfRound { round: store::in_full(conn, round)?, changes, has_second })
    })
    .await
}

fn asked(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<RoundKey>, Round)> {
    let round = store::round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    Ok((policy::round(conn, &scene.actor, Action::EditRound, round.id)?, round))
}

/// Moves a milestone of a round, or proposes to, with a fresh code.
///
/// # Errors
/// As policy says; `Forbidden` with `fresh_code_needed`; `Invalid` with every fault; `Conflict` when the milestone has passed or the order would not stay.
pub async fn change_date(app: &App, call: &Call, slug: String, new: NewDate) -> Result<ChangeView> {
    call.write(app, move |conn, scene| {
        let (granted, round) = asked(conn, scene, &slug)?;
        AppError::unless_empty(reason_fault("reason", &new.reason).into_iter().collect())?;
        let change = planned(conn, scene, &round, &new)?;
        take::require_fresh(scene)?;
        store::insert_change(conn, &change)?;
        let at_once = change.at_once;
        tell(conn, scene, &change, if at_once { "round.date_changed" } else { "round.date_proposed" })?;
        if at_once {
            bring_into_force(conn, scene, &granted, &change)?;
        }
        letters::to_managers(conn, scene, &change, (if at_once { "to_confirm" } else { "proposed" }, ""))?;
        ChangeView::for_manager(conn, scene, &change)
    })
    .await
}

/// The change that these words make, if they may.
fn planned(conn: &mut Conn, scene: &Scene, round: &Round, new: &NewDate) -> Result<Change> {
    let made_by = person_of(scene)?;
    let timetable = store::timetable(conn, round.id)?;
    let from_at = may_move(conn, scene, round, &timetable, (new.milestone, new.at))?;
    let before = store::changes_of_round(conn, round.id)?;
    Ok(Change {
        id: scene.fresh(),
        round_id: round.id,
        bid_id: None,
        milestone: new.milestone,
        number: before.last().map_or(1, |last| last.number + 1),
        from_at,
        to_at: new.at,
        ground: Ground::Round,
        reason: new.reason.trim().into(),
        at_once: Instants::of_round(from_at, new.milestone, &before).allows_alone(new.at),
        made_by,
        made_at: scene.now,
        confirmed_by: None,
        confirmed_at: None,
        against: Against::default(),
        reopening: None,
    })
}

/// The instant from which a milestone can move there now.
fn may_move(
    conn: &mut Conn,
    scene: &Scene,
    round: &Round,
    timetable: &Timetable,
    (milestone, to): (Milestone, Moment),
) -> Result<Moment> {
    if round.state != RoundState::Published {
        let message = "Only the dates of a published round are changed here: nobody has been told any other.";
        return Err(AppError::conflict("not_published", message));
    }
    let at = timetable
        .at(milestone)
        .ok_or_else(|| AppError::invalid("milestone", "unknown_milestone", "Choose a milestone that the round has."))?;
    if milestone.is_over(at, scene.now) || store::has_passed(conn, round.id, milestone)? {
        let message =
            format!("“{}” was at {} and is over. It cannot be moved any more.", milestone.title(), at.in_words());
        return Err(AppError::conflict("milestone_passed", message));
    }
    Move { timetable, milestone, to, now: scene.now }.check()?;
    Ok(at)
}

/// From now on the round goes by it: its timer waits for it, and everybody concerned hears of it.
fn bring_into_force(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>, change: &Change) -> Result<()> {
    store::move_milestone(conn, round, change.milestone, change.to_at)?;
    funds::service::wait_for(conn, scene, change.round_id, (change.milestone, change.to_at))?;
    letters::order(conn, scene, change)
}

/// Confirms, refuses, withdraws or objects to a change.
///
/// # Errors
/// As policy says; `Forbidden` with `own_change` where another manager is needed, or with `fresh_code_needed`; `Conflict` when nothing is open, or a
/// proposal no longer fits; `Invalid` without a reason that is needed.
pub async fn answer_change(
    app: &App,
    call: &Call,
    slug: String,
    (number, word): (String, String),
    body: NewReply,
) -> Result<ChangeView> {
    call.write(app, move |conn, scene| {
        let (granted, round) = asked(conn, scene, &slug)?;
        let change = numbered(store::changes_of_round(conn, round.id)?, &number)?;
        let reply = read_reply(&word, &body)?;
        let comes_into_force = reply == Reply::Confirm && !change.at_once;
        note(conn, scene, &change, (reply, &body))?;
        if comes_into_force {
            let timetable = store::timetable(conn, round.id)?;
            must_still_fit(&change, &timetable)?;
            may_move(conn, scene, &round, &timetable, (change.milestone, change.to_at))?;
        }
        let change = store::change(conn, change.id)?;
        let (kind, occasion) = told_as(reply);
        tell(conn, scene, &change, kind)?;
        if comes_into_force {
            bring_into_force(conn, scene, &granted, &change)?;
        }
        letters::to_managers(conn, scene, &change, (occasion, body.reason.trim()))?;
        ChangeView::for_manager(conn, scene, &change)
    })
    .await
}

const fn told_as(reply: Reply) -> (&'static str, &'static str) {
    match reply {
        Reply::Confirm => ("round.date_confirmed", "confirmed"),
        Reply::Refuse => ("round.date_refused", "refused"),
        Reply::Withdraw => ("round.date_withdrawn", "withdrawn"),
        Reply::Object => ("round.date_objected", "objected"),
    }
}

fn tell(conn: &mut Conn, scene: &Scene, change: &Change, kind: &'static str) -> Result<()> {
    let detail = json!({
        "change": change.id,
        "milestone": change.milestone,
        "from": change.from_at,
        "to": change.to_at,
    });
    scene.tell(conn, Chain::Round(change.round_id), kind, detail)
}
