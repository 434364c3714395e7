//! What staff have before them, with the changes of bids' councils that wait for the fund, and the page of those of one round.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    funds::{pages::staff::DeskPage, service as funds},
    http::Refused,
    journey::service::proposals::{self, ProposalView},
    web::{Page, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The changes of councils in a round that wait for the fund.
#[derive(Debug, Serialize)]
pub struct WaitingPage {
    /// The round's place in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Whoever was asked first comes first.
    pub list: Vec<ProposalView>,
}

impl Page for WaitingPage {
    const TEMPLATE: &'static str = "journey/waiting-changes.html";
}

/// GET /staff
pub async fn desk(visit: Visit) -> Answer {
    let desk = funds::desk(&visit.app, &visit.call).await?;
    let changes = proposals::counted(&visit.app, &visit.call).await?;
    visit.page(&DeskPage::of(desk, changes, visit.call.received)).await
}

/// GET `/rounds/{slug}/partnership-changes`
pub async fn waiting(visit: Visit, slug: Path<String>) -> Answer {
    let (round, list) = proposals::waiting(&visit.app, &visit.call, slug.into_inner()).await?;
    visit.page(&WaitingPage { slug: round.slug, title: round.title, list }).await
}
