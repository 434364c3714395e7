//! The list of awards under a budget: the plain line down the ranking, and beside it the best choice within the rules, proven
//! to be the best or to be within a gap of it, with what each rule costs and whom it moves.

mod best;
mod bid;
mod branch;
mod choice;
mod contradiction;
mod covers;
mod history;
mod model;
mod notes;
mod relaxed;
mod rows;
mod search;
mod simplex;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use bid::Bid;
pub use model::{Problem, Rule, Tied, Unaffordable};

use crate::Faults;
use choice::Choice;
use rows::Programme;
use search::Found;

/// What is asked beside the problem.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// The gap, as a share of the value, at which the search may end.
    pub gap: f64,
    /// Whether to say what each rule costs, for which the problem is solved once more for each.
    pub costs: bool,
}

/// A list of awards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The references, in the order of the ranking.
    pub chosen: Vec<String>,
    /// What they are worth together.
    pub value: f64,
    /// What they ask for together.
    pub amount: i64,
}

/// What one rule costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleCost {
    /// Its number among the rules, from 0.
    pub rule: usize,
    /// The rule in words.
    pub words: String,
    /// How much more the list would be worth without it.
    pub cost: f64,
    /// The most that this can be, where the search ended early.
    pub cost_bound: f64,
    /// Who is on the list only because of it.
    pub brings_in: Vec<String>,
    /// Who would be on the list without it.
    pub keeps_out: Vec<String>,
}

/// A bid whose place on the list is not that of the plain line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// The bid.
    pub bid: String,
    /// Whether it is on the list.
    pub chosen: bool,
    /// The rules without which its place would be that of the plain line; none, where it follows from several or from the
    /// budget.
    pub rules: Vec<usize>,
}

/// The best list within the rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Portfolio {
    /// The references, in the order of the ranking.
    pub chosen: Vec<String>,
    /// What they are worth together.
    pub value: f64,
    /// No list within the rules is worth more.
    pub bound: f64,
    /// The distance of the two as a share of the value; 0 when the list is proven to be the best.
    pub gap: f64,
    /// What the chosen ask for together.
    pub amount: i64,
    /// The plain line, which knows no rule.
    pub plain: Line,
    /// How the list departs from the plain line.
    pub departures: Vec<Departure>,
    /// What each rule costs, if that was asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleCost>,
    /// What is odd about the problem: rules that are likely a slip, values below 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What comes of a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The list.
    Chosen(Box<Portfolio>),
    /// No list keeps all rules: these contradict each other, and without any one of them the others do not.
    Contradiction {
        /// Their numbers, from 0.
        rules: Vec<usize>,
        /// Whether the limit of awards is part of it.
        most: bool,
        /// Whether the budget is part of it.
        budget: bool,
        /// The same in words.
        message: String,
        /// What is odd about the problem, as with a list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
    },
    /// The time was over before any list was found.
    Unfinished {
        /// In words.
        message: String,
    },
}

/// The JSON Schema of a problem.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Problem)
}

/// Chooses the best list; `goes_on` is asked again and again, and ends the search by saying no.
///
/// # Errors
/// When the problem makes no sense.
pub fn choose(problem: &Problem, wish: Wish, goes_on: &dyn Fn() -> bool) -> Result<Answer, Faults> {
    problem.check()?;
    let programme = Programme::new(problem, |_| true);
    let found = search::search(&programme, wish.gap, goes_on);
    let Some((_, items)) = &found.best else {
        return Ok(if found.finished { contradiction::contradiction(problem, goes_on) } else { unfinished() });
    };
    let chosen = filled(problem, &programme, items);
    let plain = plain(problem);
    let Line { chosen: references, value, amount } = line(problem, &chosen);
    let rules = if wish.costs { costs(problem, (&chosen, value), wish, goes_on) } else { Vec::new() };
    Ok(Answer::Chosen(Box::new(Portfolio {
        departures: departures(problem, &chosen, &plain, &rules),
        plain: line(problem, &plain),
        chosen: references,
        value,
        bound: if found.finished { value } else { found.bound.max(value) },
        gap: if found.finished { 0.0 } else { (found.bound - value).max(0.0) / value.abs().max(f64::MIN_POSITIVE) },
        amount,
        rules,
        notes: notes::notes(problem),
    })))
}

fn unfinished() -> Answer {
    let message = "the time was over before any list within the rules was found, and before it was proven that there is none: \
                   give more time";
    Answer::Unfinished { message: message.to_owned() }
}

/// The bids of a choice, with every further one that makes the list worth no less, down the ranking as far as the rows allow.
///
/// Of lists that are worth the same it is so the one which the plain line comes to where no rule is in its way: bids of value 0,
/// of which the sum of values says nothing, are taken in the order of the ranking while the money lasts.
fn filled(problem: &Problem, programme: &Programme, items: &[bool]) -> BTreeSet<usize> {
    let mut of_bid = vec![0; problem.bids.len()];
    for (item, bids) in programme.items.iter().enumerate() {
        bids.iter().for_each(|bid| of_bid[*bid] = item);
    }
    let order: Vec<usize> = ranking(problem).into_iter().map(|bid| of_bid[bid]).collect();
    let mut choice = Choice::of(programme, items);
    for item in order.iter().rev().filter(|item| programme.values[**item] == 0.0) {
        if choice.chosen[*item] {
            choice.turn(*item);
            if !choice.keeps_least(*item) {
                choice.turn(*item);
            }
        }
    }
    for item in order.into_iter().filter(|item| programme.values[*item] >= 0.0) {
        if !choice.chosen[item] && choice.has_room(item) {
            choice.turn(item);
        }
    }
    bids_of(programme, &choice.chosen)
}

/// The bids of the items that are chosen.
fn bids_of(programme: &Programme, items: &[bool]) -> BTreeSet<usize> {
    let chosen = programme.items.iter().zip(items).filter(|(_, chosen)| **chosen);
    chosen.flat_map(|(bids, _)| bids.iter().copied()).collect()
}

/// The bids by value, the earlier first of equals.
fn ranking(problem: &Problem) -> Vec<usize> {
    let mut order: Vec<usize> = (0..problem.bids.len()).collect();
    order.sort_by(|a, b| problem.bids[*b].value.total_cmp(&problem.bids[*a].value));
    order
}

fn line(problem: &Problem, chosen: &BTreeSet<usize>) -> Line {
    let order: Vec<&Bid> =
        ranking(problem).into_iter().filter(|bid| chosen.contains(bid)).map(|bid| &problem.bids[bid]).collect();
    Line {
        chosen: order.iter().map(|bid| bid.bid.clone()).collect(),
        // The sum of no values is -0.
        value: order.iter().map(|bid| bid.value).sum::<f64>() + 0.0,
        amount: order.iter().map(|bid| bid.amount).sum(),
    }
}

/// Down the ranking while the money lasts.
fn plain(problem: &Problem) -> BTreeSet<usize> {
    let (mut left, mut chosen) = (i128::from(problem.budget), BTreeSet::new());
    let most = problem.most.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let value = |bid: usize| problem.bids[bid].value;
    let as_one = |a: &usize, b: &usize| problem.tied == Tied::Together && value(*a).total_cmp(&value(*b)).is_eq();
    for tied in ranking(problem).chunk_by(as_one) {
        let amount: i128 = tied.iter().map(|bid| i128::from(problem.bids[*bid].amount)).sum();
        if amount <= left && chosen.len() + tied.len() <= most {
            left -= amount;
            chosen.extend(tied);
        } else if problem.unaffordable == Unaffordable::Stop {
            break;
        }
    }
    chosen
}

/// Solves without each rule in turn.
fn costs(
    problem: &Problem,
    (chosen, value): (&BTreeSet<usize>, f64),
    wish: Wish,
    goes_on: &dyn Fn() -> bool,
) -> Vec<RuleCost> {
    let references = |bids: Vec<usize>| bids.into_iter().map(|bid| problem.bids[bid].bid.clone()).collect();
    let cost = |(number, rule): (usize, &Rule)| {
        let programme = Programme::new(problem, |each| each != number);
        let Found { best, bound, .. } = search::search(&programme, wish.gap, goes_on);
        let (other, without) = best.map_or((value, chosen.clone()), |(_, items)| {
            let chosen = filled(problem, &programme, &items);
            (line(problem, &chosen).value, chosen)
        });
        // What the rule allows is allowed without it too: where the search ended early, the list at hand is no worse.
        let without = if other > value { without } else { chosen.clone() };
        RuleCost {
            rule: number,
            words: rule.words(),
            cost: (other - value).max(0.0),
            cost_bound: (bound.max(other) - value).max(0.0),
            brings_in: references(chosen.difference(&without).copied().collect()),
            keeps_out: references(without.difference(chosen).copied().collect()),
        }
    };
    problem.rules.iter().enumerate().map(cost).collect()
}

fn departures(
    problem: &Problem,
    chosen: &BTreeSet<usize>,
    plain: &BTreeSet<usize>,
    rules: &[RuleCost],
) -> Vec<Departure> {
    let moved = ranking(problem).into_iter().filter(|bid| chosen.contains(bid) != plain.contains(bid));
    let departure = |number: usize| {
        let (bid, is_chosen) = (problem.bids[number].bid.clone(), chosen.contains(&number));
        let moved_by = |rule: &&RuleCost| if is_chosen { &rule.brings_in } else { &rule.keeps_out }.contains(&bid);
        let rules = rules.iter().filter(moved_by).map(|rule| rule.rule).collect();
        Departure { bid, chosen: is_chosen, rules }
    };
    moved.map(departure).collect()
}
