//! A round's page, on which staff also see how many bids are where.

use actix_web::{HttpResponse, web::Path};

use crate::{
    funds::{
        pages::{DateChange, RoundPage, WayView},
        questions,
    },
    http::Refused,
    journey::service::{self, dates::ChangeView},
    web::Visit,
};

/// One round.
pub async fn show(visit: Visit, slug: Path<String>) -> Result<HttpResponse, Refused> {
    let way = service::way_of_round(&visit.app, &visit.call, slug.clone()).await?;
    let view = WayView::of(&way.definition, &way.shown());
    let questions = questions::service::answers(&visit.app, &visit.call, slug.clone()).await?;
    let changes = service::dates::changes(&visit.app, &visit.call, slug.into_inner()).await?;
    // What is only proposed is for the managers' own page of dates.
    let in_force = changes.into_iter().filter(|change| change.in_force_since.is_some());
    let change = |change: ChangeView| DateChange {
        what: change.title,
        from: change.from,
        to: change.to,
        made_at: change.made_at,
        reason: change.reason.unwrap_or_default(),
    };
    let beside = (view, in_force.map(change).collect(), questions);
    visit.page(&RoundPage::of(&way.round, visit.call.received, beside)).await
}
