//! The words of a workflow: states, transitions, who may take them, what must hold, what they do.
//!
//! A transition without `release` moves the bid at once. A transition with `release` records a decision and touches no bid: the bid
//! moves when the milestone's instant has come (see [`Place`](super::Place)). Serde refuses every field that is not listed here.

use serde::{Deserialize, Serialize};

use super::rules::Rule;

/// A workflow: a document that belongs to a round; each bid is pinned to one version of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The stable name, such as `local-digital-fund-1`.
    pub id: String,
    /// The name that people read.
    pub title: String,
    /// Counts up from 1; a changed definition is a new version.
    pub version: u32,
    /// The state in which every bid begins.
    pub start: String,
    /// The milestones that the definition refers to; the round gives each its instant.
    pub milestones: Vec<String>,
    /// Where a bid can be.
    pub states: Vec<State>,
    /// How a bid gets from one state to another.
    pub transitions: Vec<Transition>,
}

/// Where a bid can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The stable name; bids refer to it, so that it must never change its meaning.
    pub id: String,
    /// What sort of state it is, whatever its name.
    pub kind: Kind,
    /// The words for it.
    pub labels: Labels,
    /// Whether a bid may rest here for good. Ways out may still exist: a reserve may yet be funded.
    #[serde(default, skip_serializing_if = "is_false")]
    pub terminal: bool,
}

/// What sort of state it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The council is writing, and nobody else has seen anything yet.
    Draft,
    /// Something was submitted; the council may still change it, or has the next step.
    Waiting,
    /// The fund is reading, scoring or deciding.
    Review,
    /// There is an outcome.
    Decided,
    /// The money is being spent.
    Delivery,
    /// It is over.
    Closed,
}

impl Kind {
    /// The word for it in definitions.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Waiting => "waiting",
            Self::Review => "review",
            Self::Decided => "decided",
            Self::Delivery => "delivery",
            Self::Closed => "closed",
        }
    }
}

/// The three labels of a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// What the fund's people call it.
    pub staff: String,
    /// What the councils of the bid call it.
    pub applicant: String,
    /// What happens next, as a sentence to the applicant.
    pub next: String,
}

/// A way from one state to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The stable name.
    pub id: String,
    /// The words on the button.
    pub label: String,
    /// The states from which it may be taken.
    pub from: Vec<String>,
    /// The state to which it leads.
    pub to: String,
    /// Whoever holds one of these roles may take it.
    pub who: Vec<Role>,
    /// What must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Rule>,
    /// Whether the round's own rules of eligibility must hold as well.
    #[serde(default, skip_serializing_if = "is_false")]
    pub eligibility: bool,
    /// Who else has to agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approvals: Option<Approvals>,
    /// What it does besides moving the bid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// The milestone from whose instant on it may be taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
    /// The milestone up to and including whose instant it may be taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<String>,
    /// The milestone after which the system takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_at: Option<String>,
    /// The milestone at which it shows; until then it is a recorded decision and nothing else. One that may not be taken
    /// before that very milestone shows at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Which decision it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// Whether it tells the applicant an outcome, which needs a mail and feedback.
    #[serde(default, skip_serializing_if = "is_false")]
    pub outcome: bool,
}

/// How many different people have to agree, and what makes their agreement void.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approvals {
    /// How many different people.
    pub count: u32,
    /// The roles of which each must hold one.
    pub roles: Vec<Role>,
    /// The changes to the bid after which everybody has to be asked again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voided_by: Vec<Change>,
}

/// A part of a bid whose change matters to those who agreed to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// An answer.
    Answers,
    /// A cost or a share.
    Costs,
    /// A document.
    Documents,
    /// Who takes part.
    Partners,
}

/// What a person is to a bid. One person may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

    /// The role of this word; a capacity that no workflow speaks of has none.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// Which decision of the fund a transition takes; a bid has at most one standing decision at each gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Whether an expression of interest goes on.
    Sift,
    /// Whether a full application may be considered.
    Eligibility,
    /// That the scores of a bid are complete.
    Assessment,
    /// Whether a bid is among those from which the awards are chosen.
    Shortlist,
    /// Whether a bid is funded.
    Award,
    /// Whether a bid on the reserve list is funded after all.
    Reserve,
}

/// What a transition does besides moving the bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    /// The answers can no longer be edited.
    LockAnswers,
    /// The answers as they are become a version that stands.
    KeepVersion,
    /// The full application's form opens for the bid.
    OpenFullApplication,
    /// Assessors may score the bid.
    OpenScoring,
    /// Scores can no longer be changed.
    CloseScoring,
    /// A mail to the bid's people.
    SendMail {
        /// The template, one of [`MAILS`](super::check::MAILS).
        template: String,
    },
    /// The funded bid becomes a project.
    CreateProject,
}

impl Gate {
    /// Every gate, in the order of the field.
    pub const ALL: [Self; 6] =
        [Self::Sift, Self::Eligibility, Self::Assessment, Self::Shortlist, Self::Award, Self::Reserve];

    /// The word for it in definitions.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sift => "sift",
            Self::Eligibility => "eligibility",
            Self::Assessment => "assessment",
            Self::Shortlist => "shortlist",
            Self::Award => "award",
            Self::Reserve => "reserve",
        }
    }

    /// The gate of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gate| gate.word() == word)
    }
}

impl Effect {
    /// Whether the bid's councils or the public could notice it, so that it has to wait for the release of a decision.
    pub fn waits_for_release(&self) -> bool {
        !matches!(self, Self::OpenScoring | Self::CloseScoring)
    }
}

impl Definition {
    /// The state of that name.
    pub fn state(&self, id: &str) -> Option<&State> {
        self.states.iter().find(|state| state.id == id)
    }

    /// The transition of that name.
    pub fn transition(&self, id: &str) -> Option<&Transition> {
        self.transitions.iter().find(|transition| transition.id == id)
    }

    /// Whether a bid comes to `state` by a decision that tells its councils an outcome.
    pub fn tells_outcome(&self, state: &str) -> bool {
        self.transitions.iter().any(|transition| transition.outcome && transition.to == state)
    }

    /// What the system does with a bid in `state` once `milestone` has passed. The check proves that there is at most one.
    pub fn automatic(&self, state: &str, milestone: &str) -> Option<&Transition> {
        self.transitions
            .iter()
            .find(|transition| transition.automatic_at.as_deref() == Some(milestone) && transition.leaves(state))
    }
}

impl Transition {
    /// Whether it may be taken from `state`.
    pub fn leaves(&self, state: &str) -> bool {
        self.from.iter().any(|from| from == state)
    }

    /// Whether it shows as soon as it is decided: it cannot be decided before the milestone of its release.
    pub fn shows_at_once(&self) -> bool {
        self.release.is_some() && self.not_before == self.release
    }

    /// What is done in the moment in which the transition is taken.
    pub fn effects_when_taken(&self) -> impl Iterator<Item = &Effect> {
        let is_decision = self.release.is_some();
        self.effects.iter().filter(move |effect| !(is_decision && effect.waits_for_release()))
    }

    /// What is done in the moment in which the decision is released; nothing where there is nothing to release.
    pub fn effects_when_released(&self) -> impl Iterator<Item = &Effect> {
        let is_decision = self.release.is_some();
        self.effects.iter().filter(move |effect| is_decision && effect.waits_for_release())
    }

    /// The templates of the mails that it sends.
    pub fn mails(&self) -> impl Iterator<Item = &str> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::SendMail { template } => Some(template.as_str()),
            _ => None,
        })
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
