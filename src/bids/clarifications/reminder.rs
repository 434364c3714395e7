//! The one reminder, a working day of the lead's nation before a clarification's time ends, if nobody has answered by then.

use serde::Deserialize;
use serde_json::json;

use super::{
    letters,
    model::{Clarification, ClarificationState},
    store,
};
use crate::{
    actor::Actor,
    bids,
    clock::Moment,
    db::Conn,
    error::Result,
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::organisations,
    },
    ids::{BidKey, Id, RowKey},
    jobs::{self, Handler},
};

/// The job that reminds the people of a bid's lead.
pub const REMINDER_JOB: &str = "clarification-reminder";

/// Orders the reminder for the instant that stands now. One for an earlier instant finds nothing to do.
pub(super) fn order(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, row: &Clarification) -> Result<()> {
    let bid = bids::store::load(conn, granted)?;
    let calendar = organisations::by_id(conn, bid.lead_id)?.nation.into();
    let run_at = row.until_at.working_days_before(1, calendar);
    if run_at <= scene.now {
        return Ok(());
    }
    let order = jobs::Order {
        id: scene.fresh(),
        kind: REMINDER_JOB,
        payload: json!({ "clarification": row.id, "until": row.until_at }),
        run_at,
        unique_key: Some(format!("{REMINDER_JOB} {} {}", row.id, row.until_at.micros())),
    };
    jobs::enqueue(conn, order, scene.now)
}

/// What the job carries.
#[derive(Debug, Deserialize)]
struct Payload {
    clarification: Id<RowKey>,
    until: Moment,
}

/// Does the jobs of reminders.
pub fn reminder_handler(app: &App) -> Handler {
    jobs::handler(app, |app: App, payload: Payload| async move {
        let call = Call::by(Actor::System, app.clock.now());
        call.write(&app, move |conn, scene| remind(conn, scene, payload.clarification, payload.until)).await
    })
}

fn remind(conn: &mut Conn, scene: &Scene, id: Id<RowKey>, until: Moment) -> Result<()> {
    let bid = store::bid_of(conn, id)?;
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, bid)?;
    let row = store::one(conn, &granted, id)?;
    let takes_answers = granted.standing().takes_answers();
    if row.until_at == until && row.state(scene.now, takes_answers) == ClarificationState::Open {
        letters::to_lead(conn, scene, &granted, (&row, "reminder", None))?;
    }
    Ok(())
}
