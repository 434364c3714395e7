//! The ranking of a round, and everybody's scores of a bid, for the fund's staff.

use std::collections::BTreeMap;

use actix_web::web::Path;
use serde::Serialize;

use super::Answer;
use crate::{
    assessment::{
        model::{Ranked, Reading},
        service,
    },
    bids,
    web::{Page, Visit},
};

/// A round's bids by their weighted means.
#[derive(Debug, Serialize)]
pub struct RankingPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The bids, best first.
    pub rows: Vec<Ranked>,
    /// How many readers the round asks for on each bid.
    pub least_readers: u32,
}

impl Page for RankingPage {
    const TEMPLATE: &'static str = "assessment/ranking.html";
}

/// The ranking.
pub async fn ranking(visit: Visit, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let rows = service::ranked(&visit.app, &visit.call, slug.clone()).await?;
    let round = crate::funds::service::round(&visit.app, &visit.call, slug.clone()).await?;
    let least_readers = round.rulebook.least_readers;
    visit.page(&RankingPage { slug, title: round.round.title, rows, least_readers }).await
}

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
}

impl Page for ScoresPage {
    const TEMPLATE: &'static str = "assessment/scores.html";
}

/// Everybody's scores of a bid.
pub async fn scores(visit: Visit, reference: Path<String>) -> Answer {
    let reference = reference.into_inner();
    let readings = service::scores_of(&visit.app, &visit.call, reference.clone()).await?;
    let desk = bids::service::desk(&visit.app, &visit.call, reference.clone()).await?;
    let criteria = desk.round.rulebook.criteria.into_iter().map(|criterion| (criterion.id, criterion.title)).collect();
    visit.page(&ScoresPage { reference, title: desk.view.content.title, criteria, readings }).await
}
