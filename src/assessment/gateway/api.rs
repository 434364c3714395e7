//! Gateway checks over REST.

use actix_web::web::{Data, Path};

use super::{
    model::{BidGateway, NewCheckMarks, RoundGateway},
    service,
};
use crate::{
    assessment::api::Answer,
    http::{App, Call, IfMatch, Json, csv, respond},
};

/// The bids of a round at the gateway: each with where its checks stand, and how many have passed, failed and are open.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/gateway", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = RoundGateway)))]
pub async fn round(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::round(&app, &call, slug.into_inner()).await?))
}

const COLUMNS: [&str; 10] =
    ["Reference", "Title", "Check", "State", "Number", "Mark", "Reason", "Version", "At", "Marked by"];

/// Every mark of a round as a table, the earlier ones too; a check that nobody has marked has a line without one.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/gateway.csv", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv")))]
pub async fn as_csv(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let rows = service::table(&app, &call, slug.into_inner()).await?;
    Ok(csv::attachment("gateway", csv::document(&COLUMNS, rows)?))
}

/// The gateway checks of a bid, with every mark.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/gateway", tag = "assessment", params(("reference" = String, Path)),
    responses((status = 200, body = BidGateway)))]
pub async fn show(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let bid = service::bid(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(bid.version, &bid))
}

/// Marks gateway checks of a bid. Marks are added, the newest on a check counts, and one that says what counts already is not added
/// again.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/gateway", tag = "assessment",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = NewCheckMarks,
    responses((status = 200, body = BidGateway)))]
pub async fn mark(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<NewCheckMarks>,
) -> Answer {
    let reference = reference.into_inner();
    service::mark(&app, &call, reference.clone(), version.0, body.0).await?;
    let bid = service::bid(&app, &call, reference).await?;
    Ok(respond::versioned(bid.version, &bid))
}
