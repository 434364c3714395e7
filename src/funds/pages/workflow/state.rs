//! The page of one state of a working copy.

use actix_web::{http::StatusCode, web::Path};
use serde::Serialize;

use super::{
    Answer, Editing, Head, STATES, Stands, editing, part_of, path_of,
    picks::{Pick, form_title, picks},
    place_in, said, with_faults, within,
};
use crate::{
    error::{AppError, Fault},
    funds::service,
    web::{Form, Page, Posted, Visit},
    workflow::{self, Kind, Outcome, State, diff, model::Labels},
};

/// One state, or a new one.
#[derive(Debug, Serialize)]
pub struct StatePage {
    /// What stands above.
    pub head: Head,
    /// Its place in the list, or `new`.
    pub place: String,
    /// What is in the form.
    pub written: Written,
    /// The kinds.
    pub kinds: Vec<Pick>,
    /// The forms.
    pub forms: Vec<Pick>,
    /// The results.
    pub results: Vec<Pick>,
    /// What somebody else saved meanwhile.
    pub stands: Option<Stands>,
}

impl Page for StatePage {
    const TEMPLATE: &'static str = "rounds/workflow/state.html";
}

/// The fields of the form, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// The id under which it stood when the form was made.
    pub was: String,
    /// Its id.
    pub id: String,
    /// Its label for the fund's people.
    pub staff: String,
    /// Its label for councils.
    pub applicant: String,
    /// What happens next.
    pub next: String,
    /// Its kind.
    pub kind: String,
    /// The form that is open in it.
    pub form: String,
    /// What it means.
    pub result: String,
    /// Whether a bid may rest in it.
    pub terminal: bool,
}

impl Written {
    fn of_state(state: &State) -> Self {
        Self {
            was: state.id.clone(),
            id: state.id.clone(),
            staff: state.labels.staff.clone(),
            applicant: state.labels.applicant.clone(),
            next: state.labels.next.clone(),
            kind: state.kind.word().to_owned(),
            form: state.form.map_or("", workflow::Form::word).to_owned(),
            result: state.result.map_or("", Outcome::word).to_owned(),
            terminal: state.terminal,
        }
    }

    fn of_form(form: &Form) -> Self {
        Self {
            was: form.text("was"),
            id: form.text("id"),
            staff: form.text("staff"),
            applicant: form.text("applicant"),
            next: form.text("next"),
            kind: form.text("kind"),
            form: form.text("form"),
            result: form.text("result"),
            terminal: form.has("terminal"),
        }
    }

    /// The state; whether it is sound is for the check, beside everything else.
    fn state(&self) -> Result<State, Vec<Fault>> {
        let kind = Kind::from_word(&self.kind);
        let kind = kind.ok_or_else(|| vec![Fault::new("kind", "missing", "Choose what sort of state it is.")])?;
        Ok(State {
            id: self.id.clone(),
            kind,
            labels: Labels { staff: self.staff.clone(), applicant: self.applicant.clone(), next: self.next.clone() },
            terminal: self.terminal,
            form: workflow::Form::from_word(&self.form),
            result: Outcome::from_word(&self.result),
        })
    }
}

impl StatePage {
    fn of(head: &Head, place: Option<usize>, written: Written) -> Self {
        let kinds = Kind::ALL.map(|kind| (kind.word(), kind_title(kind)));
        let forms = workflow::Form::ALL.map(|form| (form.word(), form_title(form)));
        let results = Outcome::ALL.map(|result| (result.word(), result_title(result)));
        Self {
            head: head.clone(),
            place: place.map_or_else(|| "new".to_owned(), |place| place.to_string()),
            kinds: picks("Choose", kinds, &written.kind),
            forms: picks("No form", forms, &written.form),
            results: picks("Nothing yet", results, &written.result),
            written,
            stands: None,
        }
    }
}

const fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Draft => "draft: the council is writing, nobody else sees it",
        Kind::Waiting => "waiting: submitted, or the council has the next step",
        Kind::Review => "review: the fund reads, scores or decides",
        Kind::Decided => "decided: there is an outcome",
        Kind::Delivery => "delivery: the money is being spent",
        Kind::Closed => "closed: it is over",
    }
}

const fn result_title(result: Outcome) -> &'static str {
    match result {
        Outcome::Funded => "funded",
        Outcome::Reserve => "on the reserve list",
        Outcome::NotFunded => "not funded",
        Outcome::Withdrawn => "withdrawn",
        Outcome::Lapsed => "lapsed",
    }
}

/// Shows a state with its faults, or the form for a new one.
pub async fn ask(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (slug, place) = path.into_inner();
    let Editing { head, copy, definition } = editing(&visit, &slug).await?;
    let Some(place) = place_in(&place)? else {
        return visit.page(&StatePage::of(&head, None, Written::default())).await;
    };
    let state = definition.states.get(place).ok_or(AppError::NotFound)?;
    let here = copy.faults.iter().filter(|fault| part_of(fault) == Some((STATES, place)));
    let faults = here.map(|fault| (field_of(within(fault)).to_owned(), said(fault))).collect();
    with_faults(&visit, StatusCode::OK, &StatePage::of(&head, Some(place), Written::of_state(state)), faults).await
}

/// The field of the form that a place within the state is about.
fn field_of(place: &str) -> &str {
    match place {
        "labels/staff" => "staff",
        "labels/applicant" => "applicant",
        "labels/next" => "next",
        "kind" | "form" | "result" => place,
        _ => "id",
    }
}

/// Keeps it.
pub async fn save(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, place) = path.into_inner();
    let place = place_in(&place)?;
    let now = editing(&visit, &slug).await?;
    let written = Written::of_form(&form.0);
    let state = match written.state() {
        Ok(state) => state,
        Err(faults) => return visit.page_with_faults(&StatePage::of(&now.head, place, written), &faults).await,
    };
    let new = state.clone();
    let change = move |definition: &mut workflow::Definition| {
        if place.is_some_and(|place| place >= definition.states.len()) {
            return Err(AppError::NotFound);
        }
        definition.put_state(place, new.clone());
        Ok(())
    };
    match service::edit_draft(&visit.app, &visit.call, slug.clone(), form.0.version(), change).await {
        Ok(_) => Ok(visit.see_with_success(&path_of(&slug, "#states"), &format!("“{}” is saved.", state.labels.staff))),
        Err(AppError::Stale { .. }) => stale(&visit, &now, (place, written, &state)).await,
        Err(other) => Err(other.into()),
    }
}

/// Shows what somebody else saved beside what the reader wrote, which stays in the form.
async fn stale(visit: &Visit, now: &Editing, (place, written, state): (Option<usize>, Written, &State)) -> Answer {
    let found = now.definition.states.iter().position(|other| other.id == written.was);
    let place = place.and(found);
    let theirs = place.and_then(|place| now.definition.states.get(place));
    let differing = theirs.map(|theirs| diff::of_state(theirs, state)).unwrap_or_default();
    let mut page = StatePage::of(&now.head, place, written);
    page.stands = Some(Stands::of(&now.copy, &differing));
    let message = "Somebody else changed the working copy. Look at both, then save yours again.";
    with_faults(visit, StatusCode::PRECONDITION_FAILED, &page, vec![("id".into(), message.into())]).await
}

/// Takes it out.
pub async fn remove(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, place) = path.into_inner();
    let place = place_in(&place)?.ok_or(AppError::NotFound)?;
    let change =
        move |definition: &mut workflow::Definition| definition.remove_state(place).map(drop).ok_or(AppError::NotFound);
    service::edit_draft(&visit.app, &visit.call, slug.clone(), form.0.version(), change).await?;
    Ok(visit.see_with_success(&path_of(&slug, "#states"), "The state is taken out."))
}
