//! Flags and questions as they are read: by the fund team with who asked, by the bid's readers without.

use serde::{Deserialize, Serialize};

use super::{QueryKind, QueryState, QueryStepKind, Said};
use crate::{assessment::model::BidLine, clock::Moment};

/// What followed on a flag or question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FundQueryStep)]
pub struct QueryStep {
    /// Counts the steps, from 1.
    pub number: i32,
    /// What it is.
    pub step: QueryStepKind,
    /// In words.
    pub words: String,
    /// Who reads it.
    pub to: Said,
    /// When.
    pub at: Moment,
    /// Who wrote it, by name; the fund team alone reads this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A flag or question as the bid's readers read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ReaderFundQuery)]
pub struct ReaderQuery {
    /// Its place among those of the bid.
    pub number: i32,
    /// What it is.
    pub kind: QueryKind,
    /// In words.
    pub words: String,
    /// When it was asked.
    pub at: Moment,
    /// Whether the reader has asked it. Of others' they read what the fund team shares with all.
    pub mine: bool,
    /// Where it stands.
    pub state: QueryState,
    /// What followed.
    pub steps: Vec<QueryStep>,
    /// Counts the steps, for whoever asked it.
    pub version: i32,
}

/// A flag or question as the fund team reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FundQuery {
    /// The bid.
    pub bid: BidLine,
    /// The round's place in addresses.
    pub round: String,
    /// Its place among those of the bid.
    pub number: i32,
    /// What it is.
    pub kind: QueryKind,
    /// In words.
    pub words: String,
    /// When it was asked.
    pub at: Moment,
    /// Who asked, by name.
    pub by: String,
    /// Where it stands.
    pub state: QueryState,
    /// What followed.
    pub steps: Vec<QueryStep>,
    /// Counts the steps.
    pub version: i32,
}

/// A flag or question among those of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FundQueryLine)]
pub struct QueryLine {
    /// The bid.
    pub bid: BidLine,
    /// Its place among those of the bid.
    pub number: i32,
    /// What it is.
    pub kind: QueryKind,
    /// In words.
    pub words: String,
    /// When it was asked.
    pub at: Moment,
    /// Who asked, by name.
    pub by: String,
    /// Where it stands.
    pub state: QueryState,
}

/// The flags and questions of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FundQueries)]
pub struct RoundQueries {
    /// How many wait for the fund team.
    pub open: usize,
    /// Those that wait, oldest first, then the others, newest first.
    pub queries: Vec<QueryLine>,
}
