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
    http::{App, Call, Json, Refused, Seen, respond},
    ids::{Id, OrganisationKey},
};

type Answer = Result<HttpResponse, Refused>;

fn id(text: &str) -> Result<Id<OrganisationKey>, AppError> {
    text.parse().map_err(|_no_uuid| AppError::NotFound)
}

/// The bids that an organisation leads in a round, submitted or in draft, for its people. The ETag tells them from what they
/// were before.
#[utoipa::path(get, path = "/api/v1/organisations/{organisation}/rounds/{slug}/led-bids", tag = "bids",
    params(("organisation" = Id<OrganisationKey>, Path), ("slug" = String, Path)),
    responses((status = 200, body = LedBids)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (organisation, slug) = path.into_inner();
    let led = service::led(&app, &call, id(&organisation)?, slug).await?;
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
    let led = service::choose(&app, &call, (id(&organisation)?, slug), seen.0, body.0).await?;
    Ok(respond::tagged(&led.tag(), &led))
}
