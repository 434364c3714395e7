//! The messages of sign-offs, one row per recipient, written with the change that they tell of.

use serde_json::json;

use super::model::SignOff;
use crate::{
    account::deputies::seats,
    bids::model::Bid,
    db::Conn,
    error::Result,
    http::Scene,
    identity::store::organisations,
    partnerships::service::letters::{about, asked_for_the_lead},
};

/// Writes to a council's signatories, and to those who act for one of them today, that they are asked to sign, or asked again
/// because of these changes; gives how many there are.
pub fn to_signatories(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Bid,
    asked: &SignOff,
    (template, changes): (&'static str, &[String]),
) -> Result<usize> {
    let council = organisations::by_id(conn, asked.organisation_id)?;
    let seats = seats(conn, council.id, scene.now.london_date())?;
    let ask = bid.ask_pence.unwrap_or_default().to_string();
    let more = json!({ "organisation": council.name, "ask": ask, "hash": asked.hash, "changes": changes });
    let told = about(bid, template, "sign-off", more);
    for seat in &seats {
        scene.write_to(conn, &seat.person, &told, &format!("{} {}", asked.id, seat.person.id))?;
    }
    Ok(seats.len())
}

/// Tells whoever asked what a council's signatory has answered.
pub fn answered(conn: &mut Conn, scene: &Scene, bid: &Bid, answered: &SignOff, template: &'static str) -> Result<()> {
    let council = organisations::by_id(conn, answered.organisation_id)?;
    let words = answered.words.clone().unwrap_or_default();
    let more = json!({ "organisation": council.name, "officer": council.kind.finance_officer(), "words": words });
    let told = about(bid, template, "sign-off", more);
    for person in asked_for_the_lead(conn, bid, answered.requested_by)? {
        scene.write_to(conn, &person, &told, &format!("{} {}", answered.id, person.id))?;
    }
    Ok(())
}
