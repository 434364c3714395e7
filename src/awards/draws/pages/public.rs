//! What everybody reads of a round's draws.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    awards::draws::{public::PublicDraws, service},
    http::Refused,
    web::{Page, Visit},
};

/// The draws of a round.
#[derive(Debug, Serialize)]
pub struct DrawsPage {
    /// The draws.
    pub of: PublicDraws,
}

impl Page for DrawsPage {
    const TEMPLATE: &'static str = "awards/draws.html";
}

/// The draws of a round.
///
/// # Errors
/// `NotFound` where nothing is told of any.
pub async fn draws(visit: Visit, slug: Path<String>) -> Result<HttpResponse, Refused> {
    let of = service::told(&visit.app, &visit.call, slug.into_inner()).await?;
    visit.page(&DrawsPage { of }).await
}
