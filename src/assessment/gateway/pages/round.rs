//! The bids of a round with their gateway checks.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    assessment::{
        gateway::{model::RoundGateway, service},
        pages::Answer,
    },
    web::{Page, Visit},
};

/// The bids of a round at the gateway.
#[derive(Debug, Serialize)]
pub struct RoundGatewayPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The bids.
    pub gateway: RoundGateway,
    /// The first bid with something to be marked.
    pub next: Option<String>,
}

impl Page for RoundGatewayPage {
    const TEMPLATE: &'static str = "assessment/gateway-round.html";
}

/// GET `/rounds/{slug}/gateway`
pub async fn round(visit: Visit, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let gateway = service::round(&visit.app, &visit.call, slug.clone()).await?;
    let round = crate::funds::service::round(&visit.app, &visit.call, slug.clone()).await?;
    let next = gateway.next(None).map(|line| line.bid.reference.clone());
    visit.page(&RoundGatewayPage { slug, title: round.round.title, gateway, next }).await
}
