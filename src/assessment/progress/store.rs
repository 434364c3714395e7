//! The SQL of how far the reading of a round is.

use diesel::{insert_into, prelude::*, update};

use super::model::WantedRow;
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{assignments, bids, people, reading_reminders, scores, scores_wanted},
    },
    each,
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// By when the scores of a round are wanted. Whoever reads its bids may know it.
pub fn wanted(conn: &mut Conn, round: Id<RoundKey>) -> Result<WantedRow> {
    let row = scores_wanted::table.find(round).select(WantedRow::as_select()).first(conn).optional()?;
    Ok(row.unwrap_or_else(|| WantedRow::usual(round)))
}

/// Puts it in the place of what stood at the version before; whether that stood.
pub fn put(conn: &mut Conn, round: &Granted<RoundKey>, row: &WantedRow) -> Result<bool> {
    if row.version == 1 {
        let put =
            each!(conn, |conn| insert_into(scores_wanted::table).values(row).on_conflict_do_nothing().execute(conn))?;
        return Ok(put == 1);
    }
    let before = scores_wanted::table.find(round.id()).filter(scores_wanted::version.eq(row.version - 1));
    let changed = (
        scores_wanted::wanted_by.eq(row.wanted_by),
        scores_wanted::reminder_days.eq(&row.reminder_days),
        scores_wanted::version.eq(row.version),
    );
    Ok(update(before).set(changed).execute(conn)? == 1)
}

/// A bid that somebody was given.
#[derive(Debug, Clone, Queryable)]
pub struct Given {
    /// The bid.
    pub bid: Id<BidKey>,
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// When they were given it.
    pub assigned_at: Moment,
    /// When they submitted.
    pub submitted_at: Option<Moment>,
}

/// What is given out in a round.
pub fn given(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<Given>> {
    Ok(assignments::table
        .inner_join(bids::table)
        .inner_join(people::table.on(people::id.eq(assignments::person_id)))
        .filter(bids::round_id.eq(round.id()))
        .filter(assignments::ended_at.is_null())
        .select((
            assignments::bid_id,
            assignments::person_id,
            people::name,
            assignments::assigned_at,
            assignments::submitted_at,
        ))
        .load(conn)?)
}

/// Which criteria of a round's bids were scored by whom, and when: not what was given.
pub fn scored(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<(Id<BidKey>, Id<PersonKey>, String, Moment)>> {
    Ok(scores::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .select((scores::bid_id, scores::person_id, scores::criterion, scores::created_at))
        .load(conn)?)
}

/// When people were last reminded of what they have to score in a round.
pub fn reminded(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<(Id<PersonKey>, Moment)>> {
    Ok(reading_reminders::table
        .filter(reading_reminders::round_id.eq(round.id()))
        .select((reading_reminders::person_id, reading_reminders::reminded_at))
        .load(conn)?)
}

/// Keeps that somebody is reminded now.
pub fn remind(conn: &mut Conn, round: &Granted<RoundKey>, person: Id<PersonKey>, now: Moment) -> Result<()> {
    let row = (
        reading_reminders::round_id.eq(round.id()),
        reading_reminders::person_id.eq(person),
        reading_reminders::reminded_at.eq(now),
    );
    each!(conn, |conn| insert_into(reading_reminders::table)
        .values(row)
        .on_conflict((reading_reminders::round_id, reading_reminders::person_id))
        .do_update()
        .set(reading_reminders::reminded_at.eq(now))
        .execute(conn))?;
    Ok(())
}
