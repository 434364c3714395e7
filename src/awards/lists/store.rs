//! The SQL of lists of record, which are added to and never changed, and of what rules tell bids apart by.

use diesel::{insert_into, prelude::*};

use super::{
    basis::Basis,
    model::{Choice, RecordLine},
};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{award_lists, bids, organisations, people},
    },
    each,
    error::Result,
    identity::{
        model::{Nation, OrganisationKind},
        policy::Granted,
    },
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

/// A list as it is kept: what it was chosen from and the list are text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Row {
    pub number: i32,
    pub made_at: Moment,
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
    let kept = award_lists::table.inner_join(people::table).filter(award_lists::round_id.eq(round.id())).select((
        award_lists::number,
        award_lists::made_at,
        people::name,
        award_lists::basis,
        award_lists::result,
    ));
    let found = match number {
        Some(number) => kept.filter(award_lists::number.eq(number)).first(conn),
        None => kept.order(award_lists::number.desc()).first(conn),
    };
    Ok(found.optional()?)
}

/// The lists of a round, the newest first.
pub fn list(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<RecordLine>> {
    let rows: Vec<(i32, Moment, String)> = award_lists::table
        .inner_join(people::table)
        .filter(award_lists::round_id.eq(round.id()))
        .order(award_lists::number.desc())
        .select((award_lists::number, award_lists::made_at, people::name))
        .load(conn)?;
    let line = |(number, made_at, made_by)| RecordLine { number, made_at, made_by };
    Ok(rows.into_iter().map(line).collect())
}

/// A list that is made.
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
    let row = (
        award_lists::id.eq(new.id),
        award_lists::round_id.eq(round.id()),
        award_lists::number.eq(new.number),
        award_lists::made_by.eq(by),
        award_lists::made_at.eq(now),
        award_lists::basis.eq(new.basis),
        award_lists::salt.eq(new.salt),
        award_lists::result.eq(new.result),
    );
    let kept = each!(conn, |conn| insert_into(award_lists::table)
        .values(row)
        .on_conflict((award_lists::round_id, award_lists::number))
        .do_nothing()
        .execute(conn))?;
    Ok(kept == 1)
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
