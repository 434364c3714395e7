//! The SQL of assessment, and nothing else. What is private asks for policy's answer.

pub mod assignments;
pub mod lost;
pub mod scores;
pub mod sift;

use diesel::prelude::*;

use super::model::BidRow;
use crate::{
    db::{
        Conn,
        schema::{bids, decisions, organisations},
    },
    error::{AppError, Result},
    identity::policy::{BidKind, Granted, Sight},
    ids::{BidKey, Id, OrganisationKey, RoundKey},
};

/// The id of the organisation with a code; organisations are public.
pub fn organisation_id(conn: &mut Conn, code: &str) -> Result<Id<OrganisationKey>> {
    let found =
        organisations::table.filter(organisations::code.eq(code)).select(organisations::id).first(conn).optional()?;
    found.ok_or(AppError::NotFound)
}

/// The columns of a [`BidRow`].
type BidColumns = (
    bids::id,
    bids::reference,
    bids::title,
    organisations::name,
    bids::lead_id,
    bids::round_id,
    bids::workflow_id,
    bids::state,
    bids::kind,
);

const BID: BidColumns = (
    bids::id,
    bids::reference,
    bids::title,
    organisations::name,
    bids::lead_id,
    bids::round_id,
    bids::workflow_id,
    bids::state,
    bids::kind,
);

/// A bid.
pub fn bid(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<BidRow> {
    Ok(bids::table.inner_join(organisations::table).filter(bids::id.eq(granted.id())).select(BID).first(conn)?)
}

/// The bids of a round that were submitted and are no drafts, oldest first, without those that a conflict hides.
pub fn bids_of(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight) -> Result<Vec<BidRow>> {
    let mut rows: Vec<BidRow> = bids::table
        .inner_join(organisations::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::kind.ne(BidKind::Draft))
        .filter(bids::submitted_at.is_not_null())
        .order(bids::id)
        .select(BID)
        .load(conn)?;
    rows.retain(|row| !sight.hidden.contains(&row.id));
    Ok(rows)
}

/// What was decided about a bid: the bid, the gate and the transition, released or not.
pub fn decisions_of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<(Id<BidKey>, String, String)>> {
    Ok(decisions::table
        .filter(decisions::bid_id.eq(bid.id()))
        .select((decisions::bid_id, decisions::gate, decisions::transition))
        .load(conn)?)
}

/// What was decided about the bids of a round: the bid, the gate and the transition, released or not.
pub fn decisions_of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<(Id<BidKey>, String, String)>> {
    Ok(decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .select((decisions::bid_id, decisions::gate, decisions::transition))
        .load(conn)?)
}
