//! What becomes of the interview of a bid that its councils take back.

use serde_json::json;

use super::Seats;
use crate::{
    assessment::interviews::{letters, model::SlotRow, store},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds,
    http::Scene,
    identity::policy::Granted,
    ids::BidKey,
};

/// Why the time of a bid that is withdrawn is called off.
const WITHDRAWN: &str = "The application was withdrawn.";

/// Calls the time off that a bid has chosen, unless it has begun, because the bid is withdrawn. Its panel is told; its councils know.
///
/// # Errors
/// `Stale` when somebody changed the time at the same moment.
pub fn let_go(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>) -> Result<()> {
    let Some(before) = store::of_bid(conn, granted)?.filter(|slot| !slot.has_begun(scene.now)) else { return Ok(()) };
    let version = before.version + 1;
    let after = SlotRow { cancelled_at: Some(scene.now), reason: WITHDRAWN.to_owned(), version, ..before };
    if !store::change(conn, granted, &after)? {
        return Err(AppError::Stale { current: version });
    }
    scene.tell(conn, Chain::Round(after.round_id), "interview.called_off", json!({ "number": after.number }))?;
    let round = funds::store::round_by_id(conn, after.round_id)?;
    let round = funds::store::in_full(conn, round)?;
    for person in Seats::of(conn, granted, after.round_id)?.people(&after) {
        let slot = std::slice::from_ref(&after);
        letters::to_panel(conn, scene, (&round, person), ("cancelled", slot, Some(WITHDRAWN)))?;
    }
    Ok(())
}
