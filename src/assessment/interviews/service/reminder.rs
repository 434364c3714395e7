//! The one reminder of an interview, a working day of the lead's nation before it begins, for its councils and its panel.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Seats;
use crate::{
    actor::Actor,
    assessment::interviews::{letters, model::SlotRow, store},
    bids,
    clock::Moment,
    db::Conn,
    error::Result,
    funds,
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, BidKind},
        store::organisations,
    },
    ids::{Id, RowKey},
    jobs::{self, Handler},
};

/// The job that reminds of an interview.
pub const REMINDER_JOB: &str = "interview-reminder";

/// What the job carries.
#[derive(Debug, Serialize, Deserialize)]
struct Due {
    slot: Id<RowKey>,
    /// When it begins, as it stood then: one that was moved has a reminder of its own.
    starts_at: Moment,
}

/// Orders the reminder of a time that a bid has chosen.
pub(super) fn order(conn: &mut Conn, scene: &Scene, slot: &SlotRow) -> Result<()> {
    let Some(bid) = slot.bid_id else { return Ok(()) };
    let granted = policy::bid(conn, &Actor::System, Action::ReadBid, bid)?;
    let lead = bids::store::load(conn, &granted)?.lead_id;
    let calendar = organisations::by_id(conn, lead)?.nation.into();
    let run_at = slot.starts_at.working_days_before(1, calendar);
    if run_at <= scene.now {
        return Ok(());
    }
    let order = jobs::Order {
        id: scene.fresh(),
        kind: REMINDER_JOB,
        payload: json!(Due { slot: slot.id, starts_at: slot.starts_at }),
        run_at,
        unique_key: Some(format!("{REMINDER_JOB} {} {}", slot.id, slot.starts_at.micros())),
    };
    jobs::enqueue(conn, order, scene.now)
}

/// Does the jobs of reminders.
pub fn reminder_handler(app: &App) -> Handler {
    jobs::handler(app, |app: App, due: Due| async move {
        let call = Call::by(Actor::System, app.clock.now());
        call.write(&app, move |conn, scene| remind(conn, scene, &due)).await
    })
}

fn remind(conn: &mut Conn, scene: &Scene, due: &Due) -> Result<()> {
    let Some(slot) = store::by_id(conn, due.slot)? else { return Ok(()) };
    let Some(bid) = slot.bid_id else { return Ok(()) };
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, bid)?;
    let stands =
        matches!(granted.standing().kind, Some(BidKind::Waiting | BidKind::Review)) && !granted.standing().cancelled;
    let due_still = slot.cancelled_at.is_none() && slot.starts_at == due.starts_at && !slot.has_begun(scene.now);
    if !stands || !due_still {
        return Ok(());
    }
    let round = funds::store::round_by_id(conn, slot.round_id)?;
    let round = funds::store::in_full(conn, round)?;
    letters::to_councils(conn, scene, &round, (&slot, "reminder"))?;
    for person in Seats::of(conn, &granted, slot.round_id)?.people(&slot) {
        letters::to_panel(conn, scene, (&round, person), ("reminder", std::slice::from_ref(&slot), None))?;
    }
    Ok(())
}
