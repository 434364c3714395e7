//! The names that a bid's councils left in it, over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{model::NameLeft, service};
use crate::http::{App, Call, Refused, respond};

/// The parts of a bid in which a name of one of its councils stands, where the round's assessors are not to learn who bids. It keeps
/// nobody from submitting, and what documents hold is not read.
///
/// For everybody of the lead authority and of the partners that have confirmed.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/names-left", tag = "bids", params(("reference" = String, Path)),
    responses((status = 200, body = Vec<NameLeft>)))]
pub async fn list(app: Data<App>, call: Call, reference: Path<String>) -> Result<HttpResponse, Refused> {
    Ok(respond::ok(&service::left(&app, &call, reference.into_inner()).await?))
}
