//! The SQL of funds and rounds.

mod amendments;
mod changes;
mod workflows;

pub use amendments::{
    BudgetChange, RulebookRow, amended_at, budget_changes, cancel, change_budget, count_change, rulebook_versions,
};
pub use changes::{
    agree, bids_with_more_time, change, changes_of_bid, changes_of_round, end, in_full_for, insert_change, object,
    reopening_of, set_aside, timetable_of, use_up,
};
pub use workflows::{
    DraftRow, NewWorkflow, WorkflowRow, draft, insert_workflow, newest_workflow, put_draft, staff_by_role, workflow,
    workflow_number, workflow_of_round, workflow_version, workflow_versions, workflows_of_round,
};

use diesel::{insert_into, prelude::*, update};

use super::{
    model::{Fund, Milestone, MilestoneRow, Round, RoundInFull, RoundState, Timetable},
    rulebook::Rulebook,
};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{fund_roles, funds, milestones, people, rounds, rulebooks},
    },
    each,
    error::{AppError, Result},
    identity::{
        model::{FundRole, Person},
        policy::{Granted, GrantedService, Sight},
    },
    ids::{FundKey, Id, PersonKey, RoundKey, RowKey, RulebookKey},
};

/// Puts a fund in.
pub fn insert_fund(conn: &mut Conn, _: &GrantedService, fund: &Fund) -> Result<()> {
    insert_into(funds::table)
        .values((
            funds::id.eq(fund.id),
            funds::slug.eq(&fund.slug),
            funds::name.eq(&fund.name),
            funds::summary.eq(&fund.summary),
            funds::funder.eq(&fund.funder),
            funds::funder_org_id.eq(&fund.funder_org_id),
            funds::created_at.eq(fund.created_at),
            funds::version.eq(fund.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// A fund by its place in addresses; funds are public.
pub fn fund_by_slug(conn: &mut Conn, slug: &str) -> Result<Fund> {
    let found = funds::table.filter(funds::slug.eq(slug)).select(Fund::as_select()).first(conn).optional()?;
    found.ok_or(AppError::NotFound)
}

/// The funds that one sees as staff, by name: whoever runs the instance sees every one.
pub fn funds_of_staff(conn: &mut Conn, sight: &Sight) -> Result<Vec<Fund>> {
    let mut query = funds::table.select(Fund::as_select()).order((funds::name, funds::id)).into_boxed();
    if !(sight.everything || sight.service_admin) {
        query = query.filter(funds::id.eq_any(sight.funds.clone()));
    }
    Ok(query.load(conn)?)
}

/// Gives a person a role in a fund, and says whether they lacked it; one who had it before has it again.
pub fn grant_role(
    conn: &mut Conn,
    fund: &Granted<FundKey>,
    id: Id<RowKey>,
    (person, role): (Id<PersonKey>, FundRole),
    now: Moment,
) -> Result<bool> {
    let none: Option<Moment> = None;
    let row = (
        fund_roles::id.eq(id),
        fund_roles::fund_id.eq(fund.id()),
        fund_roles::person_id.eq(person),
        fund_roles::role.eq(role),
        fund_roles::created_at.eq(now),
    );
    let upsert = insert_into(fund_roles::table)
        .values(row)
        .on_conflict((fund_roles::fund_id, fund_roles::person_id, fund_roles::role))
        .do_update()
        .set(fund_roles::ended_at.eq(none));
    // The prelude's `filter` is for queries alone.
    let again = diesel::query_dsl::methods::FilterDsl::filter(upsert, fund_roles::ended_at.is_not_null());
    let given = each!(conn, |conn| again.execute(conn))?;
    Ok(given == 1)
}

/// Takes a role in a fund away.
pub fn take_role(
    conn: &mut Conn,
    fund: &Granted<FundKey>,
    (person, role): (Id<PersonKey>, FundRole),
    now: Moment,
) -> Result<()> {
    let ended = update(
        fund_roles::table
            .filter(fund_roles::fund_id.eq(fund.id()))
            .filter(fund_roles::person_id.eq(person))
            .filter(fund_roles::role.eq(role))
            .filter(fund_roles::ended_at.is_null()),
    )
    .set(fund_roles::ended_at.eq(now))
    .execute(conn)?;
    if ended == 1 { Ok(()) } else { Err(AppError::NotFound) }
}

/// The people of a fund, each as often as they have roles, by name.
pub fn staff(conn: &mut Conn, fund: &Granted<FundKey>) -> Result<Vec<(Person, FundRole)>> {
    Ok(fund_roles::table
        .inner_join(people::table)
        .filter(fund_roles::fund_id.eq(fund.id()))
        .filter(fund_roles::ended_at.is_null())
        .order((people::name, people::id, fund_roles::role))
        .select((people::all_columns, fund_roles::role))
        .load(conn)?)
}

/// Puts a round in.
pub fn insert_round(conn: &mut Conn, _: &Granted<FundKey>, round: &Round) -> Result<()> {
    insert_into(rounds::table)
        .values((
            rounds::id.eq(round.id),
            rounds::fund_id.eq(round.fund_id),
            rounds::slug.eq(&round.slug),
            rounds::title.eq(&round.title),
            rounds::summary.eq(&round.summary),
            rounds::prefix.eq(&round.prefix),
            rounds::budget_pence.eq(round.budget_pence),
            rounds::state.eq(round.state),
            rounds::note.eq(&round.note),
            rounds::published_at.eq(round.published_at),
            rounds::created_at.eq(round.created_at),
            rounds::version.eq(round.version),
            rounds::replaces_id.eq(round.replaces_id),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether a slug or prefix is taken.
pub fn is_taken(conn: &mut Conn, slug: &str, prefix: &str) -> Result<bool> {
    let found: Option<Id<RoundKey>> = rounds::table
        .filter(rounds::slug.eq(slug).or(rounds::prefix.eq(prefix)))
        .select(rounds::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Puts a milestone in.
pub fn insert_milestone(
    conn: &mut Conn,
    id: Id<RowKey>,
    round: Id<RoundKey>,
    (name, at): (Milestone, Moment),
) -> Result<()> {
    insert_into(milestones::table)
        .values((
            milestones::id.eq(id),
            milestones::round_id.eq(round),
            milestones::name.eq(name),
            milestones::at.eq(at),
            milestones::version.eq(1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Adds a version of the rules.
pub fn insert_rulebook(
    conn: &mut Conn,
    id: Id<RulebookKey>,
    round: Id<RoundKey>,
    rulebook: &Rulebook,
    (number, reason, now): (i32, &str, Moment),
) -> Result<String> {
    let (text, hash) = rulebook.sealed()?;
    insert_into(rulebooks::table)
        .values((
            rulebooks::id.eq(id),
            rulebooks::round_id.eq(round),
            rulebooks::number.eq(number),
            rulebooks::data.eq(text),
            rulebooks::hash.eq(&hash),
            rulebooks::reason.eq(reason),
            rulebooks::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(hex::encode(hash))
}

/// Publishes a round, if it stands at this version as a draft.
pub fn publish(conn: &mut Conn, round: &Granted<RoundKey>, version: i32, now: Moment) -> Result<bool> {
    let changed = update(
        rounds::table.find(round.id()).filter(rounds::version.eq(version)).filter(rounds::state.eq(RoundState::Draft)),
    )
    .set((rounds::state.eq(RoundState::Published), rounds::published_at.eq(Some(now)), rounds::version.eq(version + 1)))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Moves a milestone.
pub fn move_milestone(conn: &mut Conn, round: &Granted<RoundKey>, name: Milestone, at: Moment) -> Result<()> {
    update(milestones::table.filter(milestones::round_id.eq(round.id())).filter(milestones::name.eq(name)))
        .set((milestones::at.eq(at), milestones::version.eq(milestones::version + 1)))
        .execute(conn)?;
    Ok(())
}

/// Notes that a milestone has passed; says whether this call was the first to note it.
pub fn mark_passed(conn: &mut Conn, round: Id<RoundKey>, name: Milestone, now: Moment) -> Result<bool> {
    let changed = update(
        milestones::table
            .filter(milestones::round_id.eq(round))
            .filter(milestones::name.eq(name))
            .filter(milestones::passed_at.is_null()),
    )
    .set(milestones::passed_at.eq(Some(now)))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Whether a timer has noted that a milestone has passed.
pub fn has_passed(conn: &mut Conn, round: Id<RoundKey>, name: Milestone) -> Result<bool> {
    let passed: Option<Moment> = milestones::table
        .filter(milestones::round_id.eq(round))
        .filter(milestones::name.eq(name))
        .select(milestones::passed_at)
        .first(conn)?;
    Ok(passed.is_some())
}

/// The milestones of a round, in the order in which they come.
pub fn timetable(conn: &mut Conn, round: Id<RoundKey>) -> Result<Timetable> {
    let rows: Vec<MilestoneRow> = milestones::table
        .filter(milestones::round_id.eq(round))
        .order(milestones::at)
        .select(MilestoneRow::as_select())
        .load(conn)?;
    Ok(Timetable(rows.into_iter().map(|row| (row.name, row.at)).collect()))
}

/// The newest rules of a round with their hash.
fn rules(conn: &mut Conn, round: Id<RoundKey>) -> Result<(Id<RulebookKey>, Rulebook, String)> {
    let (id, text, hash): (Id<RulebookKey>, String, Vec<u8>) = rulebooks::table
        .filter(rulebooks::round_id.eq(round))
        .order(rulebooks::number.desc())
        .select((rulebooks::id, rulebooks::data, rulebooks::hash))
        .first(conn)?;
    Ok((id, serde_json::from_str(&text)?, hex::encode(hash)))
}

/// A round with its fund, milestones and rules. Whoever may see it has been asked before: drafts through policy, the
/// published ones are for everybody.
pub fn in_full(conn: &mut Conn, round: Round) -> Result<RoundInFull> {
    let fund = funds::table.find(round.fund_id).select(Fund::as_select()).first(conn)?;
    let timetable = timetable(conn, round.id)?;
    let (rulebook_id, rulebook, rules_hash) = rules(conn, round.id)?;
    let (replaces, replaced_by) = amendments::links(conn, &round)?;
    Ok(RoundInFull { round, fund, timetable, rulebook, rulebook_id, rules_hash, replaces, replaced_by })
}

/// A round by its id, for rooms that hold one of its bids.
pub fn round_by_id(conn: &mut Conn, id: Id<RoundKey>) -> Result<Round> {
    Ok(rounds::table.find(id).select(Round::as_select()).first(conn)?)
}

/// A round by its place in addresses, draft or not: the service asks policy what to do with a draft.
pub fn round_by_slug(conn: &mut Conn, slug: &str) -> Result<Round> {
    let found = rounds::table.filter(rounds::slug.eq(slug)).select(Round::as_select()).first(conn).optional()?;
    found.ok_or(AppError::NotFound)
}

/// The rounds that one may see: the published ones, and drafts of one's own funds; newest first.
pub fn listed(conn: &mut Conn, sight: &Sight, after: Option<Id<RoundKey>>, limit: i64) -> Result<Vec<Round>> {
    let mut query = rounds::table.select(Round::as_select()).order(rounds::id.desc()).limit(limit).into_boxed();
    if !sight.everything {
        query = query.filter(rounds::state.ne(RoundState::Draft).or(rounds::fund_id.eq_any(sight.funds.clone())));
    }
    if let Some(after) = after {
        query = query.filter(rounds::id.lt(after));
    }
    Ok(query.load(conn)?)
}
