//! What a conflict of interest takes from somebody: their seat on the panel of a bid.

use serde_json::json;

use crate::{
    assessment::interviews::{letters, store},
    db::Conn,
    error::Result,
    events::Chain,
    http::Scene,
    identity::policy,
    ids::{Id, PersonKey},
};

/// Takes a person from the panels of bids with which they have a conflict of interest by now: what they wrote is kept and counts no
/// more, and the fund's managers are asked for somebody else. What is decided was scored as it was: there nothing is taken.
///
/// # Errors
/// When the database fails.
pub fn take_seats(conn: &mut Conn, scene: &Scene, person: Id<PersonKey>) -> Result<()> {
    let hidden = policy::conflicted_bids(conn, person, scene.now)?;
    for (seat, slot) in store::undecided_of(conn, person)? {
        let Some(bid) = slot.bid_id.filter(|bid| hidden.contains(bid)) else { continue };
        store::end(conn, seat.id, scene.now)?;
        let detail = json!({ "bid": bid, "person": person, "number": slot.number });
        scene.tell(conn, Chain::Round(slot.round_id), "interviewer.lost", detail)?;
        letters::somebody_wanted(conn, scene, (bid, &slot), person)?;
    }
    Ok(())
}
