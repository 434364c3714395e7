//! A bid's way over REST: what may happen next, and making it happen.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::service::{self, Plan, Taken};
use crate::http::{App, Call, Refused, respond};

type Answer = Result<HttpResponse, Refused>;

/// What the caller can do with a bid, and why something cannot be done.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/actions", tag = "journey", params(("reference" = String, Path)),
    responses((status = 200, body = Plan)))]
pub async fn actions(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::plan(&app, &call, reference.into_inner()).await?))
}

/// Takes an action: submits, starts the full application, withdraws. A person submits with a fresh code
/// (`fresh_code_needed`); a program does not need one.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/actions/{action}", tag = "journey",
    params(("reference" = String, Path), ("action" = String, Path)), responses((status = 200, body = Taken)))]
pub async fn take(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, action) = path.into_inner();
    Ok(respond::ok(&service::take(&app, &call, reference, action).await?))
}
