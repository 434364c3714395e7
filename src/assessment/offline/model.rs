//! What becomes of a form that was filled in offline, bid by bid.

use serde::{Deserialize, Serialize};

use crate::{assessment::model::Score, clock::Moment, funds::rulebook::Criterion, words};

words! {
    /// What became of a bid of a form that was sent back.
    pub enum OfflineOutcome {
        /// Its scores are kept as a draft.
        Saved = "saved",
        /// Its assessment is submitted.
        Submitted = "submitted",
        /// The form says of it what is kept already, or nothing.
        Unchanged = "unchanged",
        /// Nothing of it is kept, for the reasons that are given.
        Refused = "refused",
    }
}

/// What became of one bid of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = OfflineItem)]
pub struct Item {
    /// The reference, as the form has it.
    pub bid: String,
    /// What became of it.
    pub outcome: OfflineOutcome,
    /// How many criteria are scored now, where that can be told.
    pub scored: Option<u32>,
    /// What keeps it from being kept or submitted, in the order of the form.
    pub faults: Vec<LineFault>,
}

/// What is wrong with a line of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LineFault {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong and what to do.
    pub message: String,
}

impl LineFault {
    /// What is wrong with a line.
    pub fn new(line: u32, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// A bid that somebody was given, with what they have scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnBid {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its lead authority.
    pub lead: String,
    /// The criteria by which it is scored.
    pub criteria: Vec<Criterion>,
    /// The scores that count.
    pub scores: Vec<Score>,
    /// When its assessment was submitted.
    pub submitted_at: Option<Moment>,
    /// Whether it can be scored now.
    pub open: bool,
    /// Counts changes of the assessment.
    pub version: i32,
}
