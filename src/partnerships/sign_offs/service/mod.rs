//! The use cases of sign-offs: looking, asking, signing, asking for changes; and what voids a signature.

mod answer;
mod ask;
mod look;
mod void;

pub use answer::{ask_for_changes, sign};
pub use ask::request;
pub use look::{SignOffView, Signature, all_signed, sign_off, signatures, unsigned};
pub(in crate::partnerships) use look::{holds, of_sign_off, signatures_beside, signatures_of_now, signed};
pub use void::{ask_in_place, end_requests, parts_changed, void_if_changed};

use super::{
    model::{SignOff, SignOffState},
    store,
};
use crate::{
    bids,
    db::Conn,
    error::Result,
    funds::{self, rulebook::Rulebook},
    identity::policy::Granted,
    ids::BidKey,
};

/// The sign-offs that a bid's councils are asked for now, for rooms that hold the bid in a transaction.
///
/// # Errors
/// When the database fails.
pub fn asked(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<SignOff>> {
    let mut asked = store::of_bid(conn, bid)?;
    asked.retain(|sign_off| sign_off.state == SignOffState::Requested);
    Ok(asked)
}

/// The sign-offs that count and are asked for or given, for rooms that hold the bid in a transaction.
///
/// # Errors
/// When the database fails.
pub fn standing(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<SignOff>> {
    let mut standing = store::of_bid(conn, bid)?;
    standing.retain(|sign_off| matches!(sign_off.state, SignOffState::Requested | SignOffState::Signed));
    Ok(standing)
}

/// The rules of a bid's round.
fn rules_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Rulebook> {
    let round = bids::store::load(conn, bid)?.round_id;
    let round = funds::store::round_by_id(conn, round)?;
    Ok(funds::store::in_full(conn, round)?.rulebook)
}
