//! The scores of a round without names, for everybody, once its awards are announced and where its rules say so.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::public::window;
use crate::{
    assessment::rankings::open::OpenReading,
    awards::{
        public::{PublicRound, PublishedScores, ScoredBid, ScoredCriterion},
        service,
    },
    clock::Moment,
    http::{Query, Refused},
    web::{Page, Visit},
};

/// Which page of the list is shown.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Which {
    /// The page, from 1.
    #[serde(default)]
    pub page: Option<usize>,
}

/// The scores of a round.
#[derive(Debug, Serialize)]
pub struct ScoresPage {
    /// The round.
    pub round: PublicRound,
    /// When the awards were announced.
    pub announced_at: Moment,
    /// What was scored.
    pub criteria: Vec<ScoredCriterion>,
    /// The command that computes the ranking anew, where the scores of all bids are here.
    pub command: Option<String>,
    /// How many bids were scored.
    pub total: usize,
    /// The bids of this page, best first, and those without a place at the end.
    pub bids: Vec<BidScores>,
    /// The page before.
    pub previous: Option<usize>,
    /// The next page.
    pub next: Option<usize>,
}

impl Page for ScoresPage {
    const TEMPLATE: &'static str = "awards/scores.html";
}

/// A bid with the rows of its table.
#[derive(Debug, Serialize)]
pub struct BidScores {
    /// Its reference.
    pub reference: String,
    /// Its title, where that is public.
    pub title: Option<String>,
    /// Who takes part in it, where that is public.
    pub organisations: Vec<String>,
    /// Its place.
    pub place: Option<u32>,
    /// Whether something was agreed in moderation.
    pub moderated: bool,
    /// One row for each assessor.
    pub rows: Vec<Row>,
}

/// What one assessor made of a bid.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The assessor, by a number.
    pub assessor: String,
    /// The scores on the criteria, in their order.
    pub criteria: Vec<Cell>,
    /// The weighted score.
    pub score: String,
    /// The weighted score with what was agreed.
    pub moderated: Option<String>,
}

/// A score on a criterion.
#[derive(Debug, Default, Serialize)]
pub struct Cell {
    /// The score; empty where it was not kept.
    pub score: String,
    /// How sure the assessor was.
    pub confidence: String,
    /// What was agreed in its place.
    pub agreed: Option<i32>,
}

impl ScoresPage {
    fn of(scores: PublishedScores, which: Option<usize>) -> Self {
        let PublishedScores { round, announced_at, criteria, replay, mut bids, .. } = scores;
        bids.sort_by_key(|bid| (bid.place.is_none(), bid.place));
        let total = bids.len();
        let (shown, number, more) = window(bids, which);
        let command = replay.map(|replay| {
            let (line, seed, scale) = (replay.line, replay.seed, replay.scale);
            format!("roundtable rank {}-scores.csv --line {line} --seed {seed} --scale {scale} --json", round.slug)
        });
        Self {
            bids: shown.into_iter().map(|bid| BidScores::of(bid, &criteria)).collect(),
            previous: number.checked_sub(1).filter(|page| *page > 0),
            next: more.then_some(number + 1),
            round,
            announced_at,
            criteria,
            command,
            total,
        }
    }
}

impl BidScores {
    fn of(bid: ScoredBid, criteria: &[ScoredCriterion]) -> Self {
        Self {
            moderated: bid.readings.iter().any(|reading| reading.moderated.is_some()),
            rows: bid.readings.into_iter().map(|reading| Row::of(reading, criteria)).collect(),
            reference: bid.reference,
            title: bid.title,
            organisations: bid.organisations,
            place: bid.place,
        }
    }
}

impl Row {
    fn of(reading: OpenReading, criteria: &[ScoredCriterion]) -> Self {
        let cell = |criterion: &ScoredCriterion| {
            let given = reading.criteria.iter().find(|given| given.criterion == criterion.id);
            given.map_or_else(Cell::default, |given| Cell {
                score: given.score.to_string(),
                confidence: given.confidence.word().to_owned(),
                agreed: given.agreed,
            })
        };
        let criteria = criteria.iter().map(cell).collect();
        Self { criteria, assessor: reading.assessor, score: reading.score, moderated: reading.moderated }
    }
}

/// The scores of a round.
///
/// # Errors
/// `NotFound` before the awards are announced, and where the round does not publish its scores.
pub async fn scores(visit: Visit, slug: Path<String>, which: Query<Which>) -> Result<HttpResponse, Refused> {
    let scores = service::published_scores(&visit.app, &visit.call, slug.into_inner()).await?;
    visit.page(&ScoresPage::of(scores, which.page)).await
}
