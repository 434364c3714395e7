//! A ranking of record as it is read: what the scores say of each bid, of each assessor, and of the panel as a whole.

use serde::{Deserialize, Serialize};

use crate::{assessment::model::InterviewStanding, clock::Moment, funds::assessing::RankedBy, words};

words! {
    /// Where the interval of a bid's rank lies at the funding line.
    pub enum AtLine {
        /// Above it: the bid is among those that the money reaches.
        Fund = "fund",
        /// Across it: by lot, or by moderation.
        Draw = "draw",
        /// Below it.
        Decline = "decline",
    }
}

/// A ranking of record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RankingOfRecord)]
pub struct Record {
    /// Counts the rankings of the round, from 1: the newest counts.
    pub number: i32,
    /// When it was made.
    pub made_at: Moment,
    /// Who had it made, by name.
    pub made_by: String,
    /// Whether it is over all bids that were ranked. Otherwise it was computed from those alone that whoever reads it may see.
    pub whole: bool,
    /// Whether rules, bids and scores are still those that it was made of.
    pub current: bool,
    /// The hash of the round's rules when it was made.
    pub rules_hash: String,
    /// The SHA-256 of the scores that it was made of, as they are downloaded.
    pub scores_sha256: String,
    /// Which figure the order follows.
    pub by: RankedBy,
    /// Which interval of the rank is held against the line, in per cent.
    pub interval: u32,
    /// The lowest and highest score that the criteria allow, as `roundtable rank --scale` takes them.
    pub scale: String,
    /// What the scores say.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A ranking of record in a list.
#[derive(Debug, Clone, PartialEq, Eq, diesel::Queryable, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RankingOfRecordLine)]
pub struct RecordLine {
    /// Counts the rankings of the round, from 1: the newest counts.
    pub number: i32,
    /// When it was made.
    pub made_at: Moment,
    /// Who had it made, by name.
    pub made_by: String,
}

/// What the scores say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RankingFigures)]
pub struct Figures {
    /// The bids, best first, and those without a place at the end.
    pub bids: Vec<RankedBid>,
    /// The assessors, by numbers that stand for nobody outside the ranking.
    pub assessors: Vec<Leaning>,
    /// The mean of all bids, on the scale of the scores.
    pub mean: Option<f64>,
    /// By how much bids, assessors and chance vary.
    pub variances: Option<Variances>,
    /// How reliable one score is when nobody knows which assessors a bid gets.
    pub icc1: Option<f64>,
    /// How reliable one score is once every assessor's leaning is taken out.
    pub icc3: Option<f64>,
    /// Krippendorff's α for interval data.
    pub alpha: Option<f64>,
    /// How many parts the panel falls into that share neither bid nor assessor.
    pub components: u32,
    /// How many bids the money reaches.
    pub line: u32,
    /// Where the funding line runs, counted down all bids by their expected ranks: what `roundtable rank --line` is given. It is
    /// the position of the last bid that the money reaches among those with a place. Where it reaches all of these, the line runs
    /// below every bid. Nothing in a ranking that was made before bids without a place were left out of the count.
    #[serde(default)]
    pub line_position: Option<u32>,
    /// The expected rank at which the funding line runs.
    pub line_rank: Option<f64>,
    /// The seed of the chance in it.
    pub seed: u64,
    /// From how many draws the ranks are.
    pub draws: u32,
    /// What a reader must know.
    pub notes: Vec<String>,
}

impl Figures {
    /// What `roundtable rank --line` is given to get these figures.
    pub fn line_to_replay(&self) -> u32 {
        self.line_position.unwrap_or(self.line)
    }
}

/// A bid, ranked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RankedBid {
    /// Its reference.
    pub bid: String,
    /// Its place, from 1; bids with the same figure share one.
    pub place: Option<u32>,
    /// Whether another bid has the same place.
    pub tied: bool,
    /// Whether the money reaches it.
    pub funded: bool,
    /// The criteria on which it stays below the minimum, by their titles: such a bid has no place.
    pub below: Vec<String>,
    /// How many assessments are submitted.
    pub readers: u32,
    /// How many assessors it is given to.
    pub given_to: u32,
    /// The weighted mean of the scores that assessors gave by themselves, with two decimals.
    pub mean: Option<String>,
    /// The same with what was agreed in moderation, which the order follows; nothing where nothing was.
    #[serde(default)]
    pub moderated: Option<String>,
    /// What came of its interview, where the order follows from interviews too: without a scored one a bid has no place.
    #[serde(default)]
    pub interview: Option<RankedInterview>,
    /// The weighted mean.
    pub raw_mean: Option<f64>,
    /// The score with the assessors' leanings taken out.
    pub calibrated: Option<f64>,
    /// How far that may be off: the standard error.
    pub se: Option<f64>,
    /// How it comes about.
    pub breakdown: Option<Breakdown>,
    /// The mean of its rank.
    pub expected_rank: Option<f64>,
    /// One time in twenty it ranks here or better.
    pub r5: Option<u32>,
    /// One time in four it ranks here or better.
    pub r25: Option<u32>,
    /// Three times in four it ranks here or better.
    pub r75: Option<u32>,
    /// Nineteen times in twenty it ranks here or better.
    pub r95: Option<u32>,
    /// The share of the other bids that it surpasses, in expectation.
    pub sucra: Option<f64>,
    /// Where its interval lies at the funding line. Said of a bid without a place too, which cannot be funded.
    pub group: Option<AtLine>,
    /// Which part of the panel it belongs to.
    pub component: Option<u32>,
}

/// What came of the interview of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RankedInterview {
    /// How far it is.
    pub standing: InterviewStanding,
    /// How many sit on its panel.
    pub panel: u32,
    /// How many of them have submitted their scores.
    pub submitted: u32,
    /// The weighted mean of the panel, with two decimals, once it is scored.
    pub mean: Option<String>,
    /// The same on the scale of the reading.
    pub on_the_reading: Option<String>,
    /// The reading and the interview together, which the order follows.
    pub combined: Option<String>,
}

/// From the weighted mean to the calibrated score: the first four add up to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RankingBreakdown)]
pub struct Breakdown {
    /// The weighted mean.
    pub raw_mean: f64,
    /// What it changes that surer scores weigh more.
    pub confidence: f64,
    /// What taking out the assessors' leanings changes.
    pub leaning: f64,
    /// What it changes that few scores are drawn towards the mean of all.
    pub shrinkage: f64,
    /// The leaning's part by assessor.
    pub assessors: Vec<Share>,
}

/// What one assessor's leaning changes for a bid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RankingShare)]
pub struct Share {
    /// The assessor.
    pub assessor: String,
    /// By how much.
    pub change: f64,
}

/// How an assessor leans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RankingLeaning)]
pub struct Leaning {
    /// The assessor.
    pub assessor: String,
    /// How many bids they have scored.
    pub scores: u32,
    /// By how much they score higher than others; below nothing, lower.
    pub leaning: Option<f64>,
    /// How far that may be off: the standard error.
    pub se: Option<f64>,
}

/// By how much bids, assessors and chance vary, on the scale of the scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RankingVariances)]
pub struct Variances {
    /// Of what bids are worth.
    pub bid: f64,
    /// Of how assessors lean.
    pub assessor: f64,
    /// Of what is left: chance.
    pub error: f64,
}

/// The number of a ranking that was made, or that stands already because nothing has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RankingMade)]
pub struct Made {
    /// Its number.
    pub number: i32,
    /// Whether it is new.
    pub new: bool,
}
