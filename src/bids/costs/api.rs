//! REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::service::{self, CostsOfBid};
use crate::http::{App, Call, Refused, respond};

/// The costs of a bid as a table of organisations and kinds, with every total.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/costs", tag = "bids", params(("reference" = String, Path)),
    responses((status = 200, body = CostsOfBid)))]
pub async fn costs(app: Data<App>, call: Call, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let (version, costs) = service::costs(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(version, &costs))
}
