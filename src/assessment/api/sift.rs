//! The sift over REST.

use actix_web::web::{Data, Path};

use super::Answer;
use crate::{
    assessment::{
        model::{NewMarks, SiftResult},
        service::{self, SiftFilter, SiftQueue},
    },
    http::{App, Call, Json, PageRequest, Query, respond},
};

/// The expressions of interest of a round as a queue to be marked.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/sift", tag = "assessment",
    params(("slug" = String, Path), SiftFilter, PageRequest), responses((status = 200, body = SiftQueue)))]
pub async fn queue(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    filter: Query<SiftFilter>,
    page: Query<PageRequest>,
) -> Answer {
    Ok(respond::ok(&service::queue(&app, &call, slug.into_inner(), filter.0, page.0).await?))
}

/// Where the sift of a bid stands.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/sift", tag = "assessment", params(("reference" = String, Path)),
    responses((status = 200, body = SiftResult)))]
pub async fn show(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::sift_of(&app, &call, reference.into_inner()).await?))
}

/// Marks answers of an expression of interest: marks are added, and the newest on an answer counts.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/sift", tag = "assessment", params(("reference" = String, Path)),
    request_body = NewMarks, responses((status = 200, body = SiftResult)))]
pub async fn mark(app: Data<App>, call: Call, reference: Path<String>, body: Json<NewMarks>) -> Answer {
    Ok(respond::ok(&service::mark(&app, &call, reference.into_inner(), body.0).await?))
}
