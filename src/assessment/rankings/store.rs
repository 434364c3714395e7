//! The SQL of rankings of record: added to, never changed.

use diesel::prelude::*;

use super::{
    basis::Basis,
    model::{Figures, RecordLine},
};
use crate::{
    added,
    clock::Moment,
    db::{
        Conn,
        schema::{bids, people, rankings},
    },
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
    money::Pence,
    numbered,
};

/// A ranking as it is kept: its basis, scores and result are text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = rankings)]
pub struct Row {
    pub number: i32,
    pub made_at: Moment,
    #[diesel(select_expression = people::name)]
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
    let rows = rankings::table.inner_join(people::table).filter(rankings::round_id.eq(round.id()));
    Ok(numbered!(conn, rows.select(Row::as_select()), rankings::number, number)?)
}

/// The rankings of a round, the newest first.
pub fn list(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<RecordLine>> {
    Ok(rankings::table
        .inner_join(people::table)
        .filter(rankings::round_id.eq(round.id()))
        .order(rankings::number.desc())
        .select((rankings::number, rankings::made_at, people::name))
        .load(conn)?)
}

/// A ranking that is made.
#[derive(Insertable)]
#[diesel(table_name = rankings)]
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
    let row = (rankings::round_id.eq(round.id()), rankings::made_by.eq(by), rankings::made_at.eq(now), new);
    Ok(added!(conn, rankings(round_id, number), row)?)
}

/// What the bids of a round ask for.
pub fn asks(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<(Id<BidKey>, Option<Pence>)>> {
    Ok(bids::table.filter(bids::round_id.eq(round.id())).select((bids::id, bids::ask_pence)).load(conn)?)
}
