//! From scores to an order that can be defended: the raw mean, one calibrated score beside it with its exact breakdown, the
//! expected rank with intervals, and what they mean at a funding line.
//!
//! What the scores do not determine is none, with a note that says why; it is never guessed.

mod chance;
mod crossed;
mod dense;
mod mixed;
mod notes;
mod posterior;
mod read;
mod reliability;
mod scores;

use serde::{Deserialize, Serialize};

pub use mixed::Variances;
pub use read::{nearly_read, read};
pub use scores::{Confidence, Scale, Score};

use crate::Faults;
use crossed::{Crossed, Ratios, Solution};
use posterior::RankOf;
use scores::Panel;

/// What a ranking is asked for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Wish {
    /// How many bids the money reaches: the funding line is the expected rank of the last of them.
    pub line: usize,
    /// Decides the chance of the sampler.
    pub seed: u64,
    /// How many draws of the sampler are kept.
    pub draws: usize,
    /// The scale of the scores, where it is not from 1 to 6.
    pub scale: Option<Scale>,
    /// Whether the same name in two sections is two assessors.
    pub per_section: bool,
    /// Variances to use in the place of those that fit the scores best.
    pub variances: Option<Variances>,
}

impl Wish {
    /// As many draws as a ranking has unless it is told otherwise.
    pub const DRAWS: usize = 20_000;

    /// A ranking with a line and everything else as usual.
    #[must_use]
    pub fn line(line: usize) -> Self {
        Self { line, seed: 1, draws: Self::DRAWS, scale: None, per_section: false, variances: None }
    }
}

/// What a bid's rank interval says at the funding line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// The interval lies above the line.
    Fund,
    /// The interval crosses the line: by lot, or by moderation.
    Draw,
    /// The interval lies below the line.
    Decline,
}

/// From the raw mean to the calibrated score, step by step: the first four add up to the calibrated score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// The mean of the bid's scores.
    pub raw_mean: f64,
    /// What it changed that surer scores weigh more.
    pub confidence: f64,
    /// What taking out the assessors' leanings changed, all together.
    pub leaning: f64,
    /// What it changed that few scores are drawn towards the mean of all.
    pub shrinkage: f64,
    /// The leaning's part by assessor.
    pub assessors: Vec<Share>,
}

/// What one assessor's leaning changed for one bid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Who.
    pub assessor: String,
    /// By how much.
    pub change: f64,
}

/// One bid, ranked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// The bid's reference.
    pub bid: String,
    /// How many scores it has.
    pub scores: usize,
    /// Their mean.
    pub raw_mean: Option<f64>,
    /// The mean of all plus the best linear unbiased prediction of this bid's worth, on the scale of the scores.
    pub calibrated: Option<f64>,
    /// The square root of that prediction's error variance.
    pub se: Option<f64>,
    /// How the calibrated score comes about.
    pub breakdown: Option<Breakdown>,
    /// The mean of the rank over the posterior, 1 being the best.
    pub expected_rank: Option<f64>,
    /// 5 % of the posterior lie at this rank or above it.
    pub r5: Option<u32>,
    /// A quarter does.
    pub r25: Option<u32>,
    /// Three quarters do.
    pub r75: Option<u32>,
    /// 95 % do.
    pub r95: Option<u32>,
    /// The share of the other bids that this one surpasses, in expectation.
    pub sucra: Option<f64>,
    /// What the 50 % interval says at the line.
    pub group: Option<Group>,
    /// Which component of the panel it belongs to: scores of different components share no assessor.
    pub component: usize,
}

/// How one assessor leans.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leaning {
    /// Who.
    pub assessor: String,
    /// How many bids they scored.
    pub scores: usize,
    /// By how much they score higher than others; none where that cannot be told.
    pub leaning: Option<f64>,
    /// The square root of its prediction error variance.
    pub se: Option<f64>,
}

/// What the scores say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// Every bid, the best expected rank first.
    pub bids: Vec<Ranked>,
    /// Every assessor, in the order of the scores.
    pub assessors: Vec<Leaning>,
    /// The estimate of μ, on the scale of the scores.
    pub mean: Option<f64>,
    /// The fitted variances, on the scale of the scores.
    pub variances: Option<Variances>,
    /// ICC(1) of one score.
    pub icc1: Option<f64>,
    /// ICC(3) of one score: of Shrout and Fleiss where everybody scored every bid, else from the fitted variances.
    pub icc3: Option<f64>,
    /// Krippendorff's α for interval data.
    pub alpha: Option<f64>,
    /// How many parts the panel falls into that share neither bid nor assessor.
    pub components: usize,
    /// The line as it was wished for: how many bids the money reaches.
    pub line: usize,
    /// The expected rank of the last of them.
    pub line_rank: Option<f64>,
    /// The seed, with which anybody gets the same ranks.
    pub seed: u64,
    /// How many draws the ranks are from.
    pub draws: usize,
    /// What a reader must know.
    pub notes: Vec<String>,
}

/// Ranks bids by their scores.
///
/// # Errors
/// With every score that stands twice, lies outside the scale or is none; and when there is no score at all.
pub fn rank(scores: &[Score], wish: &Wish) -> Result<Ranking, Faults> {
    let panel = Panel::new(scores, wish.per_section, wish.scale)?;
    let mut notes = notes::of(&panel, wish);
    let design = Crossed::new(&panel);
    let calibration = calibrate(&panel, &design, wish, &mut notes);
    let draws = affordable(wish.draws, panel.bids.len(), &mut notes);
    let ranks = expected_ranks(&panel, &design, wish, draws, &mut notes);
    let mut ranking = Ranking {
        bids: bids(&panel, calibration.as_ref(), ranks.as_deref()),
        assessors: leanings(&panel, calibration.as_ref()),
        mean: calibration.as_ref().map(|(_, solution)| solution.mean),
        variances: calibration.as_ref().map(|(variances, _)| *variances),
        icc1: reliability::icc1(&panel),
        icc3: reliability::icc3(&panel).or_else(|| consistency(&panel, calibration.as_ref(), &mut notes)),
        alpha: reliability::alpha(&panel),
        components: panel.components,
        line: wish.line,
        line_rank: None,
        seed: wish.seed,
        draws,
        notes,
    };
    draw_line(&mut ranking, wish.line);
    Ok(ranking)
}

/// Variances and predictions, where the scores determine them.
fn calibrate(panel: &Panel, design: &Crossed, wish: &Wish, notes: &mut Vec<String>) -> Option<(Variances, Solution)> {
    if let Some(reason) = notes::why_not_calibrated(panel, design, wish) {
        notes.push(reason);
        return None;
    }
    let no_leaning = notes::why_no_leaning(panel).filter(|_| wish.variances.is_none());
    let Some(fitted) = wish.variances.or_else(|| mixed::fit(design, no_leaning.is_none())) else {
        notes.push(
            "No calibrated scores: worth and leaning explain the scores so nearly that chance has no variance to fit."
                .to_owned(),
        );
        return None;
    };
    notes.extend(no_leaning);
    let ratios = Ratios { bid: fitted.bid / fitted.error, assessor: fitted.assessor / fitted.error };
    let mut solution = design.predict(ratios)?;
    for errors in [&mut solution.bid_errors, &mut solution.assessor_errors] {
        errors.iter_mut().for_each(|error| *error *= fitted.error);
    }
    Some((fitted, solution))
}

/// The draws that a large panel can have in a bearable time: ranks among more bids are surer by themselves.
fn affordable(draws: usize, bids: usize, notes: &mut Vec<String>) -> usize {
    const RANKS: usize = 20_000_000;
    const LEAST: usize = 400;
    let most = (RANKS / bids.max(1)).max(LEAST);
    if draws < LEAST {
        notes.push(format!("The ranks are from {LEAST} draws, not from {draws}: fewer say too little."));
        return LEAST;
    }
    if draws <= most {
        return draws;
    }
    notes.push(format!("The ranks of {bids} bids are from {most} draws, not from {draws}."));
    most
}

/// The posterior ranks by the number of the bid, where they are defined; bids without a score have none.
fn expected_ranks(
    panel: &Panel,
    design: &Crossed,
    wish: &Wish,
    draws: usize,
    notes: &mut Vec<String>,
) -> Option<Vec<Option<RankOf>>> {
    if let Some(reason) = notes::why_not_ranked(panel, design, wish) {
        notes.push(reason);
        return None;
    }
    let scale = wish.scale.unwrap_or(Scale::GRADES);
    let (counts, _) = panel.counts();
    let scored = panel.scored_only(&counts);
    let mut ranks = posterior::ranks(&scored, |score| scale.to_grade(score), wish.seed, draws).into_iter();
    Some(counts.iter().map(|count| if *count == 0 { None } else { ranks.next() }).collect())
}

/// ICC(3) where not everybody scored every bid: the share of the bids in what is not leaning.
fn consistency(panel: &Panel, fitted: Option<&(Variances, Solution)>, notes: &mut Vec<String>) -> Option<f64> {
    let (bids, assessors) = panel.scored();
    let (Variances { bid, error, .. }, _) = fitted.filter(|_| panel.cells.len() < bids * assessors)?;
    if notes::why_no_leaning(panel).is_some() {
        return None;
    }
    notes.push("Not everybody scored every bid: ICC(3) is the share of the fitted variances.".to_owned());
    Some(bid / (bid + error)).filter(|share| share.is_finite())
}

/// Every bid with what is known of it, the best first.
fn bids(panel: &Panel, fitted: Option<&(Variances, Solution)>, ranks: Option<&[Option<RankOf>]>) -> Vec<Ranked> {
    let mut scores = vec![Vec::new(); panel.bids.len()];
    for cell in &panel.cells {
        scores[cell.bid].push(cell);
    }
    let others = panel.counts().0.iter().filter(|count| **count > 0).count() as f64 - 1.0;
    let ranked = |bid: usize| {
        let count = scores[bid].len();
        let raw_mean = (count > 0).then(|| scores[bid].iter().map(|cell| cell.value).sum::<f64>() / count as f64);
        let known = fitted.filter(|_| count > 0);
        let rank = ranks.and_then(|ranks| ranks[bid]);
        let quantile = |index: usize| rank.map(|rank| rank.quantiles[index]);
        Ranked {
            bid: panel.bids[bid].clone(),
            scores: count,
            raw_mean,
            calibrated: known.map(|(_, solution)| solution.mean + solution.bids[bid]),
            se: known.map(|(_, solution)| solution.bid_errors[bid].max(0.0).sqrt()),
            breakdown: known.zip(raw_mean).map(|(known, mean)| breakdown(panel, &scores[bid], mean, known)),
            expected_rank: rank.map(|rank| rank.expected),
            r5: quantile(0),
            r25: quantile(1),
            r75: quantile(2),
            r95: quantile(3),
            sucra: rank.map(|rank| (others + 1.0 - rank.expected) / others).filter(|share| share.is_finite()),
            group: None,
            component: panel.component[bid],
        }
    };
    let mut all: Vec<Ranked> = (0..panel.bids.len()).map(ranked).collect();
    // None sorts last in both: of ranks the least is best, of means the greatest.
    let place = |bid: &Ranked| (bid.expected_rank.unwrap_or(f64::MAX), -bid.raw_mean.unwrap_or(f64::MIN));
    all.sort_by(|a, b| place(a).0.total_cmp(&place(b).0).then(place(a).1.total_cmp(&place(b).1)));
    all
}

fn breakdown(panel: &Panel, scores: &[&scores::Cell], raw_mean: f64, known: &(Variances, Solution)) -> Breakdown {
    let (_, solution) = known;
    let weights: f64 = scores.iter().map(|cell| cell.confidence.weight()).sum();
    let weighted = scores.iter().map(|cell| cell.confidence.weight() * cell.value).sum::<f64>() / weights;
    let share = |cell: &&scores::Cell| Share {
        assessor: panel.assessors[cell.assessor].clone(),
        change: -cell.confidence.weight() * solution.assessors[cell.assessor] / weights,
    };
    let assessors: Vec<Share> = scores.iter().map(share).collect();
    let leaning: f64 = assessors.iter().map(|share| share.change).sum();
    let bid = scores.first().map_or(0.0, |cell| solution.bids[cell.bid]);
    let shrinkage = solution.mean + bid - weighted - leaning;
    Breakdown { raw_mean, confidence: weighted - raw_mean, leaning, shrinkage, assessors }
}

fn leanings(panel: &Panel, fitted: Option<&(Variances, Solution)>) -> Vec<Leaning> {
    let counts = panel.counts().1;
    let leaning = |(assessor, name): (usize, &String)| {
        let known = fitted.filter(|_| counts[assessor] > 0);
        Leaning {
            assessor: name.clone(),
            scores: counts[assessor],
            leaning: known.map(|(_, solution)| solution.assessors[assessor]),
            se: known.map(|(_, solution)| solution.assessor_errors[assessor].max(0.0).sqrt()),
        }
    };
    panel.assessors.iter().enumerate().map(leaning).collect()
}

/// Says of each ranked bid whether its 50 % interval lies above the line, below it, or crosses it.
fn draw_line(ranking: &mut Ranking, line: usize) {
    let ranked = ranking.bids.iter().filter(|bid| bid.expected_rank.is_some()).count();
    let all_alike = match line {
        0 => Some(Group::Decline),
        _ if line >= ranked => Some(Group::Fund),
        _ => None,
    };
    let at = if line == 0 { None } else { ranking.bids.get(line.min(ranked).wrapping_sub(1)) };
    ranking.line_rank = at.and_then(|bid| bid.expected_rank);
    for bid in ranking.bids.iter_mut().take(ranked) {
        let by_interval = || {
            let (line, from, to) = (ranking.line_rank?, f64::from(bid.r25?), f64::from(bid.r75?));
            Some(if to < line {
                Group::Fund
            } else if from > line {
                Group::Decline
            } else {
                Group::Draw
            })
        };
        bid.group = all_alike.or_else(by_interval);
    }
}
