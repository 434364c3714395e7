//! The SQL of clarifications.

use std::collections::BTreeMap;

use diesel::{dsl::auto_type, insert_into, prelude::*, update};

use super::model::Clarification;
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, clarifications, rounds},
    },
    error::{AppError, Result},
    identity::policy::{BidKind, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RowKey},
};

/// Puts a clarification in.
pub fn insert(conn: &mut Conn, _: &Granted<BidKey>, new: &Clarification) -> Result<()> {
    insert_into(clarifications::table).values(new).execute(conn)?;
    Ok(())
}

/// The clarifications of a bid, in the order in which they were asked.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Clarification>> {
    Ok(clarifications::table
        .filter(clarifications::bid_id.eq(bid.id()))
        .order(clarifications::number)
        .select(Clarification::as_select())
        .load(conn)?)
}

/// One of them.
///
/// # Errors
/// `NotFound`.
pub fn one(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>) -> Result<Clarification> {
    let found = clarifications::table
        .find(id)
        .filter(clarifications::bid_id.eq(bid.id()))
        .select(Clarification::as_select())
        .first(conn)
        .optional()?;
    found.ok_or(AppError::NotFound)
}

/// The bid that a clarification is about: the first step of a job, before policy is asked.
pub fn bid_of(conn: &mut Conn, id: Id<RowKey>) -> Result<Id<BidKey>> {
    Ok(clarifications::table.find(id).select(clarifications::bid_id).first(conn)?)
}

/// What the viewer's organisations can answer at `now` for bids that they lead: by bid the number and the instant of what
/// ends first.
///
/// # Errors
/// When the database fails.
pub fn to_answer(conn: &mut Conn, sight: &Sight, now: Moment) -> Result<BTreeMap<Id<BidKey>, (i32, Moment)>> {
    let rows: Vec<(Id<BidKey>, i32, Moment)> = clarifications::table
        .inner_join(bids::table.inner_join(rounds::table))
        .filter(rounds::cancelled_at.is_null())
        .filter(bids::lead_id.eq_any(&sight.organisations))
        .filter(bids::kind.eq_any([BidKind::Waiting, BidKind::Review]))
        .filter(clarifications::answered_at.is_null())
        .filter(clarifications::taken_back_at.is_null())
        .filter(clarifications::until_at.ge(now))
        .order((clarifications::until_at.desc(), clarifications::number.desc()))
        .select((clarifications::bid_id, clarifications::number, clarifications::until_at))
        .load(conn)?;
    // Of the questions about one bid the last in the list, which ends first, stays.
    Ok(rows.into_iter().map(|(bid, number, until)| (bid, (number, until))).collect())
}

/// Which clarification changes, and from which version.
pub type Standing = (Id<RowKey>, i32);

/// A clarification of a bid at a version, while it is neither answered nor taken back.
#[auto_type]
fn waiting(bid: Id<BidKey>, id: Id<RowKey>, version: i32) -> _ {
    clarifications::table
        .find(id)
        .filter(clarifications::bid_id.eq(bid))
        .filter(clarifications::version.eq(version))
        .filter(clarifications::answered_at.is_null())
        .filter(clarifications::taken_back_at.is_null())
}

/// Writes an answer as far as it goes; says whether it still stood as `row` says, unanswered and not taken back.
pub fn write_draft(conn: &mut Conn, bid: &Granted<BidKey>, row: &Clarification, answer: &str) -> Result<bool> {
    let standing = waiting(bid.id(), row.id, row.version).filter(clarifications::drafts.eq(row.drafts));
    let change = (clarifications::answer.eq(answer), clarifications::drafts.eq(row.drafts + 1));
    Ok(update(standing).set(change).execute(conn)? == 1)
}

/// Submits an answer, with the salt of its hash; says whether it still stood as `row` says, unanswered and not taken back.
pub fn submit(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    row: &Clarification,
    (answer, salt): (&str, &str),
    (person, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let standing = waiting(bid.id(), row.id, row.version).filter(clarifications::drafts.eq(row.drafts));
    let change = (
        clarifications::answer.eq(answer),
        clarifications::salt.eq(Some(salt)),
        clarifications::answered_by.eq(Some(person)),
        clarifications::answered_at.eq(Some(now)),
        clarifications::version.eq(row.version + 1),
    );
    Ok(update(standing).set(change).execute(conn)? == 1)
}

/// Gives more time; says whether it stood at this version, unanswered and not taken back.
pub fn give_time(conn: &mut Conn, bid: &Granted<BidKey>, (id, version): Standing, until: Moment) -> Result<bool> {
    let change = (clarifications::until_at.eq(until), clarifications::version.eq(version + 1));
    Ok(update(waiting(bid.id(), id, version)).set(change).execute(conn)? == 1)
}

/// Takes the question back; says whether it stood at this version, unanswered and not taken back.
pub fn take_back(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (id, version): Standing,
    (reason, now): (&str, Moment),
) -> Result<bool> {
    let change = (
        clarifications::taken_back_at.eq(Some(now)),
        clarifications::taken_back_because.eq(Some(reason)),
        clarifications::version.eq(version + 1),
    );
    Ok(update(waiting(bid.id(), id, version)).set(change).execute(conn)? == 1)
}
