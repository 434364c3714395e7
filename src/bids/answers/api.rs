//! The versions of an answer over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{model::AnswerVersion, service};
use crate::http::{App, Call, Listing, PageRequest, Query, Refused, respond};

/// Every text that an answer has had, newest first, for the lead and the partners that have confirmed.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/answers/{question}/versions", tag = "bids",
    params(("reference" = String, Path), ("question" = String, Path), PageRequest),
    responses((status = 200, body = Listing<AnswerVersion>)))]
pub async fn versions(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    page: Query<PageRequest>,
) -> Result<HttpResponse, Refused> {
    Ok(respond::ok(&service::versions(&app, &call, path.into_inner(), page.0).await?))
}
