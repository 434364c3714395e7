//! Published scores as CSV that `roundtable rank` reads: one row for each bid and assessor.

use crate::{
    assessment::rankings::open::{Beside, OpenReading, file},
    awards::public::{PublishedScores, ScoredBid},
    error::Result,
};

/// The scores as CSV.
///
/// # Errors
/// Never but for a fault of ours.
pub fn csv(scores: &PublishedScores) -> Result<Vec<u8>> {
    let criteria: Vec<String> = scores.criteria.iter().map(|criterion| criterion.id.clone()).collect();
    file(&criteria, scores.bids.iter().map(beside))
}

fn beside(bid: &ScoredBid) -> (Beside<'_>, &[OpenReading]) {
    let of = Beside {
        reference: &bid.reference,
        title: bid.title.as_deref().unwrap_or_default(),
        organisations: bid.organisations.join("; "),
        place: bid.place,
    };
    (of, &bid.readings)
}
