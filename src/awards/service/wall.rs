//! What somebody hears of a round who has a conflict of interest with one of its bids: nothing that follows from that bid.
//! Whoever assesses one and reads it blind still hears of neither places nor list nor draw, which follow from the scores of all.

use diesel::prelude::*;

use crate::{
    actor::Actor,
    assessment,
    db::{Conn, schema::bids},
    error::{AppError, Result},
    http::Scene,
    identity::policy::{self, Action, BidKind, Granted, Sight},
    ids::{BidKey, Id, RoundKey},
};

/// Whether a conflict hides from the reader a bid of the round that was submitted, wherever it stands: so that whether they hear
/// of places says nothing of where it stands.
pub(in crate::awards) fn hides_any(conn: &mut Conn, round: Id<RoundKey>, sight: &Sight) -> Result<bool> {
    let found: Option<Id<BidKey>> = bids::table
        .filter(bids::round_id.eq(round))
        .filter(bids::id.eq_any(&sight.hidden))
        .filter(bids::submitted_at.is_not_null())
        .select(bids::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Whether somebody assesses a bid of the round and reads it blind still.
pub(super) fn reads_blind(conn: &mut Conn, round: Id<RoundKey>, sight: &Sight) -> Result<bool> {
    let granted = policy::round(conn, &Actor::System, Action::ListBids, round)?;
    assessment::reads_blind(conn, &granted, sight)
}

/// Whether somebody is told neither places nor list nor draw, which follow from all bids of the round: a conflict hides one of
/// these from them, or they read one blind still.
pub(in crate::awards) fn is_withheld(conn: &mut Conn, round: Id<RoundKey>, sight: &Sight) -> Result<bool> {
    Ok(hides_any(conn, round, sight)? || reads_blind(conn, round, sight)?)
}

/// Refuses whoever has such a conflict what follows from all bids of the round; `what` names it: “the list”, “a draw”.
///
/// # Errors
/// `Forbidden`.
pub(in crate::awards) fn refuse_barred(
    conn: &mut Conn,
    scene: &Scene,
    round: &Granted<RoundKey>,
    what: &str,
) -> Result<()> {
    let sight = policy::sight(conn, &scene.actor)?;
    if hides_any(conn, round.id(), &sight)? { Err(barred(what)) } else { Ok(()) }
}

/// What they hear.
pub(in crate::awards) fn barred(what: &str) -> AppError {
    let message = format!(
        "You have a conflict of interest with a bid of this round, and {what} follows from all of its bids. Colleagues make it \
         and read it."
    );
    AppError::forbidden("conflict_of_interest", message)
}

/// The bids of a round that were submitted, wherever they stand: whoever has a conflict with one of them has no part in what
/// follows from all.
pub(in crate::awards) fn submitted(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Id<BidKey>>> {
    Ok(bids::table
        .filter(bids::round_id.eq(round))
        .filter(bids::submitted_at.is_not_null())
        .select(bids::id)
        .load(conn)?)
}

/// The bids of a round about which something is or may yet be decided, as everybody may know: whoever has a conflict with one of
/// them stands behind no list of the round's decisions, whether or not it is on that list yet.
pub(super) fn in_question(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Id<BidKey>>> {
    Ok(bids::table
        .filter(bids::round_id.eq(round))
        .filter(bids::submitted_at.is_not_null())
        .filter(bids::kind.eq_any([BidKind::Waiting, BidKind::Review]))
        .select(bids::id)
        .load(conn)?)
}
