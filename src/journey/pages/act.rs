//! Everything else that the workflow lets somebody do with a bid: a page that asks once more, then the act.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    bids::{self, pages::Heading},
    error::AppError,
    http::Refused,
    journey::service::{self, Choice, Done},
    web::{Page, Posted, Visit},
};

/// Asks once more before something is done.
#[derive(Debug, Serialize)]
pub struct ActPage {
    /// What stands above.
    pub bid: Heading,
    /// What is about to be done.
    pub choice: Choice,
}

impl Page for ActPage {
    const TEMPLATE: &'static str = "journey/act.html";
}

/// Asks once more.
pub async fn ask(visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let (reference, transition) = path.into_inner();
    let desk = bids::service::desk(&visit.app, &visit.call, reference.clone()).await?;
    let plan = service::plan(&visit.app, &visit.call, reference).await?;
    let choice = plan.choices.into_iter().find(|choice| choice.transition == transition && !choice.decides);
    visit.page(&ActPage { bid: Heading::of(&desk), choice: choice.ok_or(AppError::NotFound)? }).await
}

/// Does it. What submits has a page of its own, where a fresh code can be asked for.
pub async fn act(visit: Visit, path: Path<(String, String)>, _form: Posted) -> Result<HttpResponse, Refused> {
    let (reference, transition) = path.into_inner();
    match service::take(&visit.app, &visit.call, reference.clone(), transition).await {
        Ok(done) => Ok(visit.see_with_success(&["/bids", &reference].join("/"), &said(&done))),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => {
            Ok(visit.ask_for_fresh_code(&["/bids", &reference, "check"].join("/")))
        }
        Err(other) => Err(other.into()),
    }
}

/// What somebody reads who has done something with a bid.
pub(super) fn said(done: &Done) -> String {
    match done {
        Done::Taken(taken) => format!("{}.", taken.label),
        Done::Decided => "The decision stands, and shows now.".into(),
        Done::Waiting(_) => "This waits for approval. Those who can give it are asked by email.".into(),
    }
}
