//! Ranking: what others published, what the mathematics demands, and what is wrong with files.

mod bad_input;
mod line;
mod mixed;
mod simulated;
mod tables;

use methods::rank::{Confidence, Ranked, Ranking, Score};

/// A score of medium confidence.
fn score(bid: impl ToString, assessor: impl ToString, value: f64) -> Score {
    Score {
        bid: bid.to_string(),
        assessor: assessor.to_string(),
        score: Some(value),
        confidence: Confidence::Medium,
        section: None,
        row: None,
    }
}

/// The scores of a table: a row for each bid, a column for each assessor, nothing where there is no score.
fn table(rows: &[Vec<Option<f64>>]) -> Vec<Score> {
    let mut scores = Vec::new();
    for (bid, row) in rows.iter().enumerate() {
        for (assessor, value) in row.iter().enumerate() {
            scores.extend(value.map(|value| score(bid, assessor, value)));
        }
    }
    scores
}

fn whole(rows: &[&[f64]]) -> Vec<Score> {
    table(&rows.iter().map(|row| row.iter().copied().map(Some).collect()).collect::<Vec<_>>())
}

fn bid<'a>(ranking: &'a Ranking, name: &str) -> &'a Ranked {
    ranking.bids.iter().find(|ranked| ranked.bid == name).unwrap()
}

#[track_caller]
fn near(value: impl Into<Option<f64>>, expected: f64, tolerance: f64) {
    let value = value.into().expect("there is a value");
    assert!((value - expected).abs() <= tolerance, "{value} is not within {tolerance} of {expected}");
}
