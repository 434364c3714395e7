//! Keeps the form that somebody sends whose session has ended or whose code is too old, and forgets it once it was sent
//! again.

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
};

use super::errors::Reader;
use crate::{account::pages::kept_forms, http::problem::Problem, web::KeepForm};

/// Marks an answer: what was sent is kept.
#[derive(Debug, Clone, Copy)]
pub struct FormKept;

/// Keeps what a page's form brought when the answer is that its session has ended, or was renewed since the page was
/// opened, or that a fresh code comes first. A form that was sent again is forgotten when its answer shows what became of it.
pub async fn keep_forms<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let posted = request.method() == Method::POST && Reader::of(&request) == Reader::Person;
    let mut response = next.call(request).await?.map_into_boxed_body();
    if !posted {
        return Ok(response);
    }
    if outlived_its_session(&response) || waits_for_a_code(&response) {
        keep(&mut response).await;
    } else if shows_what_became_of_it(&response)
        && let Err(fault) = kept_forms::forget_sent(response.request()).await
    {
        tracing::warn!(%fault, "a form that was sent again is still kept");
    }
    Ok(response)
}

fn outlived_its_session(response: &ServiceResponse<BoxBody>) -> bool {
    let extensions = response.response().extensions();
    extensions.get::<Problem>().is_some_and(|problem| problem.status == 401 || problem.code == "csrf")
}

fn waits_for_a_code(response: &ServiceResponse<BoxBody>) -> bool {
    response.response().extensions().contains::<KeepForm>()
}

/// It was done, or its own page shows it again with what is wrong. The pages that only say what is wrong hold nothing of what
/// was written, and whoever is asked for a code first has done nothing yet.
fn shows_what_became_of_it(response: &ServiceResponse<BoxBody>) -> bool {
    let refused = response.response().extensions().get::<Problem>().is_some();
    let leads_to = response.headers().get(header::LOCATION).and_then(|path| path.to_str().ok()).unwrap_or_default();
    !refused && !leads_to.starts_with("/account/fresh")
}

async fn keep(response: &mut ServiceResponse<BoxBody>) {
    let request = response.request().clone();
    let kept = kept_forms::keep(&request).await;
    let added = kept.map(|cookie| cookie.map(|cookie| response.response_mut().add_cookie(&cookie)));
    match added {
        Ok(Some(Ok(()))) => drop(response.response_mut().extensions_mut().insert(FormKept)),
        Ok(None) => {}
        Ok(Some(Err(fault))) => tracing::warn!(%fault, "a form was kept for a browser that will not know it"),
        Err(fault) => tracing::warn!(%fault, "a form could not be kept"),
    }
}
