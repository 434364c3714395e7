//! The outcomes that a full application promises: what is measured, today's figure, the figure promised, by when.

use actix_web::{HttpResponse, web::Path};
use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::{Heading, Stands, fault_of, faults_of, saved, stale};
use crate::{
    bids::{
        model::Promise,
        service::{self, Desk, Over, Saved},
    },
    error::{AppError, Fault},
    funds::reopening::Part,
    http::Refused,
    web::{Form, Page, Posted, Visit},
};

/// What a form of ours may carry; the service says how many it keeps.
const MOST_ROWS: usize = 100;

/// The promised outcomes.
#[derive(Debug, Serialize)]
pub struct PromisesPage {
    /// What stands above.
    pub bid: Heading,
    /// The bid's version.
    pub version: i32,
    /// The outcomes, with an empty one at the end.
    pub outcomes: Vec<Outcome>,
    /// What stands now, when somebody else changed it meanwhile.
    pub stands: Option<Stands>,
}

impl Page for PromisesPage {
    const TEMPLATE: &'static str = "bids/promises.html";
}

/// An outcome as it stands in its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What is measured.
    pub measure: String,
    /// In which unit.
    pub unit: String,
    /// Today's figure.
    pub baseline: String,
    /// The figure promised.
    pub target: String,
    /// The day by which.
    pub day: String,
    /// Its month.
    pub month: String,
    /// Its year.
    pub year: String,
}

impl PromisesPage {
    fn of(desk: &Desk) -> Self {
        let mut outcomes: Vec<Outcome> = desk.view.content.promises.iter().map(Outcome::of).collect();
        outcomes.push(Outcome::default());
        Self { bid: Heading::of(desk), version: desk.view.version, outcomes, stands: None }
    }

    fn take_over(&mut self, sent: Vec<Outcome>) {
        self.outcomes = sent;
        self.outcomes.push(Outcome::default());
    }

    fn say_what_stands(&mut self) {
        let filled = self.outcomes.iter().filter(|outcome| !outcome.is_blank());
        let now = filled.map(|outcome| format!("{}: {} {}", outcome.measure, outcome.target, outcome.unit)).collect();
        let message = "Somebody else changed this bid while you were writing. Its outcomes are now:".into();
        self.stands = Some(Stands { message, now });
    }
}

impl Outcome {
    fn of(promise: &Promise) -> Self {
        let date = |part: fn(&NaiveDate) -> String| promise.due_on.as_ref().map(part).unwrap_or_default();
        Self {
            measure: promise.measure.clone(),
            unit: promise.unit.clone(),
            baseline: promise.baseline.map(|figure| figure.to_string()).unwrap_or_default(),
            target: promise.target.to_string(),
            day: date(|due| due.day().to_string()),
            month: date(|due| due.month().to_string()),
            year: date(|due| due.year().to_string()),
        }
    }

    fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    /// The promise that the fields say, or everything that is wrong with them.
    fn read(&self, index: usize) -> Result<Promise, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, what: &str| {
            faults.push(fault_of(format!("promises/{index}/{field}"), format!("Outcome {}: {what}", index + 1)));
        };
        let baseline = figure(&self.baseline);
        if baseline.is_none() && !self.baseline.is_empty() {
            wrong("baseline", "enter today’s figure as a number.");
        }
        let target = figure(&self.target);
        if target.is_none() {
            wrong("target", "enter the figure promised as a number.");
        }
        let due_on = self.due_on();
        if due_on.is_none() {
            wrong("due-day", "enter a real date, such as 31 3 2028.");
        }
        match (target, due_on) {
            (Some(target), Some(due_on)) if faults.is_empty() => {
                Ok(Promise { measure: self.measure.clone(), unit: self.unit.clone(), baseline, target, due_on })
            }
            _ => Err(faults),
        }
    }

    /// The date, nothing where all its fields are empty; the outer `None` where they are no date.
    fn due_on(&self) -> Option<Option<NaiveDate>> {
        if [&self.day, &self.month, &self.year].iter().all(|part| part.is_empty()) {
            return Some(None);
        }
        let year = self.year.parse().ok().filter(|year| (1900..=9999).contains(year))?;
        NaiveDate::from_ymd_opt(year, self.month.parse().ok()?, self.day.parse().ok()?).map(Some)
    }
}

fn figure(text: &str) -> Option<f64> {
    let bare: String = text.chars().filter(|letter| !matches!(letter, ',' | ' ')).collect();
    bare.parse::<f64>().ok().filter(|figure| figure.is_finite())
}

/// Shows the outcomes.
pub async fn ask(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let desk = service::desk(&visit.app, &visit.call, reference.into_inner()).await?.to_write(Part::Promises)?;
    visit.page(&PromisesPage::of(&desk)).await
}

/// Keeps the outcomes, or adds one to fill in.
pub async fn save(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let desk = service::desk(&visit.app, &visit.call, reference.clone()).await?.to_write(Part::Promises)?;
    let mut page = PromisesPage::of(&desk);
    let sent = outcomes_of(&form.0);
    if form.0.text("then") == "add" {
        page.take_over(sent);
        page.version = form.0.version();
        return visit.page(&page).await;
    }
    match keep(&visit, &form.0, reference.clone(), &sent).await {
        Ok(Ok(done)) => Ok(saved(&visit, &form.0, (&reference, String::new()), &done)),
        Ok(Err(faults)) if visit.by_script => Err(AppError::Invalid(faults).into()),
        Err(fault) if visit.by_script => Err(fault.into()),
        Ok(Err(faults)) => {
            page.take_over(sent);
            page.version = form.0.version();
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Stale { .. }) => {
            // The page names the version that it shows, so that nothing newer is replaced unseen.
            page.say_what_stands();
            page.take_over(sent);
            stale(&visit, &page, "promises-0-measure", "Look at how it stands now, then save your change again.").await
        }
        Err(other) => Err(other.into()),
    }
}

async fn keep(
    visit: &Visit,
    form: &Form,
    reference: String,
    sent: &[Outcome],
) -> Result<Result<Saved, Vec<Fault>>, AppError> {
    let (mut promises, mut faults) = (Vec::new(), Vec::new());
    for (index, outcome) in sent.iter().enumerate() {
        match outcome.read(index) {
            Ok(promise) => promises.push(promise),
            Err(wrong) => faults.extend(wrong),
        }
    }
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let over = Over { version: form.version(), by_itself: visit.by_script };
    faults_of(service::put_promises(&visit.app, &visit.call, reference, over, promises).await)
}

/// The outcomes that were sent, without those that were left or made empty.
fn outcomes_of(form: &Form) -> Vec<Outcome> {
    let outcome = |index: usize| {
        let field = |name: &str| form.text(&format!("promises-{index}-{name}"));
        Outcome {
            measure: field("measure"),
            unit: field("unit"),
            baseline: field("baseline"),
            target: field("target"),
            day: field("due-day"),
            month: field("due-month"),
            year: field("due-year"),
        }
    };
    (0..MOST_ROWS).map(outcome).filter(|outcome| !outcome.is_blank()).collect()
}
