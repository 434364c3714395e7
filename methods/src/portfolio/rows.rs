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
        let terms: Vec<(usize, i64)> = terms.into_iter().collect();
        let sum: i128 = terms.iter().map(|(_, weight)| i128::from(*weight)).sum();
        self.push(Row { terms, least: least.unwrap_or(0), most: most.unwrap_or(sum), lazy });
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
        self.values.iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(value, _)| value).sum::<f64>() + 0.0
    }
}

/// The choices that remain when some items are settled, as a programme of its own.
pub(super) struct Remainder {
    pub programme: Programme,
    /// The number of each of its items in the whole.
    of: Vec<usize>,
    /// The items of the whole that are settled to be chosen.
    taken: Vec<bool>,
    /// What they are worth.
    pub worth: f64,
}

impl Programme {
    /// Settles what the rows alone decide; false when they cannot be kept.
    pub fn propagate(&self, settled: &mut [Option<bool>]) -> bool {
        loop {
            let mut changed = false;
            for row in &self.rows {
                let (mut low, mut high) = (0, 0);
                for (item, weight) in &row.terms {
                    low += if settled[*item] == Some(true) { i128::from(*weight) } else { 0 };
                    high += if settled[*item] == Some(false) { 0 } else { i128::from(*weight) };
                }
                if low > row.most || high < row.least {
                    return false;
                }
                if high <= row.most && low >= row.least {
                    continue;
                }
                for (item, weight) in row.terms.iter().filter(|(_, weight)| *weight > 0) {
                    if settled[*item].is_none() {
                        let weight = i128::from(*weight);
                        if low + weight > row.most || high - weight < row.least {
                            settled[*item] = Some(high - weight < row.least);
                            changed = true;
                        }
                        if low + weight > row.most && high - weight < row.least {
                            return false;
                        }
                    }
                }
            }
            if !changed {
                return true;
            }
        }
    }

    /// What remains when some items are settled.
    pub fn remainder(&self, settled: &[Option<bool>]) -> Remainder {
        let of: Vec<usize> = (0..settled.len()).filter(|item| settled[*item].is_none()).collect();
        let mut number = vec![usize::MAX; settled.len()];
        of.iter().enumerate().for_each(|(place, item)| number[*item] = place);
        let taken: Vec<bool> = settled.iter().map(|settled| *settled == Some(true)).collect();
        let mut programme = Self {
            items: of.iter().map(|item| self.items[*item].clone()).collect(),
            values: of.iter().map(|item| self.values[*item]).collect(),
            rows: Vec::new(),
            of_item: vec![Vec::new(); of.len()],
        };
        for row in &self.rows {
            let spent = row.terms.iter().filter(|(item, _)| taken[*item]);
            let spent: i128 = spent.map(|(_, weight)| i128::from(*weight)).sum();
            let open = row.terms.iter().filter(|(item, _)| settled[*item].is_none());
            let terms: Vec<(usize, i64)> = open.map(|(item, weight)| (number[*item], *weight)).collect();
            programme.push(Row { terms, least: row.least - spent, most: row.most - spent, lazy: row.lazy });
        }
        Remainder { programme, worth: self.value(&taken), taken, of }
    }

    /// Adds a row, unless nothing could break it.
    fn push(&mut self, mut row: Row) {
        let sum: i128 = row.terms.iter().map(|(_, weight)| i128::from(*weight)).sum();
        if row.least <= 0 && row.most >= sum {
            return;
        }
        (row.least, row.most) = (row.least.max(0), row.most.min(sum));
        let number = self.rows.len();
        for (item, weight) in &row.terms {
            self.of_item[*item].push((number, *weight));
        }
        self.rows.push(row);
    }
}

impl Remainder {
    /// A choice of what remains as one of the whole.
    pub fn whole(&self, chosen: &[bool]) -> Vec<bool> {
        let mut whole = self.taken.clone();
        self.of.iter().zip(chosen).for_each(|(item, chosen)| whole[*item] = *chosen);
        whole
    }

    /// The number in the whole of one of the items.
    pub fn item(&self, item: usize) -> usize {
        self.of[item]
    }
}
