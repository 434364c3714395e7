//! The SQL of a round's workflow: its versions, and the working copy of the next.

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*, update};

use crate::{
    added,
    clock::Moment,
    db::{
        Conn,
        schema::{fund_roles, people, rounds, workflow_drafts, workflows},
    },
    error::{AppError, Result},
    identity::policy::Granted,
    ids::{Id, PersonKey, RoundKey, WorkflowKey},
    workflow::{Definition, Role},
};

/// A version on its way in.
#[derive(Debug, Clone, Copy)]
pub struct NewWorkflow<'a> {
    /// Which of its round, from 1.
    pub number: i32,
    /// The definition.
    pub text: &'a str,
    /// The hash of the text.
    pub hash: &'a [u8],
    /// Why it is put into force; the first needs no reason.
    pub reason: Option<&'a str>,
}

/// Adds a version of the workflow.
pub fn insert_workflow(
    conn: &mut Conn,
    id: Id<WorkflowKey>,
    round: Id<RoundKey>,
    new: NewWorkflow<'_>,
    now: Moment,
) -> Result<()> {
    insert_into(workflows::table)
        .values((
            workflows::id.eq(id),
            workflows::round_id.eq(round),
            workflows::number.eq(new.number),
            workflows::data.eq(new.text),
            workflows::hash.eq(new.hash),
            workflows::reason.eq(new.reason),
            workflows::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// A version as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = workflows)]
pub struct WorkflowRow {
    /// Its id.
    pub id: Id<WorkflowKey>,
    /// Which of its round, from 1.
    pub number: i32,
    /// The definition.
    pub data: String,
    /// The hash of the text.
    pub hash: Vec<u8>,
    /// Why it was put into force.
    pub reason: Option<String>,
    /// When.
    pub created_at: Moment,
}

impl WorkflowRow {
    /// The definition; it was proved sound before it was kept.
    ///
    /// # Errors
    /// `Internal` when what was kept cannot be read any more.
    pub fn definition(&self) -> Result<Definition> {
        read(self.id, &self.data)
    }
}

fn read(id: Id<WorkflowKey>, text: &str) -> Result<Definition> {
    Definition::from_kept(text).map_err(|faults| AppError::internal(format!("workflow {id}: {faults:?}")))
}

/// The versions of a round's workflow, oldest first. Like the round itself they are public once it is published.
pub fn workflow_versions(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<WorkflowRow>> {
    Ok(workflows::table
        .filter(workflows::round_id.eq(round))
        .order(workflows::number)
        .select(WorkflowRow::as_select())
        .load(conn)?)
}

/// One version of a round's workflow.
///
/// # Errors
/// `NotFound` when the round has no such version.
pub fn workflow_version(conn: &mut Conn, round: Id<RoundKey>, number: i32) -> Result<WorkflowRow> {
    let found = workflows::table
        .filter(workflows::round_id.eq(round))
        .filter(workflows::number.eq(number))
        .select(WorkflowRow::as_select())
        .first(conn)
        .optional()?;
    found.ok_or(AppError::NotFound)
}

/// The newest version of a round's workflow.
pub fn newest_workflow(conn: &mut Conn, round: Id<RoundKey>) -> Result<WorkflowRow> {
    Ok(workflows::table
        .filter(workflows::round_id.eq(round))
        .order(workflows::number.desc())
        .select(WorkflowRow::as_select())
        .first(conn)?)
}

/// The newest workflow of a round: new bids are pinned to it.
pub fn workflow_of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<Id<WorkflowKey>> {
    Ok(workflows::table
        .filter(workflows::round_id.eq(round))
        .order(workflows::number.desc())
        .select(workflows::id)
        .first(conn)?)
}

/// Every version to which bids of a round may be pinned, newest first.
///
/// # Errors
/// `Internal` when what was kept cannot be read any more.
pub fn workflows_of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<(Id<WorkflowKey>, Definition)>> {
    let versions = workflow_versions(conn, round)?.into_iter().rev();
    versions.map(|version| Ok((version.id, version.definition()?))).collect()
}

/// Which version of its round's workflow it is, from 1.
pub fn workflow_number(conn: &mut Conn, id: Id<WorkflowKey>) -> Result<i32> {
    Ok(workflows::table.find(id).select(workflows::number).first(conn)?)
}

/// A workflow; it was proved sound before it was kept.
///
/// # Errors
/// `Internal` when what was kept cannot be read any more.
pub fn workflow(conn: &mut Conn, id: Id<WorkflowKey>) -> Result<Definition> {
    let text: String = workflows::table.find(id).select(workflows::data).first(conn)?;
    read(id, &text)
}

/// The working copy of a round's workflow.
#[derive(Debug, Clone, Queryable)]
pub struct DraftRow {
    /// What it says; nothing where there is none at present.
    pub data: Option<String>,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts changes, those of earlier copies included.
    pub version: i32,
    /// Who changed it; nobody where a program did.
    pub updated_by: Option<String>,
}

/// The working copy, if the round ever had one.
pub fn draft(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Option<DraftRow>> {
    Ok(workflow_drafts::table
        .left_join(people::table)
        .filter(workflow_drafts::round_id.eq(round.id()))
        .select((workflow_drafts::data, workflow_drafts::updated_at, workflow_drafts::version, people::name.nullable()))
        .first(conn)
        .optional()?)
}

/// Writes the working copy that stands at `version`, the first at 0, or takes it out; says whether it stood there.
pub fn put_draft(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    version: i32,
    text: Option<&str>,
    (person, now): (Option<Id<PersonKey>>, Moment),
) -> Result<bool> {
    if version > 0 {
        let standing = workflow_drafts::table.find(round.id()).filter(workflow_drafts::version.eq(version));
        let changed = update(standing)
            .set((
                workflow_drafts::data.eq(text),
                workflow_drafts::updated_by.eq(person),
                workflow_drafts::updated_at.eq(now),
                workflow_drafts::version.eq(version + 1),
            ))
            .execute(conn)?;
        return Ok(changed == 1);
    }
    let row = (
        workflow_drafts::round_id.eq(round.id()),
        workflow_drafts::data.eq(text),
        workflow_drafts::updated_by.eq(person),
        workflow_drafts::updated_at.eq(now),
        workflow_drafts::version.eq(1),
    );
    Ok(added!(conn, workflow_drafts(round_id), row)?)
}

/// How many people hold each role of the round's fund.
pub fn staff_by_role(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeMap<Role, usize>> {
    let words: Vec<String> = fund_roles::table
        .inner_join(rounds::table.on(rounds::fund_id.eq(fund_roles::fund_id)))
        .filter(rounds::id.eq(round.id()))
        .filter(fund_roles::ended_at.is_null())
        .select(fund_roles::role)
        .load(conn)?;
    let mut people = BTreeMap::new();
    for role in words.iter().filter_map(|word| Role::from_word(word)) {
        *people.entry(role).or_default() += 1;
    }
    Ok(people)
}
