//! Reminders of an invitation that waits for an answer, counted in working days of the nation that the person works in.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::must_be_running;
use crate::{
    actor::Actor,
    assessment::pool::{
        letters,
        model::{PlaceRow, PoolRow},
        store,
    },
    clock::{Moment, working::Calendar},
    db::Conn,
    error::Result,
    funds::{self, reminders::model::reminder_at},
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action},
        store::{organisations, people},
    },
    ids::{Id, PersonKey, RoundKey, RowKey},
    jobs::{self, Handler},
};

/// The job that reminds somebody of an invitation.
pub const REMINDER_JOB: &str = "pool-reminder";

/// What the job carries.
#[derive(Debug, Serialize, Deserialize)]
struct Due {
    round: Id<RoundKey>,
    place: Id<RowKey>,
    /// Until when they can answer, as it stood then: an invitation anew has reminders of its own.
    answer_by: Moment,
    days: u8,
}

/// Orders the reminders of an invitation that are still to come.
pub(super) fn order(conn: &mut Conn, scene: &Scene, pool: &PoolRow, place: &PlaceRow) -> Result<()> {
    let calendar = calendar_of(conn, place.person_id)?;
    for days in &pool.reminder_days.0 {
        let run_at = reminder_at(place.answer_by, *days, calendar);
        if run_at <= scene.now {
            continue;
        }
        let due = Due { round: place.round_id, place: place.id, answer_by: place.answer_by, days: *days };
        let order = jobs::Order {
            id: scene.fresh(),
            kind: REMINDER_JOB,
            payload: json!(due),
            run_at,
            unique_key: Some(format!("{REMINDER_JOB} {} {} {days}", place.id, place.answer_by.micros())),
        };
        jobs::enqueue(conn, order, scene.now)?;
    }
    Ok(())
}

/// Whose bank holidays count: those where the organisation is that somebody works for.
///
/// # Errors
/// When the database fails.
pub(in crate::assessment) fn calendar_of(conn: &mut Conn, person: Id<PersonKey>) -> Result<Calendar> {
    match people::memberships(conn, person)?.first() {
        Some(first) => Ok(organisations::by_id(conn, first.organisation)?.nation.into()),
        None => Ok(Calendar::EnglandAndWales),
    }
}

/// Does the jobs of reminders.
pub fn reminder_handler(app: &App) -> Handler {
    jobs::handler(app, |app: App, due: Due| async move {
        let call = Call::by(Actor::System, app.clock.now());
        call.write(&app, move |conn, scene| remind(conn, scene, &due)).await
    })
}

fn remind(conn: &mut Conn, scene: &Scene, due: &Due) -> Result<()> {
    let granted = policy::round(conn, &scene.actor, Action::ManagePool, due.round)?;
    let Some(place) = store::by_id(conn, &granted, due.place)? else { return Ok(()) };
    let round = funds::store::round_by_id(conn, due.round)?;
    let round = funds::store::in_full(conn, round)?;
    let waits = place.awaits_answer(scene.now) && place.answer_by == due.answer_by;
    if !waits || must_be_running(&round, scene.now).is_err() {
        return Ok(());
    }
    let person = people::person(conn, place.person_id)?;
    letters::invitation(conn, scene, &round, (&place, &person, "reminder"))
}
