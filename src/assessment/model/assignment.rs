//! Who reads which bid.

use serde::{Deserialize, Serialize};

use super::BidLine;
use crate::{
    clock::Moment,
    error::Fault,
    ids::{Id, PersonKey},
};

/// A bid given to an assessor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Assignment {
    /// The reference of the bid.
    pub bid: String,
    /// The assessor.
    pub person: Id<PersonKey>,
    /// The assessor's name.
    pub name: String,
    /// When it was given.
    pub assigned_at: Moment,
    /// When the assessor submitted the assessment.
    pub submitted_at: Option<Moment>,
    /// Counts changes.
    pub version: i32,
    /// What whoever gave it should know, such as that the assessor has more bids than they can read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Somebody who assesses for a fund, with how many bids of the round they were given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Assessor {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// How many bids they were given.
    pub given: u32,
    /// How many assessments they have submitted.
    pub submitted: u32,
    /// How many bids they can read at most, where the round has a pool and they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
}

/// A wish that an assessor reads a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The reference of the bid.
    pub bid: String,
    /// The assessor.
    pub person: Id<PersonKey>,
}

/// How many bids can be given at once by hand.
pub const MOST_WISHES: usize = 1_000;

/// What is wrong with giving so many bids at once.
pub fn too_many_wishes(sent: usize) -> Option<Fault> {
    let message =
        || format!("Give at most {MOST_WISHES} bids at once, you sent {sent}. Send the rest in another call.");
    (sent > MOST_WISHES).then(|| Fault::new("assignments", "too_many", message()))
}

/// What became of one wish among several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Answered {
    /// The reference of the bid.
    pub bid: String,
    /// The assessor.
    pub person: Id<PersonKey>,
    /// Whether the assessor has the bid now.
    pub done: bool,
    /// The stable code of the reason, if not.
    pub code: Option<String>,
    /// The reason, if not.
    pub message: Option<String>,
    /// What whoever gave it should know, such as that the assessor has more bids than they can read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// How far the assessment of a bid is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Readers {
    /// How many assessors have the bid.
    pub given_to: u32,
    /// How many of them have submitted.
    pub submitted: u32,
}

impl Readers {
    /// Whether everybody who has the bid has submitted, and they are as many as the round asks for.
    pub const fn complete(self, least: u32) -> bool {
        self.submitted == self.given_to && self.submitted >= least
    }
}

/// How many readers are still wanted in the place of those who were lost: each who was given the bid since then stands for one.
pub fn still_wanted(lost: &[Moment], given: &[Moment]) -> u32 {
    let losses = lost.iter().map(|at| (*at, false));
    let mut steps: Vec<(Moment, bool)> = losses.chain(given.iter().map(|at| (*at, true))).collect();
    // At one instant whoever is lost comes before whoever is given.
    steps.sort_unstable();
    steps.into_iter().fold(0, |wanted: u32, (_, found)| if found { wanted.saturating_sub(1) } else { wanted + 1 })
}

/// A bid given to the reader of a list, with how far they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MyAssessment {
    /// The bid.
    #[serde(flatten)]
    pub bid: BidLine,
    /// The round's place in addresses.
    pub round: String,
    /// How many criteria are scored.
    pub scored: u32,
    /// How many criteria there are.
    pub criteria: u32,
    /// When the assessment was submitted.
    pub submitted_at: Option<Moment>,
    /// Whether scores can be given or changed now: not once moderation is open.
    pub open: bool,
    /// By when the round wants its scores, where it says so. It is a wish and no deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted_by: Option<Moment>,
    /// Whether it is read without learning whose it is, until the awards are announced.
    pub without_names: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_who_was_lost_is_wanted_until_somebody_is_given_the_bid_afterwards() {
        let at = |micros: &[i64]| micros.iter().copied().map(Moment::from_micros).collect::<Vec<_>>();
        let wanted = |lost: &[i64], given: &[i64]| still_wanted(&at(lost), &at(given));
        assert_eq!(wanted(&[], &[1, 2]), 0);
        assert_eq!(wanted(&[5], &[1, 2]), 1, "whoever had it before is no replacement");
        assert_eq!(wanted(&[5], &[1, 5]), 0, "who is given it at that instant is one");
        assert_eq!(wanted(&[5, 7], &[6]), 1);
        assert_eq!(wanted(&[5, 7], &[6, 8, 9]), 0);
    }
}
