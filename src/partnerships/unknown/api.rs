//! Organisations that are not known yet over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};

use super::{
    model::{OrganisationRequest, Unchecked, UnknownInvitation},
    service,
};
use crate::{
    http::{App, Call, Json, Refused, in_address, respond},
    ids::{Id, RowKey},
};

type Answer = Result<HttpResponse, Refused>;

/// Under which code an organisation is accepted.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accepting {
    /// Its code: letters, digits and hyphens.
    pub code: String,
}

/// Which organisation it is.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recognising {
    /// An id, a code, an ONS code, an org-id or a name.
    pub organisation: String,
}

/// Why an organisation cannot take part.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusing {
    /// The reason, which the lead authorities read.
    pub reason: String,
}

/// The partners that the bid wants and that the fund has not checked yet, for its councils.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/unknown-partners", tag = "partnerships",
    params(("reference" = String, Path)), responses((status = 200, body = Vec<Unchecked>)))]
pub async fn list(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::unchecked(&app, &call, reference.into_inner()).await?))
}

/// Wants an organisation as a partner that is not in the list; the fund checks it before it counts.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/unknown-partners", tag = "partnerships",
    params(("reference" = String, Path)), request_body = UnknownInvitation,
    responses((status = 201, body = Unchecked)))]
pub async fn ask(app: Data<App>, call: Call, reference: Path<String>, body: Json<UnknownInvitation>) -> Answer {
    let asked = service::ask(&app, &call, reference.clone(), body.0).await?;
    Ok(respond::listed(&format!("/api/v1/bids/{reference}/unknown-partners"), &asked))
}

/// Takes that back.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/unknown-partners/{id}", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 204)))]
pub async fn take_back(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    service::take_back(&app, &call, reference, in_address(&id)?).await?;
    Ok(respond::nothing())
}

/// The organisations that a fund was asked to check, for its managers.
#[utoipa::path(get, path = "/api/v1/funds/{slug}/organisation-requests", tag = "partnerships",
    params(("slug" = String, Path)), responses((status = 200, body = Vec<OrganisationRequest>)))]
pub async fn requests(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::desk(&app, &call, slug.into_inner()).await?.requests))
}

/// Accepts an organisation: it is in the list from then on, and invited to the bids that wait for it.
#[utoipa::path(post, path = "/api/v1/funds/{slug}/organisation-requests/{id}/accept", tag = "partnerships",
    params(("slug" = String, Path), ("id" = Id<RowKey>, Path)), request_body = Accepting,
    responses((status = 200, body = OrganisationRequest)))]
pub async fn accept(app: Data<App>, call: Call, path: Path<(String, String)>, body: Json<Accepting>) -> Answer {
    let (slug, id) = path.into_inner();
    let accepted = service::accept(&app, &call, slug, in_address(&id)?, body.0.code).await?;
    Ok(respond::ok(&accepted))
}

/// Says that it is an organisation that is known: that one is invited.
#[utoipa::path(post, path = "/api/v1/funds/{slug}/organisation-requests/{id}/known", tag = "partnerships",
    params(("slug" = String, Path), ("id" = Id<RowKey>, Path)), request_body = Recognising,
    responses((status = 200, body = OrganisationRequest)))]
pub async fn is_known(app: Data<App>, call: Call, path: Path<(String, String)>, body: Json<Recognising>) -> Answer {
    let (slug, id) = path.into_inner();
    let known = service::is_known(&app, &call, slug, in_address(&id)?, body.0.organisation).await?;
    Ok(respond::ok(&known))
}

/// Refuses an organisation, and says why.
#[utoipa::path(post, path = "/api/v1/funds/{slug}/organisation-requests/{id}/refuse", tag = "partnerships",
    params(("slug" = String, Path), ("id" = Id<RowKey>, Path)), request_body = Refusing,
    responses((status = 200, body = OrganisationRequest)))]
pub async fn refuse(app: Data<App>, call: Call, path: Path<(String, String)>, body: Json<Refusing>) -> Answer {
    let (slug, id) = path.into_inner();
    let refused = service::refuse(&app, &call, slug, in_address(&id)?, body.0.reason).await?;
    Ok(respond::ok(&refused))
}
