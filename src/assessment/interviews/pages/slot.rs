//! One time for an interview: its panel, what was scored in it, and the forms that change it, call it off or say who did not attend.

use std::collections::BTreeMap;

use actix_web::web::Path;
use serde::Serialize;

use super::{in_its_field, panel_choices, panel_of};
use crate::{
    account::pages::roles::faults_of,
    assessment::{
        interviews::{
            model::{Absence, Cancelling, ChangedSlot, InterviewInFull},
            service,
        },
        pages::{Answer, Choice},
    },
    bids::documents::pages::Line,
    error::{AppError, Fault},
    funds,
    http::in_address,
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

/// One time.
#[derive(Debug, Serialize)]
pub struct SlotPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The time.
    pub of: InterviewInFull,
    /// How many people a panel has at least.
    pub least_panel: u32,
    /// What the criteria are called, by their ids.
    pub criteria: BTreeMap<String, String>,
    /// The slides that the bid's councils have brought.
    pub slides: Vec<Line>,
    /// Whether it has begun.
    pub begun: bool,
    /// When it begins, as the form has it.
    pub at: WrittenInstant,
    /// Where it is.
    pub place: String,
    /// How to join.
    pub joining: String,
    /// Who sits on the panel.
    pub panel: Vec<Choice>,
    /// Who may not have attended: those who have not submitted.
    pub missing: Vec<Choice>,
    /// Why it changes.
    pub reason: String,
    /// Why it is called off.
    pub why: String,
    /// Why somebody did not attend.
    pub absence: String,
    /// The version that is changed.
    pub version: i32,
}

impl Page for SlotPage {
    const TEMPLATE: &'static str = "assessment/interview-time.html";
}

async fn page(visit: &Visit, (slug, number): (&str, i32), form: Option<&Form>) -> Result<SlotPage, AppError> {
    let (app, call) = (&visit.app, &visit.call);
    let of = service::one(app, call, slug.to_owned(), number).await?;
    let round = funds::service::round(app, call, slug.to_owned()).await?;
    let rules = round.rulebook.assessment.interview.ok_or(AppError::NotFound)?;
    let sits = || of.slot.panel.iter().filter(|seat| seat.ended_at.is_none());
    let changing = form.filter(|form| form.text("what") == "change");
    let chosen =
        changing.map_or_else(|| sits().map(|seat| seat.person.to_string()).collect(), |form| form.all("panel"));
    let text = |name: &str, kept: &str| changing.map_or_else(|| kept.to_owned(), |form| form.text(name));
    let said = |name: &str| form.map(|form| form.text(name)).unwrap_or_default();
    let absent = said("person");
    let missing = sits().filter(|seat| seat.submitted_at.is_none()).map(|seat| {
        let value = seat.person.to_string();
        Choice { text: seat.name.clone(), hint: String::new(), chosen: value == absent, value }
    });
    Ok(SlotPage {
        title: round.round.title,
        least_panel: rules.least_panel,
        criteria: rules.criteria.into_iter().map(|criterion| (criterion.id, criterion.title)).collect(),
        slides: of.slides.iter().cloned().map(Line::from).collect(),
        begun: call.received >= of.slot.at.starts_at,
        at: changing.map_or_else(|| WrittenInstant::at(of.slot.at.starts_at), WrittenInstant::of),
        place: text("place", &of.slot.at.place),
        joining: text("joining", &of.slot.at.joining),
        panel: panel_choices(&of.people, &chosen),
        missing: missing.collect(),
        reason: said("reason"),
        why: said("why"),
        absence: said("absence"),
        version: of.slot.version,
        slug: slug.to_owned(),
        of,
    })
}

/// GET `/rounds/{slug}/interviews/{number}`
pub async fn slot(visit: Visit, path: Path<(String, i32)>) -> Answer {
    let (slug, number) = path.into_inner();
    visit.page(&page(&visit, (&slug, number), None).await?).await
}

/// POST `/rounds/{slug}/interviews/{number}`: changes it, calls it off, or records who did not attend.
pub async fn act(visit: Visit, path: Path<(String, i32)>, form: Posted) -> Answer {
    let (slug, number) = path.into_inner();
    let (app, call, form) = (&visit.app, &visit.call, &form.0);
    let here = (slug.clone(), number);
    let (done, said, first) = match form.text("what").as_str() {
        "call_off" => {
            let why = Cancelling { reason: form.text("why") };
            (service::call_off(app, call, here, form.version(), why).await, "The interview is called off.", "why")
        }
        "absent" => {
            let done = match in_address(&form.text("person")) {
                Ok(person) => {
                    let new = Absence { person, reason: form.text("absence") };
                    service::absent(app, call, here, new).await
                }
                Err(_nobody) => Err(AppError::invalid("person", "missing", "Say who did not attend.")),
            };
            (done, "It is recorded. Name somebody else if the panel is too small.", "absence")
        }
        _ => {
            let done = match WrittenInstant::of(form).read() {
                Ok(starts_at) => {
                    let new = ChangedSlot {
                        starts_at,
                        place: form.text("place"),
                        joining: form.text("joining"),
                        panel: panel_of(form),
                        reason: form.text("reason"),
                    };
                    service::change(app, call, here, form.version(), new).await
                }
                Err(faults) => Err(AppError::Invalid(faults)),
            };
            (done, "The interview is changed.", "at-day")
        }
    };
    match done {
        Ok(()) => Ok(visit.see_with_success(&format!("/rounds/{slug}/interviews/{number}"), said)),
        Err(refusal) => {
            let faults: Vec<Fault> = faults_on_the_page(refusal, first)?;
            let page = page(&visit, (&slug, number), Some(form)).await?;
            visit.page_with_faults(&page, &faults).await
        }
    }
}

/// What happened meanwhile is a fault too: what was written stays in its fields. Each form has a field of its own for the reason.
fn faults_on_the_page(refusal: AppError, first: &str) -> Result<Vec<Fault>, AppError> {
    if let AppError::Stale { .. } = refusal {
        let message =
            "Somebody changed this interview meanwhile. Read it again, then send yours once more if it still holds.";
        return Ok(vec![Fault::new(first, "changed_since", message)]);
    }
    let own = |fault: Fault| match fault.field.as_str() {
        "reason" if first != "at-day" => Fault { field: first.to_owned(), ..fault },
        _ => in_its_field(fault),
    };
    Ok(faults_of(refusal, first)?.into_iter().map(own).collect())
}
