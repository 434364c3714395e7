//! The 0/1 programme that a problem and some of its rules make: items (bids that stand or fall together are one), and rows of
//! whole numbers with bounds.

use std::collections::BTreeMap;

use super::model::{Problem, Rule};
use crate::Groups;

/// A sum over items that must lie within bounds.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Items with what they add, each once.
    pub terms: Vec<(usize, i64)>,
    pub least: i128,
    pub most: i128,
    /// Whether the row is only looked at once it is broken: most of the many rows of one rule never are.
    pub lazy: bool,
}

/// The programme.
#[derive(Clone, Debug)]
pub(super) struct Programme {
    /// The bids of each item.
    pub items: Vec<Vec<usize>>,
    pub values: Vec<f64>,
    pub rows: Vec<Row>,
    /// The rows of each item.
    pub of_item: Vec<Vec<(usize, i64)>>,
}

impl Programme {
    /// The programme of the rules that `holds` says hold.
    pub fn new(problem: &Problem, holds: impl Fn(usize) -> bool) -> Self {
        let numbers = problem.numbers();
        let mut groups = Groups::new(problem.bids.len());
        let rules: Vec<&Rule> =
            problem.rules.iter().enumerate().filter(|(index, _)| holds(*index)).map(|(_, rule)| rule).collect();
        for rule in &rules {
            if let Rule::Together { bids } = rule {
                let bids: Vec<usize> = bids.iter().filter_map(|bid| numbers.get(bid.as_str()).copied()).collect();
                bids.windows(2).for_each(|pair| groups.join(pair[0], pair[1]));
            }
        }
        let (item, count) = groups.numbered();
        let (mut items, mut values) = (vec![Vec::new(); count], vec![0.0; count]);
        for (bid, item) in item.iter().enumerate() {
            items[*item].push(bid);
            values[*item] += problem.bids[bid].value;
        }
        let mut programme = Self { items, values, rows: Vec::new(), of_item: vec![Vec::new(); count] };
        let all = || 0..problem.bids.len();
        programme.add(
            &item,
            all().map(|bid| (bid, problem.bids[bid].amount)),
            (None, Some(problem.budget.into())),
            false,
        );
        if let Some(most) = problem.most {
            programme.add(&item, all().map(|bid| (bid, 1)), (None, Some(most.into())), false);
        }
        for rule in rules {
            programme.add_rule(problem, rule, &item);
        }
        programme
    }

    fn add_rule(&mut self, problem: &Problem, rule: &Rule, item: &[usize]) {
        let weight = |bid: usize, awards: &Option<u32>| if awards.is_some() { 1 } else { problem.bids[bid].amount };
        let limit = |awards: &Option<u32>, amount: &Option<i64>| {
            awards.map(i128::from).or(amount.map(i128::from)).unwrap_or(i128::MAX)
        };
        let of_value = |of: &String, is: &String, awards: &Option<u32>| -> Vec<(usize, i64)> {
            let bids = (0..problem.bids.len()).filter(|bid| problem.bids[*bid].is.get(of) == Some(is));
            bids.map(|bid| (bid, weight(bid, awards))).collect()
        };
        match rule {
            Rule::Cap { of, is, awards, amount } => {
                self.add(item, of_value(of, is, awards).into_iter(), (None, Some(limit(awards, amount))), false);
            }
            Rule::Floor { of, is, awards, amount } => {
                self.add(item, of_value(of, is, awards).into_iter(), (Some(limit(awards, amount)), None), false);
            }
            Rule::Each { of, awards, amount } => {
                let mut by_value: BTreeMap<&String, Vec<(usize, i64)>> = BTreeMap::new();
                for (bid, each) in problem.bids.iter().enumerate() {
                    if let Some(value) = each.is.get(of) {
                        by_value.entry(value).or_default().push((bid, weight(bid, awards)));
                    }
                }
                for bids in by_value.into_values() {
                    self.add(item, bids.into_iter(), (None, Some(limit(awards, amount))), true);
                }
            }
            Rule::Exclusive { bids } => {
                let numbers = problem.numbers();
                let bids = bids.iter().filter_map(|bid| numbers.get(bid.as_str()).map(|number| (*number, 1)));
                self.add(item, bids, (None, Some(1)), true);
            }
            Rule::Together { .. } => {}
        }
    }

    /// Adds a row over bids, unless nothing could break it.
    fn add(
        &mut self,
        item: &[usize],
        bids: impl Iterator<Item = (usize, i64)>,
        (least, most): (Option<i128>, Option<i128>),
        lazy: bool,
    ) {
        let mut terms: BTreeMap<usize, i64> = BTreeMap::new();
        for (bid, weight) in bids {
            *terms.entry(item[bid]).or_default() += weight;
        }
        let sum: i128 = terms.values().map(|weight| i128::from(*weight)).sum();
        let (least, most) = (least.unwrap_or(0), most.unwrap_or(sum));
        if least <= 0 && most >= sum {
            return;
        }
        let number = self.rows.len();
        for (item, weight) in &terms {
            self.of_item[*item].push((number, *weight));
        }
        self.rows.push(Row { terms: terms.into_iter().collect(), least, most, lazy });
    }

    /// Whether a choice keeps every row, in whole numbers.
    pub fn keeps(&self, chosen: &[bool]) -> bool {
        self.rows.iter().all(|row| {
            let sum: i128 =
                row.terms.iter().filter(|(item, _)| chosen[*item]).map(|(_, weight)| i128::from(*weight)).sum();
            (row.least..=row.most).contains(&sum)
        })
    }

    /// What a choice is worth.
    pub fn value(&self, chosen: &[bool]) -> f64 {
        self.values.iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(value, _)| value).sum()
    }
}
