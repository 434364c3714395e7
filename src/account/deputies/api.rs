//! Signatories' deputies over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::service;
use crate::{
    http::{App, Call, Json, Refused, in_address, respond},
    identity::deputies::{Deputy, NewDeputy},
    ids::{Id, OrganisationKey, RowKey},
};

type Answer = Result<HttpResponse, Refused>;

/// Who signs in the place of whom, now and later, for everybody who works for the organisation.
#[utoipa::path(get, path = "/api/v1/organisations/{organisation}/deputies",
    tag = "organisations", params(("organisation" = Id<OrganisationKey>, Path)), responses((status = 200, body = Vec<Deputy>)))]
pub async fn list(app: Data<App>, call: Call, organisation: Path<String>) -> Answer {
    Ok(respond::ok(&service::deputies(&app, &call, in_address(&organisation)?).await?.deputies))
}

/// Names a deputy of one's own for some days, or as an administrator that of another signatory; the deputy is told by e-mail.
#[utoipa::path(post, path = "/api/v1/organisations/{organisation}/deputies",
    tag = "organisations", params(("organisation" = Id<OrganisationKey>, Path)), request_body = NewDeputy,
    responses((status = 201, body = Deputy)))]
pub async fn name(app: Data<App>, call: Call, organisation: Path<String>, body: Json<NewDeputy>) -> Answer {
    let named = service::name(&app, &call, in_address(&organisation)?, body.0).await?;
    Ok(respond::listed(&format!("/api/v1/organisations/{organisation}/deputies"), &named))
}

/// Ends a deputy's days.
#[utoipa::path(delete, path = "/api/v1/organisations/{organisation}/deputies/{id}",
    tag = "organisations", params(("organisation" = Id<OrganisationKey>, Path), ("id" = Id<RowKey>, Path)),
    responses((status = 204)))]
pub async fn end(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (organisation, deputy) = path.into_inner();
    service::end(&app, &call, in_address(&organisation)?, in_address(&deputy)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
