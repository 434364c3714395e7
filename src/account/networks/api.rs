//! Networks and declarations over REST.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};

use super::service::{self, Imported};
use crate::{
    account::api::csv_of,
    error::AppError,
    http::{App, Call, Json, Refused, respond},
    identity::networks::model::{Network, NetworkMember, NewMembership},
    ids::{Id, OrganisationKey},
};

type Answer = Result<HttpResponse, Refused>;

/// What a network is called.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkName {
    /// Its name.
    pub name: String,
}

fn id(text: &str) -> Result<Id<OrganisationKey>, AppError> {
    text.parse().map_err(|_no_uuid| AppError::NotFound)
}

/// The declarations and networks that rules can ask for.
#[utoipa::path(get, path = "/api/v1/networks", tag = "organisations", responses((status = 200, body = Vec<Network>)))]
pub async fn list(app: Data<App>, call: Call) -> Answer {
    Ok(respond::ok(&service::networks(&app, &call).await?))
}

/// Makes a network, or gives it another name.
#[utoipa::path(put, path = "/api/v1/networks/{network}", tag = "organisations", params(("network" = String, Path)),
    request_body = NetworkName, responses((status = 200, body = Network)))]
pub async fn put(app: Data<App>, call: Call, network: Path<String>, body: Json<NetworkName>) -> Answer {
    let network = Network { code: network.into_inner(), name: body.0.name };
    Ok(respond::ok(&service::put(&app, &call, network).await?))
}

/// The organisations of a network and how far each is, by name.
#[utoipa::path(get, path = "/api/v1/networks/{network}/members", tag = "organisations",
    params(("network" = String, Path)), responses((status = 200, body = Vec<NetworkMember>)))]
pub async fn members(app: Data<App>, call: Call, network: Path<String>) -> Answer {
    Ok(respond::ok(&service::members(&app, &call, network.into_inner()).await?))
}

/// Records from a CSV file how far organisations are: all of it or nothing. Columns: organisation, state, from.
#[utoipa::path(post, path = "/api/v1/networks/{network}/members/import", tag = "organisations",
    params(("network" = String, Path)), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Imported)))]
pub async fn import(app: Data<App>, call: Call, network: Path<String>, request: HttpRequest) -> Answer {
    let file = csv_of(&request)?;
    Ok(respond::ok(&service::import(&app, &call, network.into_inner(), file).await?))
}

/// Records how far an organisation is with a network, in the place of what was recorded before.
#[utoipa::path(put, path = "/api/v1/networks/{network}/members/{organisation}", tag = "organisations",
    params(("network" = String, Path), ("organisation" = Id<OrganisationKey>, Path)), request_body = NewMembership,
    responses((status = 200, body = NetworkMember)))]
pub async fn record(app: Data<App>, call: Call, path: Path<(String, String)>, body: Json<NewMembership>) -> Answer {
    let (network, organisation) = path.into_inner();
    Ok(respond::ok(&service::record(&app, &call, (network, id(&organisation)?), body.0).await?))
}

/// Takes an organisation out of a network.
#[utoipa::path(delete, path = "/api/v1/networks/{network}/members/{organisation}", tag = "organisations",
    params(("network" = String, Path), ("organisation" = Id<OrganisationKey>, Path)), responses((status = 204)))]
pub async fn take_out(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (network, organisation) = path.into_inner();
    service::take_out(&app, &call, (network, id(&organisation)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}
