//! The page of one step (a transition) of a working copy.

use actix_web::{http::StatusCode, web::Path};
use serde::Serialize;

use super::{
    Answer, Editing, Head, STEPS, Stands, editing, part_of, path_of,
    picks::{Pick, Tick, milestones, picks, roles, states, ticks},
    place_in, said,
    step_form::Written,
    with_faults, within,
};
use crate::{
    error::AppError,
    funds::{pages::sentence, service},
    web::{Page, Posted, Visit},
    workflow::{Definition, Gate, Rule, Transition, check::MAILS, diff, model::Change},
};

/// What a step does besides moving the bid and sending mail, in the order in which it is done.
const EFFECTS: [(&str, &str); 6] = [
    ("keep-version", "keep what the bid says as a version"),
    ("lock-answers", "lock the answers"),
    ("open-full-application", "open the full application"),
    ("open-scoring", "open the scoring"),
    ("close-scoring", "close the scoring"),
    ("create-project", "make the bid a project"),
];

/// One step, or a new one.
#[derive(Debug, Serialize)]
pub struct StepPage {
    /// What stands above.
    pub head: Head,
    /// Its place in the list, or `new`.
    pub place: String,
    /// What is in the form.
    pub written: Written,
    /// What must hold, in words, where it can be read.
    pub guard_words: Option<String>,
    /// The states from which it may be taken.
    pub from: Vec<Tick>,
    /// The state to which it leads.
    pub to: Vec<Pick>,
    /// Who takes it.
    pub who: Vec<Tick>,
    /// Who else has to agree.
    pub roles: Vec<Tick>,
    /// What makes their agreement void.
    pub voided_by: Vec<Tick>,
    /// What it does.
    pub effects: Vec<Tick>,
    /// The mails that it sends.
    pub mails: Vec<Tick>,
    /// The milestone from which on it may be taken.
    pub not_before: Vec<Pick>,
    /// The milestone up to which it may be taken.
    pub not_after: Vec<Pick>,
    /// The milestone after which it happens by itself.
    pub automatic_at: Vec<Pick>,
    /// The milestone at which it shows.
    pub release: Vec<Pick>,
    /// Which decision it takes.
    pub gates: Vec<Pick>,
    /// What somebody else saved meanwhile.
    pub stands: Option<Stands>,
}

impl Page for StepPage {
    const TEMPLATE: &'static str = "rounds/workflow/step.html";
}

impl StepPage {
    fn of(editing: &Editing, place: Option<usize>, written: Written) -> Self {
        let definition = &editing.definition;
        let titles = milestones(definition);
        let milestone =
            |none: &str, chosen: &str| picks(none, titles.iter().map(|(id, title)| (*id, title.as_str())), chosen);
        let rule = written.rule().ok().flatten();
        Self {
            head: editing.head.clone(),
            place: place.map_or_else(|| "new".to_owned(), |place| place.to_string()),
            guard_words: rule.as_ref().map(Rule::in_words).map(|words| sentence(&words)),
            from: ticks(states(definition), &written.from),
            to: picks("Choose", states(definition), &written.to),
            who: ticks(roles(), &written.who),
            roles: ticks(roles().filter(|(word, _)| *word != "system"), &written.roles),
            voided_by: ticks(Change::ALL.map(|change| (change.word(), change.word())), &written.voided_by),
            effects: ticks(EFFECTS, &written.effects),
            mails: ticks(MAILS.map(|mail| (mail, mail)), &written.mails),
            not_before: milestone("At any time", &written.not_before),
            not_after: milestone("At any time", &written.not_after),
            automatic_at: milestone("Never", &written.automatic_at),
            release: milestone("At once", &written.release),
            gates: picks("It is no decision", Gate::ALL.map(|gate| (gate.word(), gate.word())), &written.gate),
            written,
            stands: None,
        }
    }
}

/// Shows a step with its faults, or the form for a new one.
pub async fn ask(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (slug, place) = path.into_inner();
    let now = editing(&visit, &slug).await?;
    let Some(place) = place_in(&place)? else {
        return visit.page(&StepPage::of(&now, None, Written::default())).await;
    };
    let step = now.definition.transitions.get(place).ok_or(AppError::NotFound)?;
    let here = now.copy.faults.iter().filter(|fault| part_of(fault) == Some((STEPS, place)));
    let faults = here.map(|fault| (field_of(within(fault)).to_owned(), said(fault))).collect();
    let page = StepPage::of(&now, Some(place), Written::of_step(step));
    with_faults(&visit, StatusCode::OK, &page, faults).await
}

/// The field of the form that a place within the step is about.
fn field_of(place: &str) -> &str {
    let mut parts = place.split('/');
    match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) {
        ("approvals", "roles") => "roles",
        ("approvals", _) => "count",
        ("effects", effect) if !effect.is_empty() && place.ends_with("template") => "mails",
        (
            field @ ("label" | "from" | "to" | "who" | "guard" | "effects" | "not_before" | "not_after"
            | "automatic_at" | "release" | "gate" | "outcome"),
            _,
        ) => field,
        _ => "id",
    }
}

/// Keeps it.
pub async fn save(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, place) = path.into_inner();
    let place = place_in(&place)?;
    let now = editing(&visit, &slug).await?;
    let written = Written::of_form(&form.0);
    let step = match written.step() {
        Ok(step) => step,
        Err(faults) => return visit.page_with_faults(&StepPage::of(&now, place, written), &faults).await,
    };
    let new = step.clone();
    let change = move |definition: &mut Definition| {
        if place.is_some_and(|place| place >= definition.transitions.len()) {
            return Err(AppError::NotFound);
        }
        definition.put_transition(place, new.clone());
        Ok(())
    };
    match service::edit_draft(&visit.app, &visit.call, slug.clone(), form.0.version(), change).await {
        Ok(_) => Ok(visit.see_with_success(&path_of(&slug, "#steps"), &format!("“{}” is saved.", step.label))),
        Err(AppError::Stale { .. }) => stale(&visit, &now, (place, written, &step)).await,
        Err(other) => Err(other.into()),
    }
}

/// Shows what somebody else saved beside what the reader wrote, which stays in the form.
async fn stale(visit: &Visit, now: &Editing, (place, written, step): (Option<usize>, Written, &Transition)) -> Answer {
    let found = now.definition.transitions.iter().position(|other| other.id == written.was);
    let place = place.and(found);
    let theirs = place.and_then(|place| now.definition.transitions.get(place));
    let differing = theirs.map(|theirs| diff::of_transition(&now.definition, theirs, step)).unwrap_or_default();
    let mut page = StepPage::of(now, place, written);
    page.stands = Some(Stands::of(&now.copy, &differing));
    let message = "Somebody else changed the working copy. Look at both, then save yours again.";
    with_faults(visit, StatusCode::PRECONDITION_FAILED, &page, vec![("id".into(), message.into())]).await
}

/// Takes it out.
pub async fn remove(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, place) = path.into_inner();
    let place = place_in(&place)?.ok_or(AppError::NotFound)?;
    let change =
        move |definition: &mut Definition| definition.remove_transition(place).map(drop).ok_or(AppError::NotFound);
    service::edit_draft(&visit.app, &visit.call, slug.clone(), form.0.version(), change).await?;
    Ok(visit.see_with_success(&path_of(&slug, "#steps"), "The step is taken out."))
}
