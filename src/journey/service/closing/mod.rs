//! Reminders before a closing: people of a bid that has not been submitted hear what is missing, each at most once a day. Where a
//! version stands, those hear of it who are asked to sign a newer text, and the lead that the newer text does not count yet.
//!
//! A job stands for a closing as it was when the job was ordered. Where the date was changed since, the bid has its own time,
//! or a manager has chosen other days, it finds nothing to do: there is another for that.

mod letters;

use super::situation::{Known, bids_where};
use crate::{
    actor::Actor,
    clock::working::Calendar,
    db::Conn,
    error::Result,
    funds::reminders::{
        model::{Due, reminder_at},
        store,
    },
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action},
        store::organisations,
    },
    ids::{BidKey, Id},
    jobs::{self, Handler},
};

/// Does the jobs of reminders before a closing.
pub fn closing_handler(app: &App) -> Handler {
    jobs::handler(app, |app, due: Due| async move { remind(&app, due).await })
}

/// Reminds the people of each bid in a transaction of its own, so that one that cannot be read holds up none of the others.
/// Doing it again the same day writes nobody twice.
async fn remind(app: &App, due: Due) -> Result<()> {
    let call = Call::by(Actor::System, app.clock.now());
    let bids = match due.bid {
        Some(bid) => vec![bid],
        None => call.read(app, move |conn, _| waiting(conn, due)).await?,
    };
    let mut outcome = Ok(());
    for bid in bids {
        outcome = outcome.and(call.write(app, move |conn, scene| remind_of(conn, scene, due, bid)).await);
    }
    outcome
}

fn waiting(conn: &mut Conn, due: Due) -> Result<Vec<Id<BidKey>>> {
    bids_where(conn, due.round, |definition, state| definition.closes_in(state, due.milestone.word()))
}

fn remind_of(conn: &mut Conn, scene: &Scene, due: Due, bid: Id<BidKey>) -> Result<()> {
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, bid)?;
    let known = Known::of(conn, scene, &granted)?;
    let calendar = organisations::by_id(conn, known.bid.lead_id)?.nation.into();
    let chosen = store::of_round(conn, due.round)?.days.contains(&due.days);
    if chosen && is_still_due(&known, due, calendar) && scene.now <= due.closes {
        letters::write(conn, scene, (&granted, &known), (due, calendar))?;
    }
    Ok(())
}

/// Whether the bid can still be submitted, by the closing and on the day that the reminder is about.
fn is_still_due(known: &Known, due: Due, calendar: Calendar) -> bool {
    let state = known.place.shown();
    let to_submit = known.definition.closes_in(state, due.milestone.word());
    let goes_on = known.hold.is_none() && known.round.round.cancelled_at.is_none();
    let closes_then = known.round.timetable.at(due.milestone) == Some(due.closes);
    to_submit && goes_on && closes_then && reminder_at(due.closes, due.days, calendar) == due.at
}
