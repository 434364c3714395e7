//! The page on which a council asks for signatures, signs, and sees who has signed.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{ChangesWanted, Signing},
    service::{self, SignOffView},
};
use crate::{
    error::{AppError, Fault},
    http::Refused,
    web::{Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// What is signed.
#[derive(Debug, Serialize)]
pub struct SignOffPage {
    /// What is signed, and where the signatures stand.
    pub view: SignOffView,
    /// The changes that were written.
    pub words: String,
}

impl Page for SignOffPage {
    const TEMPLATE: &'static str = "partnerships/sign-off.html";
}

/// GET `/bids/{reference}/sign-off`
pub async fn sign_off(visit: Visit, reference: Path<String>) -> Answer {
    let view = service::sign_off(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&SignOffPage { view, words: String::new() }).await
}

/// POST `/bids/{reference}/sign-off`: asks for signatures, signs, or asks for changes.
pub async fn act_on_sign_off(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let (app, call, reference) = (&visit.app, &visit.call, reference.into_inner());
    let (words, organisation) = (form.0.text("words"), form.0.text("organisation").parse().ok());
    let (done, text) = if form.0.has("request") {
        (service::request(app, call, reference.clone()).await, "The officers are asked to sign. They get an email.")
    } else if form.0.has("sign") {
        let signing = Signing { hash: form.0.text("hash"), organisation };
        (service::sign(app, call, reference.clone(), signing).await, "You signed this version of the application.")
    } else {
        let wanted = ChangesWanted { words: words.clone(), organisation };
        let asked = service::ask_for_changes(app, call, reference.clone(), wanted).await;
        (asked, "The people who write the bid are told which changes you want.")
    };
    match done {
        Ok(_) => Ok(visit.see_with_success(&format!("/bids/{reference}/sign-off"), text)),
        Err(AppError::Invalid(faults)) => with_faults(&visit, reference, words, &faults).await,
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) if !words.is_empty() => {
            Ok(visit.keep_and_ask_for_fresh_code())
        }
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => {
            Ok(visit.ask_for_fresh_code(&format!("/bids/{reference}/sign-off")))
        }
        Err(other) => Err(other.into()),
    }
}

async fn with_faults(visit: &Visit, reference: String, words: String, faults: &[Fault]) -> Answer {
    let view = service::sign_off(&visit.app, &visit.call, reference).await?;
    visit.page_with_faults(&SignOffPage { view, words }, faults).await
}
