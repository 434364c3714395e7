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

/// Does it.
pub async fn act(visit: Visit, path: Path<(String, String)>, _form: Posted) -> Result<HttpResponse, Refused> {
    let (reference, transition) = path.into_inner();
    let taken = service::take(&visit.app, &visit.call, reference.clone(), transition).await?;
    Ok(visit.see_with_success(&["/bids", &reference].join("/"), &format!("{}.", taken.label)))
}
