//! An assessor's own page: the bids given to them, how far they are, and their conflicts of interest.

use serde::Serialize;

use super::Answer;
use crate::{
    assessment::{
        model::{Conflict, MyAssessment},
        pool::{
            self,
            model::{MyPlace, PlaceState},
        },
        service,
    },
    web::{Page, Visit},
};

/// What one was given.
#[derive(Debug, Serialize)]
pub struct MinePage {
    /// The bids.
    pub bids: Vec<MyAssessment>,
    /// How many of them one has submitted.
    pub submitted: usize,
    /// The rounds that one was invited to assess in, as far as one has not declined.
    pub places: Vec<MyPlace>,
    /// One's conflicts of interest that stand.
    pub conflicts: Vec<Conflict>,
}

impl Page for MinePage {
    const TEMPLATE: &'static str = "assessment/mine.html";
}

/// What one was given.
pub async fn mine(visit: Visit) -> Answer {
    let bids = service::mine(&visit.app, &visit.call).await?;
    let mut conflicts = service::own(&visit.app, &visit.call).await?;
    conflicts.retain(|conflict| conflict.lifted_at.is_none());
    let mut places = pool::service::my_places(&visit.app, &visit.call).await?;
    places.retain(|mine| {
        mine.place.state == PlaceState::Accepted || (mine.place.state == PlaceState::Invited && mine.open)
    });
    let submitted = bids.iter().filter(|bid| bid.submitted_at.is_some()).count();
    visit.page(&MinePage { bids, submitted, places, conflicts }).await
}
