//! The use cases of sign-offs: looking, asking, signing, asking for changes; and what voids a signature.

mod answer;
mod ask;
mod look;
mod void;

pub use answer::{ask_for_changes, sign};
pub use ask::request;
pub use look::{SignOffView, Signature, all_signed, sign_off, signatures};
pub use void::{parts_changed, void_if_changed};

use crate::{
    bids,
    db::Conn,
    error::Result,
    funds::{self, rulebook::Rulebook},
    identity::policy::Granted,
    ids::BidKey,
};

/// The rules of a bid's round.
fn rules_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Rulebook> {
    let round = bids::store::load(conn, bid)?.round_id;
    let round = funds::store::round_by_id(conn, round)?;
    Ok(funds::store::in_full(conn, round)?.rulebook)
}
