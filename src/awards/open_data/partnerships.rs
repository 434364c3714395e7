//! Who works with whom as CSV: one row for any two who stand together. Supporters stand in none.

use super::csv;
use crate::{
    awards::partnerships::{Pair, Partnerships},
    error::Result,
};

const COLUMNS: [&str; 7] =
    ["One", "Other", "Bids", "References", "Illustrative", "One takes part as", "Other takes part as"];

/// The pairs as CSV.
///
/// # Errors
/// Never but for a fault of ours.
pub fn csv(partnerships: &Partnerships) -> Result<Vec<u8>> {
    csv::write(&COLUMNS, partnerships.pairs.iter().map(row))
}

fn row(pair: &Pair) -> Vec<String> {
    let (one_as, other_as) = pair.in_words();
    vec![
        csv::text(&pair.one),
        csv::text(&pair.other),
        pair.bids.len().to_string(),
        csv::text(&pair.bids.join("; ")),
        if pair.illustrative { "Yes".to_owned() } else { "No".to_owned() },
        one_as,
        other_as,
    ]
}
