//! What bidding in a round took its councils, which is published with its awards and not before.

use super::published::announced;
use crate::{
    awards::public::BiddingHours,
    bids::hours::{model::LEAST_ANSWERS, store},
    clock::Moment,
    error::Result,
    funds,
    http::{App, Call},
};

/// What bidding in a round took, as far as its councils have said so.
///
/// # Errors
/// `NotFound`, alike for a round that does not exist and for one whose awards are not announced.
pub async fn bidding_hours(app: &App, call: &Call, slug: String) -> Result<BiddingHours> {
    call.read(app, move |conn, scene| {
        let list = announced(conn, scene, &slug)?;
        let round = funds::store::round_by_slug(conn, &slug)?;
        let figures = store::figures(conn, round.id)?;
        let last = figures.as_ref().map(|(_, last)| *last);
        Ok(BiddingHours {
            round: list.round,
            changed_at: last.into_iter().fold(list.announced_at, Moment::max),
            least_answers: LEAST_ANSWERS,
            figures: figures.map(|(figures, _)| figures),
        })
    })
    .await
}
