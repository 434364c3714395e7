//! Deputies over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::service;
use crate::{
    http::{App, Call, Json, Refused, in_address, respond},
    identity::deputies::{Deputy, NewDeputy},
    ids::{Id, RowKey},
};

type Answer = Result<HttpResponse, Refused>;

/// Who acts in approvals in the place of whom, now and later, for everybody who works for the fund.
#[utoipa::path(get, path = "/api/v1/funds/{slug}/deputies", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<Deputy>)))]
pub async fn list(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::deputies(&app, &call, slug.into_inner()).await?.deputies))
}

/// Names a deputy of one's own for some days, or as a fund manager that of somebody else; the deputy is told by e-mail.
#[utoipa::path(post, path = "/api/v1/funds/{slug}/deputies", tag = "rounds", params(("slug" = String, Path)),
    request_body = NewDeputy, responses((status = 201, body = Deputy)))]
pub async fn name(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewDeputy>) -> Answer {
    let named = service::name(&app, &call, slug.clone(), body.0).await?;
    Ok(respond::listed(&format!("/api/v1/funds/{slug}/deputies"), &named))
}

/// Ends a deputy's days.
#[utoipa::path(delete, path = "/api/v1/funds/{slug}/deputies/{id}", tag = "rounds",
    params(("slug" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 204)))]
pub async fn end(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (slug, id) = path.into_inner();
    let id = in_address(&id)?;
    service::end(&app, &call, slug, id).await?;
    Ok(respond::nothing())
}
