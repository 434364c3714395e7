//! Copying from an earlier bid, over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{CopyFrom, CopyView},
    service,
};
use crate::http::{App, Call, Json, Query, Refused, respond};

type Answer = Result<HttpResponse, Refused>;

/// What copying from an earlier bid would fill; nothing is changed.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/copy", tag = "bids",
    params(("reference" = String, Path), CopyFrom), responses((status = 200, body = CopyView)))]
pub async fn look(app: Data<App>, call: Call, reference: Path<String>, from: Query<CopyFrom>) -> Answer {
    Ok(respond::ok(&service::look(&app, &call, reference.into_inner(), from.0).await?))
}

/// Fills what is still empty of the stage that is open with what an earlier bid says: answers, and in full applications the costs of the
/// lead and the promised outcomes where there are none. Nothing that is written is replaced, so that no version is asked for.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/copy", tag = "bids",
    params(("reference" = String, Path)), request_body = CopyFrom, responses((status = 200, body = CopyView)))]
pub async fn copy(app: Data<App>, call: Call, reference: Path<String>, body: Json<CopyFrom>) -> Answer {
    Ok(respond::ok(&service::copy(&app, &call, reference.into_inner(), body.0).await?))
}
