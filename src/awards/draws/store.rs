//! The SQL of draws. What was committed to is never changed; a commitment ends once, withdrawn or drawn.

use diesel::{prelude::*, update};
use methods::draw::{Commitment, Drawn};

use super::{basis::Basis, model::Entered};
use crate::{
    added,
    clock::Moment,
    db::{Conn, schema::draws},
    error::Result,
    identity::policy::Granted,
    ids::{Id, PersonKey, RoundKey, RowKey},
};

/// A draw as it is kept: what it is made of, the commitment and what was drawn are text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = draws)]
pub struct Row {
    pub id: Id<RowKey>,
    pub number: i32,
    pub made_by: Id<PersonKey>,
    pub made_at: Moment,
    pub basis: String,
    pub commitment: String,
    pub known_from: Moment,
    pub places_reason: Option<String>,
    pub again_reason: Option<String>,
    /// Who withdrew it, or confirmed its value.
    pub ended_by: Option<Id<PersonKey>>,
    /// When it was withdrawn, or drawn.
    pub ended_at: Option<Moment>,
    pub withdrawn_reason: Option<String>,
    pub looked_up: Option<String>,
    pub entered_by: Option<Id<PersonKey>>,
    pub drawn: Option<String>,
}

impl Row {
    /// What it is made of.
    ///
    /// # Errors
    /// When what was kept cannot be read.
    pub fn basis(&self) -> Result<Basis> {
        Ok(serde_json::from_str(&self.basis)?)
    }

    /// What was committed to.
    ///
    /// # Errors
    /// As [`Self::basis`].
    pub fn commitment(&self) -> Result<Commitment> {
        Ok(serde_json::from_str(&self.commitment)?)
    }

    /// What was drawn.
    ///
    /// # Errors
    /// As [`Self::basis`].
    pub fn drawn(&self) -> Result<Option<Drawn>> {
        Ok(self.drawn.as_deref().map(serde_json::from_str).transpose()?)
    }

    /// Whether it waits for its value.
    pub fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }

    /// When it was withdrawn, if it was.
    pub fn withdrawn_at(&self) -> Option<Moment> {
        self.ended_at.filter(|_| self.withdrawn_reason.is_some())
    }

    /// When it was drawn, if it was.
    pub fn drawn_at(&self) -> Option<Moment> {
        self.ended_at.filter(|_| self.drawn.is_some())
    }
}

/// The draws of a round, the newest first.
pub fn list(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<Row>> {
    told(conn, round.id())
}

/// The same for what everybody is told of them: which part of a row that is, is the caller's to have asked.
pub fn told(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Row>> {
    Ok(draws::table
        .filter(draws::round_id.eq(round))
        .order(draws::number.desc())
        .select(Row::as_select())
        .load(conn)?)
}

/// A draw of a round by its number.
pub fn find(conn: &mut Conn, round: &Granted<RoundKey>, number: i32) -> Result<Option<Row>> {
    Ok(draws::table
        .filter(draws::round_id.eq(round.id()))
        .filter(draws::number.eq(number))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

/// The newest draw of a round that was made.
pub fn newest_made(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Option<Row>> {
    Ok(draws::table
        .filter(draws::round_id.eq(round.id()))
        .filter(draws::drawn.is_not_null())
        .order(draws::number.desc())
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

/// A commitment that is made.
#[derive(Insertable)]
#[diesel(table_name = draws)]
pub struct New<'a> {
    pub id: Id<RowKey>,
    pub number: i32,
    pub basis: &'a str,
    pub commitment: &'a str,
    pub known_from: Moment,
    pub places_reason: Option<&'a str>,
    pub again_reason: Option<&'a str>,
}

/// Keeps a commitment; whether there was none of its number.
pub fn insert(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    new: &New<'_>,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let row = (draws::round_id.eq(round.id()), draws::made_by.eq(by), draws::made_at.eq(now), new);
    Ok(added!(conn, draws(round_id, number), row)?)
}

/// Withdraws a commitment that waits for its value; says whether this call was the one that did.
pub fn withdraw(conn: &mut Conn, row: Id<RowKey>, reason: &str, (by, now): (Id<PersonKey>, Moment)) -> Result<bool> {
    let open = draws::table.find(row).filter(draws::ended_at.is_null());
    let ended = update(open)
        .set((draws::ended_by.eq(Some(by)), draws::ended_at.eq(Some(now)), draws::withdrawn_reason.eq(Some(reason))))
        .execute(conn)?;
    Ok(ended == 1)
}

/// Keeps what was drawn; says whether this call was the one that drew.
pub fn keep(
    conn: &mut Conn,
    row: Id<RowKey>,
    (entered, drawn): (&Entered, &str),
    (entered_by, confirmed_by): (Id<PersonKey>, Id<PersonKey>),
    now: Moment,
) -> Result<bool> {
    let open = draws::table.find(row).filter(draws::ended_at.is_null());
    let ended = update(open)
        .set((
            draws::looked_up.eq(Some(&entered.looked_up)),
            draws::entered_by.eq(Some(entered_by)),
            draws::ended_by.eq(Some(confirmed_by)),
            draws::ended_at.eq(Some(now)),
            draws::drawn.eq(Some(drawn)),
        ))
        .execute(conn)?;
    Ok(ended == 1)
}
