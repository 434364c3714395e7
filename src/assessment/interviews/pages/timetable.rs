//! The timetable of a round's interviews, and the form that makes times.

use actix_web::web::Path;
use serde::Serialize;

use super::{in_its_field, panel_choices, panel_of};
use crate::{
    account::pages::roles::faults_of,
    assessment::{
        interviews::{
            model::{NewSlots, Slot, SlotState, Timetable},
            service,
        },
        model::BidLine,
        pages::{Answer, Choice},
    },
    error::{AppError, Fault},
    funds,
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

/// The timetable.
#[derive(Debug, Serialize)]
pub struct TimetablePage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// How long each takes, in minutes.
    pub minutes: u32,
    /// How many people a panel has at least.
    pub least_panel: u32,
    /// The times that stand, the earliest first.
    pub slots: Vec<Slot>,
    /// Those that were called off.
    pub cancelled: Vec<Slot>,
    /// The bids that have chosen no time.
    pub waiting: Vec<BidLine>,
    /// Whether the reader can make times.
    pub may_arrange: bool,
    /// When the first of the new ones begins.
    pub first: WrittenInstant,
    /// How many there are.
    pub count: String,
    /// How many minutes lie between them.
    pub break_minutes: String,
    /// Where they are.
    pub place: String,
    /// How to join.
    pub joining: String,
    /// Who sits on the panel.
    pub panel: Vec<Choice>,
}

impl Page for TimetablePage {
    const TEMPLATE: &'static str = "assessment/interviews.html";
}

async fn page(visit: &Visit, slug: &str, form: &Form) -> Result<TimetablePage, AppError> {
    let (app, call) = (&visit.app, &visit.call);
    let Timetable { minutes, least_panel, slots, waiting, may_arrange, people } =
        service::timetable(app, call, slug.to_owned()).await?;
    let round = funds::service::round(app, call, slug.to_owned()).await?;
    let (cancelled, slots) = slots.into_iter().partition(|slot| slot.state == SlotState::Cancelled);
    Ok(TimetablePage {
        title: round.round.title,
        panel: panel_choices(&people, &form.all("panel")),
        first: WrittenInstant::of(form),
        count: form.filled("count").unwrap_or_else(|| "1".into()),
        break_minutes: form.filled("break_minutes").unwrap_or_else(|| "0".into()),
        place: form.text("place"),
        joining: form.text("joining"),
        slug: slug.to_owned(),
        minutes,
        least_panel,
        slots,
        cancelled,
        waiting,
        may_arrange,
    })
}

/// GET `/rounds/{slug}/interviews`
pub async fn timetable(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug, &Form::default()).await?).await
}

/// POST `/rounds/{slug}/interviews`
pub async fn make(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let made = match read(&form.0) {
        Ok(new) => service::make(&visit.app, &visit.call, slug.clone(), new).await,
        Err(faults) => Err(AppError::Invalid(faults)),
    };
    match made {
        Ok(()) => Ok(visit.see_with_success(&format!("/rounds/{slug}/interviews"), "The times are made.")),
        Err(refusal) => {
            let faults: Vec<Fault> = faults_of(refusal, "at-day")?.into_iter().map(in_its_field).collect();
            visit.page_with_faults(&page(&visit, &slug, &form.0).await?, &faults).await
        }
    }
}

fn read(form: &Form) -> Result<NewSlots, Vec<Fault>> {
    let mut faults = Vec::new();
    let starts_at = WrittenInstant::of(form).read().map_err(|wrong| faults.extend(wrong)).ok();
    let mut number = |field: &str, usual: u32| match form.filled(field) {
        None => usual,
        Some(text) => text.parse().unwrap_or_else(|_unreadable| {
            faults.push(Fault::new(field, "unreadable", "Write a whole number, such as 6."));
            usual
        }),
    };
    let (count, break_minutes) = (number("count", 1), number("break_minutes", 0));
    match starts_at {
        Some(starts_at) if faults.is_empty() => Ok(NewSlots {
            starts_at,
            count,
            break_minutes,
            place: form.text("place"),
            joining: form.text("joining"),
            panel: panel_of(form),
        }),
        Some(_) | None => Err(faults),
    }
}
