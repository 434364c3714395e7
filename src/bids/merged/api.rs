//! Answers of bids that became part of another, over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{model::MergedAnswer, service};
use crate::http::{App, Call, Refused, respond};

/// What the bids that became part of this one answered to the questions of its stage, for those who write it. To take one over,
/// write it as the answer.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/merged-answers", tag = "bids", params(("reference" = String, Path)),
    responses((status = 200, body = Vec<MergedAnswer>)))]
pub async fn list(app: Data<App>, call: Call, reference: Path<String>) -> Result<HttpResponse, Refused> {
    Ok(respond::ok(&service::answers(&app, &call, reference.into_inner()).await?))
}
