//! Taking back a decision that nobody outside the fund has been told of: the bid waits for one again.

use serde_json::json;

use super::{
    decide::granted,
    measured::refuse_released,
    support::{Touched, tell_of_changes},
};
use crate::{
    awards::{
        model::{Decision, Gate},
        store,
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call},
    identity::policy::Granted,
    ids::BidKey,
};

/// Takes back the decision that stands at a gate at `version`, until its release is approved, also while the bid is on hold:
/// its councils learn nothing of it. What was decided stays in the round's history.
///
/// # Errors
/// `NotFound` when none stands; `Stale` when another does; `Conflict` when its release is approved, when it showed as soon
/// as it was taken, or while a decision at a later gate rests on it.
pub async fn take_back(app: &App, call: &Call, reference: String, gate: Gate, version: i32) -> Result<()> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, gate)?;
        let standing = store::at_gate(conn, &bid, gate)?.ok_or(AppError::NotFound)?;
        let Some(release) = standing.release else {
            let message = "This decision showed as soon as it was taken: it stands as it is.";
            return Err(AppError::conflict("shown_already", message));
        };
        let round = store::stakes(conn, &bid)?.round_id;
        refuse_released(conn, round, Some(release))?;
        if let Some(later) = resting_on(conn, &bid, gate)? {
            let message = format!("The decision at the gate “{}” rests on this one. Take it back first.", later.gate);
            return Err(AppError::conflict("decided_further", message));
        }
        if !store::remove(conn, scene.fresh(), &bid, (gate, version))? {
            return Err(AppError::Stale { current: standing.version });
        }
        let detail = json!({ "bid": bid.id(), "gate": gate, "transition": standing.transition });
        scene.tell(conn, Chain::Round(round), "decision.taken_back", detail)?;
        tell_of_changes(conn, scene, &Touched::from([(round, release)]))
    })
    .await
}

/// The last decision at a later gate.
fn resting_on(conn: &mut Conn, bid: &Granted<BidKey>, gate: Gate) -> Result<Option<Decision>> {
    Ok(store::of_bid(conn, bid)?.into_iter().rfind(|decision| decision.gate > gate))
}

/// The decision that could be taken back now: the last one, if it waits for a release that is not approved.
pub(super) fn retractable(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Option<Decision>> {
    let Some(last) = store::of_bid(conn, bid)?.pop() else { return Ok(None) };
    let Some(release) = last.release else { return Ok(None) };
    let round = store::stakes(conn, bid)?.round_id;
    Ok(store::release_of(conn, round, release)?.is_none().then_some(last))
}
