//! The SQL of holds.

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*, update};

use super::model::{Hold, Span};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, holds},
    },
    error::{AppError, Result},
    identity::policy::{Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

/// The holds of a bid, in the order in which they were placed.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Hold>> {
    Ok(holds::table.filter(holds::bid_id.eq(bid.id())).order(holds::number).select(Hold::as_select()).load(conn)?)
}

/// When the bids of a round are on hold, each in the order in which its holds were placed: no reasons, which not everybody
/// reads for whom it matters.
pub fn spans_of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<BTreeMap<Id<BidKey>, Vec<Span>>> {
    let rows: Vec<(Id<BidKey>, Moment, Option<Moment>)> = holds::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .order((holds::bid_id, holds::number))
        .select((holds::bid_id, holds::placed_at, holds::lifted_at))
        .load(conn)?;
    let mut spans: BTreeMap<Id<BidKey>, Vec<Span>> = BTreeMap::new();
    for (bid, placed_at, lifted_at) in rows {
        spans.entry(bid).or_default().push(Span { placed_at, lifted_at });
    }
    Ok(spans)
}

/// Since when those of these bids are on hold that are. The list is of bids that the viewer's own organisations work on.
pub fn standing_among(conn: &mut Conn, _: &Sight, bids: &[Id<BidKey>]) -> Result<BTreeMap<Id<BidKey>, Moment>> {
    let rows: Vec<(Id<BidKey>, Moment)> = holds::table
        .filter(holds::bid_id.eq_any(bids))
        .filter(holds::lifted_at.is_null())
        .select((holds::bid_id, holds::placed_at))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Puts a bid on hold that is not; whoever does it has looked. Gives the hold.
pub fn place(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
    reason: &str,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<Hold> {
    let before: i64 = holds::table.filter(holds::bid_id.eq(bid.id())).count().get_result(conn)?;
    let number = i32::try_from(before + 1).map_err(AppError::internal)?;
    insert_into(holds::table)
        .values((
            holds::id.eq(id),
            holds::bid_id.eq(bid.id()),
            holds::number.eq(number),
            holds::reason.eq(reason),
            holds::placed_by.eq(person),
            holds::placed_at.eq(now),
        ))
        .execute(conn)?;
    Ok(Hold { number, reason: reason.to_owned(), placed_at: now, lifted_at: None, note: None })
}

/// Lifts the hold that stands; says whether there was one.
pub fn lift(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    note: Option<&str>,
    (person, now): (Option<Id<PersonKey>>, Moment),
) -> Result<bool> {
    let standing = holds::table.filter(holds::bid_id.eq(bid.id())).filter(holds::lifted_at.is_null());
    let lifted = update(standing)
        .set((holds::lifted_by.eq(person), holds::lifted_at.eq(Some(now)), holds::note.eq(note)))
        .execute(conn)?;
    Ok(lifted == 1)
}
