//! The SQL of gateway checks. Marks are added to and never changed.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::MarkRow;
use crate::{
    added,
    db::{
        Conn,
        schema::{bid_versions, bids, gateway_marks},
    },
    error::Result,
    funds::rulebook::Stage,
    identity::policy::Granted,
    ids::{BidKey, Id, RoundKey, grouped},
};

/// The marks of a bid, in order.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<MarkRow>> {
    Ok(gateway_marks::table
        .filter(gateway_marks::bid_id.eq(bid.id()))
        .order(gateway_marks::number)
        .select(MarkRow::as_select())
        .load(conn)?)
}

/// The marks of the bids of a round, in order.
pub fn of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeMap<Id<BidKey>, Vec<MarkRow>>> {
    let rows: Vec<MarkRow> = gateway_marks::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .order((gateway_marks::bid_id, gateway_marks::number))
        .select(MarkRow::as_select())
        .load(conn)?;
    Ok(grouped(rows, |row| row.bid_id))
}

/// The number of the version of a full application that stands; 0 where there is none.
pub fn version_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<i32> {
    let newest: Option<i32> = bid_versions::table
        .filter(bid_versions::bid_id.eq(bid.id()))
        .filter(bid_versions::stage.eq(Stage::Full))
        .order(bid_versions::number.desc())
        .select(bid_versions::number)
        .first(conn)
        .optional()?;
    Ok(newest.unwrap_or(0))
}

/// The same of every bid of a round that has one.
pub fn versions_of(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeMap<Id<BidKey>, i32>> {
    let rows: Vec<(Id<BidKey>, i32)> = bid_versions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bid_versions::stage.eq(Stage::Full))
        .order(bid_versions::number)
        .select((bids::id, bid_versions::number))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Adds a mark; whether there was none of its number.
pub fn append(conn: &mut Conn, _: &Granted<BidKey>, row: &MarkRow) -> Result<bool> {
    Ok(added!(conn, gateway_marks(bid_id, number), row)?)
}
