//! What bidding in a round took its councils, which is published with its awards and not before.

use super::published::{announced_round, public_round};
use crate::{
    awards::public::BiddingHours,
    bids::hours::{
        model::{LEAST_COUNCILS, published},
        store,
    },
    error::Result,
    http::{App, Call},
};

/// What bidding in a round took, as far as its councils have said so.
///
/// # Errors
/// `NotFound`, alike for a round that does not exist and for one whose awards are not announced.
pub async fn bidding_hours(app: &App, call: &Call, slug: String) -> Result<BiddingHours> {
    call.read(app, move |conn, scene| {
        let (full, announced) = announced_round(conn, scene, &slug)?;
        let (figures, changed_at) = published(&store::of_round(conn, full.round.id)?, announced);
        Ok(BiddingHours { round: public_round(full), changed_at, least_councils: LEAST_COUNCILS, figures })
    })
    .await
}
