//! The SQL of interviews. A time is chosen by a conditional change, so that two bids never have one.

use diesel::{insert_into, prelude::*, update};

use super::model::{SeatRow, SlotRow};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, decisions, interview_seats, interview_slots, people},
    },
    each,
    error::Result,
    identity::policy::{BidKind, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

/// The times of a round, the earliest first.
pub fn of_round<T>(conn: &mut Conn, _: &Granted<T>, round: Id<RoundKey>) -> Result<Vec<SlotRow>> {
    Ok(interview_slots::table
        .filter(interview_slots::round_id.eq(round))
        .order((interview_slots::starts_at, interview_slots::number))
        .select(SlotRow::as_select())
        .load(conn)?)
}

/// The time that a bid has chosen, unless it was called off.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Option<SlotRow>> {
    Ok(interview_slots::table
        .filter(interview_slots::bid_id.eq(bid.id()))
        .filter(interview_slots::cancelled_at.is_null())
        .select(SlotRow::as_select())
        .first(conn)
        .optional()?)
}

/// A time by its id, for the service itself.
pub fn by_id(conn: &mut Conn, id: Id<RowKey>) -> Result<Option<SlotRow>> {
    Ok(interview_slots::table.find(id).select(SlotRow::as_select()).first(conn).optional()?)
}

/// Adds a time; whether there was none of its number.
pub fn insert(conn: &mut Conn, _: &Granted<RoundKey>, row: &SlotRow) -> Result<bool> {
    let added = each!(conn, |conn| insert_into(interview_slots::table)
        .values(row)
        .on_conflict((interview_slots::round_id, interview_slots::number))
        .do_nothing()
        .execute(conn))?;
    Ok(added == 1)
}

/// Changes a time in the place of what stood at the version before; whether that stood.
pub fn change<T>(conn: &mut Conn, _: &Granted<T>, row: &SlotRow) -> Result<bool> {
    let before = interview_slots::table
        .filter(interview_slots::id.eq(row.id))
        .filter(interview_slots::cancelled_at.is_null())
        .filter(interview_slots::version.eq(row.version - 1));
    let changed = (
        interview_slots::starts_at.eq(row.starts_at),
        interview_slots::place.eq(&row.place),
        interview_slots::joining.eq(&row.joining),
        interview_slots::cancelled_at.eq(row.cancelled_at),
        interview_slots::reason.eq(&row.reason),
        interview_slots::version.eq(row.version),
    );
    Ok(update(before).set(changed).execute(conn)? == 1)
}

/// Gives a free time to a bid; whether nobody had it.
pub fn choose(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    slot: &SlotRow,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let free = interview_slots::table
        .filter(interview_slots::id.eq(slot.id))
        .filter(interview_slots::bid_id.is_null())
        .filter(interview_slots::cancelled_at.is_null())
        .filter(interview_slots::version.eq(slot.version));
    let chosen = (
        interview_slots::bid_id.eq(Some(bid.id())),
        interview_slots::chosen_at.eq(Some(now)),
        interview_slots::chosen_by.eq(Some(by)),
        interview_slots::version.eq(slot.version + 1),
    );
    Ok(update(free).set(chosen).execute(conn)? == 1)
}

/// Every seat in the times of a round, with names, by name.
pub fn seats<T>(conn: &mut Conn, _: &Granted<T>, round: Id<RoundKey>) -> Result<Vec<(SeatRow, String)>> {
    let mut rows: Vec<(SeatRow, String)> = interview_seats::table
        .inner_join(interview_slots::table)
        .inner_join(people::table.on(people::id.eq(interview_seats::person_id)))
        .filter(interview_slots::round_id.eq(round))
        .select((SeatRow::as_select(), people::name))
        .load(conn)?;
    // Databases order names each in their own way.
    rows.sort_by(|(one, name), (other, named)| (name, one.person_id).cmp(&(named, other.person_id)));
    Ok(rows)
}

/// Names somebody for the panel of a time; naming them again brings them back, and leaves what was recorded of them.
pub fn name(conn: &mut Conn, _: &Granted<RoundKey>, row: &SeatRow) -> Result<()> {
    let none: Option<Moment> = None;
    let again = (
        interview_seats::ended_at.eq(none),
        interview_seats::named_by.eq(row.named_by),
        interview_seats::named_at.eq(row.named_at),
        interview_seats::version.eq(interview_seats::version + 1),
    );
    each!(conn, |conn| insert_into(interview_seats::table)
        .values(row)
        .on_conflict((interview_seats::slot_id, interview_seats::person_id))
        .do_update()
        .set(again)
        .execute(conn))?;
    Ok(())
}

/// Takes somebody from a panel; what they wrote stays.
pub fn end(conn: &mut Conn, seat: Id<RowKey>, now: Moment) -> Result<()> {
    let ended = (interview_seats::ended_at.eq(Some(now)), interview_seats::version.eq(interview_seats::version + 1));
    update(interview_seats::table.find(seat)).set(ended).execute(conn)?;
    Ok(())
}

/// The same of somebody who did not attend, with why and its salt.
pub fn end_absent(conn: &mut Conn, seat: Id<RowKey>, (reason, salt): (&str, &str), now: Moment) -> Result<()> {
    let said = (interview_seats::absent.eq(Some(reason)), interview_seats::absent_salt.eq(Some(salt)));
    update(interview_seats::table.find(seat)).set(said).execute(conn)?;
    end(conn, seat, now)
}

/// Counts a change of the scores of a seat that stands at `version`; whether it was so.
pub fn touch(conn: &mut Conn, _: &Granted<BidKey>, seat: &SeatRow) -> Result<bool> {
    let standing = interview_seats::table
        .filter(interview_seats::id.eq(seat.id))
        .filter(interview_seats::version.eq(seat.version))
        .filter(interview_seats::ended_at.is_null());
    Ok(update(standing).set(interview_seats::version.eq(seat.version + 1)).execute(conn)? == 1)
}

/// Submits the scores of a seat that stands at `version` and has not submitted; whether it was so.
pub fn submit(conn: &mut Conn, _: &Granted<BidKey>, seat: &SeatRow, now: Moment) -> Result<bool> {
    let standing = interview_seats::table
        .filter(interview_seats::id.eq(seat.id))
        .filter(interview_seats::version.eq(seat.version))
        .filter(interview_seats::submitted_at.is_null())
        .filter(interview_seats::ended_at.is_null());
    let submitted = (interview_seats::submitted_at.eq(Some(now)), interview_seats::version.eq(seat.version + 1));
    Ok(update(standing).set(submitted).execute(conn)? == 1)
}

/// The times of any round, not called off, at which these people sit on a panel.
pub fn busy(conn: &mut Conn, _: &Granted<RoundKey>, of: &[Id<PersonKey>]) -> Result<Vec<(Id<PersonKey>, SlotRow)>> {
    Ok(interview_seats::table
        .inner_join(interview_slots::table)
        .filter(interview_seats::person_id.eq_any(of))
        .filter(interview_seats::ended_at.is_null())
        .filter(interview_slots::cancelled_at.is_null())
        .order((interview_slots::starts_at, interview_slots::id))
        .select((interview_seats::person_id, SlotRow::as_select()))
        .load(conn)?)
}

/// The times at which one sits on a panel, the earliest first; those of bids that a conflict hides are left out.
pub fn mine(conn: &mut Conn, sight: &Sight) -> Result<Vec<(SeatRow, SlotRow)>> {
    let Some(person) = sight.person else { return Ok(Vec::new()) };
    let mut rows: Vec<(SeatRow, SlotRow)> = interview_seats::table
        .inner_join(interview_slots::table)
        .filter(interview_seats::person_id.eq(person))
        .filter(interview_seats::ended_at.is_null())
        .filter(interview_slots::cancelled_at.is_null())
        .order((interview_slots::starts_at, interview_slots::id))
        .select((SeatRow::as_select(), SlotRow::as_select()))
        .load(conn)?;
    rows.retain(|(_, slot)| slot.bid_id.is_none_or(|bid| !sight.hidden.contains(&bid)));
    Ok(rows)
}

/// The seats of a person at times of bids that are not decided yet: what is decided stays as it was scored.
pub fn undecided_of(conn: &mut Conn, person: Id<PersonKey>) -> Result<Vec<(SeatRow, SlotRow)>> {
    Ok(interview_seats::table
        .inner_join(interview_slots::table.inner_join(bids::table))
        .filter(interview_seats::person_id.eq(person))
        .filter(interview_seats::ended_at.is_null())
        .filter(interview_slots::cancelled_at.is_null())
        .filter(bids::kind.eq_any([BidKind::Waiting, BidKind::Review]))
        .order(interview_slots::id)
        .select((SeatRow::as_select(), SlotRow::as_select()))
        .load(conn)?)
}

/// The seats of a person at times of a round that have not begun, whether or not a bid has chosen them.
pub fn to_come_of(
    conn: &mut Conn,
    (round, person): (Id<RoundKey>, Id<PersonKey>),
    now: Moment,
) -> Result<Vec<(SeatRow, SlotRow)>> {
    Ok(interview_seats::table
        .inner_join(interview_slots::table)
        .filter(interview_slots::round_id.eq(round))
        .filter(interview_slots::starts_at.gt(now))
        .filter(interview_slots::cancelled_at.is_null())
        .filter(interview_seats::person_id.eq(person))
        .filter(interview_seats::ended_at.is_null())
        .order(interview_slots::number)
        .select((SeatRow::as_select(), SlotRow::as_select()))
        .load(conn)?)
}

/// The decisions about the bids of a round that were released and have moved them, by their transitions: everybody who sees the
/// bid may know them.
pub fn known_decisions<T>(conn: &mut Conn, _: &Granted<T>, round: Id<RoundKey>) -> Result<Vec<(Id<BidKey>, String)>> {
    Ok(decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(decisions::recorded_at.is_not_null())
        .select((decisions::bid_id, decisions::transition))
        .load(conn)?)
}
