//! What takes somebody from panels: a conflict of interest with a bid, and the end of their place in the round's pool.

use serde_json::json;

use crate::{
    assessment::interviews::{
        letters::{self, Lost},
        store,
    },
    db::Conn,
    error::Result,
    events::Chain,
    funds::model::RoundInFull,
    http::Scene,
    identity::{policy, store::readers},
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
        letters::somebody_wanted(conn, scene, (bid, &slot), (person, Lost::Conflict))?;
    }
    Ok(())
}

/// Takes a person whose place in the round's pool has ended from the panels that have not met yet. Managers of the fund sit on panels
/// without a place and stay. Whoever is taken off is told, and for a bid that has chosen its time the managers are asked for somebody else.
///
/// # Errors
/// When the database fails.
pub fn leave_panels(conn: &mut Conn, scene: &Scene, round: &RoundInFull, person: Id<PersonKey>) -> Result<()> {
    if readers::managers(conn, round.fund.id)?.iter().any(|manager| manager.id == person) {
        return Ok(());
    }
    for (seat, slot) in store::to_come_of(conn, (round.round.id, person), scene.now)? {
        store::end(conn, seat.id, scene.now)?;
        let detail = json!({ "bid": slot.bid_id, "person": person, "number": slot.number });
        scene.tell(conn, Chain::Round(slot.round_id), "interviewer.left", detail)?;
        letters::to_panel(conn, scene, (round, person), ("released", std::slice::from_ref(&slot), None))?;
        if let Some(bid) = slot.bid_id {
            letters::somebody_wanted(conn, scene, (bid, &slot), (person, Lost::Place))?;
        }
    }
    Ok(())
}
