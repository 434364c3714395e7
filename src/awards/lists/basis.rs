//! What a list is chosen from: the ranking, the round's rules, and what each bid asks for and is told apart by.

use std::collections::{BTreeMap, BTreeSet};

use methods::portfolio;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::model::WhatIf;
use crate::{
    assessment::money_rule::{Purse, Ranked, Suggestion, fund_while_money_lasts},
    error::{Fault, Result},
    funds::{
        assessing::{PortfolioRule, RankedBy},
        rulebook::Unaffordable,
    },
    ids::{BidKey, Id},
    money::Pence,
};

/// What a list is chosen from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The number of the ranking of record.
    pub ranking: i32,
    /// The SHA-256 of the scores that it was made of.
    pub scores_sha256: String,
    /// The hash of the round's rules.
    pub rules_hash: String,
    /// Which figure the order follows.
    pub by: RankedBy,
    /// What becomes of a bid that the money left does not reach, on the plain line.
    pub unaffordable: Unaffordable,
    /// How much can be awarded.
    pub budget: Pence,
    /// How many bids can be awarded at most.
    pub most_awards: Option<u32>,
    /// The rules of the list.
    pub rules: Vec<PortfolioRule>,
    /// The number of the draw at the funding line, where one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<i32>,
    /// From where worth is measured, in millionths: below 0 where the scale goes there.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub measured_from: i64,
    /// The bids that can be on the list, best first; down the line where there was a draw.
    pub bids: Vec<Entrant>,
}

/// A bid that can be on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrant {
    pub id: Id<BidKey>,
    pub reference: String,
    /// Its place in the ranking, from 1.
    pub place: u32,
    /// What it is worth, in millionths: 0 or more.
    pub micros: i64,
    /// What it asks for.
    pub ask: Pence,
    /// What the rules tell it apart by.
    pub is: BTreeMap<String, String>,
    /// Where it stands down the line, from 1, where there was a draw: what lies above the funding line, what is drawn, what is not,
    /// and what lies below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Whether it is drawn; nothing for one that was in no draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<bool>,
}

impl Entrant {
    /// Where it stands for the walk while the money lasts: its place in the ranking, or down the line where there was a draw.
    fn position(&self) -> u32 {
        self.line.unwrap_or(self.place)
    }
}

/// What is asked of the list: the rules in force, or others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub budget: Pence,
    pub most_awards: Option<u32>,
    /// Whether each rule holds.
    pub holds: Vec<bool>,
}

/// One of the limits that a list keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// How many bids can be awarded.
    Most,
    /// A rule, by its number from 0.
    Rule(usize),
}

impl Limit {
    const MOST: &'static str = "most_awards";

    /// As people and programs name it: rules are counted from 1.
    pub fn word(self) -> String {
        match self {
            Self::Most => Self::MOST.to_owned(),
            Self::Rule(number) => (number + 1).to_string(),
        }
    }
}

const fn is_nothing(micros: &i64) -> bool {
    *micros == 0
}

/// By which name a bid's answer to a question is told apart.
pub fn answer_to(question: &str) -> String {
    format!("answer:{question}")
}

impl Basis {
    /// The text that is kept, and its SHA-256.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which never happens.
    pub fn sealed(&self) -> Result<(String, String)> {
        let text = serde_json::to_string(self)?;
        let hash = hex::encode(Sha256::digest(text.as_bytes()));
        Ok((text, hash))
    }

    /// The rules in force.
    pub fn in_force(&self) -> Terms {
        Terms { budget: self.budget, most_awards: self.most_awards, holds: vec![true; self.rules.len()] }
    }

    /// The limits that the round has.
    pub fn limits(&self) -> Vec<Limit> {
        let most = self.most_awards.map(|_| Limit::Most);
        most.into_iter().chain((0..self.rules.len()).map(Limit::Rule)).collect()
    }

    /// What somebody wants to try.
    ///
    /// # Errors
    /// Every fault of it.
    pub fn what_if(&self, wish: &WhatIf) -> Result<Terms, Vec<Fault>> {
        let mut faults = Vec::new();
        let budget = wish.budget_pence.unwrap_or(self.budget);
        if !(Pence(0)..=Pence::MOST).contains(&budget) {
            let message = format!("Try a budget from £0 to {}.", Pence::MOST);
            faults.push(Fault::new("budget_pence", "out_of_range", message));
        }
        let limits: Vec<String> = self.limits().into_iter().map(Limit::word).collect();
        let unknown: BTreeSet<&String> = wish.without.iter().filter(|word| !limits.contains(word)).collect();
        if !unknown.is_empty() {
            let named: Vec<String> = unknown.into_iter().map(|word| format!("“{word}”")).collect();
            let message = format!(
                "The round has no rule {}. Name rules by their numbers, and the number of awards “{}”.",
                named.join(", "),
                Limit::MOST
            );
            faults.push(Fault::new("without", "unknown_rule", message));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let without = |limit: Limit| wish.without.contains(&limit.word());
        let most_awards = wish.most_awards.or(self.most_awards.filter(|_| !without(Limit::Most)));
        let holds = (0..self.rules.len()).map(|rule| !without(Limit::Rule(rule))).collect();
        Ok(Terms { budget, most_awards, holds })
    }

    /// The bid with this reference.
    pub fn bid(&self, reference: &str) -> Option<&Entrant> {
        self.bids.iter().find(|bid| bid.reference == reference)
    }

    /// What some of the bids are worth together, in millionths.
    pub fn worth(&self, chosen: &BTreeSet<&str>) -> i64 {
        self.among(chosen).map(|bid| bid.micros).sum()
    }

    /// What some of the bids ask for together.
    pub fn cost(&self, chosen: &BTreeSet<&str>) -> Pence {
        self.among(chosen).map(|bid| bid.ask).sum()
    }

    fn among<'a>(&'a self, chosen: &'a BTreeSet<&str>) -> impl Iterator<Item = &'a Entrant> {
        self.bids.iter().filter(|bid| chosen.contains(bid.reference.as_str()))
    }

    /// Down the ranking, or down the line where there was a draw, while money and awards last, whatever the rules say.
    pub fn plain(&self, terms: &Terms) -> Suggestion {
        let ranked = |bid: &Entrant| {
            let place = i32::try_from(bid.position()).unwrap_or(i32::MAX);
            Ranked { bid: bid.id, ask: bid.ask, place }
        };
        let ranked: Vec<Ranked> = self.bids.iter().map(ranked).collect();
        let purse = Purse { budget: terms.budget, most_awards: terms.most_awards };
        fund_while_money_lasts(&ranked, purse, self.unaffordable)
    }

    /// The bids whose place on a list is not what the ranking says: those that are not on it while one below or of their own place
    /// is, and those that are on it while one above is not. Nothing ranks bids of one place, so that whoever loses there is told why.
    pub fn departing(&self, chosen: &BTreeSet<&str>) -> BTreeSet<&str> {
        let places = |on: bool| {
            let bids = self.bids.iter().filter(move |bid| chosen.contains(bid.reference.as_str()) == on);
            bids.map(|bid| bid.place)
        };
        let (last_on, first_off) = (places(true).max(), places(false).min());
        let departs = |bid: &&Entrant| {
            let on = chosen.contains(bid.reference.as_str());
            if on { first_off.is_some_and(|off| off < bid.place) } else { last_on.is_some_and(|on| bid.place <= on) }
        };
        self.bids.iter().filter(departs).map(|bid| bid.reference.as_str()).collect()
    }

    /// What is not on a list, in the order in which it would come next: that of the ranking, and of the references where places
    /// are shared.
    pub fn next(&self, chosen: &BTreeSet<&str>) -> Vec<&Entrant> {
        self.bids.iter().filter(|bid| !chosen.contains(bid.reference.as_str())).collect()
    }

    /// How many of these stand in reserve unless somebody says another number: those of the first place.
    pub fn usual_reserves(&self, chosen: &BTreeSet<&str>) -> usize {
        let next = self.next(chosen);
        next.iter().take_while(|bid| next.first().is_some_and(|first| first.position() == bid.position())).count()
    }

    /// The problem as `roundtable portfolio` reads it, with the number of the rule that each of its rules comes from. A rule about
    /// something of which no bid says what it is limits nothing and is left out, and so is a bid that was not drawn.
    pub fn problem(&self, terms: &Terms) -> (portfolio::Problem, Vec<usize>) {
        let rules = self.rules.iter().enumerate().zip(&terms.holds).filter(|(_, holds)| **holds);
        let bids: Vec<Entrant> = self.bids.iter().filter(|bid| bid.drawn != Some(false)).cloned().collect();
        let written = rules.flat_map(|((number, rule), _)| {
            let rules = rule.written(&bids);
            rules.into_iter().map(move |rule| (rule, number))
        });
        let (rules, owners) = written.unzip();
        let written_bid = |bid: &Entrant| portfolio::Bid {
            bid: bid.reference.clone(),
            value: whole(bid.micros),
            amount: bid.ask.0,
            is: bid.is.clone(),
        };
        let problem = portfolio::Problem {
            budget: terms.budget.0,
            most: terms.most_awards,
            unaffordable: match self.unaffordable {
                Unaffordable::Skip => portfolio::Unaffordable::Skip,
                Unaffordable::Stop => portfolio::Unaffordable::Stop,
            },
            tied: portfolio::Tied::Together,
            bids: bids.iter().map(written_bid).collect(),
            rules,
        };
        (problem, owners)
    }
}

/// Millionths as a number with so few digits that every reader of JSON holds it exactly.
pub fn whole(micros: i64) -> f64 {
    micros as f64 / 1e6
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Bids that share a place where they are worth the same: what each is worth and asks for, and its theme.
    pub fn basis(bids: &[(i64, i64, &str)], rules: serde_json::Value) -> Basis {
        let entrant = |(number, (micros, ask, theme)): (usize, &(i64, i64, &str))| Entrant {
            id: Id::of(uuid::Uuid::from_u128(number as u128)),
            reference: format!("B{number}"),
            place: bids.iter().filter(|(other, ..)| other > micros).count() as u32 + 1,
            micros: *micros * 1_000_000,
            ask: Pence(*ask),
            is: BTreeMap::from([("theme".to_owned(), (*theme).to_owned()), (answer_to("q"), (*theme).to_owned())]),
            line: None,
            drawn: None,
        };
        Basis {
            ranking: 1,
            scores_sha256: "scores".into(),
            rules_hash: "rules".into(),
            by: RankedBy::RawMean,
            unaffordable: Unaffordable::Skip,
            budget: Pence(100),
            most_awards: None,
            rules: serde_json::from_value(rules).unwrap(),
            draw: None,
            measured_from: 0,
            bids: bids.iter().enumerate().map(entrant).collect(),
        }
    }

    #[test]
    fn what_departs_from_the_ranking_is_what_stands_across_and_who_loses_a_tie() {
        let of = basis(&[(9, 1, "a"), (8, 1, "a"), (8, 1, "b"), (7, 1, "b")], serde_json::json!([]));
        let departing = |chosen: &[&'static str]| {
            of.departing(&chosen.iter().copied().collect()).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(departing(&["B0", "B1"]), ["B2"]);
        assert_eq!(departing(&["B0", "B1", "B2"]), [] as [&str; 0]);
        assert_eq!(departing(&["B0", "B3"]), ["B1", "B2", "B3"]);
        assert_eq!(departing(&["B1"]), ["B0", "B1", "B2"]);
        assert_eq!(departing(&[]), [] as [&str; 0]);
        assert_eq!(of.usual_reserves(&BTreeSet::from(["B0"])), 2);
        assert_eq!(of.usual_reserves(&BTreeSet::from(["B0", "B1"])), 1);
    }

    #[test]
    fn what_if_takes_what_the_round_has_and_names_what_it_has_not() {
        let rules = serde_json::json!([{ "rule": "each", "of": "theme", "awards": 1 }]);
        let of = Basis { most_awards: Some(2), ..basis(&[(9, 1, "a")], rules) };
        let wish = |without: &[&str], most_awards, budget| WhatIf {
            budget_pence: Some(Pence(budget)),
            most_awards,
            without: without.iter().map(|word| (*word).to_owned()).collect(),
        };
        let off = of.what_if(&wish(&["1", "most_awards"], None, 50)).unwrap();
        assert_eq!(off, Terms { budget: Pence(50), most_awards: None, holds: vec![false] });
        assert_eq!(of.what_if(&wish(&[], Some(7), 0)).unwrap().most_awards, Some(7));
        assert_eq!(of.what_if(&WhatIf::default()).unwrap(), of.in_force());
        let faults = of.what_if(&wish(&["2", "budget"], None, -1)).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["budget_pence", "without"]);
    }
}
