//! Taking over an answer of a bid that became part of this one.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{model::MergedAnswer, service};
use crate::{
    bids::{
        documents::model::Attached,
        pages::{question, stale},
        reading::in_words,
    },
    error::AppError,
    funds::form::Question,
    http::Refused,
    web::{Posted, Visit},
};

/// Such an answer, beside the question.
#[derive(Debug, Serialize)]
pub struct Beside {
    /// The reference of the bid that said so.
    pub reference: String,
    /// The council that led it.
    pub lead: String,
    /// What it said.
    pub text: String,
}

impl Beside {
    /// As people read it.
    pub fn of(answer: &MergedAnswer, question: &Question, documents: &[Attached]) -> Self {
        let text = in_words(question, &answer.value, documents);
        Self { reference: answer.reference.clone(), lead: answer.lead.clone(), text }
    }
}

/// POST `/bids/{reference}/questions/{question}/take-over`
pub async fn take_over(visit: Visit, path: Path<(String, String)>, form: Posted) -> Result<HttpResponse, Refused> {
    let (reference, id) = path.into_inner();
    let said = (form.0.version(), form.0.text("from"));
    let which = (reference.clone(), id.clone());
    match service::take_over(&visit.app, &visit.call, which, said).await {
        Ok(documents) => {
            let text = if documents {
                "The documents are taken over, beside those that stood there."
            } else {
                "The text is taken over. What stood there before is in the history of the answer."
            };
            Ok(visit.see_with_success(&format!("/bids/{reference}/questions/{id}"), text))
        }
        Err(AppError::Stale { .. }) => {
            let page = question::page(&visit, reference, &id).await?;
            let message = "Somebody else changed this answer. Look at it before you take the other text over.";
            let field = page.field.clone();
            stale(&visit, &page, &field, message).await
        }
        Err(AppError::Invalid(faults)) => {
            let page = question::page(&visit, reference, &id).await?;
            visit.page_with_faults(&page, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}
