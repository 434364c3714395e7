//! What the councils of a bid read of its interview once they know of the invitation, and their lead's choice of a time.

use serde_json::json;

use super::{Invited, Seats, free_for, reminder, rules_of, slides};
use crate::{
    assessment::{
        interviews::{
            letters,
            model::{Appointment, BidInterview, Choosing, FreeTime, SlotRow},
            store,
        },
        model::BidLine,
        service::{Asked, ask, look, person_of},
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy::Action,
};

/// Whether the councils of a bid know that it is invited to an interview that the round's rules have.
pub(super) fn knows(conn: &mut Conn, asked: &Asked) -> Result<bool> {
    let rules = asked.round.rulebook.assessment.interview.is_some();
    Ok(rules && Invited::of(conn, &asked.granted, asked.bid.round_id)?.has(&asked.bid))
}

/// The same for whoever reads the bid's outcomes.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid, `Forbidden` for whoever does not read its outcomes.
pub async fn has_been_invited(app: &App, call: &Call, reference: String) -> Result<bool> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ReadOutcomes, &reference)?;
        knows(conn, &asked)
    })
    .await
}

/// The interview of a bid, for its councils.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid, and until its councils know of an invitation; `Forbidden` for whoever does not
/// read its outcomes.
pub async fn bid(app: &App, call: &Call, reference: String) -> Result<BidInterview> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ReadOutcomes, &reference)?;
        view(conn, scene, asked)
    })
    .await
}

fn view(conn: &mut Conn, scene: &Scene, asked: Asked) -> Result<BidInterview> {
    if !knows(conn, &asked)? {
        return Err(AppError::NotFound);
    }
    let rules = rules_of(&asked.round)?;
    let chosen = store::of_bid(conn, &asked.granted)?;
    let free = match &chosen {
        Some(_) => Vec::new(),
        None => free_for(conn, scene, (&asked.granted, &rules), &asked.bid)?,
    };
    let time = |slot: SlotRow| FreeTime {
        number: slot.number,
        starts_at: slot.starts_at,
        ends_at: slot.ends_at(),
        place: slot.place,
    };
    let may_choose = chosen.is_none() && asked.granted.standing().may(Action::ChooseInterview);
    let slides = slides::of_bid(conn, scene, &asked, chosen.as_ref())?;
    Ok(BidInterview {
        minutes: rules.minutes,
        slides,
        chosen: chosen.as_ref().map(Appointment::from),
        free: free.into_iter().map(time).collect(),
        may_choose,
        bid: BidLine::from(asked.bid),
    })
}

/// Chooses a time for a bid, first come, first served. Its councils and the panel are told.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid, and until its councils know of an invitation; `Forbidden` for whoever does not
/// work for its lead; `Conflict` when it has a time, and when another bid has just chosen this one or it cannot be chosen.
pub async fn choose(app: &App, call: &Call, reference: String, wish: Choosing) -> Result<()> {
    call.write(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::ChooseInterview, &reference)?;
        let by = person_of(scene)?;
        if !knows(conn, &asked)? {
            return Err(AppError::NotFound);
        }
        let rules = rules_of(&asked.round)?;
        if store::of_bid(conn, &asked.granted)?.is_some() {
            let message = "A time is chosen for this bid already. Ask the fund if you need another one.";
            return Err(AppError::conflict("already_chosen", message));
        }
        let free = free_for(conn, scene, (&asked.granted, &rules), &asked.bid)?;
        let slot = free.into_iter().find(|slot| slot.number == wish.number).ok_or_else(taken)?;
        if !store::choose(conn, &asked.granted, &slot, (by, scene.now))? {
            return Err(taken());
        }
        let slot = SlotRow { bid_id: Some(asked.bid.id), version: slot.version + 1, ..slot };
        let detail = json!({ "bid": asked.bid.id, "number": slot.number });
        scene.tell(conn, Chain::Round(asked.bid.round_id), "interview.chosen", detail)?;
        reminder::order(conn, scene, &slot)?;
        letters::to_councils(conn, scene, &asked.round, (&slot, "chosen"))?;
        for person in Seats::of(conn, &asked.granted, asked.bid.round_id)?.people(&slot) {
            let told = std::slice::from_ref(&slot);
            letters::to_panel(conn, scene, (&asked.round, person), ("chosen", told, None))?;
        }
        Ok(())
    })
    .await
}

fn taken() -> AppError {
    let message = "This time can no longer be chosen: somebody else has just taken it. Choose another one.";
    AppError::conflict("time_taken", message)
}
