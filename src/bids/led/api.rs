//! The bids that an organisation leads in a round, over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{Choice, LedBids},
    service,
};
use crate::{
    error::AppError,
    http::{App, Call, Json, Refused, Seen, in_address, respond},
    ids::{Id, OrganisationKey},
};

type Answer = Result<HttpResponse, Refused>;

/// The bids that an organisation leads in a round, submitted or in draft, for its people. The ETag tells them from what they
/// were before.
#[utoipa::path(get, path = "/api/v1/organisations/{organisation}/rounds/{slug}/led-bids", tag = "bids",
    params(("organisation" = Id<OrganisationKey>, Path), ("slug" = String, Path)),
    responses((status = 200, body = LedBids)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (organisation, slug) = path.into_inner();
    let led = service::led(&app, &call, in_address(&organisation)?, slug).await?;
    Ok(respond::tagged(&led.tag(), &led))
}

/// Chooses, as an administrator of the organisation, which of its drafts go forward where it writes more than it can submit.
/// If-Match carries the tag of the bids that were read.
#[utoipa::path(put, path = "/api/v1/organisations/{organisation}/rounds/{slug}/led-bids", tag = "bids",
    params(("organisation" = Id<OrganisationKey>, Path), ("slug" = String, Path), ("If-Match" = String, Header)),
    request_body = Choice, responses((status = 200, body = LedBids)))]
pub async fn choose(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    seen: Seen,
    body: Json<Choice>,
) -> Answer {
    let (organisation, slug) = path.into_inner();
    let seen = seen.0.ok_or(AppError::VersionNeeded)?;
    let led = service::choose(&app, &call, (in_address(&organisation)?, slug), seen, body.0).await?;
    Ok(respond::tagged(&led.tag(), &led))
}
