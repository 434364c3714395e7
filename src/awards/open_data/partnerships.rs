//! Who works with whom as CSV: one row for any two who stand together.

use super::csv;
use crate::{
    awards::partnerships::{Pair, Partnerships},
    error::Result,
};

const COLUMNS: [&str; 5] = ["One", "Other", "Bids", "References", "Illustrative"];

/// The pairs as CSV.
///
/// # Errors
/// Never but for a fault of ours.
pub fn csv(partnerships: &Partnerships) -> Result<Vec<u8>> {
    csv::write(&COLUMNS, partnerships.pairs.iter().map(row))
}

fn row(pair: &Pair) -> Vec<String> {
    vec![
        csv::text(&pair.one),
        csv::text(&pair.other),
        pair.bids.len().to_string(),
        csv::text(&pair.bids.join("; ")),
        if pair.illustrative { "Yes".to_owned() } else { "No".to_owned() },
    ]
}
