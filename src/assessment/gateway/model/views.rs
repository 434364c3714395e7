//! Gateway checks as they are read: of a round and of one bid.

use serde::{Deserialize, Serialize};

use super::{CheckMark, CheckState, GatewayStanding, GatewayState};
use crate::{assessment::model::BidLine, clock::Moment, funds::assessing::Check};

/// The bids of a round at the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = GatewayOfRound)]
pub struct RoundGateway {
    /// The round's checks, in order.
    pub checks: Vec<Check>,
    /// How many bids have passed.
    pub passed: usize,
    /// How many have failed.
    pub failed: usize,
    /// How many have a check that is still to be marked or confirmed, and none that has failed.
    pub open: usize,
    /// The bids, oldest first.
    pub bids: Vec<GatewayLine>,
}

impl RoundGateway {
    /// The next bid with something to be marked, after this one if one is said.
    pub fn next(&self, after: Option<&str>) -> Option<&GatewayLine> {
        let waits =
            |line: &&GatewayLine| line.state == GatewayState::Open && Some(line.bid.reference.as_str()) != after;
        let here = after.and_then(|after| self.bids.iter().position(|line| line.bid.reference == after)).unwrap_or(0);
        self.bids.iter().skip(here).find(waits).or_else(|| self.bids.iter().find(waits))
    }
}

/// A bid at the gateway among the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = BidAtGateway)]
pub struct GatewayLine {
    /// The bid.
    #[serde(flatten)]
    pub bid: BidLine,
    /// Where it stands.
    pub state: GatewayState,
    /// Where each check stands, in the order of the round's checks.
    pub checks: Vec<CheckState>,
}

/// One bid at the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = GatewayOfBid)]
pub struct BidGateway {
    /// The bid.
    #[serde(flatten)]
    pub bid: BidLine,
    /// The round's place in addresses.
    pub round: String,
    /// Where it stands; nothing in a round without checks.
    pub standing: Option<GatewayStanding>,
    /// The round's checks with what was found.
    pub checks: Vec<CheckView>,
    /// Whether the reader can mark them now.
    pub open: bool,
    /// The number of the version of the full application that stands; 0 where none was submitted here.
    pub about: i32,
    /// Counts the marks of the bid.
    pub version: i32,
}

/// A check with what was found of it in one bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = GatewayCheckOfBid)]
pub struct CheckView {
    /// The check.
    #[serde(flatten)]
    pub check: Check,
    /// Where it stands.
    pub state: CheckState,
    /// Every mark on it, the newest first.
    pub marks: Vec<MarkView>,
}

/// A mark as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = GatewayMark)]
pub struct MarkView {
    /// Counts the marks of the bid, from 1.
    pub number: i32,
    /// What was found.
    pub mark: CheckMark,
    /// Why; may be empty for a pass.
    pub reason: String,
    /// The number of the version of the full application that it was given for.
    pub about: i32,
    /// Whether that is an earlier version than the one that stands.
    pub outdated: bool,
    /// When.
    pub at: Moment,
    /// Who gave it, by name.
    pub by: String,
}
