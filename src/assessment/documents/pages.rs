//! Downloading a document from the page on which one scores.

use actix_web::web::Path;

use super::service;
use crate::{
    assessment::pages::Answer,
    http::{in_address, respond},
    web::Visit,
};

/// GET `/bids/{reference}/score/documents/{number}/file`
pub async fn file(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, number) = path.into_inner();
    let (document, bytes) = service::download(&visit.app, &visit.call, reference, in_address(&number)?).await?;
    Ok(respond::sandboxed(&document.name, &document.media_type, bytes.to_vec()))
}
