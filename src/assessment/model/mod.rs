//! The words of assessment and its pure rules; no SQL and no HTTP.

mod assignment;
mod combined;
mod mean;
mod score;
mod sift;

pub use assignment::{
    Answered, Assessor, Assignment, MOST_WISHES, MyAssessment, Readers, Wish, still_wanted, too_many_wishes,
};
pub use combined::{Combining, InterviewOf, InterviewStanding, follows_interviews};
pub use mean::{AfterInterview, Mean, Ranked, Standing, rank};
#[cfg(test)]
pub(super) use score::tests;
pub use score::{
    Confidence, MOST_WORDS, MyScores, NewScore, NewScores, Reading, Score, below, missing, newest, reason_fault,
    score_faults, value_fault, weighted,
};
pub use sift::{Mark, Marked, NewMark, NewMarks, SiftResult, Suggestion, mark_faults, sifted};

use diesel::Queryable;
use serde::{Deserialize, Serialize};

use crate::{
    bids::unnamed::model::LEAD,
    identity::policy::{self, BidKind},
    ids::{BidKey, Id, OrganisationKey, RoundKey, WorkflowKey},
};

/// What this room needs to know of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct BidRow {
    /// Its id.
    pub id: Id<BidKey>,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The name of its lead authority.
    pub lead: String,
    /// Its lead authority.
    pub lead_id: Id<OrganisationKey>,
    /// Its round.
    pub round_id: Id<RoundKey>,
    /// The workflow that it is pinned to.
    pub workflow_id: Id<WorkflowKey>,
    /// The state that everybody who sees it may know.
    pub state: String,
    /// What sort of state that is.
    pub kind: BidKind,
}

/// A bid as lists name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BidLine {
    /// Its id.
    pub id: Id<BidKey>,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The name of its lead authority.
    pub lead: String,
}

impl BidRow {
    /// The same as whoever stands to it like this may read it: some assessors do not learn whose it is.
    #[must_use]
    pub fn as_read_by(self, standing: &policy::Standing) -> Self {
        if standing.reads_without_names() { Self { lead: LEAD.into(), ..self } } else { self }
    }
}

impl From<BidRow> for BidLine {
    fn from(bid: BidRow) -> Self {
        Self { id: bid.id, reference: bid.reference, title: bid.title, lead: bid.lead }
    }
}
