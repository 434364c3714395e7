//! One flag or question, where a fund manager answers or closes it.

use actix_web::web::Path;
use serde::Serialize;

use super::faults_beside;
use crate::{
    assessment::{
        pages::Answer,
        queries::{
            model::{FundQuery, NewAnswer, NewClosing, QueryState, Said},
            service,
        },
    },
    error::{AppError, Fault},
    http::one_of,
    web::{Page, Posted, Visit},
};

/// One flag or question.
#[derive(Debug, Serialize)]
pub struct QueryPage {
    /// The flag or question.
    pub query: FundQuery,
    /// What it is, in words.
    pub what: &'static str,
    /// Whether it can be answered and closed.
    pub open: bool,
    /// What is written as an answer.
    pub answer: String,
    /// For whom.
    pub to: String,
    /// What is written as done.
    pub done: String,
}

impl Page for QueryPage {
    const TEMPLATE: &'static str = "assessment/query.html";
}

async fn page(visit: &Visit, reference: &str, number: i32) -> Result<QueryPage, AppError> {
    let query = service::one(&visit.app, &visit.call, reference.to_owned(), number).await?;
    Ok(QueryPage {
        what: query.kind.to_staff(),
        open: query.state != QueryState::Closed,
        answer: String::new(),
        to: String::new(),
        done: String::new(),
        query,
    })
}

fn path_of(reference: &str, number: i32) -> String {
    format!("/bids/{reference}/queries/{number}")
}

/// GET `/bids/{reference}/queries/{number}`
pub async fn show(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    visit.page(&page(&visit, &reference, number).await?).await
}

/// POST `/bids/{reference}/queries/{number}/answer`
pub async fn answer(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    let (words, to) = (form.0.text("answer"), form.0.text("to"));
    let answered = match Said::from_word(&to) {
        Some(to) => {
            let new = NewAnswer { words: words.clone(), to };
            service::answer(&visit.app, &visit.call, reference.clone(), (number, form.0.version()), new).await
        }
        None => Err(AppError::invalid("to", "missing", "Say who reads the answer.")),
    };
    let refusal = match answered {
        Ok(()) => {
            let said = "The answer is sent. Whoever it is for gets an email that leads to it.";
            return Ok(visit.see_with_success(&path_of(&reference, number), said));
        }
        Err(refusal) => refusal,
    };
    let faults = match refusal {
        AppError::Invalid(faults) if faults.iter().any(|fault| fault.field == "to") => with_words(&words, faults),
        other => faults_beside(other, "answer")?,
    };
    let page = QueryPage { answer: words, to, ..page(&visit, &reference, number).await? };
    visit.page_with_faults(&page, &faults).await
}

/// Both faults at once, in the form's order.
fn with_words(words: &str, faults: Vec<Fault>) -> Vec<Fault> {
    let missing = NewAnswer { words: words.to_owned(), to: Said::Asker }.fault();
    missing.into_iter().chain(faults).collect()
}

/// POST `/bids/{reference}/queries/{number}/close`
pub async fn close(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    let done = form.0.text("done");
    let new = NewClosing { words: done.clone() };
    match service::close(&visit.app, &visit.call, reference.clone(), (number, form.0.version()), new).await {
        Ok(()) => Ok(visit.see_with_success(&path_of(&reference, number), "It is closed. Whoever asked is told.")),
        Err(refusal) => {
            let faults = faults_beside(refusal, "done")?;
            let page = QueryPage { done, ..page(&visit, &reference, number).await? };
            visit.page_with_faults(&page, &faults).await
        }
    }
}
