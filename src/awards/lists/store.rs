//! The SQL of lists of record, which are added to and never changed, and of what rules tell bids apart by.

use diesel::prelude::*;

use super::{
    basis::Basis,
    model::{Choice, RecordLine},
};
use crate::{
    added,
    clock::Moment,
    db::{
        Conn,
        schema::{award_lists, bids, organisations, people},
    },
    error::Result,
    identity::{
        model::{Nation, OrganisationKind},
        policy::Granted,
    },
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
    numbered,
};

/// A list as it is kept: what it was chosen from and the list are text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = award_lists)]
pub struct Row {
    pub number: i32,
    pub made_at: Moment,
    #[diesel(select_expression = people::name)]
    pub made_by: String,
    pub basis: String,
    pub result: String,
}

impl Row {
    /// What it was chosen from.
    ///
    /// # Errors
    /// When what was kept cannot be read.
    pub fn basis(&self) -> Result<Basis> {
        Ok(serde_json::from_str(&self.basis)?)
    }

    /// The list.
    ///
    /// # Errors
    /// As [`Self::basis`].
    pub fn choice(&self) -> Result<Choice> {
        Ok(serde_json::from_str(&self.result)?)
    }

    /// Which, and who made it.
    pub fn line(&self) -> RecordLine {
        RecordLine { number: self.number, made_at: self.made_at, made_by: self.made_by.clone() }
    }
}

/// A list of a round, the newest if not said.
pub fn find(conn: &mut Conn, round: &Granted<RoundKey>, number: Option<i32>) -> Result<Option<Row>> {
    let rows = award_lists::table.inner_join(people::table).filter(award_lists::round_id.eq(round.id()));
    Ok(numbered!(conn, rows.select(Row::as_select()), award_lists::number, number)?)
}

/// The lists of a round, the newest first.
pub fn list(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<RecordLine>> {
    Ok(award_lists::table
        .inner_join(people::table)
        .filter(award_lists::round_id.eq(round.id()))
        .order(award_lists::number.desc())
        .select((award_lists::number, award_lists::made_at, people::name))
        .load(conn)?)
}

/// A list that is made.
#[derive(Insertable)]
#[diesel(table_name = award_lists)]
pub struct New<'a> {
    pub id: Id<RowKey>,
    pub number: i32,
    pub basis: &'a str,
    pub salt: &'a str,
    pub result: &'a str,
}

/// Keeps a list; whether there was none of its number.
pub fn insert(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    new: &New<'_>,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let row = (award_lists::round_id.eq(round.id()), award_lists::made_by.eq(by), award_lists::made_at.eq(now), new);
    Ok(added!(conn, award_lists(round_id, number), row)?)
}

/// What a bid's row says of it, without its answers.
#[derive(Debug, Clone, Queryable)]
pub struct Heading {
    pub bid: Id<BidKey>,
    pub phase: Option<String>,
    pub lead: String,
    pub nation: Nation,
    pub kind: OrganisationKind,
}

/// What the rows of a round's bids say of them.
pub fn headings(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<Heading>> {
    Ok(bids::table
        .inner_join(organisations::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::submitted_at.is_not_null())
        .select((bids::id, bids::phase, organisations::code, organisations::nation, organisations::kind))
        .load(conn)?)
}
