//! What can be changed about a published round, as it is proposed and as it is read.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    approvals::model::Support,
    clock::Moment,
    error::{Fault, Result},
    funds::{
        amending,
        model::RoundInFull,
        rulebook::Rulebook,
        store::{BudgetChange, RulebookRow},
    },
    money::Pence,
    words,
};

/// The most characters of a reason.
const LONGEST_REASON: usize = 2_000;

words! {
    /// What is changed.
    pub enum AmendmentKind {
        /// The round is called off.
        Cancellation = "cancellation",
        /// What decides it.
        Rules = "rules",
        /// How much can be awarded.
        Budget = "budget",
    }
}

impl AmendmentKind {
    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cancellation => "Cancelling the round",
            Self::Rules => "Changing the rules",
            Self::Budget => "Changing the budget",
        }
    }
}

/// That a round is called off, on its way in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    /// Why; it is published.
    pub reason: String,
}

/// Other rules on their way in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRules {
    /// The whole rulebook as it is to be, with the questions as they are.
    pub rulebook: Rulebook,
    /// Why; it is published.
    pub reason: String,
}

/// Another budget on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBudget {
    /// How much can be awarded, in pence.
    pub budget_pence: Pence,
    /// Why; it is published.
    pub reason: String,
}

/// What one manager proposes and a second stands behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposed {
    /// That the round is called off.
    Cancellation(Cancellation),
    /// Other rules.
    Rules(Box<NewRules>),
    /// Another budget.
    Budget(NewBudget),
}

impl Proposed {
    /// What is changed.
    pub const fn kind(&self) -> AmendmentKind {
        match self {
            Self::Cancellation(_) => AmendmentKind::Cancellation,
            Self::Rules(_) => AmendmentKind::Rules,
            Self::Budget(_) => AmendmentKind::Budget,
        }
    }

    /// Why.
    pub fn reason(&self) -> &str {
        match self {
            Self::Cancellation(new) => new.reason.trim(),
            Self::Rules(new) => new.reason.trim(),
            Self::Budget(new) => new.reason.trim(),
        }
    }

    /// What is wrong with the words that say why.
    pub fn reason_fault(&self) -> Option<Fault> {
        Fault::of_text("reason", self.reason(), LONGEST_REASON, "Say why: everybody reads it.")
    }

    /// What it changes of the round as it is, each a phrase.
    pub fn changes(&self, round: &RoundInFull) -> Vec<String> {
        match self {
            Self::Cancellation(_) => Vec::new(),
            Self::Rules(new) => amending::differences(&round.rulebook, &new.rulebook),
            Self::Budget(new) => vec![in_words(round.round.budget_pence, new.budget_pence)],
        }
    }

    /// The hash of what people stand behind: the proposal, and what it would change.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which never happens.
    pub fn hash(&self, round: &RoundInFull) -> Result<Vec<u8>> {
        let budget = round.round.budget_pence;
        let basis = match self {
            Self::Cancellation(_) => String::new(),
            Self::Rules(_) => round.rules_hash.clone(),
            Self::Budget(_) => budget.0.to_string(),
        };
        Ok(Sha256::digest(serde_json::to_vec(&(round.round.id, basis, self))?).to_vec())
    }
}

fn in_words(from: Pence, to: Pence) -> String {
    format!("Budget: from {from} to {to}")
}

/// A proposal that waits for a second manager, for the fund's staff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RoundAmendmentProposal)]
pub struct Proposal {
    /// What is changed.
    pub kind: AmendmentKind,
    /// The same in words.
    pub title: String,
    /// Why.
    pub reason: String,
    /// What it changes, each a phrase.
    pub changes: Vec<String>,
    /// The rules as they are to be, if they are changed.
    pub rulebook: Option<Rulebook>,
    /// The budget as it is to be, if it is changed, in pence.
    pub budget_pence: Option<Pence>,
    /// Who stands behind it, and who is still wanted.
    pub support: Support,
    /// Whether the reader can approve it.
    pub may_approve: bool,
    /// Whether the reader made it, and can take it back.
    pub own: bool,
}

/// A change of a published round that is in force, for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RoundAmendment)]
pub struct Amendment {
    /// What was changed.
    pub kind: AmendmentKind,
    /// The same in words.
    pub title: String,
    /// Which of its kind, from 1.
    pub number: i32,
    /// Why.
    pub reason: String,
    /// Since when it is in force.
    pub at: Moment,
    /// What it changed, each a phrase.
    pub changes: Vec<String>,
    /// The hash of the rules before, in hexadecimal digits, if they were changed.
    pub rules_before: Option<String>,
    /// The hash of the rules since.
    pub rules_since: Option<String>,
    /// The budget before, if it was changed, in pence.
    pub budget_before_pence: Option<Pence>,
    /// The budget since, in pence.
    pub budget_since_pence: Option<Pence>,
}

impl Amendment {
    fn of(kind: AmendmentKind, number: i32, (reason, at): (&str, Moment)) -> Self {
        let title = match kind {
            AmendmentKind::Cancellation => "The round was cancelled",
            AmendmentKind::Rules => "The rules were changed",
            AmendmentKind::Budget => "The budget was changed",
        };
        Self {
            kind,
            title: title.into(),
            number,
            reason: reason.into(),
            at,
            changes: Vec::new(),
            rules_before: None,
            rules_since: None,
            budget_before_pence: None,
            budget_since_pence: None,
        }
    }

    /// That the round was called off.
    pub fn of_cancellation(round: &RoundInFull) -> Option<Self> {
        let (at, reason) = (round.round.cancelled_at?, round.round.cancelled_because.as_deref()?);
        Some(Self::of(AmendmentKind::Cancellation, 1, (reason, at)))
    }

    /// One version of the rules after another.
    ///
    /// # Errors
    /// When one cannot be read, which never happens.
    pub fn of_rules(before: &RulebookRow, after: &RulebookRow) -> Result<Self> {
        Ok(Self {
            changes: amending::differences(&before.rulebook()?, &after.rulebook()?),
            rules_before: Some(hex::encode(&before.hash)),
            rules_since: Some(hex::encode(&after.hash)),
            ..Self::of(AmendmentKind::Rules, after.number - 1, (&after.reason, after.created_at))
        })
    }

    /// A change of the budget.
    pub fn of_budget(change: &BudgetChange) -> Self {
        Self {
            changes: vec![in_words(change.from_pence, change.to_pence)],
            budget_before_pence: Some(change.from_pence),
            budget_since_pence: Some(change.to_pence),
            ..Self::of(AmendmentKind::Budget, change.number, (&change.reason, change.made_at))
        }
    }
}
