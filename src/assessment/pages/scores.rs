//! Everybody's scores of a bid, for the fund's staff.

use std::collections::BTreeMap;

use actix_web::web::Path;
use serde::Serialize;

use super::Answer;
use crate::{
    assessment::{conflicts::sealed, model::Reading, service},
    bids,
    web::{Page, Visit},
};

/// Everybody's scores of a bid.
#[derive(Debug, Serialize)]
pub struct ScoresPage {
    /// The bid's reference.
    pub reference: String,
    /// The bid's title.
    pub title: String,
    /// What the criteria are called, by their ids.
    pub criteria: BTreeMap<String, String>,
    /// What each assessor made of it.
    pub readings: Vec<Reading>,
    /// How many assessments are sealed, for those who may open them.
    pub sealed: usize,
}

impl Page for ScoresPage {
    const TEMPLATE: &'static str = "assessment/scores.html";
}

/// Everybody's scores of a bid.
pub async fn scores(visit: Visit, reference: Path<String>) -> Answer {
    let reference = reference.into_inner();
    let readings = service::scores_of(&visit.app, &visit.call, reference.clone()).await?;
    let sealed = sealed::count(&visit.app, &visit.call, reference.clone()).await?;
    let desk = bids::service::desk(&visit.app, &visit.call, reference.clone()).await?;
    let criteria = desk.round.rulebook.criteria.into_iter().map(|criterion| (criterion.id, criterion.title)).collect();
    visit.page(&ScoresPage { reference, title: desk.view.content.title, criteria, readings, sealed }).await
}
