//! The words of a workflow: states, transitions, who may take them, what must hold, what they do.
//!
//! A transition with a `gate` is a decision of the fund, every other one moves the bid at once. A decision with `release` is
//! recorded and touches no bid: the bid moves when the milestone's instant has come (see [`Place`](super::Place)). A decision
//! without `release` shows as soon as it is taken. Serde refuses every field that is not listed here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::role::Role;
use super::rules::Rule;

/// A workflow: a document that belongs to a round; each bid is pinned to one version of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The stable name; bids refer to it, so that it must never change its meaning.
    pub id: String,
    /// What sort of state it is, whatever its name.
    pub kind: Kind,
    /// The words for it.
    pub labels: Labels,
    /// The form that the applicant fills in while the bid is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// What it means for the bid to be here. Every end and every decided state says it, no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    /// Whether a bid may rest here for good. Ways out may still exist: a reserve may yet be funded.
    #[serde(default, skip_serializing_if = "is_false")]
    pub terminal: bool,
}

impl State {
    /// The id that the state of withdrawn bids must have: the one state that queries of bids know by name.
    pub const WITHDRAWN: &'static str = "withdrawn";
}

/// What sort of state it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Every kind, in the order in which a bid meets them.
    pub const ALL: [Self; 6] = [Self::Draft, Self::Waiting, Self::Review, Self::Decided, Self::Delivery, Self::Closed];

    /// The kind of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

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

/// The form of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The expression of interest.
    Eoi,
    /// The full application.
    Full,
}

impl Form {
    /// Both forms.
    pub const ALL: [Self; 2] = [Self::Eoi, Self::Full];

    /// The word for it in definitions.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Eoi => "eoi",
            Self::Full => "full",
        }
    }

    /// The form of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }
}

/// What a state means, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The bid has money, or has spent it.
    Funded,
    /// It gets money if some becomes free.
    Reserve,
    /// It gets none: not invited, not eligible or not chosen.
    NotFunded,
    /// Its own councils took it back.
    Withdrawn,
    /// It was not submitted in time.
    Lapsed,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [Self::Funded, Self::Reserve, Self::NotFunded, Self::Withdrawn, Self::Lapsed];

    /// The word for it in definitions.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Funded => "funded",
            Self::Reserve => "reserve",
            Self::NotFunded => "not_funded",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }

    /// The outcome of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// The three labels of a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Who has to stand behind it: together with the release, where the decision waits for one.
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
    /// The milestone at which a decision shows; until then it is recorded and nothing else. One without shows at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Which decision it takes; what has no gate is no decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// Whether it tells the applicant an outcome, which needs a mail and feedback.
    #[serde(default, skip_serializing_if = "is_false")]
    pub outcome: bool,
}

/// How many different people have to agree, whoever asks among them, and what makes their agreement void.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

impl Change {
    /// Every part.
    pub const ALL: [Self; 4] = [Self::Answers, Self::Costs, Self::Documents, Self::Partners];

    /// The word for it in definitions.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Costs => "costs",
            Self::Documents => "documents",
            Self::Partners => "partners",
        }
    }

    /// The part of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.word() == word)
    }
}

/// Which decision of the fund a transition takes; a bid has at most one standing decision at each gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Whether the bid's councils or the public could notice it, so that it has to wait until the decision shows.
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

    /// The form that is filled in in this state.
    pub fn form_in(&self, state: &str) -> Option<Form> {
        self.state(state)?.form
    }

    /// Whether a submitted version stands in this state, which a newer one may replace while the form is open.
    pub fn stands_in(&self, state: &str) -> bool {
        let brings_a_version = |transition: &Transition| transition.to == state && transition.keeps_version();
        self.form_in(state).is_some() && self.transitions.iter().any(brings_a_version)
    }

    /// Whether any of its states has this form.
    pub fn asks_for(&self, form: Form) -> bool {
        self.states.iter().any(|state| state.form == Some(form))
    }

    /// What it means for a bid to be in this state, if it means anything for good.
    pub fn result_of(&self, state: &str) -> Option<Outcome> {
        self.state(state)?.result
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

    /// Whether it is a decision of the fund, which is recorded beside the bid.
    pub fn is_decision(&self) -> bool {
        self.gate.is_some()
    }

    /// Whether it is a decision that shows as soon as it is taken.
    pub fn shows_at_once(&self) -> bool {
        self.is_decision() && self.release.is_none()
    }

    /// Whether it opens with the release that closes it: nobody could take it.
    pub(super) fn follows_its_release(&self) -> bool {
        self.is_decision() && self.release.is_some() && self.release == self.not_before
    }

    /// Who has to stand behind it before it is taken. What waits for a release is approved with it instead, all decisions of
    /// the milestone together.
    pub fn waits_for_people(&self) -> Option<&Approvals> {
        self.approvals.as_ref().filter(|_| self.release.is_none())
    }

    /// Whether it submits: what the bid says becomes a version that stands.
    pub fn keeps_version(&self) -> bool {
        self.effects.contains(&Effect::KeepVersion)
    }

    /// What is done in the moment in which the transition is taken.
    pub fn effects_when_taken(&self) -> impl Iterator<Item = &Effect> {
        let is_decision = self.is_decision();
        self.effects.iter().filter(move |effect| !(is_decision && effect.waits_for_release()))
    }

    /// What is done in the moment in which the decision shows; nothing where there is no decision.
    pub fn effects_when_released(&self) -> impl Iterator<Item = &Effect> {
        let is_decision = self.is_decision();
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
