//! A round's page, on which staff also see how many bids are where.

use actix_web::{HttpResponse, web::Path};

use crate::{
    funds::pages::{RoundPage, WayView},
    http::Refused,
    journey::service,
    web::Visit,
};

/// One round.
pub async fn show(visit: Visit, slug: Path<String>) -> Result<HttpResponse, Refused> {
    let way = service::way_of_round(&visit.app, &visit.call, slug.into_inner()).await?;
    let view = WayView::of(&way.definition, &way.shown());
    visit.page(&RoundPage::of(&way.round, visit.call.received, view)).await
}
