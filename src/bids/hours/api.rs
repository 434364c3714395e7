//! The hours that a bid took, over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{NewHours, OwnHours},
    service,
};
use crate::http::{App, Call, IfMatch, Json, Refused, respond};

type Answer = Result<HttpResponse, Refused>;

/// How many hours a bid took, as the caller's own council has said; nobody else reads it.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/hours", tag = "bids", params(("reference" = String, Path)),
    responses((status = 200, body = OwnHours), (status = 409)))]
pub async fn show(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let own = service::own(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(own.version, &own))
}

/// Says how many hours a submitted bid took the caller's council; If-Match carries the version, `"v0"` where it has not said so.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/hours", tag = "bids",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = NewHours,
    responses((status = 200, body = OwnHours)))]
pub async fn give(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<NewHours>,
) -> Answer {
    let own = service::give(&app, &call, reference.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(own.version, &own))
}
