//! That somebody of the panel did not attend.

use serde_json::json;

use super::{Seats, ask_to_arrange, standing};
use crate::{
    assessment::interviews::{
        model::{Absence, SlotRow},
        store,
    },
    error::{AppError, Result},
    events::Chain,
    http::{App, Call},
};

/// Records that somebody of the panel did not attend: their scores are not waited for, and somebody else can be named. Named again,
/// they sit there again.
///
/// # Errors
/// `Forbidden` for whoever may not, or has a conflict of interest with a bid of the round; `NotFound` for whoever does not sit
/// there; `Invalid` without a reason; `Conflict` before the interview has begun, and for somebody who has submitted; `Stale` when
/// somebody changed the interview at the same moment.
pub async fn absent(app: &App, call: &Call, (slug, number): (String, i32), new: Absence) -> Result<()> {
    call.write(app, move |conn, scene| {
        let of = ask_to_arrange(conn, scene, &slug)?;
        let slot = standing(conn, &of, number)?;
        AppError::unless_empty(new.faults())?;
        let seats = Seats::of(conn, &of.granted, of.granted.id())?;
        let seat = seats.sitting(&slot).find(|seat| seat.person_id == new.person).ok_or(AppError::NotFound)?;
        if !slot.has_begun(scene.now) {
            let message = "This interview has not begun. Take them off the panel instead.";
            return Err(AppError::conflict("not_begun", message));
        }
        if seat.submitted_at.is_some() {
            let message = "They have submitted their scores of this interview, which stay.";
            return Err(AppError::conflict("scores_submitted", message));
        }
        let after = SlotRow { version: slot.version + 1, ..slot.clone() };
        if !store::change(conn, &of.granted, &after)? {
            return Err(AppError::Stale { current: after.version });
        }
        let reason = new.reason.trim();
        let (salt, said) = scene.salted(reason.as_bytes());
        store::end_absent(conn, seat.id, (reason, &salt), scene.now)?;
        let detail = json!({ "number": number, "person": new.person, "said": said });
        scene.tell(conn, Chain::Round(of.granted.id()), "interviewer.absent", detail)
    })
    .await
}
