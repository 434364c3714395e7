//! Putting a bid on hold, and lifting that: the page says before what happens then.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::Serialize;

use crate::{
    error::AppError,
    http::Refused,
    journey::service::holds::{self, HoldDesk, NewHold},
    web::{FieldError, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The form that puts a bid on hold, or the one that lifts the hold.
#[derive(Debug, Serialize)]
pub struct HoldPage {
    /// The bid and its hold.
    pub desk: HoldDesk,
    /// The reason or the note that was written.
    pub words: String,
}

impl Page for HoldPage {
    const TEMPLATE: &'static str = "journey/hold.html";
}

/// GET `/bids/{reference}/hold`
pub async fn ask(visit: Visit, reference: Path<String>) -> Answer {
    let desk = holds::desk(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&HoldPage { desk, words: String::new() }).await
}

/// POST `/bids/{reference}/hold`: lifts the hold that the form names, or places one where it names none.
pub async fn act(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let (app, call) = (&visit.app, &visit.call);
    let (words, lifted) = (form.0.text("words"), form.0.filled("lift"));
    let done = match &lifted {
        Some(number) => {
            // What is no number is the number of no hold.
            let number = number.parse().unwrap_or_default();
            holds::lift(app, call, reference.clone(), number, words.clone()).await
        }
        None => holds::place(app, call, reference.clone(), NewHold { reason: words.clone() }).await.map(drop),
    };
    let message = match done {
        Ok(()) => return Ok(visit.see_with_success(&["/bids", &reference].join("/"), said(lifted.is_some()))),
        Err(AppError::Invalid(faults)) => {
            let first = faults.into_iter().next();
            (StatusCode::UNPROCESSABLE_ENTITY, first.map(|fault| fault.message).unwrap_or_default())
        }
        Err(AppError::Conflict { message, .. }) => (StatusCode::CONFLICT, message),
        Err(AppError::Stale { .. }) => (StatusCode::CONFLICT, ANOTHER.into()),
        Err(other) => return Err(other.into()),
    };
    let desk = holds::desk(app, call, reference.into_inner()).await?;
    let errors = vec![FieldError { field: "words".into(), message: message.1 }];
    visit.answer(message.0, &HoldPage { desk, words }, errors).await
}

const ANOTHER: &str = "Somebody has lifted that hold and placed another one meanwhile. Read why before you lift it.";

const fn said(lifted: bool) -> &'static str {
    if lifted {
        "The hold is lifted, and the bid’s councils are told."
    } else {
        "The bid is on hold, and its councils are told why."
    }
}
