//! Moderation over REST.

use actix_web::web::{Data, Path};

use super::{
    model::{BidModeration, NewOpening, NewStep, Others, Queue},
    service,
};
use crate::{
    assessment::api::Answer,
    http::{App, Call, IfMatch, Json, csv, respond},
};

/// The bids of a round in moderation: which are to be talked over, why, and what was settled.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/moderation", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = Queue)))]
pub async fn queue(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::queue(&app, &call, slug.into_inner()).await?))
}

/// Opens the moderation of a round. Scores that assessors gave before stay as they are from then on.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/moderation", tag = "assessment", params(("slug" = String, Path)),
    request_body = NewOpening, responses((status = 200, body = Queue)))]
pub async fn open(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewOpening>) -> Answer {
    let slug = slug.into_inner();
    service::open(&app, &call, slug.clone(), body.0).await?;
    Ok(respond::ok(&service::queue(&app, &call, slug).await?))
}

const COLUMNS: [&str; 10] =
    ["Reference", "Title", "Step", "What", "At", "Recorded by", "Criterion", "Agreed score", "Reason", "In the room"];

/// What was done in the moderation of a round, as a table.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/moderation.csv", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv")))]
pub async fn as_csv(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let rows = service::table(&app, &call, slug.into_inner()).await?;
    Ok(csv::attachment("moderation", csv::document(&COLUMNS, rows)?))
}

/// A bid in moderation, with everybody's scores and what was agreed.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/moderation", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, body = BidModeration)))]
pub async fn show(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let bid = service::bid(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(bid.line.version, &bid))
}

/// Records what is done about a bid: that it is to be talked over, that it is next of those that wait, that it is passed over, or
/// what was agreed and who was in the room. It is added to what was done before, and the newest counts.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/moderation", tag = "assessment",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = NewStep,
    responses((status = 200, body = BidModeration)))]
pub async fn record(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<NewStep>,
) -> Answer {
    let reference = reference.into_inner();
    service::record(&app, &call, reference.clone(), version.0, body.0).await?;
    let bid = service::bid(&app, &call, reference).await?;
    Ok(respond::versioned(bid.line.version, &bid))
}

/// What the other assessors gave a bid that one has assessed, once moderation is open.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/scores/others", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, body = Others)))]
pub async fn others(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::others(&app, &call, reference.into_inner()).await?))
}
