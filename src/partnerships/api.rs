//! Partnerships over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};

use super::{
    model::{Invitation, Partner, PartnerChange},
    service::{self, PartnersView, Replacement},
};
use crate::{
    error::{AppError, Result},
    http::{App, Call, IfMatch, Json, Refused, in_address, respond},
    ids::{Id, RowKey},
};

type Answer = Result<HttpResponse, Refused>;

/// Why a council declines or leaves.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Declining {
    /// The reason, which the lead authority reads.
    pub reason: String,
}

/// A bid's reference and the id of one of its partners.
type PartnerPath = Path<(String, String)>;

/// An id that is none names nothing.
fn partner_of(path: PartnerPath) -> Result<(String, Id<RowKey>)> {
    let (reference, id) = path.into_inner();
    let id = in_address(&id)?;
    Ok((reference, id))
}

/// The councils of a bid, for themselves.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/partners", tag = "partnerships",
    params(("reference" = String, Path)), responses((status = 200, body = PartnersView)))]
pub async fn list(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::partners(&app, &call, reference.into_inner()).await?))
}

/// Invites a council.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/partners", tag = "partnerships",
    params(("reference" = String, Path)), request_body = Invitation, responses((status = 201, body = Partner)))]
pub async fn invite(app: Data<App>, call: Call, reference: Path<String>, body: Json<Invitation>) -> Answer {
    let partner = service::invite(&app, &call, reference.clone(), body.0).await?;
    let location = format!("/api/v1/bids/{reference}/partners/{}", partner.id);
    Ok(respond::created(&location, partner.version, &partner))
}

/// One council of a bid.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/partners/{id}", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 200, body = Partner)))]
pub async fn show(app: Data<App>, call: Call, path: PartnerPath) -> Answer {
    let (reference, id) = partner_of(path)?;
    let found = service::partners(&app, &call, reference).await?.partners.into_iter().find(|partner| partner.id == id);
    let partner = found.ok_or(AppError::NotFound)?;
    Ok(respond::versioned(partner.version, &partner))
}

/// Changes the part of a partner. One that had confirmed another kind, share, contribution or other days is asked again.
#[utoipa::path(patch, path = "/api/v1/bids/{reference}/partners/{id}", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path), ("If-Match" = String, Header)),
    request_body = PartnerChange, responses((status = 200, body = Partner)))]
pub async fn change(
    app: Data<App>,
    call: Call,
    path: PartnerPath,
    version: IfMatch,
    body: Json<PartnerChange>,
) -> Answer {
    let (reference, id) = partner_of(path)?;
    let partner = service::change(&app, &call, reference, (id, version.0), body.0).await?;
    Ok(respond::versioned(partner.version, &partner))
}

/// Takes an invitation back, or a partner out.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/partners/{id}", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Partner)))]
pub async fn withdraw(app: Data<App>, call: Call, path: PartnerPath, version: IfMatch) -> Answer {
    let (reference, id) = partner_of(path)?;
    let partner = service::withdraw(&app, &call, reference, (id, version.0)).await?;
    Ok(respond::versioned(partner.version, &partner))
}

/// Lets another organisation take the place of a partner, on the same terms; gives the new partner.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/partners/{id}/replace", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path), ("If-Match" = String, Header)),
    request_body = Replacement, responses((status = 201, body = Partner)))]
pub async fn replace(
    app: Data<App>,
    call: Call,
    path: PartnerPath,
    version: IfMatch,
    body: Json<Replacement>,
) -> Answer {
    let (reference, id) = partner_of(path)?;
    let comes = service::replace(&app, &call, reference.clone(), (id, version.0), body.0).await?;
    let location = format!("/api/v1/bids/{reference}/partners/{}", comes.id);
    Ok(respond::created(&location, comes.version, &comes))
}

/// Says that the invited council takes part.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/partners/{id}/confirm", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 200, body = Partner)))]
pub async fn confirm(app: Data<App>, call: Call, path: PartnerPath) -> Answer {
    let (reference, id) = partner_of(path)?;
    let partner = service::confirm(&app, &call, reference, id).await?;
    Ok(respond::versioned(partner.version, &partner))
}

/// Says that the invited council does not take part, and why.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/partners/{id}/decline", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), request_body = Declining,
    responses((status = 200, body = Partner)))]
pub async fn decline(app: Data<App>, call: Call, path: PartnerPath, body: Json<Declining>) -> Answer {
    let (reference, id) = partner_of(path)?;
    let partner = service::decline(&app, &call, reference, id, body.0.reason).await?;
    Ok(respond::versioned(partner.version, &partner))
}

/// Says that a council that took part does so no more, and why.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/partners/{id}/leave", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), request_body = Declining,
    responses((status = 200, body = Partner)))]
pub async fn leave(app: Data<App>, call: Call, path: PartnerPath, body: Json<Declining>) -> Answer {
    let (reference, id) = partner_of(path)?;
    let partner = service::leave(&app, &call, reference, id, body.0.reason).await?;
    Ok(respond::versioned(partner.version, &partner))
}
