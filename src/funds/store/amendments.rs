//! The SQL of what is changed about a published round: its rules, its budget, and that it is called off.

use diesel::{insert_into, prelude::*, update};

use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{budget_changes, rounds, rulebooks},
    },
    error::Result,
    funds::{
        model::{Round, RoundLink, RoundState},
        rulebook::Rulebook,
    },
    identity::policy::Granted,
    ids::{Id, RoundKey, RowKey},
    money::Pence,
};

/// A version of a round's rules as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = rulebooks)]
pub struct RulebookRow {
    /// Which, from 1.
    pub number: i32,
    /// The text that is hashed.
    pub data: String,
    /// The hash of it.
    pub hash: Vec<u8>,
    /// Why it was put into force.
    pub reason: String,
    /// When.
    pub created_at: Moment,
}

impl RulebookRow {
    /// What it says.
    ///
    /// # Errors
    /// When it cannot be read, which never happens.
    pub fn rulebook(&self) -> Result<Rulebook> {
        Ok(serde_json::from_str(&self.data)?)
    }
}

/// The versions of a round's rules, oldest first.
pub fn rulebook_versions(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<RulebookRow>> {
    Ok(rulebooks::table
        .filter(rulebooks::round_id.eq(round))
        .order(rulebooks::number)
        .select(RulebookRow::as_select())
        .load(conn)?)
}

/// A change of a round's budget.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = budget_changes)]
pub struct BudgetChange {
    /// Which of its round, from 1.
    pub number: i32,
    /// The budget before.
    pub from_pence: Pence,
    /// The budget from then on.
    pub to_pence: Pence,
    /// Why.
    pub reason: String,
    /// When.
    pub made_at: Moment,
}

/// The changes of a round's budget, oldest first.
pub fn budget_changes(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<BudgetChange>> {
    Ok(budget_changes::table
        .filter(budget_changes::round_id.eq(round))
        .order(budget_changes::number)
        .select(BudgetChange::as_select())
        .load(conn)?)
}

/// Puts another budget into force and keeps how it was changed.
pub fn change_budget(conn: &mut Conn, id: Id<RowKey>, round: &Granted<RoundKey>, change: &BudgetChange) -> Result<()> {
    insert_into(budget_changes::table)
        .values((
            budget_changes::id.eq(id),
            budget_changes::round_id.eq(round.id()),
            budget_changes::number.eq(change.number),
            budget_changes::from_pence.eq(change.from_pence),
            budget_changes::to_pence.eq(change.to_pence),
            budget_changes::reason.eq(&change.reason),
            budget_changes::made_at.eq(change.made_at),
        ))
        .execute(conn)?;
    update(rounds::table.find(round.id())).set(rounds::budget_pence.eq(change.to_pence)).execute(conn)?;
    Ok(())
}

/// Counts a change of a round that stands as `round` says; says whether it stood so.
pub fn count_change(conn: &mut Conn, round: &Round) -> Result<bool> {
    let standing = rounds::table
        .find(round.id)
        .filter(rounds::version.eq(round.version))
        .filter(rounds::state.eq(RoundState::Published));
    Ok(update(standing).set(rounds::version.eq(round.version + 1)).execute(conn)? == 1)
}

/// Calls a round off.
pub fn cancel(conn: &mut Conn, round: &Granted<RoundKey>, reason: &str, now: Moment) -> Result<()> {
    update(rounds::table.find(round.id()))
        .set((
            rounds::state.eq(RoundState::Cancelled),
            rounds::cancelled_at.eq(Some(now)),
            rounds::cancelled_because.eq(Some(reason)),
        ))
        .execute(conn)?;
    Ok(())
}

/// When a published round was last changed but for its dates: its rules, its budget, or that it was called off.
pub fn amended_at(conn: &mut Conn, round: &Round) -> Result<Option<Moment>> {
    let rules: Option<Moment> = rulebooks::table
        .filter(rulebooks::round_id.eq(round.id))
        .filter(rulebooks::number.gt(1))
        .order(rulebooks::number.desc())
        .select(rulebooks::created_at)
        .first(conn)
        .optional()?;
    let budget: Option<Moment> = budget_changes::table
        .filter(budget_changes::round_id.eq(round.id))
        .order(budget_changes::number.desc())
        .select(budget_changes::made_at)
        .first(conn)
        .optional()?;
    Ok([rules, budget, round.cancelled_at].into_iter().flatten().max())
}

/// The round that this one replaces, and the published one that replaces it.
pub(super) fn links(conn: &mut Conn, round: &Round) -> Result<(Option<RoundLink>, Option<RoundLink>)> {
    let replaces = match round.replaces_id {
        Some(id) => Some(rounds::table.find(id).select((rounds::slug, rounds::title)).first(conn)?),
        None => None,
    };
    if round.cancelled_at.is_none() {
        return Ok((replaces, None));
    }
    let replaced_by = rounds::table
        .filter(rounds::replaces_id.eq(round.id))
        .filter(rounds::state.ne(RoundState::Draft))
        .order(rounds::id.desc())
        .select((rounds::slug, rounds::title))
        .first(conn)
        .optional()?;
    Ok((replaces, replaced_by))
}
