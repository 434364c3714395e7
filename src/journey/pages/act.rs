//! Everything else that the workflow lets somebody do with a bid: a page that asks once more, then the act.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    bids::{self, pages::Heading},
    error::AppError,
    http::Refused,
    journey::service::{self, Choice},
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
        Ok(taken) => Ok(visit.see_with_success(&["/bids", &reference].join("/"), &format!("{}.", taken.label))),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => {
            Ok(visit.ask_for_fresh_code(&["/bids", &reference, "check"].join("/")))
        }
        Err(other) => Err(other.into()),
    }
}
