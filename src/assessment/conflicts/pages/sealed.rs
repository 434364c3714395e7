//! What is sealed of a bid, opened.

use std::collections::BTreeMap;

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    assessment::{
        conflicts::sealed::{self, SealedReading},
        pages::Answer,
    },
    bids,
    web::{Page, Posted, Visit},
};

/// What people wrote of a bid who no longer read it.
#[derive(Debug, Serialize)]
pub struct SealedPage {
    /// The bid's reference.
    pub reference: String,
    /// The bid's title.
    pub title: String,
    /// What the criteria are called, by their ids.
    pub criteria: BTreeMap<String, String>,
    /// What each of them made of it.
    pub readings: Vec<SealedReading>,
}

impl Page for SealedPage {
    const TEMPLATE: &'static str = "assessment/sealed.html";
}

/// POST `/bids/{reference}/scores/sealed`: reading it is an act, which stands in the history.
pub async fn open_sealed(visit: Visit, reference: Path<String>, _form: Posted) -> Answer {
    let reference = reference.into_inner();
    let readings = sealed::open(&visit.app, &visit.call, reference.clone()).await?;
    let desk = bids::service::desk(&visit.app, &visit.call, reference.clone()).await?;
    let criteria = desk.round.rulebook.criteria.into_iter().map(|criterion| (criterion.id, criterion.title)).collect();
    visit.page(&SealedPage { reference, title: desk.view.content.title, criteria, readings }).await
}
