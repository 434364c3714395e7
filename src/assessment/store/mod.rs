//! The SQL of assessment, and nothing else. What is private asks for policy's answer.

pub mod assignments;
pub mod conflicts;
pub mod scores;
pub mod sift;

use diesel::{insert_into, prelude::*, update};

use super::model::BidRow;
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, organisations, scorings},
    },
    each,
    error::{AppError, Result},
    identity::policy::{Granted, Sight},
    ids::{BidKey, Id, OrganisationKey, RoundKey},
};

/// The id of the bid with a reference: policy says whether one may know of it.
pub fn bid_id(conn: &mut Conn, reference: &str) -> Result<Id<BidKey>> {
    let found = bids::table.filter(bids::reference.eq(reference)).select(bids::id).first(conn).optional()?;
    found.ok_or(AppError::NotFound)
}

/// The id and the name of the organisation with a code; organisations are public.
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

/// The bids of a round in some states, oldest first, without those that a conflict hides.
pub fn bids_in(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight, states: &[String]) -> Result<Vec<BidRow>> {
    let mut rows: Vec<BidRow> = bids::table
        .inner_join(organisations::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::state.eq_any(states))
        .order(bids::id)
        .select(BID)
        .load(conn)?;
    rows.retain(|row| !sight.hidden.contains(&row.id));
    Ok(rows)
}

/// The bids of a round that are or were open for scores, without those that a conflict hides.
pub fn scored_bids(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight) -> Result<Vec<BidRow>> {
    let mut rows: Vec<BidRow> = bids::table
        .inner_join(organisations::table)
        .inner_join(scorings::table)
        .filter(bids::round_id.eq(round.id()))
        .order(bids::id)
        .select(BID)
        .load(conn)?;
    rows.retain(|row| !sight.hidden.contains(&row.id));
    Ok(rows)
}

/// Lets assessors score a bid; doing it again opens it again.
pub fn open_scoring(conn: &mut Conn, bid: &Granted<BidKey>, now: Moment) -> Result<()> {
    let none: Option<Moment> = None;
    let row = (scorings::bid_id.eq(bid.id()), scorings::opened_at.eq(now), scorings::closed_at.eq(none));
    each!(conn, |conn| insert_into(scorings::table)
        .values(row)
        .on_conflict(scorings::bid_id)
        .do_update()
        .set(scorings::closed_at.eq(none))
        .execute(conn))?;
    Ok(())
}

/// Takes no more scores of a bid.
pub fn close_scoring(conn: &mut Conn, bid: &Granted<BidKey>, now: Moment) -> Result<()> {
    update(scorings::table.find(bid.id())).set(scorings::closed_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

/// Whether assessors may score a bid.
pub fn takes_scores(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<bool> {
    let found: Option<Id<BidKey>> = scorings::table
        .find(bid.id())
        .filter(scorings::closed_at.is_null())
        .select(scorings::bid_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
