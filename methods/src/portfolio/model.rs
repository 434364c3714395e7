//! A list to be chosen, as a document: bids with what they are worth and ask for, a budget, and the rules that were fixed when
//! the round opened.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bid::Bid;
use crate::{Fault, Faults};

/// What is to be chosen from, and within which rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// How much can be spent, in whole pence or any other unit that the amounts have too.
    pub budget: i64,
    /// How many bids can be chosen at most, where that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
    /// What the plain line does at a bid that the money left does not reach.
    #[serde(default)]
    pub unaffordable: Unaffordable,
    /// What the plain line does with bids of equal value.
    #[serde(default)]
    pub tied: Tied,
    /// The bids; of equal values the earlier stands first in the ranking.
    pub bids: Vec<Bid>,
    /// The rules.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// What the plain line does with bids of equal value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tied {
    /// Takes the earlier first.
    #[default]
    Apart,
    /// Takes all of them or none, because nothing ranks one of them above the other.
    Together,
}

/// What the plain line does at a bid that the money left does not reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unaffordable {
    /// Goes on to the next bid.
    #[default]
    Skip,
    /// Ends there.
    Stop,
}

/// One rule of the round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// At most so many awards, or so much money, for the bids whose attribute has this value.
    Cap {
        /// The attribute, such as theme.
        of: String,
        /// Its value, such as housing.
        is: String,
        /// How many awards at most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        awards: Option<u32>,
        /// How much money at most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<i64>,
    },
    /// At least so many awards, or so much money, for the bids whose attribute has this value.
    Floor {
        /// The attribute.
        of: String,
        /// Its value.
        is: String,
        /// How many awards at least.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        awards: Option<u32>,
        /// How much money at least.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<i64>,
    },
    /// At most so many awards, or so much money, for each value of the attribute: at most one for each service area, say.
    Each {
        /// The attribute, such as lead.
        of: String,
        /// How many awards at most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        awards: Option<u32>,
        /// How much money at most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<i64>,
    },
    /// At most one of these bids.
    Exclusive {
        /// Their references.
        bids: Vec<String>,
    },
    /// All of these bids, or none.
    Together {
        /// Their references.
        bids: Vec<String>,
    },
}

/// Amounts up to this add up without a care for any number of bids that memory holds.
const MOST_AMOUNT: i64 = 1_000_000_000_000_000;

impl Problem {
    /// Reads the document.
    ///
    /// # Errors
    /// When it is no JSON of this form; with the place.
    pub fn read(file: &[u8]) -> Result<Self, Faults> {
        serde_json::from_slice(file).map_err(|fault| {
            let message = format!("cannot be read: {fault}; `roundtable portfolio --schema` prints what it must be");
            Fault::of_all(message).into()
        })
    }

    /// Whether the document makes sense.
    ///
    /// # Errors
    /// With each bid that stands twice or has no reference or no proper value or amount, and each rule that names what is not there.
    pub fn check(&self) -> Result<(), Faults> {
        let mut faults = Vec::new();
        if self.budget < 0 {
            faults.push(Fault::of_field("/budget", "must be 0 or more"));
        }
        if self.bids.is_empty() {
            faults.push(Fault::of_field("/bids", "there is no bid to choose"));
        }
        let mut seen = HashSet::new();
        for (index, bid) in self.bids.iter().enumerate() {
            let place = |field: &str| format!("/bids/{index}/{field}");
            if bid.bid.trim().is_empty() {
                faults.push(Fault::of_field(place("bid"), format!("bid {} of the list has no reference", index + 1)));
            } else if !seen.insert(&bid.bid) {
                faults.push(Fault::of_field(place("bid"), format!("{} stands twice", bid.bid)));
            }
            if !bid.value.is_finite() || bid.value.abs() > 1e12 {
                faults.push(Fault::of_field(place("value"), "must be a number of ordinary size"));
            }
            if !(0..=MOST_AMOUNT).contains(&bid.amount) {
                faults.push(Fault::of_field(place("amount"), format!("must be from 0 to {MOST_AMOUNT}")));
            }
        }
        for (index, rule) in self.rules.iter().enumerate() {
            rule.check(&seen, self, &mut |field, message| {
                faults.push(Fault::of_field(format!("/rules/{index}/{field}"), message));
            });
        }
        Faults::none_or(faults)
    }

    /// The number of each bid by its reference.
    pub(super) fn numbers(&self) -> HashMap<&str, usize> {
        self.bids.iter().enumerate().map(|(number, bid)| (bid.bid.as_str(), number)).collect()
    }
}

impl Rule {
    fn check(&self, known: &HashSet<&String>, problem: &Problem, fault: &mut impl FnMut(&str, String)) {
        let has = |of: &String| problem.bids.iter().any(|bid| bid.is.contains_key(of));
        match self {
            Self::Cap { of, awards, amount, .. }
            | Self::Floor { of, awards, amount, .. }
            | Self::Each { of, awards, amount } => {
                if !has(of) {
                    fault("of", format!("no bid has {of:?}: mend the name, or give it to the bids"));
                }
                if awards.is_some() == amount.is_some() {
                    fault("awards", "give either awards or amount".to_owned());
                }
                if amount.is_some_and(|amount| amount < 0) {
                    fault("amount", "must be 0 or more".to_owned());
                }
            }
            Self::Exclusive { bids } | Self::Together { bids } => {
                if bids.len() < 2 {
                    fault("bids", "name two bids at least".to_owned());
                }
                let mut seen = HashSet::new();
                for bid in bids {
                    if !known.contains(bid) {
                        fault("bids", format!("there is no bid {bid}"));
                    } else if !seen.insert(bid) {
                        fault("bids", format!("{bid} stands twice"));
                    }
                }
            }
        }
    }

    /// The rule in words.
    #[must_use]
    pub fn words(&self) -> String {
        let limit = |awards: &Option<u32>, amount: &Option<i64>| match (awards, amount) {
            (Some(1), _) => "1 award".to_owned(),
            (Some(awards), _) => format!("{awards} awards"),
            (None, amount) => format!("an amount of {}", amount.unwrap_or(0)),
        };
        match self {
            Self::Cap { of, is, awards, amount } => format!("at most {} where {of} is {is}", limit(awards, amount)),
            Self::Floor { of, is, awards, amount } => format!("at least {} where {of} is {is}", limit(awards, amount)),
            Self::Each { of, awards, amount } => format!("at most {} for each {of}", limit(awards, amount)),
            Self::Exclusive { bids } => format!("at most one of {}", bids.join(", ")),
            Self::Together { bids } => format!("all or none of {}", bids.join(", ")),
        }
    }
}
