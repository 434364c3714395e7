//! The SQL of slides.

use diesel::{insert_into, prelude::*, update};

use super::model::SlidesRow;
use crate::{
    clock::Moment,
    db::{Conn, schema::interview_slides},
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RowKey},
};

/// Puts slides in.
pub fn insert(conn: &mut Conn, _: &Granted<BidKey>, new: &SlidesRow) -> Result<()> {
    insert_into(interview_slides::table).values(new).execute(conn)?;
    Ok(())
}

/// All that a bid ever had, by name.
pub fn all(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<SlidesRow>> {
    let mut all: Vec<SlidesRow> = interview_slides::table
        .filter(interview_slides::bid_id.eq(bid.id()))
        .select(SlidesRow::as_select())
        .load(conn)?;
    // The databases sort letters differently.
    all.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(all)
}

/// Those that a bid has now, by name.
pub fn current(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<SlidesRow>> {
    let mut all = all(conn, bid)?;
    all.retain(|slides| slides.taken_out_at.is_none());
    Ok(all)
}

/// Takes slides out that are there, perhaps because others take their place; whether they were there.
pub fn take_out(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
    (by, at, replaced_by): (Option<Id<PersonKey>>, Moment, Option<Id<RowKey>>),
) -> Result<bool> {
    let there = interview_slides::table
        .filter(interview_slides::id.eq(id))
        .filter(interview_slides::bid_id.eq(bid.id()))
        .filter(interview_slides::taken_out_at.is_null());
    let change = (
        interview_slides::taken_out_at.eq(Some(at)),
        interview_slides::taken_out_by.eq(by),
        interview_slides::replaced_by.eq(replaced_by),
    );
    Ok(update(there).set(change).execute(conn)? == 1)
}

/// The slides, by bid, that are a file and were not taken out. For the scanner alone, which asks for no bid.
pub fn with_hash(conn: &mut Conn, hash: &str) -> Result<Vec<SlidesRow>> {
    Ok(interview_slides::table
        .filter(interview_slides::hash.eq(hash))
        .filter(interview_slides::taken_out_at.is_null())
        .order(interview_slides::id)
        .select(SlidesRow::as_select())
        .load(conn)?)
}
