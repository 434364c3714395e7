//! A round's page, on which staff also see how many bids are where.

use actix_web::{HttpResponse, web::Path};

use crate::{
    awards::{self, draws::public::PublicDraw},
    error::AppError,
    funds::{
        pages::{Amended, DateChange, RoundPage, WayView},
        questions,
    },
    http::Refused,
    journey::{
        amendments::{self, model::Amendment},
        service::{self, dates::ChangeView},
    },
    web::Visit,
};

/// One round.
pub async fn show(visit: Visit, slug: Path<String>) -> Result<HttpResponse, Refused> {
    let way = service::way_of_round(&visit.app, &visit.call, slug.clone()).await?;
    let view = WayView::of(&way.definition, &way.shown());
    let questions = questions::service::answers(&visit.app, &visit.call, slug.clone()).await?;
    let changes = service::dates::changes(&visit.app, &visit.call, slug.clone()).await?;
    let hours = match awards::service::bidding_hours(&visit.app, &visit.call, slug.clone()).await {
        Ok(hours) => hours.in_words(),
        Err(AppError::NotFound) => Vec::new(),
        Err(fault) => return Err(fault.into()),
    };
    let draws = match awards::draws::service::told(&visit.app, &visit.call, slug.clone()).await {
        Ok(told) => told.draws.iter().map(PublicDraw::in_words).collect(),
        Err(AppError::NotFound) => Vec::new(),
        Err(fault) => return Err(fault.into()),
    };
    let amendments = amendments::service::amendments(&visit.app, &visit.call, slug.into_inner()).await?;
    let amendments = amendments.into_iter().map(amended).collect();
    // What is only proposed is for the managers' own page of dates.
    let in_force = changes.into_iter().filter(|change| change.in_force_since.is_some());
    let change = |change: ChangeView| DateChange {
        what: change.title,
        from: change.from,
        to: change.to,
        made_at: change.made_at,
        reason: change.reason.unwrap_or_default(),
    };
    let changed = (in_force.map(change).collect(), amendments, questions);
    let page = RoundPage::of(&way.round, visit.call.received, view, changed);
    visit.page(&RoundPage { bidding_hours: hours, draws, ..page }).await
}

fn amended(amendment: Amendment) -> Amended {
    Amended {
        title: amendment.title,
        at: amendment.at,
        changes: amendment.changes,
        reason: amendment.reason,
        rules_before: amendment.rules_before,
        rules_since: amendment.rules_since,
    }
}
