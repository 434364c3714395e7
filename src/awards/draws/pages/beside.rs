//! The pages of the ranking, which is of a room below, with what a draw says of the bids.

use actix_web::{HttpResponse, web::Path};

use crate::{
    assessment::rankings::pages::{RankingPage, Which, WhyPage, page, why as why_page},
    awards::draws::service,
    http::{Query, Refused},
    web::Visit,
};

/// The ranking of a round.
pub async fn ranking(visit: Visit, slug: Path<String>, which: Query<Which>) -> Result<HttpResponse, Refused> {
    let slug = slug.into_inner();
    let page = page(&visit, slug.clone(), which.number).await?;
    let lots = service::lots(&visit.app, &visit.call, slug).await?;
    let shown = page.record.as_ref().map(|view| view.record.number);
    let lots = if lots.ranking == shown { lots.words } else { page.lots.clone() };
    visit.page(&RankingPage { lots, ..page }).await
}

/// Why a bid stands where it stands.
pub async fn why(visit: Visit, path: Path<(String, String)>, which: Query<Which>) -> Result<HttpResponse, Refused> {
    let (slug, reference) = path.into_inner();
    let page = why_page(&visit, (slug.clone(), reference.clone()), which.number).await?;
    let mut lots = service::lots(&visit.app, &visit.call, slug).await?;
    let lot = if lots.ranking == Some(page.number) { lots.words.remove(&reference) } else { None };
    visit.page(&WhyPage { lot, ..page }).await
}
