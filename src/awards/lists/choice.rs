//! The search for the best list, by the methods that `roundtable portfolio` searches with, and what each rule costs. It takes
//! seconds at worst and belongs outside of every transaction.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use methods::portfolio::{self, Answer, Wish};

use super::basis::{Basis, Limit, Terms, whole};
use crate::{
    error::{AppError, Result},
    funds::assessing::{PortfolioRule, most_in_words},
};

/// How long the search for a list may take, in seconds.
pub const MOST_SECONDS: u64 = 10;

/// What came of a search.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The best list that was found.
    List(Best),
    /// There is none, and why.
    Trouble(String),
}

/// The best list that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// The bids on it, by reference.
    pub chosen: BTreeSet<String>,
    /// What they are worth together, in millionths.
    pub micros: i64,
    /// No list is worth more.
    pub bound: f64,
    /// Whether its time was over.
    pub timed_out: bool,
}

/// What a limit costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    pub limit: Limit,
    pub cost: f64,
    pub at_most: f64,
    pub brings_in: Vec<String>,
    pub keeps_out: Vec<String>,
}

/// A search for a time.
#[derive(Debug, Clone, Copy)]
pub struct Watch {
    begun: Instant,
    most: Duration,
}

impl Watch {
    /// The usual time.
    pub fn start() -> Self {
        Self { begun: Instant::now(), most: Duration::from_secs(MOST_SECONDS) }
    }

    fn goes_on(self) -> bool {
        self.begun.elapsed() < self.most
    }
}

impl Best {
    /// The bids on it as sets of references are looked at.
    pub fn references(&self) -> BTreeSet<&str> {
        self.chosen.iter().map(String::as_str).collect()
    }
}

/// Searches for the best list within these terms.
///
/// # Errors
/// When the methods refuse what the service has, which is our fault.
pub fn choose(basis: &Basis, terms: &Terms, watch: Watch) -> Result<Outcome> {
    if basis.bids.is_empty() {
        let message = "No bid that can be awarded has a place in the ranking.";
        return Ok(Outcome::Trouble(message.to_owned()));
    }
    let holding = basis.rules.iter().zip(&terms.holds).enumerate().filter(|(_, (_, holds))| **holds);
    let mut holding = holding.map(|(number, (rule, _))| (number, rule));
    if let Some((number, rule)) = holding.find(|(_, rule)| rule.wants_what_is_not_there(&basis.bids)) {
        let said = numbered(number, rule);
        return Ok(Outcome::Trouble(format!("No list keeps this rule, because no bid says what it asks for: {said}.")));
    }
    let (problem, owners) = basis.problem(terms);
    Ok(match portfolio::choose(&problem, Wish::default(), &|| watch.goes_on()).map_err(AppError::internal)? {
        Answer::Chosen(list) => Outcome::List(best(basis, &list)),
        Answer::Contradiction { rules, .. } => {
            let rules: BTreeSet<usize> = rules.iter().filter_map(|rule| owners.get(*rule).copied()).collect();
            Outcome::Trouble(contradiction(basis, terms, &rules))
        }
        Answer::Unfinished { .. } => Outcome::Trouble(format!(
            "No list within the rules was found in {MOST_SECONDS} seconds, and no proof that there is none. \
             Search longer with “roundtable portfolio”, from the problem that can be downloaded."
        )),
    })
}

fn best(basis: &Basis, list: &portfolio::Portfolio) -> Best {
    let chosen: BTreeSet<String> = list.chosen.iter().cloned().collect();
    let micros = basis.worth(&chosen.iter().map(String::as_str).collect());
    let timed_out = list.gap > 0.0;
    Best { bound: if timed_out { list.bound } else { whole(micros) }, timed_out, chosen, micros }
}

fn numbered(number: usize, rule: &PortfolioRule) -> String {
    format!("{}. {}", Limit::Rule(number).word(), rule.in_words())
}

fn contradiction(basis: &Basis, terms: &Terms, rules: &BTreeSet<usize>) -> String {
    let named = rules.iter().filter_map(|number| basis.rules.get(*number).map(|rule| numbered(*number, rule)));
    let named: Vec<String> = named.collect();
    let awards = terms.most_awards.map(|most| format!(" where {}", most_in_words(most))).unwrap_or_default();
    match rules.len() {
        1 => format!("No list within {}{awards} keeps this rule: {}.", terms.budget, named.join("; ")),
        _ => format!(
            "No list within {}{awards} keeps these rules together, and without any one of them there is one: {}.",
            terms.budget,
            named.join("; ")
        ),
    }
}

/// What each of the limits that hold costs: the list is searched for once more without it. One of which the time does not
/// tell is left out.
///
/// # Errors
/// As [`choose`].
pub fn costs(basis: &Basis, terms: &Terms, list: &Best, watch: Watch) -> Result<Vec<Cost>> {
    let mut costs = Vec::new();
    for limit in basis.limits().into_iter().filter(|limit| holds(terms, *limit)) {
        let Outcome::List(other) = choose(basis, &without(terms, limit), watch)? else { continue };
        let better = other.micros > list.micros;
        let moved = |of: &Best, from: &Best| match better {
            true => of.chosen.difference(&from.chosen).cloned().collect(),
            // What is no better is the list at hand as well.
            false => Vec::new(),
        };
        let more = whole((other.micros - list.micros).max(0));
        costs.push(Cost {
            limit,
            cost: more,
            at_most: if other.timed_out { (other.bound - whole(list.micros)).max(more) } else { more },
            brings_in: moved(list, &other),
            keeps_out: moved(&other, list),
        });
    }
    Ok(costs)
}

/// Whether a limit is among the terms.
pub fn holds(terms: &Terms, limit: Limit) -> bool {
    match limit {
        Limit::Most => terms.most_awards.is_some(),
        Limit::Rule(number) => terms.holds.get(number).copied().unwrap_or_default(),
    }
}

fn without(terms: &Terms, limit: Limit) -> Terms {
    let mut other = terms.clone();
    match limit {
        Limit::Most => other.most_awards = None,
        Limit::Rule(number) => other.holds.iter_mut().enumerate().for_each(|(at, holds)| *holds &= at != number),
    }
    other
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::basis::tests::basis, *};
    use crate::money::Pence;

    const BIDS: &[(i64, i64, &str)] = &[(9, 50, "a"), (8, 50, "a"), (7, 50, "b"), (6, 50, "c")];

    fn list(of: &Basis, terms: &Terms) -> Best {
        match choose(of, terms, Watch::start()).unwrap() {
            Outcome::List(best) => best,
            Outcome::Trouble(why) => panic!("{why}"),
        }
    }

    #[test]
    fn each_limit_costs_what_the_list_would_be_worth_more_without_it_and_names_whom_it_moves() {
        let rules = json!([
            { "rule": "each", "of": "theme", "awards": 1 },
            { "rule": "floor", "of": "theme", "is": "c", "awards": 1 },
        ]);
        let of = Basis { most_awards: Some(2), ..basis(BIDS, rules) };
        let terms = of.in_force();
        let best = list(&of, &terms);
        assert_eq!((best.references(), best.micros), (BTreeSet::from(["B0", "B3"]), 15_000_000));
        assert_eq!((best.bound, best.timed_out), (15.0, false));
        let costs = costs(&of, &terms, &best, Watch::start()).unwrap();
        let told: Vec<_> = costs.iter().map(|cost| (cost.limit, cost.cost, cost.at_most)).collect();
        assert_eq!(told, [(Limit::Most, 0.0, 0.0), (Limit::Rule(0), 0.0, 0.0), (Limit::Rule(1), 1.0, 1.0)]);
        assert_eq!((costs[2].brings_in.clone(), costs[2].keeps_out.clone()), (vec!["B3".into()], vec!["B2".into()]));
    }

    #[test]
    fn what_cannot_be_kept_is_said_with_the_rules_that_it_is_about() {
        let rules = json!([
            { "rule": "cap", "of": "theme", "is": "a", "awards": 2 },
            { "rule": "floor", "of": "theme", "is": "a", "awards": 1 },
            { "rule": "floor", "of": "theme", "is": "b", "awards": 1 },
        ]);
        let of = basis(BIDS, rules);
        let trouble = |terms: &Terms| match choose(&of, terms, Watch::start()).unwrap() {
            Outcome::Trouble(why) => why,
            Outcome::List(best) => panic!("{best:?}"),
        };
        let tight = trouble(&Terms { budget: Pence(50), ..of.in_force() });
        assert!(tight.contains("2. the list has at least 1 award where theme is a; 3. the list"), "{tight}");
        assert!(!tight.contains("1. the list has at most"), "{tight}");
        let region = basis(BIDS, json!([{ "rule": "floor", "of": "region", "is": "north", "awards": 1 }]));
        let Outcome::Trouble(none) = choose(&region, &region.in_force(), Watch::start()).unwrap() else { panic!() };
        assert!(none.contains("no bid says what it asks for: 1. the list has at least 1 award where region"), "{none}");
        let empty = basis(&[], json!([]));
        assert!(matches!(choose(&empty, &empty.in_force(), Watch::start()).unwrap(), Outcome::Trouble(_)));
    }

    #[test]
    fn a_search_whose_time_is_over_says_so_and_promises_no_more_than_is_proven() {
        let of = basis(BIDS, json!([{ "rule": "each", "of": "theme", "awards": 1 }]));
        let over = Watch { begun: Instant::now(), most: Duration::ZERO };
        match choose(&of, &of.in_force(), over).unwrap() {
            Outcome::List(best) => assert!(best.timed_out && best.bound >= whole(best.micros)),
            Outcome::Trouble(why) => assert!(why.contains("in 10 seconds"), "{why}"),
        }
    }
}
