//! The pages on which a fund manager changes the workflow of a round: the working copy with its faults and its picture, each part
//! of it, the whole as text, and putting it into force.

pub mod force;
mod picks;
pub mod state;
pub mod step;
mod step_form;
pub mod whole;

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::Serialize;

use super::{WayView, sentence};
use crate::{
    error::AppError,
    funds::{
        model::Milestone,
        service::{self, NewDraft, WorkflowDesk, WorkingCopy},
    },
    http::{Refused, in_address},
    web::{FieldError, Page, Posted, Visit},
    workflow::{
        Definition, Fault, State, Transition, check,
        diff::FieldChange,
        picture::{Shown, Words},
    },
};
use picks::{Tick, ticks};

type Answer = Result<HttpResponse, Refused>;

/// What stands above every one of these pages.
#[derive(Debug, Clone, Serialize)]
pub struct Head {
    /// The round's title.
    pub round: String,
    /// Where the pages of its workflow are.
    pub at: String,
    /// The round's own page.
    pub of: String,
    /// The version in force.
    pub number: i32,
    /// The version of the working copy, which each form sends back.
    pub version: i32,
}

impl Head {
    fn of(desk: &WorkflowDesk) -> Self {
        let slug = &desk.round.round.slug;
        Self {
            round: desk.round.round.title.clone(),
            at: path_of(slug, ""),
            of: format!("/rounds/{slug}"),
            number: desk.number,
            version: desk.copy.as_ref().map_or(0, |copy| copy.version),
        }
    }
}

fn path_of(slug: &str, what: &str) -> String {
    format!("/rounds/{slug}/workflow{what}")
}

/// The working copy, or the ways to begin one.
#[derive(Debug, Serialize)]
pub struct CopyPage {
    /// What stands above.
    pub head: Head,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// What a copy can begin with.
    pub sources: Vec<Tick>,
    /// The copy.
    pub copy: Option<CopyView>,
}

impl Page for CopyPage {
    const TEMPLATE: &'static str = "rounds/workflow/copy.html";
}

/// The working copy part by part, each with its faults.
#[derive(Debug, Serialize)]
pub struct CopyView {
    /// Who changed it last and when.
    pub changed: String,
    /// Whether it can be put into force.
    pub sound: bool,
    /// What is wrong with it as a whole.
    pub faults: Vec<String>,
    /// Its parts, if it can be read and is no larger than what is looked at part by part.
    pub parts: Option<PartsView>,
}

/// The parts of a working copy.
#[derive(Debug, Serialize)]
pub struct PartsView {
    /// Its title.
    pub title: String,
    /// Where bids begin.
    pub start: String,
    /// The milestones that it uses.
    pub milestones: Vec<String>,
    /// Its states.
    pub states: Vec<Row>,
    /// Its steps.
    pub steps: Vec<Row>,
    /// Its picture.
    pub way: WayView,
}

/// A part in its list.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its place in the list.
    pub place: usize,
    /// What it is called.
    pub label: String,
    /// What it is.
    pub detail: String,
    /// What is wrong with it.
    pub faults: Vec<String>,
}

impl CopyView {
    fn of(copy: &WorkingCopy, definition: Option<&Definition>) -> Self {
        let definition = definition.filter(|definition| check::is_of_size(definition));
        let at_a_part = |fault: &&Fault| definition.is_some() && part_of(fault).is_some();
        let by = copy.changed_by.as_deref().unwrap_or("A program");
        Self {
            changed: format!("{by} changed it last, at {}.", copy.changed_at.in_words()),
            sound: copy.sound,
            faults: copy.faults.iter().filter(|fault| !at_a_part(fault)).map(said).collect(),
            parts: definition.map(|definition| PartsView::of(definition, &copy.faults)),
        }
    }
}

impl PartsView {
    fn of(definition: &Definition, faults: &[Fault]) -> Self {
        let row = |list: &'static str, place: usize, label: &str, detail: String| Row {
            place,
            label: label.to_owned(),
            detail,
            faults: faults.iter().filter(|fault| part_of(fault) == Some((list, place))).map(said).collect(),
        };
        let states = definition.states.iter().enumerate();
        let steps = definition.transitions.iter().enumerate();
        let shown = Shown { words: Words::Staff, ..Shown::default() };
        Self {
            title: definition.title.clone(),
            start: label_of(definition, &definition.start),
            milestones: definition.milestones.iter().map(|milestone| milestone_title(milestone)).collect(),
            states: states
                .map(|(place, state)| row(STATES, place, picks::name_of(state), state_detail(state)))
                .collect(),
            steps: steps.map(|(place, step)| row(STEPS, place, &step.label, step_detail(definition, step))).collect(),
            way: WayView::of(definition, &shown),
        }
    }
}

const STATES: &str = "states";
const STEPS: &str = "transitions";

fn state_detail(state: &State) -> String {
    let form = state.form.map(|form| format!("form: {}", picks::form_title(form)));
    let result = state.result.map(|result| format!("result: {}", result.word().replace('_', " ")));
    let rest = state.terminal.then(|| "a bid may rest here".to_owned());
    let kind = Some(state.kind.word().to_owned());
    [kind, form, result, rest].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn step_detail(definition: &Definition, step: &Transition) -> String {
    let from: Vec<String> = step.from.iter().map(|id| label_of(definition, id)).collect();
    format!("from {} to {}", from.join(", "), label_of(definition, &step.to))
}

fn label_of(definition: &Definition, state: &str) -> String {
    definition.state(state).map_or_else(|| format!("“{state}”"), |state| picks::name_of(state).to_owned())
}

/// What a milestone is called; one that rounds do not have goes by its own name.
fn milestone_title(id: &str) -> String {
    Milestone::from_word(id).map_or_else(|| id.replace('_', " "), |milestone| milestone.title().to_owned())
}

/// The list and the place of the part that a fault is about.
fn part_of(fault: &Fault) -> Option<(&'static str, usize)> {
    [STATES, STEPS].into_iter().find_map(|list| {
        let rest = fault.pointer.strip_prefix('/')?.strip_prefix(list)?.strip_prefix('/')?;
        Some((list, rest.split('/').next()?.parse().ok()?))
    })
}

/// The place of a fault within its part, such as `labels/staff`.
fn within(fault: &Fault) -> &str {
    fault.pointer.splitn(4, '/').nth(3).unwrap_or_default()
}

fn said(fault: &Fault) -> String {
    sentence(&format!("{}: {}", fault.reason, fault.suggestion))
}

/// The same where it does not stand beside its part: it begins with what the part is called.
fn said_of(definition: Option<&Definition>, fault: &Fault) -> String {
    let part = part_of(fault).zip(definition).and_then(|((list, place), definition)| match list {
        STATES => definition.states.get(place).map(|state| ("state", picks::name_of(state))),
        _ => definition.transitions.get(place).map(|step| ("step", step.label.as_str())),
    });
    match part {
        Some((kind, name)) => format!("The {kind} “{name}”: {}", said(fault)),
        None => said(fault),
    }
}

/// What somebody else saved meanwhile, beside what the reader wrote.
#[derive(Debug, Clone, Serialize)]
pub struct Stands {
    /// Who changed it and when.
    pub message: String,
    /// What differs from what the reader wrote.
    pub now: Vec<String>,
}

impl Stands {
    /// `theirs` is what differs of what the reader wrote, seen from what stands now.
    fn of(copy: &WorkingCopy, theirs: &[FieldChange]) -> Self {
        let by = copy.changed_by.as_deref().unwrap_or("A program");
        let message = format!("{by} changed the working copy at {}.", copy.changed_at.in_words());
        let line = |change: &FieldChange| {
            format!("{}.", change.words.replace(": was ", ": it says ").replace(", is ", ", you wrote "))
        };
        Self { message, now: theirs.iter().map(line).collect() }
    }
}

/// The working copy of a round's workflow.
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    let desk = service::workflow_desk(&visit.app, &visit.call, slug.into_inner()).await?;
    visit.page(&page(&desk)).await
}

fn page(desk: &WorkflowDesk) -> CopyPage {
    let ready = service::ready_workflows();
    let ready = ready.iter().map(|ready| (ready.id.as_str(), ready.title.as_str()));
    CopyPage {
        head: Head::of(desk),
        may_edit: desk.may_edit,
        sources: ticks([("", "What is in force now")].into_iter().chain(ready), &[""]),
        copy: desk.copy.as_ref().map(|copy| CopyView::of(copy, desk.definition.as_ref())),
    }
}

/// Begins a working copy.
pub async fn begin(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let new = NewDraft { from: form.0.filled("from") };
    service::begin_draft(&visit.app, &visit.call, slug.clone(), new).await?;
    Ok(visit.see_with_success(&path_of(&slug, ""), "The working copy is begun. What is in force stays as it is."))
}

/// Discards it.
pub async fn discard(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    service::discard_draft(&visit.app, &visit.call, slug.clone(), form.0.version()).await?;
    Ok(visit.see_with_success(&path_of(&slug, ""), "The working copy is discarded. What is in force stays as it is."))
}

/// A working copy for whoever changes it.
struct Editing {
    head: Head,
    copy: WorkingCopy,
    definition: Definition,
}

/// The working copy, which can be read and which the reader may change.
async fn editing(visit: &Visit, slug: &str) -> Result<Editing, AppError> {
    let desk = service::workflow_desk(&visit.app, &visit.call, slug.to_owned()).await?;
    if !desk.may_edit {
        return Err(AppError::forbidden("not_allowed", "Only fund managers can change how a round decides."));
    }
    let head = Head::of(&desk);
    let unreadable =
        || AppError::conflict("unreadable", "The working copy cannot be read part by part. Mend it as JSON first.");
    let copy = desk.copy.ok_or(AppError::NotFound)?;
    Ok(Editing { head, copy, definition: desk.definition.ok_or_else(unreadable)? })
}

/// A page whose fields have these faults, whether or not something was sent.
async fn with_faults(visit: &Visit, status: StatusCode, page: &impl Page, faults: Vec<(String, String)>) -> Answer {
    let errors = faults.into_iter().map(|(field, message)| FieldError { field, message });
    visit.answer(status, page, errors.collect()).await
}

/// The place of a part in an address: a number, or `new`.
fn place_in(word: &str) -> Result<Option<usize>, AppError> {
    if word == "new" { Ok(None) } else { in_address(word).map(Some) }
}
