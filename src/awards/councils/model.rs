//! A bid in the list of one council, and how the list is narrowed. Pure.

use serde::{Deserialize, Serialize};

use crate::{
    bids::model::{Bid, open_stage},
    clock::Moment,
    funds::rulebook::Stage,
    identity::policy::BidKind,
    ids::{BidKey, Id},
    money::Pence,
    partnerships::model::PartnerState,
    words,
    workflow::Definition,
};

words! {
    /// What a council is or was to a bid.
    pub enum Part {
        /// It leads.
        Leads = "leads",
        /// It has joined.
        Joined = "joined",
        /// It was asked to join and has not answered.
        Invited = "invited",
        /// It was asked to join and did not want to.
        Declined = "declined",
        /// It had joined and has left.
        Left = "left",
        /// The lead took it out, or its invitation back.
        TakenOut = "taken_out",
    }
}

impl Part {
    /// In words, of the council.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Leads => "Leads",
            Self::Joined => "Has joined",
            Self::Invited => "Is invited",
            Self::Declined => "Declined",
            Self::Left => "Has left",
            Self::TakenOut => "Was taken out",
        }
    }

    /// Whether the council still has to do with it, and so reads it.
    pub const fn stands(self) -> bool {
        matches!(self, Self::Leads | Self::Joined | Self::Invited)
    }
}

impl From<PartnerState> for Part {
    fn from(state: PartnerState) -> Self {
        match state {
            PartnerState::Invited => Self::Invited,
            PartnerState::Confirmed => Self::Joined,
            PartnerState::Declined => Self::Declined,
            PartnerState::Withdrawn => Self::TakenOut,
            PartnerState::Left => Self::Left,
        }
    }
}

words! {
    /// How far a bid has come, for the people of a council that has to do with it.
    pub enum HowFar {
        /// Its form is open, and what is written there is not submitted yet.
        Writing = "writing",
        /// It is submitted and not read yet.
        Submitted = "submitted",
        /// It waits for its next stage to be begun.
        Between = "between",
        /// It is being assessed.
        Assessed = "assessed",
        /// An outcome stands.
        Decided = "decided",
        /// The project runs.
        Delivery = "delivery",
        /// Nothing more happens.
        Ended = "ended",
    }
}

impl HowFar {
    /// How far a bid has come of which these stages were submitted. A draft that was not submitted in time has ended, although
    /// its text stays, and a full application is being written although its expression of interest was submitted.
    pub fn of(bid: &Bid, definition: &Definition, submitted: &[Stage]) -> Self {
        let has_ended = definition.state(&bid.state).is_some_and(|state| state.terminal);
        match (bid.kind, open_stage(definition, &bid.state)) {
            (BidKind::Decided, _) => Self::Decided,
            (BidKind::Delivery, _) => Self::Delivery,
            (BidKind::Closed, _) => Self::Ended,
            _ if has_ended => Self::Ended,
            (BidKind::Review, _) => Self::Assessed,
            (BidKind::Draft, _) => Self::Writing,
            (BidKind::Waiting, Some(stage)) if submitted.contains(&stage) => Self::Submitted,
            (BidKind::Waiting, Some(_)) => Self::Writing,
            (BidKind::Waiting, None) => Self::Between,
        }
    }

    /// As people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Writing => "Being written",
            Self::Submitted => "Submitted",
            Self::Between => "Between stages",
            Self::Assessed => "Being assessed",
            Self::Decided => "Decided",
            Self::Delivery => "Project under way",
            Self::Ended => "Closed",
        }
    }
}

/// A bid in the list of one council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CouncilBid {
    /// Its id.
    #[serde(skip)]
    pub id: Option<Id<BidKey>>,
    /// Its reference.
    pub reference: String,
    /// Its title; null where the council has nothing to do with it any more and it is not published.
    pub title: Option<String>,
    /// Its round's place in addresses.
    pub round: String,
    /// Its round's title.
    pub round_title: String,
    /// The lead authority; null where the council has nothing to do with it any more and it is not published.
    pub lead: Option<String>,
    /// What the council is or was to it.
    pub part: Part,
    /// How far it has come, for the people of a council that has to do with it.
    pub progress: Option<HowFar>,
    /// Where it stands, in words; of a published bid what is published of that.
    pub state: Option<String>,
    /// When it was last submitted, as far as the reader may know.
    pub submitted_at: Option<Moment>,
    /// What was awarded, once that is published.
    pub awarded_pence: Option<Pence>,
    /// Where people read it.
    #[serde(skip)]
    pub page: Option<String>,
}

/// How the list is narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Only where the council is or was this.
    pub part: Option<Part>,
    /// Only what has come so far.
    pub progress: Option<HowFar>,
    /// Only of this round.
    pub round: Option<String>,
}

impl Narrowed {
    /// Whether a bid stays.
    pub fn keeps(&self, bid: &CouncilBid) -> bool {
        self.part.is_none_or(|part| part == bid.part)
            && self.progress.is_none_or(|progress| Some(progress) == bid.progress)
            && self.round.as_ref().is_none_or(|round| *round == bid.round)
    }
}
