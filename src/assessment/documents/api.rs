//! The documents that one has to read, over REST.

use actix_web::web::{Data, Path};

use super::service;
use crate::{
    assessment::api::Answer,
    http::{App, Call, in_address, respond},
};

/// What a document of a bid holds that one was given to score, by its number on the page of the bid, from 1.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/scores/documents/{number}", tag = "assessment",
    params(("reference" = String, Path), ("number" = u32, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 409)))]
pub async fn download(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, number) = path.into_inner();
    let (document, bytes) = service::download(&app, &call, reference, in_address(&number)?).await?;
    Ok(respond::sandboxed(&document.name, &document.media_type, bytes.to_vec()))
}
