//! Receipts over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{model::SignedReceipt, service};
use crate::{
    bids::service::VersionKey,
    funds::rulebook::Stage,
    http::{App, Call, Refused, respond},
};

/// The signed receipt of a submitted version.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/versions/{stage}/{number}/receipt", tag = "bids",
    params(("reference" = String, Path), ("stage" = Stage, Path), ("number" = i32, Path)),
    responses((status = 200, body = SignedReceipt)))]
pub async fn receipt(
    app: Data<App>,
    call: Call,
    path: Path<(String, String, String)>,
) -> Result<HttpResponse, Refused> {
    let key = VersionKey::of_path(path.into_inner())?;
    Ok(respond::ok(&service::receipt(&app, &call, key).await?))
}
