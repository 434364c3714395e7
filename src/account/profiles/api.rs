//! An organisation's profile over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::service::{self, ProfileView};
use crate::{
    http::{App, Call, IfMatch, Json, Refused, in_address, respond},
    identity::profiles::model::Profile,
    ids::{Id, OrganisationKey},
};

type Answer = Result<HttpResponse, Refused>;

/// What an organisation says in each of its bids, for everybody who works for it.
#[utoipa::path(get, path = "/api/v1/organisations/{organisation}/profile", tag = "organisations",
    params(("organisation" = Id<OrganisationKey>, Path)), responses((status = 200, body = ProfileView)))]
pub async fn show(app: Data<App>, call: Call, organisation: Path<String>) -> Answer {
    let view = service::show(&app, &call, in_address(&organisation)?).await?;
    Ok(respond::versioned(view.version, &view))
}

/// Writes it anew; If-Match carries its version, `"v0"` where nothing was ever written.
#[utoipa::path(put, path = "/api/v1/organisations/{organisation}/profile", tag = "organisations",
    params(("organisation" = Id<OrganisationKey>, Path), ("If-Match" = String, Header)), request_body = Profile,
    responses((status = 200, body = ProfileView)))]
pub async fn put(
    app: Data<App>,
    call: Call,
    organisation: Path<String>,
    version: IfMatch,
    body: Json<Profile>,
) -> Answer {
    let view = service::put(&app, &call, in_address(&organisation)?, version.0, body.0).await?;
    Ok(respond::versioned(view.version, &view))
}
