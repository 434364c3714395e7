//! What was carried over, over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{model::CarriedView, service};
use crate::http::{App, Call, Refused, respond};

/// What the answers of a full application said in its expression of interest, question by question, for whoever may read the
/// bid; an empty list for a bid that has no full application yet.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/carried-over", tag = "bids",
    params(("reference" = String, Path)), responses((status = 200, body = Vec<CarriedView>)))]
pub async fn list(app: Data<App>, call: Call, reference: Path<String>) -> Result<HttpResponse, Refused> {
    Ok(respond::ok(&service::list(&app, &call, reference.into_inner()).await?))
}
