//! Reading and choosing the days of a round's reminders, and ordering the jobs that wait for them.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    model::{Due, NewReminders, Reminders, reminder_at},
    store,
};
use crate::{
    clock::{Moment, working::Calendar},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{
        model::{Milestone, Round, RoundState},
        store as funds,
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RoundKey},
    jobs,
};

/// The job that reminds people before a closing.
pub const CLOSING_JOB: &str = "closing-reminder";

/// The reminders of a round, for its managers.
///
/// # Errors
/// As policy says.
pub async fn reminders(app: &App, call: &Call, slug: String) -> Result<(Round, Reminders)> {
    call.read(app, move |conn, scene| {
        let (_, round) = asked(conn, scene, &slug)?;
        let reminders = store::of_round(conn, round.id)?;
        Ok((round, reminders))
    })
    .await
}

/// Chooses the days, in the place of those at `version`. What is still to come goes by them.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Stale` when somebody chose others meanwhile.
pub async fn choose(app: &App, call: &Call, slug: String, version: i32, new: NewReminders) -> Result<Reminders> {
    call.write(app, move |conn, scene| {
        let (granted, round) = asked(conn, scene, &slug)?;
        AppError::unless_empty(new.faults())?;
        let days = new.in_order();
        if !store::put(conn, &granted, version, days.clone())? {
            return Err(AppError::Stale { current: store::of_round(conn, round.id)?.version });
        }
        let detail = json!({ "days": days });
        scene.tell(conn, Chain::Round(round.id), "round.reminders_changed", detail)?;
        if round.state == RoundState::Published {
            for (milestone, closes) in closings(conn, round.id)? {
                order(conn, scene, (round.id, None), (milestone, closes))?;
            }
            for (bid, milestone, closes) in store::own_times(conn, round.id)? {
                order(conn, scene, (round.id, bid), (milestone, closes))?;
            }
        }
        Ok(Reminders { days, version: version + 1 })
    })
    .await
}

fn asked(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<RoundKey>, Round)> {
    let round = funds::round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    Ok((policy::round(conn, &scene.actor, Action::EditRound, round.id)?, round))
}

fn closings(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<(Milestone, Moment)>> {
    let timetable = funds::timetable(conn, round)?;
    Ok(timetable.0.into_iter().filter(|(milestone, _)| milestone.is_closing()).collect())
}

/// Orders the reminders of a closing, of a round or of one bid with a time of its own, that are still to come. Those of an
/// earlier closing, or of days that were chosen before, find nothing to do.
///
/// # Errors
/// When the database fails.
pub fn order(
    conn: &mut Conn,
    scene: &Scene,
    (round, bid): (Id<RoundKey>, Option<Id<BidKey>>),
    (milestone, closes): (Milestone, Moment),
) -> Result<()> {
    for days in store::of_round(conn, round)?.days {
        let instants: BTreeSet<Moment> =
            Calendar::ALL.into_iter().map(|calendar| reminder_at(closes, days, calendar)).collect();
        for at in instants.into_iter().filter(|at| *at > scene.now) {
            let whose = bid.map_or_else(|| round.to_string(), |bid| bid.to_string());
            let instants = (closes.micros(), at.micros());
            let order = jobs::Order {
                id: scene.fresh(),
                kind: CLOSING_JOB,
                payload: json!(Due { round, bid, milestone, closes, days, at }),
                run_at: at,
                unique_key: Some(format!("{CLOSING_JOB} {whose} {milestone} {days} {} {}", instants.0, instants.1)),
            };
            jobs::enqueue(conn, order, scene.now)?;
        }
    }
    Ok(())
}
