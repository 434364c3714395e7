//! What happened to a bid, newest first, for those who may read its history.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    bids::{self, model::VersionInfo, pages::Heading},
    http::Refused,
    journey::service::{self, Told},
    web::{Page, Visit},
};

/// What happened to a bid.
#[derive(Debug, Serialize)]
pub struct HistoryPage {
    /// What stands above.
    pub bid: Heading,
    /// What happened, newest first.
    pub entries: Vec<Told>,
    /// The submitted versions with their hashes, newest first.
    pub versions: Vec<VersionInfo>,
}

impl Page for HistoryPage {
    const TEMPLATE: &'static str = "journey/history.html";
}

/// Shows it.
pub async fn show(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let (app, call, reference) = (&visit.app, &visit.call, reference.into_inner());
    let mut entries = service::history(app, call, reference.clone()).await?;
    let mut versions = bids::service::versions(app, call, reference.clone()).await?;
    let desk = bids::service::desk(app, call, reference).await?;
    entries.reverse();
    versions.reverse();
    visit.page(&HistoryPage { bid: Heading::of(&desk), entries, versions }).await
}
