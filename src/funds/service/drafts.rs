//! The working copy of a round's workflow: a fund manager changes it as they like, and puts it into force once it is sound.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{text_faults, unknown_workflow, workflows::WorkflowVersion};
use crate::{
    clock::Moment,
    db::Conn,
    error::{self, AppError, Result},
    events::Chain,
    funds::{
        model::{Milestone, Round, RoundInFull, RoundState},
        rulebook::Stage,
        store,
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::RoundKey,
    workflow::{
        self, Definition, MAX_BYTES, Vocabulary, check, definitions,
        diff::diff,
        fault::{Fault, Pointer},
    },
};

/// The most characters of a reason.
const LONGEST_REASON: usize = 1_000;

/// What a working copy begins with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// The id of a ready workflow; without one, the version that is in force.
    #[serde(default)]
    pub from: Option<String>,
}

/// Why a version is put into force.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReasonForWorkflow)]
pub struct Reason {
    /// For everybody to read.
    pub reason: String,
}

/// The working copy of a round's workflow. It may be unsound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WorkingCopy {
    /// What it says, to the byte.
    pub text: String,
    /// Whether it can be put into force.
    pub sound: bool,
    /// Everything that stands in the way, with its place in the text.
    pub faults: Vec<Fault>,
    /// When it was last changed.
    pub changed_at: Moment,
    /// Who changed it; nobody where a program did.
    pub changed_by: Option<String>,
    /// Counts changes.
    pub version: i32,
}

/// A round as the pages of its workflow need it.
#[derive(Debug, Clone)]
pub struct WorkflowDesk {
    /// The round.
    pub round: RoundInFull,
    /// Whether the caller may change the workflow.
    pub may_edit: bool,
    /// The number of the version in force.
    pub number: i32,
    /// The version in force.
    pub in_force: Definition,
    /// The working copy, if there is one.
    pub copy: Option<WorkingCopy>,
    /// What the working copy says, if it can be read as a definition.
    pub definition: Option<Definition>,
}

fn ask(conn: &mut Conn, scene: &Scene, slug: &str, action: Action) -> Result<(Round, Granted<RoundKey>)> {
    let round = store::round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let granted = policy::round(conn, &scene.actor, action, round.id)?;
    Ok((round, granted))
}

/// The same for whoever changes the workflow.
fn ask_to_edit(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Round, Granted<RoundKey>)> {
    let (round, granted) = ask(conn, scene, slug, Action::EditRound)?;
    if round.state == RoundState::Cancelled {
        return Err(AppError::conflict("cancelled", "The round is cancelled, so that its workflow stays as it is."));
    }
    Ok((round, granted))
}

/// A working copy as it stands, with its text once more.
struct Standing {
    row: store::DraftRow,
    text: String,
}

fn standing(conn: &mut Conn, granted: &Granted<RoundKey>) -> Result<Option<Standing>> {
    let row = store::draft(conn, granted)?;
    Ok(row.and_then(|row| Some(Standing { text: row.data.clone()?, row })))
}

/// The working copy that stands at `version`.
fn standing_at(conn: &mut Conn, granted: &Granted<RoundKey>, version: i32) -> Result<Standing> {
    let standing = standing(conn, granted)?.ok_or(AppError::NotFound)?;
    if standing.row.version == version { Ok(standing) } else { Err(AppError::Stale { current: standing.row.version }) }
}

fn copy_of(
    conn: &mut Conn,
    granted: &Granted<RoundKey>,
    round: Round,
    standing: Standing,
) -> Result<(WorkingCopy, Option<Definition>)> {
    let round = store::in_full(conn, round)?;
    let (definition, faults) = examined(conn, granted, &round, &standing.text)?;
    let copy = WorkingCopy {
        text: standing.text,
        sound: faults.is_empty(),
        faults,
        changed_at: standing.row.updated_at,
        changed_by: standing.row.updated_by,
        version: standing.row.version,
    };
    Ok((copy, definition))
}

/// Reads a text and says everything that keeps it from being this round's workflow.
fn examined(
    conn: &mut Conn,
    granted: &Granted<RoundKey>,
    round: &RoundInFull,
    text: &str,
) -> Result<(Option<Definition>, Vec<Fault>)> {
    let definition = match Definition::from_json(text) {
        Ok(definition) => definition,
        Err(faults) => return Ok((None, faults)),
    };
    let people = store::staff_by_role(conn, granted)?;
    let mut faults = check::check_with_people(&definition, Vocabulary::bids(), &people);
    if check::is_of_size(&definition) {
        faults.extend(misfits(&definition, round));
    }
    Ok((Some(definition), faults))
}

/// What a definition asks for and the round does not have.
fn misfits(definition: &Definition, round: &RoundInFull) -> Vec<Fault> {
    let mut faults = Vec::new();
    let milestones = Pointer::root().key("milestones");
    for (index, id) in definition.milestones.iter().enumerate() {
        // The check has told already of what no round has.
        let known = Milestone::from_word(id);
        if let Some(milestone) = known.filter(|milestone| round.timetable.at(*milestone).is_none()) {
            let reason = format!("the round has no date for “{}”", milestone.title());
            faults.push(Fault::at(&milestones.item(index), reason, "take it out, or use another milestone"));
        }
    }
    let (stages, states) = (Stage::of(definition), Pointer::root().key("states"));
    for stage in Stage::ALL {
        let reason = match (stages.contains(stage), round.has_stage(*stage)) {
            (true, false) => format!("a state has the form of the {}, and the round has no date for it", stage.title()),
            (false, true) => format!("the round has dates for the {}, and no state has its form", stage.title()),
            _ => continue,
        };
        faults.push(Fault::at(&states, reason, "let the forms of the states be those of the round"));
    }
    let unfit = round.rulebook.faults(&stages).into_iter().chain(round.rulebook.assessment.misfit(definition));
    faults.extend(unfit.map(|fault| Fault::at(&states, fault.message, "the rules of a round are locked: do without")));
    faults
}

/// A round with its workflow and the working copy of the next, for the fund's people.
///
/// # Errors
/// As policy says.
pub async fn workflow_desk(app: &App, call: &Call, slug: String) -> Result<WorkflowDesk> {
    call.read(app, move |conn, scene| {
        let (round, granted) = ask(conn, scene, &slug, Action::ReadRound)?;
        let newest = store::newest_workflow(conn, round.id)?;
        let (copy, definition) = match standing(conn, &granted)? {
            Some(standing) => {
                let (copy, definition) = copy_of(conn, &granted, round.clone(), standing)?;
                (Some(copy), definition)
            }
            None => (None, None),
        };
        let may_edit = granted.standing().may(Action::EditRound) && round.state != RoundState::Cancelled;
        let round = store::in_full(conn, round)?;
        let in_force = newest.definition()?;
        Ok(WorkflowDesk { round, may_edit, number: newest.number, in_force, copy, definition })
    })
    .await
}

/// The working copy of a round's workflow.
///
/// # Errors
/// As policy says; `NotFound` when there is none.
pub async fn working_copy(app: &App, call: &Call, slug: String) -> Result<WorkingCopy> {
    call.read(app, move |conn, scene| {
        let (round, granted) = ask(conn, scene, &slug, Action::ReadRound)?;
        let standing = standing(conn, &granted)?.ok_or(AppError::NotFound)?;
        Ok(copy_of(conn, &granted, round, standing)?.0)
    })
    .await
}

/// Begins a working copy.
///
/// # Errors
/// As policy says; `Invalid` for a ready workflow that is not known; `Conflict` when there is a copy already.
pub async fn begin_draft(app: &App, call: &Call, slug: String, new: NewDraft) -> Result<WorkingCopy> {
    call.write(app, move |conn, scene| {
        let (round, granted) = ask_to_edit(conn, scene, &slug)?;
        let text = match &new.from {
            None => serde_json::to_string_pretty(&store::newest_workflow(conn, round.id)?.definition()?)?,
            Some(id) => {
                let ready = definitions::get(id).ok_or_else(|| AppError::Invalid(vec![unknown_workflow("from")]))?;
                ready.to_owned()
            }
        };
        let before = store::draft(conn, &granted)?;
        let version = before.as_ref().map_or(0, |row| row.version);
        if before.is_some_and(|row| row.data.is_some()) || !write(conn, scene, &granted, version, Some(&text))? {
            let message = "The round has a working copy already. Change that one, or discard it first.";
            return Err(AppError::conflict("draft_exists", message));
        }
        scene.tell(conn, Chain::Round(round.id), "round.workflow_draft_begun", json!({ "from": new.from }))?;
        current(conn, &granted, round)
    })
    .await
}

fn write(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<RoundKey>,
    version: i32,
    text: Option<&str>,
) -> Result<bool> {
    store::put_draft(conn, granted, version, text, (scene.actor.person(), scene.now))
}

fn current(conn: &mut Conn, granted: &Granted<RoundKey>, round: Round) -> Result<WorkingCopy> {
    let standing = standing(conn, granted)?.ok_or(AppError::NotFound)?;
    Ok(copy_of(conn, granted, round, standing)?.0)
}

/// Writes the whole working copy anew. It is kept whatever it says: its faults are told.
///
/// # Errors
/// As policy says; `NotFound` when there is none, `Stale` when somebody changed it meanwhile, `Invalid` for what no
/// database can keep, `TooLarge`.
pub async fn save_draft(app: &App, call: &Call, slug: String, version: i32, sent: Vec<u8>) -> Result<WorkingCopy> {
    if sent.len() > MAX_BYTES {
        return Err(AppError::TooLarge { limit: MAX_BYTES });
    }
    call.write(app, move |conn, scene| {
        let (round, granted) = ask_to_edit(conn, scene, &slug)?;
        standing_at(conn, &granted, version)?;
        let text = std::str::from_utf8(&sent)
            .map_err(|fault| AppError::invalid("", "not_utf8", format!("Send UTF-8 text: {fault}.")))?;
        if text.contains('\0') {
            return Err(AppError::invalid("", "nul", "Leave out the NUL character."));
        }
        keep(conn, scene, &granted, version, text)?;
        current(conn, &granted, round)
    })
    .await
}

fn keep(conn: &mut Conn, scene: &Scene, granted: &Granted<RoundKey>, version: i32, text: &str) -> Result<()> {
    if text.len() > MAX_BYTES {
        return Err(AppError::TooLarge { limit: MAX_BYTES });
    }
    if write(conn, scene, granted, version, Some(text))? {
        return Ok(());
    }
    let current = store::draft(conn, granted)?.map_or(0, |row| row.version);
    Err(AppError::Stale { current })
}

/// Changes a part of the working copy, and leaves everything else as it is.
///
/// # Errors
/// As [`save_draft`]; `Conflict` when the copy cannot be read as a definition; what `change` answers.
pub async fn edit_draft<F>(app: &App, call: &Call, slug: String, version: i32, change: F) -> Result<WorkingCopy>
where
    F: Fn(&mut Definition) -> Result<()> + Send + 'static,
{
    call.write(app, move |conn, scene| {
        let (round, granted) = ask_to_edit(conn, scene, &slug)?;
        let standing = standing_at(conn, &granted, version)?;
        let mut definition = Definition::from_json(&standing.text).map_err(|_faults| {
            AppError::conflict("unreadable", "The working copy cannot be read. Mend it as JSON first.")
        })?;
        change(&mut definition)?;
        keep(conn, scene, &granted, version, &serde_json::to_string_pretty(&definition)?)?;
        current(conn, &granted, round)
    })
    .await
}

/// Takes the working copy out.
///
/// # Errors
/// As policy says; `NotFound` when there is none, `Stale` when somebody changed it meanwhile.
pub async fn discard_draft(app: &App, call: &Call, slug: String, version: i32) -> Result<()> {
    call.write(app, move |conn, scene| {
        let (round, granted) = ask_to_edit(conn, scene, &slug)?;
        standing_at(conn, &granted, version)?;
        write(conn, scene, &granted, version, None)?;
        scene.tell(conn, Chain::Round(round.id), "round.workflow_draft_discarded", json!({}))
    })
    .await
}

/// Puts the working copy into force as the next version of the round's workflow. New bids are pinned to it; those that
/// were started stay on theirs.
///
/// # Errors
/// As policy says; `NotFound` and `Stale` as for [`discard_draft`]; `Invalid` with everything that stands in the way;
/// `Conflict` when nothing is changed.
pub async fn adopt_draft(app: &App, call: &Call, slug: String, version: i32, why: Reason) -> Result<WorkflowVersion> {
    call.write(app, move |conn, scene| {
        let (round, granted) = ask_to_edit(conn, scene, &slug)?;
        let id = round.id;
        let standing = standing_at(conn, &granted, version)?;
        AppError::unless_empty(text_faults("reason", &why.reason, LONGEST_REASON).into_iter().collect())?;
        let full = store::in_full(conn, round)?;
        let (definition, faults) = examined(conn, &granted, &full, &standing.text)?;
        AppError::unless_empty(faults.iter().map(in_the_way).collect())?;
        let mut definition = definition.ok_or(AppError::NotFound)?;
        let newest = store::newest_workflow(conn, id)?;
        if diff(&newest.definition()?, &definition).is_empty() {
            let message = "The working copy says the same as the version in force. Change something, or discard it.";
            return Err(AppError::conflict("nothing_changed", message));
        }
        let number = newest.number + 1;
        definition.version = u32::try_from(number).map_err(AppError::internal)?;
        let text = serde_json::to_string(&definition)?;
        let hash = Sha256::digest(text.as_bytes()).to_vec();
        let reason = Some(why.reason.trim());
        let new = store::NewWorkflow { number, text: &text, hash: &hash, reason };
        store::insert_workflow(conn, scene.fresh(), id, new, scene.now)?;
        write(conn, scene, &granted, version, None)?;
        let detail = json!({ "version": number, "hash": hex::encode(&hash), "reason": reason });
        scene.tell(conn, Chain::Round(id), "round.workflow_adopted", detail)?;
        WorkflowVersion::of(&store::newest_workflow(conn, id)?, true)
    })
    .await
}

/// A fault of the working copy as one of what was asked for: its place is below `definition`.
fn in_the_way(fault: &workflow::Fault) -> error::Fault {
    let message = format!("{}: {}.", fault.reason, fault.suggestion);
    error::Fault::new(format!("definition{}", fault.pointer), "unsound_workflow", message)
}
