//! The roles of a workflow: what a person is to a bid.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a person is to a bid. One person may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works for the lead authority.
    LeadMember,
    /// Signs for the lead authority: its section 151 officer or a deputy.
    LeadSignatory,
    /// Manages the lead authority's people.
    LeadAdministrator,
    /// Works for a partner authority.
    PartnerMember,
    /// Signs for a partner authority.
    PartnerSignatory,
    /// Runs the fund.
    FundManager,
    /// Scores bids.
    Assessor,
    /// Settles scores that lie apart.
    Moderator,
    /// Reads what the fund's people read, and does nothing.
    Observer,
    /// Nobody: a milestone has come.
    System,
}

impl Role {
    /// Every role, for tests and for pages on which a definition is edited.
    pub const ALL: [Self; 10] = [
        Self::LeadMember,
        Self::LeadSignatory,
        Self::LeadAdministrator,
        Self::PartnerMember,
        Self::PartnerSignatory,
        Self::FundManager,
        Self::Assessor,
        Self::Moderator,
        Self::Observer,
        Self::System,
    ];

    /// Whether the role is one of the bid's own councils.
    pub fn is_applicant(self) -> bool {
        matches!(
            self,
            Self::LeadMember
                | Self::LeadSignatory
                | Self::LeadAdministrator
                | Self::PartnerMember
                | Self::PartnerSignatory
        )
    }

    /// The word for it in definitions.
    pub const fn word(self) -> &'static str {
        match self {
            Self::LeadMember => "lead_member",
            Self::LeadSignatory => "lead_signatory",
            Self::LeadAdministrator => "lead_administrator",
            Self::PartnerMember => "partner_member",
            Self::PartnerSignatory => "partner_signatory",
            Self::FundManager => "fund_manager",
            Self::Assessor => "assessor",
            Self::Moderator => "moderator",
            Self::Observer => "observer",
            Self::System => "system",
        }
    }

    /// What people call those who hold it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::LeadMember | Self::LeadSignatory | Self::LeadAdministrator => "lead authority",
            Self::PartnerMember | Self::PartnerSignatory => "partner",
            Self::FundManager => "fund manager",
            Self::Assessor => "assessor",
            Self::Moderator => "moderator",
            Self::Observer => "observer",
            Self::System => "the service, by itself",
        }
    }

    /// The role of this word; a capacity that no workflow speaks of has none.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}
