//! Who writes what, as a table of questions and councils, and the form on which the lead asks.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::{
    model::{Asking, NewWriting, Progress, ToWrite, WritingView},
    service,
};
use crate::{
    bids::{
        pages::Heading,
        service::{Desk, desk},
    },
    error::{AppError, Fault},
    funds::reopening::Part,
    http::Refused,
    ids::{Id, OrganisationKey},
    web::{FieldError, Form, Page, Posted, Visit},
};

/// Who writes what.
#[derive(Debug, Serialize)]
pub struct WritingPage {
    /// The bid.
    pub bid: Heading,
    /// The names of its councils, in the order of the table's columns.
    pub councils: Vec<Council>,
    /// The questions.
    pub rows: Vec<Row>,
    /// How many answers each council still owes, of those that are asked for.
    pub owed: Vec<(String, usize)>,
    /// Whether whoever looks asks.
    pub asks: bool,
    /// What the fields of the form say, question by question.
    pub written: Vec<Written>,
    /// The version of who is asked.
    pub version: i32,
}

impl Page for WritingPage {
    const TEMPLATE: &'static str = "bids/who-writes-what.html";
}

/// A council of the bid.
#[derive(Debug, Clone, Serialize)]
pub struct Council {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A question in the table.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The question's id.
    pub id: String,
    /// The question.
    pub title: String,
    /// Whether whoever looks can write it now.
    pub writable: bool,
    /// How far the answer is, in words.
    pub progress: &'static str,
    /// How many comments on it are open.
    pub open_comments: usize,
    /// By when it is wanted.
    pub due_on: Option<NaiveDate>,
    /// For each council whether it is the one that is asked.
    pub asked: Vec<bool>,
}

/// What the fields of a question say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The question.
    pub title: String,
    /// The id of the council that is chosen.
    pub organisation: String,
    /// The day by which.
    pub day: String,
    /// Its month.
    pub month: String,
    /// Its year.
    pub year: String,
}

impl Written {
    fn of(row: &ToWrite) -> Self {
        let part = |part: fn(&NaiveDate) -> String| row.due_on.as_ref().map(part).unwrap_or_default();
        Self {
            title: row.title.clone(),
            organisation: row.organisation.map(|council| council.to_string()).unwrap_or_default(),
            day: part(|due| due.day().to_string()),
            month: part(|due| due.month().to_string()),
            year: part(|due| due.year().to_string()),
        }
    }

    fn sent(form: &Form, index: usize, row: &ToWrite) -> Self {
        let field = |name: &str| form.text(&format!("assignments-{index}-{name}"));
        Self {
            title: row.title.clone(),
            organisation: field("organisation"),
            day: field("due_on-day"),
            month: field("due_on-month"),
            year: field("due_on-year"),
        }
    }

    /// What the fields ask for.
    fn read(&self, index: usize, question: &str) -> Result<Asking, Fault> {
        let fault = |field: &str, code, message: &str| {
            Fault::new(format!("assignments/{index}/{field}"), code, format!("{}: {message}", self.title))
        };
        let organisation = match self.organisation.as_str() {
            "" => None,
            id => match id.parse::<Id<OrganisationKey>>() {
                Ok(id) => Some(id),
                Err(_no_id) => return Err(fault("organisation", "unknown", "choose a council from the list.")),
            },
        };
        let date = self.due_on().ok_or_else(|| fault("due_on", "no_date", "enter a real date, such as 20 9 2026."));
        Ok(Asking { question: question.into(), organisation, due_on: date? })
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

impl WritingPage {
    fn of(desk: &Desk, view: &WritingView) -> Self {
        Self {
            bid: Heading::of(desk),
            councils: view
                .councils
                .iter()
                .map(|council| Council { id: council.id.to_string(), name: council.name.clone() })
                .collect(),
            rows: view.questions.iter().map(|row| Row::of(desk, view, row)).collect(),
            owed: view.owed().into_iter().map(|owed| (owed.council.name, owed.answers.len())).collect(),
            asks: desk.may_edit,
            written: view.questions.iter().map(Written::of).collect(),
            version: view.version,
        }
    }
}

impl Row {
    fn of(desk: &Desk, view: &WritingView, row: &ToWrite) -> Self {
        Self {
            id: row.question.clone(),
            title: row.title.clone(),
            writable: desk.writes(Part::Answer(&row.question)),
            progress: match row.progress {
                Progress::NotStarted => "Not yet started",
                Progress::InProgress => "In progress",
                Progress::Done => "Completed",
            },
            open_comments: row.open_comments,
            due_on: row.due_on,
            asked: view.councils.iter().map(|council| row.organisation == Some(council.id)).collect(),
        }
    }
}

/// GET `/bids/{reference}/who-writes-what`
pub async fn show(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let (_, page) = page(&visit, reference.into_inner()).await?;
    visit.page(&page).await
}

async fn page(visit: &Visit, reference: String) -> Result<(WritingView, WritingPage), Refused> {
    let view = service::show(&visit.app, &visit.call, reference.clone()).await?;
    let desk = desk(&visit.app, &visit.call, reference).await?;
    let page = WritingPage::of(&desk, &view);
    Ok((view, page))
}

/// POST `/bids/{reference}/who-writes-what`: what is wrong, or somebody else's change, keeps what was sent in its fields.
pub async fn save(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let (view, _) = page(&visit, reference.clone()).await?;
    let rows = || view.questions.iter().enumerate();
    let written: Vec<Written> = rows().map(|(index, row)| Written::sent(&form.0, index, row)).collect();
    let read = rows().zip(&written).map(|((index, row), written)| written.read(index, &row.question));
    let (mut assignments, mut faults) = (Vec::new(), Vec::new());
    for asking in read {
        match asking {
            Ok(asking) => assignments.push(asking),
            Err(fault) => faults.push(fault),
        }
    }
    let version = form.0.text("version").parse().unwrap_or(-1);
    let saved = if faults.is_empty() {
        service::put(&visit.app, &visit.call, reference.clone(), version, NewWriting { assignments }).await
    } else {
        Err(AppError::Invalid(faults))
    };
    match saved {
        Ok(after) => {
            let text = if after.version == view.version { NOTHING_NEW } else { ASKED };
            Ok(visit.see_with_success(&format!("/bids/{reference}/who-writes-what"), text))
        }
        Err(AppError::Invalid(faults)) => {
            let (_, page) = page(&visit, reference).await?;
            let page = WritingPage { written, version, ..page };
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Stale { .. }) => {
            let (_, page) = page(&visit, reference).await?;
            let error = FieldError { field: "assignments-0-organisation".into(), message: CHANGED.into() };
            visit.answer(StatusCode::PRECONDITION_FAILED, &WritingPage { written, ..page }, vec![error]).await
        }
        Err(other) => Err(other.into()),
    }
}

const ASKED: &str = "Saved. The people of the councils that you newly ask get an email.";
const NOTHING_NEW: &str = "Nothing has changed.";
const CHANGED: &str =
    "Somebody else changed who writes what. The table shows how it stands now. Look at it, then save yours again.";
