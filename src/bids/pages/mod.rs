//! The pages on which a council writes its bid, and the staff's list of a round's bids.
//!
//! One thing per page. What was sent is never lost: a fault or somebody else's change shows it again in its field.

pub mod about;
pub mod costs;
pub mod dashboard;
pub mod list;
pub mod promises;
pub mod question;
pub mod start;

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use serde_json::json;

use super::service::{Desk, Saved};
use crate::{
    clock::Moment,
    error::{AppError, Fault},
    http::Refused,
    money::Pence,
    web::{FieldError, Form, Page, Visit},
};

/// What stands above every page of a bid.
#[derive(Debug, Clone, Serialize)]
pub struct Heading {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The stage that is open.
    pub stage: &'static str,
    /// When it closes.
    pub closes: Option<Moment>,
    /// Whether that has passed, so that what is written is kept and cannot be submitted.
    pub late: bool,
    /// Whether a form of what is signed for may save itself while it is being written: not over a signature, which a half-written
    /// figure would make void.
    pub autosaves: bool,
    /// Whether the round's assessors are not to learn whose bid it is, so that names are better left out of it.
    pub unnamed: bool,
}

impl Heading {
    /// The heading of a bid.
    pub fn of(desk: &Desk) -> Self {
        Self {
            reference: desk.view.reference.clone(),
            title: desk.view.content.title.clone(),
            stage: desk.view.stage.title(),
            closes: desk.closes(),
            late: desk.late,
            autosaves: !desk.signed,
            unnamed: desk.round.rulebook.assessment.anonymous,
        }
    }
}

/// What stands where somebody wanted to save something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stands {
    /// Who changed it and when, as a sentence.
    pub message: String,
    /// What it says now, line by line.
    pub now: Vec<String>,
}

/// What is answered to a form that is saved: to a script in JSON, otherwise the page to which it leads, which says so where it was saved
/// too late.
pub(in crate::bids) fn saved(
    visit: &Visit,
    form: &Form,
    (reference, next): (&str, String),
    saved: &Saved,
) -> HttpResponse {
    let late = saved.late.as_ref().map(|late| late.detail.as_str());
    if visit.by_script {
        let saved_at = visit.call.received.time_in_words();
        return HttpResponse::Ok().json(json!({ "version": saved.version, "saved_at": saved_at, "late": late }));
    }
    let page = onwards(form, reference, next);
    match late {
        Some(late) => visit.see_with_notice(&page, late),
        None => visit.see(&page),
    }
}

/// Where a form leads once it is saved.
pub(in crate::bids) fn onwards(form: &Form, reference: &str, next: String) -> String {
    if form.text("then") == "later" {
        "/dashboard".into()
    } else if next.is_empty() {
        bid_path(reference)
    } else {
        next
    }
}

fn bid_path(reference: &str) -> String {
    format!("/bids/{reference}")
}

/// An amount as it stands in a field: pounds, with pence where there are any.
fn in_field(pence: Pence) -> String {
    pence.to_string().trim_start_matches('£').to_owned()
}

/// 412 with the page that holds what was sent beside what stands now.
pub(in crate::bids) async fn stale(
    visit: &Visit,
    page: &impl Page,
    field: &str,
    message: &str,
) -> Result<HttpResponse, Refused> {
    let error = FieldError { field: field.into(), message: message.into() };
    visit.answer(StatusCode::PRECONDITION_FAILED, page, vec![error]).await
}

/// What is wrong with one field.
fn fault_of(field: String, message: impl Into<String>) -> Fault {
    Fault { field, code: "wrong_text".into(), message: message.into() }
}

/// What the service found wrong with what was sent, apart from everything else that can go wrong.
fn faults_of<T>(outcome: Result<T, AppError>) -> Result<Result<T, Vec<Fault>>, AppError> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(AppError::Invalid(faults)) => Ok(Err(faults)),
        Err(other) => Err(other),
    }
}
