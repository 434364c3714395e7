//! Expressions of interest, the marks of the sift and the texts of feedback.

use serde::Deserialize;

use super::Several;
use crate::{clock::Moment, words};

words! {
    /// What of a bid is a fact with a source; all else is illustrative.
    pub enum Known {
        /// Who led it.
        Lead = "lead",
        /// Who took part (each partner says so for itself, too).
        Partners = "partners",
        /// What it was given.
        Amount = "amount",
        /// Discovery or alpha.
        Phase = "phase",
        /// What it was about.
        Subject = "subject",
    }
}

/// `bids.csv`: an expression of interest.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bid {
    /// Its id within the scenario; the service gives it a reference of its own.
    pub id: String,
    /// When it is submitted.
    pub received_at: Moment,
    /// The lead's code.
    pub lead: String,
    /// Councils that it names as would-be partners.
    pub partners_named: Several<String>,
    /// The phase's id.
    pub phase: String,
    /// The service that it is about: a choice of the form's question `service`.
    pub service: String,
    /// Its title.
    pub title: String,
    /// The common problem.
    pub problem: String,
    /// What the lead wants to understand or do.
    pub aim: String,
    /// The reusable results.
    pub assets: String,
    /// What the discovery found, for an alpha.
    pub evidence: String,
    /// Training wanted.
    pub training: Several<String>,
    /// Words to find it by.
    pub tags: Several<String>,
    /// The bid with which it should make one full application.
    pub merge_with: Option<String>,
    /// What of it is a fact.
    pub known: Several<Known>,
    /// Where the facts come from.
    pub source: Option<String>,
}

words! {
    /// The sift's mark of an answer.
    pub enum Mark {
        /// Good enough.
        Pass = "pass",
        /// Good enough, with something to mend.
        PassWithCaveats = "pass_with_caveats",
        /// Not good enough.
        Fail = "fail",
    }
}

/// `sift.csv`: the mark of an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiftMark {
    /// The bid.
    pub bid: String,
    /// The question of the expression of interest.
    pub question: String,
    /// The mark.
    pub mark: Mark,
    /// The text of feedback for a caveat or a fail.
    pub feedback: Option<String>,
}

words! {
    /// Where a text of feedback is used.
    pub enum FeedbackStage {
        /// Beside a marked answer; `about` is the question, `mark` the mark.
        Sift = "sift",
        /// As the opening of a letter; `about` is the stage, `mark` the outcome.
        Outcome = "outcome",
        /// After the scores; `about` is the criterion, `mark` is `strongest` or `weakest`.
        Decision = "decision",
    }
}

/// `feedback.csv`: a text of feedback.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// Stable id.
    pub id: String,
    /// Where it is used.
    pub stage: FeedbackStage,
    /// The question, the stage or the criterion.
    pub about: String,
    /// The mark or the outcome.
    pub mark: String,
    /// The text.
    pub text: String,
}
