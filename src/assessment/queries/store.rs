//! The SQL of flags and questions. Both they and their steps are added to and never changed.

use diesel::{insert_into, prelude::*};

use super::model::{QueryRow, StepRow};
use crate::{
    added,
    db::{
        Conn,
        schema::{bids, queries, query_steps},
    },
    error::{AppError, Result},
    identity::policy::{Granted, Sight},
    ids::{BidKey, Id, RoundKey, RowKey, grouped},
};

/// Puts a flag or question in.
pub fn insert(conn: &mut Conn, _: &Granted<BidKey>, row: &QueryRow) -> Result<()> {
    insert_into(queries::table).values(row).execute(conn)?;
    Ok(())
}

/// Adds a step; whether there was none of its number.
pub fn append(conn: &mut Conn, _: &Granted<BidKey>, row: &StepRow) -> Result<bool> {
    Ok(added!(conn, query_steps(query_id, number), row)?)
}

/// Those of a bid, in order, each with what followed.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<(QueryRow, Vec<StepRow>)>> {
    let rows: Vec<QueryRow> = queries::table
        .filter(queries::bid_id.eq(bid.id()))
        .order(queries::number)
        .select(QueryRow::as_select())
        .load(conn)?;
    with_steps(conn, rows)
}

/// One of them.
///
/// # Errors
/// `NotFound`.
pub fn one(conn: &mut Conn, bid: &Granted<BidKey>, number: i32) -> Result<(QueryRow, Vec<StepRow>)> {
    let found = of_bid(conn, bid)?.into_iter().find(|(row, _)| row.number == number);
    found.ok_or(AppError::NotFound)
}

/// Those of the bids of a round, oldest first, without the bids that a conflict hides.
pub fn of_round(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight) -> Result<Vec<(QueryRow, Vec<StepRow>)>> {
    let mut rows: Vec<QueryRow> = queries::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .order((queries::created_at, queries::id))
        .select(QueryRow::as_select())
        .load(conn)?;
    rows.retain(|row| !sight.hidden.contains(&row.bid_id));
    with_steps(conn, rows)
}

fn with_steps(conn: &mut Conn, rows: Vec<QueryRow>) -> Result<Vec<(QueryRow, Vec<StepRow>)>> {
    let ids: Vec<Id<RowKey>> = rows.iter().map(|row| row.id).collect();
    let found: Vec<StepRow> = query_steps::table
        .filter(query_steps::query_id.eq_any(ids))
        .order((query_steps::query_id, query_steps::number))
        .select(StepRow::as_select())
        .load(conn)?;
    let mut steps = grouped(found, |step| step.query_id);
    let with = |row: QueryRow| {
        let of = steps.remove(&row.id).unwrap_or_default();
        (row, of)
    };
    Ok(rows.into_iter().map(with).collect())
}
