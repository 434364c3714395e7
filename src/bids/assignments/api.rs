//! Who writes what, over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{NewWriting, WritingView},
    service,
};
use crate::http::{App, Call, IfMatch, Json, Refused, respond};

type Answer = Result<HttpResponse, Refused>;

/// Which council is asked to write which answer, and how far each is, for the lead and the partners that have confirmed.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/assignments", tag = "bids",
    params(("reference" = String, Path)), responses((status = 200, body = WritingView)))]
pub async fn show(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let view = service::show(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(view.version, &view))
}

/// Asks councils to write; their people get one mail. If-Match carries `"v0"` where nobody was ever asked.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/assignments", tag = "bids",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = NewWriting,
    responses((status = 200, body = WritingView)))]
pub async fn put(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<NewWriting>,
) -> Answer {
    let view = service::put(&app, &call, reference.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(view.version, &view))
}
