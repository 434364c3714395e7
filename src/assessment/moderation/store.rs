//! The SQL of moderation. Steps are added to and never changed.

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*};

use super::model::{Counting, Opening, StepRow, counting};
use crate::{
    added,
    clock::Moment,
    db::{
        Conn,
        schema::{bids, moderation_steps, moderations, people},
    },
    each,
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey, grouped},
};

/// That the moderation of a round is open, if it is.
pub fn opening<T>(conn: &mut Conn, _: &Granted<T>, round: Id<RoundKey>) -> Result<Option<Opening>> {
    let row: Option<(Moment, String, String)> = moderations::table
        .inner_join(people::table)
        .filter(moderations::round_id.eq(round))
        .select((moderations::opened_at, people::name, moderations::reason))
        .first(conn)
        .optional()?;
    Ok(row.map(|(opened_at, opened_by, reason)| Opening { opened_at, opened_by, reason }))
}

/// Opens the moderation of a round; whether it was not open.
pub fn open(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    (reason, salt): (&str, &str),
    (by, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let row = (
        moderations::round_id.eq(round.id()),
        moderations::opened_by.eq(by),
        moderations::opened_at.eq(now),
        moderations::reason.eq(reason),
        moderations::salt.eq(salt),
    );
    let opened =
        each!(conn, |conn| insert_into(moderations::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(opened == 1)
}

/// What was done about a bid, in order.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<StepRow>> {
    Ok(moderation_steps::table
        .filter(moderation_steps::bid_id.eq(bid.id()))
        .order(moderation_steps::number)
        .select(StepRow::as_select())
        .load(conn)?)
}

/// What was done about the bids of a round, in order.
pub fn of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeMap<Id<BidKey>, Vec<StepRow>>> {
    let rows: Vec<StepRow> = moderation_steps::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .order((moderation_steps::bid_id, moderation_steps::number))
        .select(StepRow::as_select())
        .load(conn)?;
    Ok(grouped(rows, |row| row.bid_id))
}

/// What was agreed of the bids of a round and counts.
pub fn agreed_of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeMap<Id<BidKey>, Counting>> {
    let steps = of_round(conn, round)?;
    Ok(steps.into_iter().filter_map(|(bid, steps)| Some((bid, counting(&steps)?))).collect())
}

/// Adds a step; whether there was none of its number.
pub fn append(conn: &mut Conn, _: &Granted<BidKey>, row: &StepRow) -> Result<bool> {
    Ok(added!(conn, moderation_steps(bid_id, number), row)?)
}
