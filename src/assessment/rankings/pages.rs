//! The pages of a ranking: the round's, with its pictures and the tables that say the same, and one that answers for each bid why
//! it stands where it stands.

use std::collections::BTreeMap;

use actix_web::web::Path;
use serde::{Deserialize, Serialize};

use super::{
    model::{Leaning, RankedBid, Record, RecordLine},
    pictures,
    service::{self, Seen},
    why::{Why, followed, two_digits},
};
use crate::{
    assessment::{
        self,
        model::{BidLine, Ranked},
        pages::Answer,
    },
    error::{AppError, Fault},
    funds::assessing::RankedBy,
    web::{Page, Posted, Visit},
};

/// Which ranking is shown.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// Its number; the newest if not said.
    pub number: Option<i32>,
}

/// The ranking of a round.
#[derive(Debug, Serialize)]
pub struct RankingPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// How many readers the round asks for on each bid.
    pub least_readers: u32,
    /// Whether bids are interviewed in the round.
    pub interviews: bool,
    /// The ranking of record, if there is one.
    pub record: Option<RecordView>,
    /// The bids by the scores as they stand, while there is none.
    pub live: Vec<Ranked>,
    /// All rankings of record, the newest first.
    pub all: Vec<RecordLine>,
    /// Whether the reader can have one made.
    pub may_make: bool,
    /// What a draw at the funding line says of bids, by their references, for whoever may know.
    pub lots: BTreeMap<String, String>,
}

impl Page for RankingPage {
    const TEMPLATE: &'static str = "assessment/ranking.html";
}

/// A ranking of record in words and pictures.
#[derive(Debug, Serialize)]
pub struct RecordView {
    /// The ranking.
    pub record: Record,
    /// The figure that the order follows, as people call it.
    pub follows: &'static str,
    /// Whether something was agreed in moderation that the order follows.
    pub moderated: bool,
    /// Whether the order follows from interviews too.
    pub combined: bool,
    /// The bids, best first.
    pub rows: Vec<Row>,
    /// The assessors.
    pub assessors: Vec<LeaningRow>,
    /// How far the assessors agree: what is measured, and its value.
    pub agreement: Vec<(&'static str, String)>,
    /// The rank at which the funding line runs, with one decimal.
    pub line_rank: Option<String>,
    /// Whether bids that have no place were passed over when the line was found.
    pub passed_over: bool,
    /// The command that computes it anew.
    pub command: String,
    /// The intervals against the line.
    pub intervals: String,
    /// How the assessors lean.
    pub leanings: String,
    /// The scores beside the means.
    pub spread: String,
}

/// A bid of a ranking in words.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The figures.
    #[serde(flatten)]
    pub bid: RankedBid,
    /// Its title and lead authority, where they are known still.
    pub line: Option<BidLine>,
    /// The calibrated score with two decimals.
    pub calibrated_in_words: Option<String>,
    /// The expected rank with one decimal.
    pub rank_in_words: Option<String>,
    /// Its interval of 50 per cent.
    pub half: Option<String>,
    /// That of 90.
    pub most: Option<String>,
    /// The scores, best first.
    pub scores: Vec<String>,
}

/// An assessor in words.
#[derive(Debug, Serialize)]
pub struct LeaningRow {
    /// The assessor, by a number.
    pub assessor: String,
    /// How many bids they have scored.
    pub scores: u32,
    /// By how much they score higher or lower.
    pub leaning: String,
    /// How far that may be off.
    pub se: String,
}

impl RecordView {
    fn of(slug: &str, seen: Seen) -> Self {
        let Seen { record, basis, mut lines, .. } = seen;
        let figures = &record.figures;
        let row = |bid: &RankedBid| {
            let mut readings: Vec<_> = basis.readings_of(&bid.bid).collect();
            readings.sort_by_key(|reading| std::cmp::Reverse(reading.sum));
            Row {
                line: lines.remove(&bid.bid),
                calibrated_in_words: bid.calibrated.map(two_digits),
                rank_in_words: bid.expected_rank.map(|rank| format!("{rank:.1}")),
                half: between(bid.r25, bid.r75),
                most: between(bid.r5, bid.r95),
                scores: readings.into_iter().map(|reading| reading.score()).collect(),
                bid: bid.clone(),
            }
        };
        let rows = figures.bids.iter().map(row).collect();
        let number = |value: Option<f64>| value.map_or_else(|| "Not known".to_owned(), two_digits);
        let leaning = |of: &Leaning| LeaningRow {
            assessor: of.assessor.clone(),
            scores: of.scores,
            leaning: number(of.leaning),
            se: number(of.se),
        };
        Self {
            rows,
            assessors: figures.assessors.iter().map(leaning).collect(),
            agreement: vec![
                ("One score, whoever gives it: ICC(1)", number(figures.icc1)),
                ("One score, with the assessor’s leaning taken out: ICC(3)", number(figures.icc3)),
                ("All scores together: Krippendorff’s α", number(figures.alpha)),
            ],
            follows: followed(&basis),
            moderated: basis.is_moderated(),
            combined: basis.is_combined(),
            passed_over: figures.line_position.is_some() && figures.bids.iter().any(|bid| bid.place.is_none()),
            line_rank: figures.line_rank.map(|rank| format!("{rank:.1}")),
            command: format!(
                "roundtable rank {slug}-scores.csv --line {} --seed {} --scale {} --json",
                figures.line_to_replay(),
                figures.seed,
                record.scale
            ),
            intervals: pictures::intervals(figures),
            leanings: pictures::leanings(figures),
            spread: pictures::spread(&basis, figures),
            record,
        }
    }
}

fn between(from: Option<u32>, to: Option<u32>) -> Option<String> {
    from.zip(to).map(|(from, to)| if from == to { from.to_string() } else { format!("{from} to {to}") })
}

/// The page of a ranking of record, the newest if not said. What a draw says of bids is left to the room above.
///
/// # Errors
/// As policy says; `NotFound` where there is none of this number.
pub async fn page(visit: &Visit, slug: String, number: Option<i32>) -> Result<RankingPage, AppError> {
    let (app, call) = (&visit.app, &visit.call);
    let seen = service::seen(app, call, slug.clone(), number).await?;
    if number.is_some() && seen.is_none() {
        return Err(AppError::NotFound);
    }
    let live = match seen {
        Some(_) => Vec::new(),
        None => assessment::service::ranked(app, call, slug.clone()).await?,
    };
    let round = crate::funds::service::round(app, call, slug.clone()).await?;
    Ok(RankingPage {
        title: round.round.title,
        least_readers: round.rulebook.least_readers,
        interviews: round.rulebook.assessment.interview.is_some(),
        record: seen.map(|seen| RecordView::of(&slug, seen)),
        live,
        all: service::list(app, call, slug.clone()).await?,
        may_make: service::may_make(app, call, slug.clone()).await?,
        lots: BTreeMap::new(),
        slug,
    })
}

/// Has the round ranked for the record.
pub async fn make(visit: Visit, slug: Path<String>, _form: Posted) -> Answer {
    let slug = slug.into_inner();
    match service::make(&visit.app, &visit.call, slug.clone()).await {
        Ok(made) => {
            let text = if made.new {
                "The bids are ranked for the record."
            } else {
                "Nothing has changed since the newest ranking."
            };
            Ok(visit.see_with_success(&format!("/rounds/{slug}/ranking"), text))
        }
        Err(AppError::Conflict { message, .. }) => {
            let fault = Fault::new("make", "refused", message);
            visit.page_with_faults(&page(&visit, slug, None).await?, &[fault]).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Why a bid stands where it stands.
#[derive(Debug, Serialize)]
pub struct WhyPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The ranking.
    pub number: i32,
    /// When it was made.
    pub made_at: String,
    /// Whether it is over all bids that were ranked.
    pub whole: bool,
    /// Whether rules, bids and scores are still those that it was made of.
    pub current: bool,
    /// Whether the order follows another figure than the calibrated score, which is advice then.
    pub advice: bool,
    /// Whether its place follows from what was agreed in moderation.
    pub moderated: bool,
    /// Whether it follows from interviews too.
    pub combined: bool,
    /// The bid's reference.
    pub reference: String,
    /// Its title, where it is known still.
    pub title: String,
    /// The answer.
    pub why: Why,
    /// What a draw at the funding line says of the bid, for whoever may know.
    pub lot: Option<String>,
}

impl Page for WhyPage {
    const TEMPLATE: &'static str = "assessment/ranking-why.html";
}

/// The page that says why a bid stands where it stands. What a draw says of it is left to the room above.
///
/// # Errors
/// As policy says; `NotFound` where the ranking has no such bid.
pub async fn why(visit: &Visit, (slug, reference): (String, String), number: Option<i32>) -> Result<WhyPage, AppError> {
    let seen = service::seen(&visit.app, &visit.call, slug.clone(), number).await?.ok_or(AppError::NotFound)?;
    let Seen { record, basis, mut lines, .. } = seen;
    let why = Why::of(&basis, &record.figures, &reference).ok_or(AppError::NotFound)?;
    let title = lines.remove(&reference).map(|line| line.title).unwrap_or_default();
    let advice = record.by != RankedBy::Calibrated;
    let moderated = basis.moderated_mean(&reference).is_some();
    let combined = basis.is_combined();
    let Record { number, made_at, whole, current, .. } = record;
    let made_at = made_at.in_words();
    Ok(WhyPage { slug, number, made_at, whole, current, advice, moderated, combined, reference, title, why, lot: None })
}
