//! An assessor's own page: the bids given to them, how far they are, and what they have said of conflicts of interest.

use serde::Serialize;

use super::Answer;
use crate::{
    assessment::{
        conflicts::{
            self,
            model::{Origin, Withheld},
        },
        interviews::{self, model::MyInterview},
        model::MyAssessment,
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
    /// The rounds of these bids, by their place in addresses.
    pub offline: Vec<String>,
    /// How many of them one has submitted.
    pub submitted: usize,
    /// The interviews in which one sits on the panel.
    pub interviews: Vec<MyInterview>,
    /// The rounds that one was invited to assess in, as far as one has not declined.
    pub places: Vec<MyPlace>,
    /// What is withheld because one has said so.
    pub withheld: Vec<Line>,
    /// The rounds in which one can declare conflicts of interest, by their place in addresses and title.
    pub rounds: Vec<(String, String)>,
}

/// A line that stands for what is withheld.
#[derive(Debug, Serialize)]
pub struct Line {
    /// What it says.
    #[serde(flatten)]
    pub of: Withheld,
    /// Whether one can lift the conflict oneself.
    pub liftable: bool,
}

impl Page for MinePage {
    const TEMPLATE: &'static str = "assessment/mine.html";
}

/// What one was given.
pub async fn mine(visit: Visit) -> Answer {
    let bids = service::mine(&visit.app, &visit.call).await?;
    let standing = &[PlaceState::Accepted, PlaceState::Invited];
    let mut places = pool::service::my_places(&visit.app, &visit.call, standing).await?;
    places.retain(|mine| mine.place.state == PlaceState::Accepted || mine.open);
    let interviews = interviews::service::mine(&visit.app, &visit.call).await?;
    let desk = conflicts::service::desk(&visit.app, &visit.call).await?;
    let submitted = bids.iter().filter(|bid| bid.submitted_at.is_some()).count();
    let line = |of: Withheld| Line { liftable: of.origin == Origin::Declared, of };
    let withheld = desk.withheld.into_iter().map(line).collect();
    let mut offline: Vec<String> = bids.iter().map(|bid| bid.round.clone()).collect();
    offline.sort();
    offline.dedup();
    visit.page(&MinePage { bids, offline, submitted, interviews, places, withheld, rounds: desk.rounds }).await
}
