//! Sign-offs over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{ChangesWanted, Signing},
    service::{self, SignOffView, Signature},
};
use crate::http::{App, Call, Json, Refused, respond};

type Answer = Result<HttpResponse, Refused>;

/// What is to be signed, its hash, and where the signatures stand.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/sign-off", tag = "partnerships",
    params(("reference" = String, Path)), responses((status = 200, body = SignOffView)))]
pub async fn sign_off(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::sign_off(&app, &call, reference.into_inner()).await?))
}

/// Asks the signatories of every council that must sign and has not to sign what stands now.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/sign-off", tag = "partnerships",
    params(("reference" = String, Path)), responses((status = 200, body = SignOffView)))]
pub async fn request_sign_off(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::request(&app, &call, reference.into_inner()).await?))
}

/// Signs the version with the hash that is sent, which must be what stands now.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/sign-off/sign", tag = "partnerships",
    params(("reference" = String, Path)), request_body = Signing, responses((status = 200, body = SignOffView)))]
pub async fn sign(app: Data<App>, call: Call, reference: Path<String>, body: Json<Signing>) -> Answer {
    Ok(respond::ok(&service::sign(&app, &call, reference.into_inner(), body.0).await?))
}

/// Asks for changes before anything is signed.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/sign-off/changes", tag = "partnerships",
    params(("reference" = String, Path)), request_body = ChangesWanted, responses((status = 200, body = SignOffView)))]
pub async fn ask_for_changes(app: Data<App>, call: Call, reference: Path<String>, body: Json<ChangesWanted>) -> Answer {
    Ok(respond::ok(&service::ask_for_changes(&app, &call, reference.into_inner(), body.0).await?))
}

/// Who has signed and who has not, for the councils of the bid, and for staff once it is submitted.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/signatures", tag = "partnerships",
    params(("reference" = String, Path)), responses((status = 200, body = Vec<Signature>)))]
pub async fn signatures(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::signatures(&app, &call, reference.into_inner()).await?))
}
