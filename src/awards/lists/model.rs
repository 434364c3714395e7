//! The list under a budget as it is read and sent.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    funds::{assessing::RankedBy, rulebook::Unaffordable},
    money::Pence,
    words,
};

words! {
    /// Where a list has a bid.
    pub enum OnList {
        /// On it.
        Fund = "fund",
        /// In reserve.
        Reserve = "reserve",
        /// Neither.
        Decline = "decline",
    }
}

impl OnList {
    /// The same as a suggestion.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Fund => "Fund",
            Self::Reserve => "Reserve",
            Self::Decline => "Not fund",
        }
    }
}

/// What somebody wants to try. What is left out is as the round has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// Another budget.
    pub budget_pence: Option<Pence>,
    /// Another number of awards at most.
    pub most_awards: Option<u32>,
    /// The rules to leave out, by their numbers; `most_awards` stands for the number of awards.
    pub without: BTreeSet<String>,
}

impl WhatIf {
    /// Whether anything is to be tried.
    pub fn is_something(&self) -> bool {
        *self != Self::default()
    }
}

/// The best list within the rules beside the plain line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AwardChoice)]
pub struct Choice {
    /// The ranking of record that it follows.
    pub ranking: i32,
    /// The hash of the round's rules.
    pub rules_hash: String,
    /// The SHA-256 of everything that it is chosen from: ranking, rules, budget, bids and what rules tell them apart by.
    pub inputs_sha256: String,
    /// The SHA-256 of the list itself: of all that and of which bids are on it, in reserve and next. A search that ends with its
    /// time may find another list in the same inputs. Left out where there is no list, and of a list of record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_sha256: Option<String>,
    /// Which figure a bid is worth: the one that the ranking follows. An expected rank is turned round, so that more is better:
    /// one more than the number of ranked bids, less the rank.
    pub by: RankedBy,
    /// How much can be awarded, in pence.
    pub budget_pence: Pence,
    /// How many bids can be awarded at most.
    pub most_awards: Option<u32>,
    /// What becomes of a bid that the money left does not reach, on the plain line.
    pub unaffordable: Unaffordable,
    /// The rules, in the order of the round's, and what each costs.
    pub rules: Vec<RuleLine>,
    /// What the plain line down the ranking comes to.
    pub plain: Total,
    /// What the list comes to; null where there is none.
    pub list: Option<Total>,
    /// No list within the rules is worth more.
    pub bound: Option<f64>,
    /// How far the bound is above the list, as a share of its worth: 0 when the list is proven to be the best.
    pub gap: Option<f64>,
    /// Whether the search ended because its time was over.
    pub time_limit_hit: bool,
    /// How many seconds the search may take.
    pub time_limit_seconds: u64,
    /// Why there is no list, where there is none.
    pub trouble: Option<String>,
    /// The bids that can be on the list, in the order of the ranking.
    pub bids: Vec<ListedBid>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// What it changes against the list under the rules in force, where something else is tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
}

/// What a list comes to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AwardTotal)]
pub struct Total {
    /// How many awards.
    pub awards: usize,
    /// What the bids are worth together.
    pub worth: f64,
    /// What they ask for together, in pence.
    pub amount_pence: Pence,
}

/// A rule of the list and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AwardRule)]
pub struct RuleLine {
    /// Its number among the round's, from 1; `most_awards` for the number of awards.
    pub rule: String,
    /// What it says.
    pub words: String,
    /// Whether it holds here.
    pub holds: bool,
    /// How much more the list would be worth without it; null where that is not known, or it does not hold.
    pub cost: Option<f64>,
    /// The most that this can be, where the search ended early.
    pub cost_at_most: Option<f64>,
    /// Who is on the list only because of it, by reference.
    pub brings_in: Vec<String>,
    /// Who would be on the list without it.
    pub keeps_out: Vec<String>,
}

/// A bid that can be on the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ListedBid {
    /// Its reference.
    pub bid: String,
    /// Its title, where it is known still.
    #[serde(default)]
    pub title: Option<String>,
    /// Its lead authority, where it is known still.
    #[serde(default)]
    pub lead: Option<String>,
    /// Its place in the ranking, from 1; bids with the same figure share one.
    pub place: u32,
    /// What it is worth.
    pub worth: f64,
    /// What it asks for, in pence.
    pub ask_pence: Pence,
    /// What rules tell it apart by. An answer to a question that a rule names stands under `answer:` and the question's id.
    pub attributes: BTreeMap<String, String>,
    /// Where the plain line has it.
    pub plain: OnList,
    /// Where the list has it; null where there is none.
    pub list: Option<OnList>,
    /// In which order it would come next, from 1, if it is not on the list.
    pub next: Option<usize>,
    /// Whether that is not what the ranking says: it is not on the list while a bid below it is, or is on it while a bid above is
    /// not.
    pub departs: bool,
    /// The rules without which it would stand as the ranking says, by their numbers; none, where it follows from several together
    /// or from the budget.
    pub because: Vec<String>,
    /// Whether it was drawn by lot; null for a bid that was in no draw.
    #[serde(default)]
    pub drawn: Option<bool>,
    /// Whether it was put on the list or taken off by hand.
    #[serde(default)]
    pub by_hand: bool,
    /// Why it departs, on a list of record.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What trying something else changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AwardChanges)]
pub struct Changes {
    /// Who comes onto the list, by reference.
    pub comes_in: Vec<String>,
    /// Who goes off it.
    pub goes_out: Vec<String>,
    /// How much more the list is worth.
    pub worth: f64,
    /// How much more its bids ask for, in pence.
    pub amount_pence: i64,
}

/// A list of record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AwardListOfRecord)]
pub struct Record {
    /// Which, and who made it.
    #[serde(flatten)]
    pub line: RecordLine,
    /// Whether ranking, rules, budget and bids are still those that it was made of.
    pub current: bool,
    /// The list.
    #[serde(flatten)]
    pub choice: Choice,
}

/// A list of record among the others.
#[derive(Debug, Clone, PartialEq, Eq, diesel::Queryable, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AwardListOfRecordLine)]
pub struct RecordLine {
    /// Counts the lists of the round, from 1: the newest counts.
    pub number: i32,
    /// When it was made.
    pub made_at: Moment,
    /// Who made it, by name.
    pub made_by: String,
}

/// A list that is to be the one of record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAwardList)]
pub struct NewList {
    /// The `inputs_sha256` of the choice that was looked at. If something else has come in its place, nothing is kept.
    #[serde(default)]
    pub seen: Option<String>,
    /// The `list_sha256` of the choice that was looked at. The list is searched for again before it is kept: if another one comes
    /// out, nothing is kept, and the answer is 409 with the code `list_differs`.
    #[serde(default)]
    pub seen_list: Option<String>,
    /// Bids to put onto the list by hand, by reference.
    #[serde(default)]
    pub put_in: Vec<String>,
    /// Bids to take off the list by hand, by reference.
    #[serde(default)]
    pub take_out: Vec<String>,
    /// How many bids stand in reserve, in the order of the ranking; those of the first place if not said.
    #[serde(default)]
    pub reserves: Option<u32>,
    /// Why each bid departs from the ranking for which nothing is said by itself. It is published with the awards.
    #[serde(default)]
    pub reason: Option<String>,
    /// Why single bids depart, by reference. Published likewise.
    #[serde(default)]
    pub reasons: BTreeMap<String, String>,
}

/// The number of a list that was made, or that stands already because nothing has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AwardListMade)]
pub struct Made {
    /// Its number.
    pub number: i32,
    /// Whether it is new.
    pub new: bool,
}
