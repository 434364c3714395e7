//! The SQL of plans, pins and bans. What a plan was made of and what came of it is never changed; that it was applied, or that a pin
//! was taken back, is said once.

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*, update};
use serde_json::Value;

use super::{
    inputs::Inputs,
    model::{PinKind, PlanLine},
    solve::Best,
};
use crate::{
    added,
    clock::Moment,
    db::{
        Conn, Doc,
        schema::{answers, assignment_pins, assignment_plans, bids, people},
    },
    error::Result,
    funds::rulebook::Stage,
    identity::{policy::Granted, store::people::names_of},
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
    numbered,
};

/// A plan as it is kept: what it was made of and what came of it are text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = assignment_plans)]
pub(super) struct Row {
    pub id: Id<RowKey>,
    pub number: i32,
    pub made_at: Moment,
    #[diesel(select_expression = people::name)]
    pub made_by: String,
    pub inputs: String,
    pub result: String,
    pub applied_by: Option<Id<PersonKey>>,
    pub applied_at: Option<Moment>,
}

impl Row {
    /// What it was made of.
    ///
    /// # Errors
    /// When what was kept cannot be read.
    pub fn inputs(&self) -> Result<Inputs> {
        Ok(serde_json::from_str(&self.inputs)?)
    }

    /// What came of it.
    ///
    /// # Errors
    /// As [`Self::inputs`].
    pub fn best(&self) -> Result<Best> {
        Ok(serde_json::from_str(&self.result)?)
    }
}

/// A plan of a round, the newest if not said.
pub(super) fn find(conn: &mut Conn, round: &Granted<RoundKey>, number: Option<i32>) -> Result<Option<Row>> {
    let rows = assignment_plans::table.inner_join(people::table).filter(assignment_plans::round_id.eq(round.id()));
    Ok(numbered!(conn, rows.select(Row::as_select()), assignment_plans::number, number)?)
}

/// The plans of a round, the newest first.
pub(super) fn list(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<PlanLine>> {
    Ok(assignment_plans::table
        .inner_join(people::table)
        .filter(assignment_plans::round_id.eq(round.id()))
        .order(assignment_plans::number.desc())
        .select((assignment_plans::number, assignment_plans::made_at, people::name, assignment_plans::applied_at))
        .load(conn)?)
}

/// A plan that is made.
#[derive(Insertable)]
#[diesel(table_name = assignment_plans)]
pub(super) struct New<'a> {
    pub id: Id<RowKey>,
    pub number: i32,
    pub inputs: &'a str,
    pub salt: &'a str,
    pub result: &'a str,
}

/// Keeps a plan; whether there was none of its number.
pub(super) fn insert(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    new: &New<'_>,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let row = (
        assignment_plans::round_id.eq(round.id()),
        assignment_plans::made_by.eq(by),
        assignment_plans::made_at.eq(now),
        new,
    );
    Ok(added!(conn, assignment_plans(round_id, number), row)?)
}

/// Says that a plan was applied; whether it was not before.
pub(super) fn mark_applied(
    conn: &mut Conn,
    _: &Granted<RoundKey>,
    id: Id<RowKey>,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let waiting = assignment_plans::table.find(id).filter(assignment_plans::applied_at.is_null());
    let change = (assignment_plans::applied_by.eq(Some(by)), assignment_plans::applied_at.eq(Some(now)));
    Ok(update(waiting).set(change).execute(conn)? == 1)
}

/// A pin or a ban as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub(super) struct PinRow {
    pub id: Id<RowKey>,
    pub bid: Id<BidKey>,
    pub person: Id<PersonKey>,
    pub kind: PinKind,
    pub reason: String,
    pub cost: Option<i64>,
    pub made_by: Id<PersonKey>,
    pub made_at: Moment,
}

/// The pins and bans of a round that stand, the oldest first.
pub(super) fn pins(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<PinRow>> {
    Ok(assignment_pins::table
        .filter(assignment_pins::round_id.eq(round.id()))
        .filter(assignment_pins::lifted_at.is_null())
        .order((assignment_pins::made_at, assignment_pins::id))
        .select((
            assignment_pins::id,
            assignment_pins::bid_id,
            assignment_pins::person_id,
            assignment_pins::kind,
            assignment_pins::reason,
            assignment_pins::cost,
            assignment_pins::made_by,
            assignment_pins::made_at,
        ))
        .load(conn)?)
}

/// Puts a pin or a ban in.
pub(super) fn insert_pin(conn: &mut Conn, round: &Granted<RoundKey>, row: &PinRow) -> Result<()> {
    insert_into(assignment_pins::table)
        .values((
            assignment_pins::id.eq(row.id),
            assignment_pins::round_id.eq(round.id()),
            assignment_pins::bid_id.eq(row.bid),
            assignment_pins::person_id.eq(row.person),
            assignment_pins::kind.eq(row.kind),
            assignment_pins::reason.eq(&row.reason),
            assignment_pins::cost.eq(row.cost),
            assignment_pins::made_by.eq(row.made_by),
            assignment_pins::made_at.eq(row.made_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes a pin or a ban of the round back; whether it stood.
pub(super) fn lift_pin(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    id: Id<RowKey>,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let standing = assignment_pins::table
        .find(id)
        .filter(assignment_pins::round_id.eq(round.id()))
        .filter(assignment_pins::lifted_at.is_null());
    let change = (assignment_pins::lifted_by.eq(Some(by)), assignment_pins::lifted_at.eq(Some(now)));
    Ok(update(standing).set(change).execute(conn)? == 1)
}

/// Whether somebody is banned from a bid.
pub fn is_banned(conn: &mut Conn, bid: &Granted<BidKey>, person: Id<PersonKey>) -> Result<bool> {
    let found: Option<Id<RowKey>> = assignment_pins::table
        .filter(assignment_pins::bid_id.eq(bid.id()))
        .filter(assignment_pins::person_id.eq(person))
        .filter(assignment_pins::kind.eq(PinKind::Ban))
        .filter(assignment_pins::lifted_at.is_null())
        .select(assignment_pins::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// What bids of a round have answered to these questions of a stage, as they stand: the bid, the question and the answer.
pub(super) fn answers_to(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    (stage, questions): (Stage, &[&str]),
) -> Result<Vec<(Id<BidKey>, String, Value)>> {
    let rows: Vec<(Id<BidKey>, String, Doc<Value>)> = answers::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(answers::stage.eq(stage))
        .filter(answers::question.eq_any(questions))
        .select((answers::bid_id, answers::question, answers::value))
        .load(conn)?;
    Ok(rows.into_iter().map(|(bid, question, Doc(value))| (bid, question, value)).collect())
}

/// What people are called.
pub(super) fn names(
    conn: &mut Conn,
    _: &Granted<RoundKey>,
    ids: impl IntoIterator<Item = Id<PersonKey>>,
) -> Result<BTreeMap<Id<PersonKey>, String>> {
    names_of(conn, ids)
}
