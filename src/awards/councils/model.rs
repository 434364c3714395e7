//! A bid in the list of one council, and how the list is narrowed. Pure.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    identity::policy::BidKind,
    ids::{BidKey, Id},
    money::Pence,
    partnerships::model::PartnerState,
    words,
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
    /// The lead authority.
    pub lead: String,
    /// What the council is or was to it.
    pub part: Part,
    /// The kind of state that it is in, for the people of a council that has to do with it.
    pub kind: Option<BidKind>,
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
    /// Only in states of this kind.
    pub kind: Option<BidKind>,
    /// Only of this round.
    pub round: Option<String>,
}

impl Narrowed {
    /// Whether a bid stays.
    pub fn keeps(&self, bid: &CouncilBid) -> bool {
        self.part.is_none_or(|part| part == bid.part)
            && self.kind.is_none_or(|kind| Some(kind) == bid.kind)
            && self.round.as_ref().is_none_or(|round| *round == bid.round)
    }
}

/// A kind of state, as people call it.
pub const fn title_of(kind: BidKind) -> &'static str {
    match kind {
        BidKind::Draft => "Being written",
        BidKind::Waiting => "Between stages",
        BidKind::Review => "Being assessed",
        BidKind::Decided => "Decided",
        BidKind::Delivery => "Project under way",
        BidKind::Closed => "Closed",
    }
}
