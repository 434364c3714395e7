//! The SQL of rankings of record: added to, never changed.

use diesel::{insert_into, prelude::*};

use super::{
    basis::Basis,
    model::{Figures, RecordLine},
};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, people, rankings},
    },
    each,
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
    money::Pence,
};

/// A ranking as it is kept: its basis, scores and result are text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Row {
    pub number: i32,
    pub made_at: Moment,
    pub made_by: String,
    pub basis: String,
    pub scores: String,
    pub result: String,
}

impl Row {
    /// What it was computed from.
    ///
    /// # Errors
    /// When what was kept cannot be read.
    pub fn basis(&self) -> Result<Basis> {
        Ok(serde_json::from_str(&self.basis)?)
    }

    /// What came of it.
    ///
    /// # Errors
    /// As [`Self::basis`].
    pub fn figures(&self) -> Result<Figures> {
        Ok(serde_json::from_str(&self.result)?)
    }
}

/// A ranking of a round, the newest if not said.
pub fn find(conn: &mut Conn, round: &Granted<RoundKey>, number: Option<i32>) -> Result<Option<Row>> {
    let kept = rankings::table.inner_join(people::table).filter(rankings::round_id.eq(round.id())).select((
        rankings::number,
        rankings::made_at,
        people::name,
        rankings::basis,
        rankings::scores,
        rankings::result,
    ));
    let found = match number {
        Some(number) => kept.filter(rankings::number.eq(number)).first(conn),
        None => kept.order(rankings::number.desc()).first(conn),
    };
    Ok(found.optional()?)
}

/// The rankings of a round, the newest first.
pub fn list(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<RecordLine>> {
    let rows: Vec<(i32, Moment, String)> = rankings::table
        .inner_join(people::table)
        .filter(rankings::round_id.eq(round.id()))
        .order(rankings::number.desc())
        .select((rankings::number, rankings::made_at, people::name))
        .load(conn)?;
    let line = |(number, made_at, made_by)| RecordLine { number, made_at, made_by };
    Ok(rows.into_iter().map(line).collect())
}

/// A ranking that is made.
pub struct New<'a> {
    pub id: Id<RowKey>,
    pub number: i32,
    pub basis: &'a str,
    pub scores: &'a str,
    pub salt: &'a str,
    pub result: &'a str,
}

/// Keeps a ranking; whether there was none of its number.
pub fn insert(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    new: &New<'_>,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let row = (
        rankings::id.eq(new.id),
        rankings::round_id.eq(round.id()),
        rankings::number.eq(new.number),
        rankings::made_by.eq(by),
        rankings::made_at.eq(now),
        rankings::basis.eq(new.basis),
        rankings::scores.eq(new.scores),
        rankings::salt.eq(new.salt),
        rankings::result.eq(new.result),
    );
    let kept = each!(conn, |conn| insert_into(rankings::table)
        .values(row)
        .on_conflict((rankings::round_id, rankings::number))
        .do_nothing()
        .execute(conn))?;
    Ok(kept == 1)
}

/// What the bids of a round ask for.
pub fn asks(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<(Id<BidKey>, Option<Pence>)>> {
    Ok(bids::table.filter(bids::round_id.eq(round.id())).select((bids::id, bids::ask_pence)).load(conn)?)
}
