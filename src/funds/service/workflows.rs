//! The workflows that the program carries, the check of any other, and the versions of a round's own.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::visible_round;
use crate::{
    actor::Actor,
    clock::Moment,
    error::{AppError, Result},
    funds::store::{self, WorkflowRow},
    http::{App, Call},
    workflow::{
        self, Definition, Vocabulary, check, definitions,
        diff::{Diff, diff},
        fault::Pointer,
    },
};

/// A workflow that the program carries and a round can begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ReadyWorkflow {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// How many states it has.
    pub states: usize,
    /// The milestones for which a round must have a date.
    pub milestones: Vec<String>,
}

/// The ready workflows.
pub fn ready_workflows() -> Vec<ReadyWorkflow> {
    let read = definitions::all().iter().filter_map(|(id, _)| definitions::read(id));
    let ready = |definition: Definition| ReadyWorkflow {
        id: definition.id,
        title: definition.title,
        states: definition.states.len(),
        milestones: definition.milestones,
    };
    read.map(ready).collect()
}

/// One of them in full.
///
/// # Errors
/// `NotFound`.
pub fn ready_workflow(id: &str) -> Result<Definition> {
    definitions::read(id).ok_or(AppError::NotFound)
}

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = CheckedWorkflow)]
pub struct Checked {
    /// Whether there is no fault.
    pub sound: bool,
    /// Every fault, with its place in the definition.
    pub faults: Vec<workflow::Fault>,
}

/// Checks a definition, whatever was sent as one.
///
/// # Errors
/// `Unauthenticated`: it is work for the machine, and nobody does it for everybody.
pub fn check_workflow(call: &Call, sent: Vec<u8>) -> Result<Checked> {
    if call.actor == Actor::Public {
        return Err(AppError::Unauthenticated);
    }
    let faults = match String::from_utf8(sent) {
        Ok(text) => check::check_text(&text, Vocabulary::bids()),
        Err(fault) => {
            let reason = format!("it is not UTF-8 text: {}", fault.utf8_error());
            vec![workflow::Fault::at(&Pointer::root(), reason, "save it as UTF-8")]
        }
    };
    Ok(Checked { sound: faults.is_empty(), faults })
}

/// A version of a round's workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WorkflowVersion {
    /// Which, from 1.
    pub number: i32,
    /// What it is called.
    pub title: String,
    /// The hash of its text, in hexadecimal digits.
    pub hash: String,
    /// Why it was put into force; the first needs no reason.
    pub reason: Option<String>,
    /// When.
    pub at: Moment,
    /// Whether new bids follow it.
    pub newest: bool,
}

impl WorkflowVersion {
    pub(super) fn of(row: &WorkflowRow, newest: bool) -> Result<Self> {
        Ok(Self {
            number: row.number,
            title: row.definition()?.title,
            hash: hex::encode(&row.hash),
            reason: row.reason.clone(),
            at: row.created_at,
            newest,
        })
    }
}

/// The versions of a round's workflow, oldest first.
///
/// # Errors
/// `NotFound`, as for the round itself.
pub async fn workflow_versions(app: &App, call: &Call, slug: String) -> Result<Vec<WorkflowVersion>> {
    call.read(app, move |conn, scene| {
        let round = visible_round(conn, scene, &slug)?;
        let rows = store::workflow_versions(conn, round.round.id)?;
        let newest = rows.last().map(|row| row.number);
        rows.iter().map(|row| WorkflowVersion::of(row, Some(row.number) == newest)).collect()
    })
    .await
}

/// One version as it is kept, to the byte.
///
/// # Errors
/// `NotFound`, as for the round itself or when it has no such version.
pub async fn workflow_version(app: &App, call: &Call, slug: String, number: i32) -> Result<(WorkflowVersion, Value)> {
    call.read(app, move |conn, scene| {
        let round = visible_round(conn, scene, &slug)?.round.id;
        let row = store::workflow_version(conn, round, number)?;
        let newest = store::newest_workflow(conn, round)?.number == number;
        Ok((WorkflowVersion::of(&row, newest)?, serde_json::from_str(&row.data)?))
    })
    .await
}

/// What one version changes of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = WorkflowComparison)]
pub struct Comparison {
    /// The version that is compared.
    pub from: i32,
    /// The version with which it is compared.
    pub to: i32,
    /// Every difference as a sentence.
    pub words: Vec<String>,
    /// The same as data.
    pub diff: Diff,
}

/// What version `to` of a round's workflow changes of version `from`.
///
/// # Errors
/// `NotFound`, as for the round itself or when it has no such version.
pub async fn compare_workflows(app: &App, call: &Call, slug: String, (from, to): (i32, i32)) -> Result<Comparison> {
    call.read(app, move |conn, scene| {
        let round = visible_round(conn, scene, &slug)?.round.id;
        let older = store::workflow_version(conn, round, from)?.definition()?;
        let newer = store::workflow_version(conn, round, to)?.definition()?;
        let diff = diff(&older, &newer);
        Ok(Comparison { from, to, words: diff.in_words(), diff })
    })
    .await
}
