//! The SQL of readers who were lost to a conflict of interest, in whose place somebody else is wanted.

use diesel::{insert_into, prelude::*, update};

use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, readers_lost},
    },
    each,
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// Keeps that a bid has lost a reader.
pub fn insert(conn: &mut Conn, bid: Id<BidKey>, person: Id<PersonKey>, now: Moment) -> Result<()> {
    let row = (readers_lost::bid_id.eq(bid), readers_lost::person_id.eq(person), readers_lost::lost_at.eq(now));
    each!(conn, |conn| insert_into(readers_lost::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// When each bid of a round has lost a reader, where nobody has closed that.
pub fn of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<(Id<BidKey>, Moment)>> {
    Ok(readers_lost::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(readers_lost::closed_at.is_null())
        .select((readers_lost::bid_id, readers_lost::lost_at))
        .load(conn)?)
}

/// When a bid has lost a reader, where nobody has closed that.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Moment>> {
    Ok(readers_lost::table
        .filter(readers_lost::bid_id.eq(bid.id()))
        .filter(readers_lost::closed_at.is_null())
        .select(readers_lost::lost_at)
        .load(conn)?)
}

/// Closes what is open of a bid.
pub fn close(conn: &mut Conn, bid: &Granted<BidKey>, (by, now): (Id<PersonKey>, Moment)) -> Result<()> {
    let open = readers_lost::table.filter(readers_lost::bid_id.eq(bid.id())).filter(readers_lost::closed_at.is_null());
    let closed = (readers_lost::closed_at.eq(Some(now)), readers_lost::closed_by.eq(Some(by)));
    update(open).set(closed).execute(conn)?;
    Ok(())
}
