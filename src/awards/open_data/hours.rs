//! What bidding in a round took as CSV: one row, and none while too few have said so.

use super::csv;
use crate::{awards::public::BiddingHours, error::Result};

const COLUMNS: [&str; 7] = [
    "Round",
    "Councils and other bodies",
    "Answers",
    "Bids",
    "Lower quartile of hours",
    "Median of hours",
    "Upper quartile of hours",
];

/// The figures as CSV.
///
/// # Errors
/// Never but for a fault of ours.
pub fn csv(hours: &BiddingHours) -> Result<Vec<u8>> {
    let row = hours.figures.map(|figures| {
        vec![
            csv::text(&hours.round.title),
            figures.councils.to_string(),
            figures.answers.to_string(),
            figures.bids.to_string(),
            figures.lower_quartile_hours.to_string(),
            figures.median_hours.to_string(),
            figures.upper_quartile_hours.to_string(),
        ]
    });
    csv::write(&COLUMNS, row)
}
