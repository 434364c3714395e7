//! The one reminder of what a council is asked to write by a day: on the working day before it, or on the day itself where it was
//! asked later than that. Which days people work goes by the council's own nation. Nobody is reminded of what is finished, and of
//! nothing where nothing can be written.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{letters, service};
use crate::{
    actor::Actor,
    bids::{
        comments,
        holds::{self, model::Hold},
        service::Place,
    },
    clock::{Moment, working::Calendar},
    db::Conn,
    error::Result,
    funds::rulebook::Stage,
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action},
        store::organisations,
    },
    ids::{BidKey, Id, OrganisationKey},
    jobs::{self, Handler},
};

/// The job that reminds the people of a council.
pub const REMINDER_JOB: &str = "answers-due";

/// What the job carries.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Payload {
    bid: Id<BidKey>,
    stage: Stage,
    council: Id<OrganisationKey>,
    due: NaiveDate,
}

/// When people are reminded of what is asked for by this day, if that is still to come.
fn reminds_at(due: NaiveDate, calendar: Calendar, now: Moment) -> Option<Moment> {
    let morning = NaiveTime::from_hms_opt(9, 0, 0)?;
    let day = Moment::from_london(due.and_time(morning))?;
    let before = day.on_working_day_before(1, calendar, morning);
    [Some(before), calendar.is_working(due).then_some(day)].into_iter().flatten().find(|at| *at > now)
}

/// Orders the reminder of what a council is asked to write by a day. What is finished by then, or asked for by another day,
/// makes it find nothing to do.
pub(super) fn order(
    conn: &mut Conn,
    scene: &Scene,
    place: &Place,
    (council, due): (Id<OrganisationKey>, NaiveDate),
) -> Result<()> {
    let calendar = organisations::by_id(conn, council)?.nation.into();
    let Some(run_at) = reminds_at(due, calendar, scene.now) else { return Ok(()) };
    let payload = Payload { bid: place.bid.id, stage: place.stage, council, due };
    let order = jobs::Order {
        id: scene.fresh(),
        kind: REMINDER_JOB,
        payload: json!(payload),
        run_at,
        unique_key: Some(format!(
            "{REMINDER_JOB} {} {} {council} {due} {}",
            payload.bid,
            place.stage.word(),
            run_at.micros()
        )),
    };
    jobs::enqueue(conn, order, scene.now)
}

/// Does the jobs of reminders.
pub fn reminder_handler(app: &App) -> Handler {
    jobs::handler(app, |app: App, payload: Payload| async move {
        let call = Call::by(Actor::System, app.clock.now());
        call.write(&app, move |conn, scene| remind(conn, scene, payload)).await
    })
}

fn remind(conn: &mut Conn, scene: &Scene, asked: Payload) -> Result<()> {
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, asked.bid)?;
    let place = Place::of(conn, &granted)?;
    let on_hold = holds::store::of_bid(conn, &granted)?.iter().any(Hold::stands);
    let closed = place.round.timetable.is_late(place.stage, scene.now) || place.round.round.cancelled_at.is_some();
    if !place.open || place.stage != asked.stage || on_hold || closed {
        return Ok(());
    }
    let comments = comments::service::of_stage(conn, &granted, place.stage)?;
    for mut owed in service::of_bid(conn, &granted, &place, &comments)?.owed() {
        owed.answers.retain(|row| row.due_on == Some(asked.due));
        if owed.council.id == asked.council && !owed.answers.is_empty() {
            letters::of_day(conn, scene, &place, &owed, asked.due)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reminder_comes_a_working_day_before_or_on_the_day_if_that_is_past() {
        let at = |text: &str| -> Moment { serde_json::from_value(text.into()).expect("an instant") };
        let day = |text: &str| -> NaiveDate { text.parse().expect("a day") };
        let when = |due: &str, now: &str| reminds_at(day(due), Calendar::EnglandAndWales, at(now));
        assert_eq!(when("2026-09-21", "2026-09-02T09:00:00Z"), Some(at("2026-09-18T08:00:00Z")), "a Friday");
        assert_eq!(when("2026-09-21", "2026-09-18T08:00:00Z"), Some(at("2026-09-21T08:00:00Z")));
        assert_eq!(when("2026-09-21", "2026-09-21T08:00:00Z"), None);
        assert_eq!(when("2026-09-20", "2026-09-19T08:00:00Z"), None, "nobody is reminded on a Sunday");
    }
}
