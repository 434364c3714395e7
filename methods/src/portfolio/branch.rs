//! Branch and bound: the most promising part first, and from it straight down, which finds good choices early.
//!
//! What is proven holds for the whole programme at any time: no choice is worth more than the largest bound of the parts that
//! are still open.

use std::collections::BinaryHeap;

use super::{
    rows::Programme,
    simplex::{End, Simplex},
};

/// How near to a whole number a value must be to count as one.
const WHOLE: f64 = 1e-7;
/// How many broken rows come into the relaxation at once.
const ADDED: usize = 100;
/// Values are told apart down to this share of them.
const PRECISION: f64 = 1e-9;

/// What a search has found.
pub(super) struct Found {
    /// The best choice of items and its value, where there is one.
    pub best: Option<(f64, Vec<bool>)>,
    /// No choice is worth more.
    pub bound: f64,
    /// Whether the search went to its end.
    pub finished: bool,
}

/// A part of the choices: those with some items in or out.
struct Part {
    bound: f64,
    fixed: Vec<(usize, bool)>,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Part {}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Of equal bounds the deeper part is nearer to a choice.
        self.bound.total_cmp(&other.bound).then(self.fixed.len().cmp(&other.fixed.len()))
    }
}

pub(super) struct Search<'a> {
    programme: &'a Programme,
    relaxed: Simplex,
    /// Which rows the relaxation has.
    present: Vec<bool>,
    /// What no better choice than the best can change: in, out, or open.
    settled: Vec<Option<bool>>,
    /// The first relaxation's bound and reduced costs.
    root: Option<(f64, Vec<f64>)>,
    best: Option<(f64, Vec<bool>)>,
    /// All values are multiples of this; 0 where they are of nothing.
    grain: f64,
    goes_on: &'a dyn Fn() -> bool,
}

/// Searches until the best choice is proven to be within `gap` of any other, or `goes_on` says no. With an infinite gap any
/// choice will do.
pub(super) fn search(programme: &Programme, gap: f64, goes_on: &dyn Fn() -> bool) -> Found {
    Search::new(programme, goes_on).run(gap)
}

impl<'a> Search<'a> {
    fn new(programme: &'a Programme, goes_on: &'a dyn Fn() -> bool) -> Self {
        let mut search = Self {
            relaxed: Simplex::new(told_apart(&programme.values)),
            present: vec![false; programme.rows.len()],
            settled: vec![None; programme.items.len()],
            root: None,
            best: None,
            grain: grain(&programme.values),
            programme,
            goes_on,
        };
        for (number, row) in programme.rows.iter().enumerate() {
            for (item, weight) in &row.terms {
                if i128::from(*weight) > row.most {
                    search.settled[*item] = Some(false);
                }
            }
            if !row.lazy {
                search.add_row(number);
            }
        }
        search
    }

    /// Brings a row into the relaxation, scaled so that its largest weight is 1.
    fn add_row(&mut self, number: usize) {
        let row = &self.programme.rows[number];
        let scale = row.terms.iter().map(|(_, weight)| *weight).max().unwrap_or(1).max(1) as f64;
        let terms: Vec<(usize, f64)> = row.terms.iter().map(|(item, weight)| (*item, *weight as f64 / scale)).collect();
        self.relaxed.add_row(&terms, row.least as f64 / scale, row.most as f64 / scale);
        self.present[number] = true;
    }

    /// What a part must promise to be looked at.
    fn cutoff(&self) -> f64 {
        let least = |value: f64| value + (self.grain * 0.999).max(PRECISION * value.abs().max(1.0));
        self.best.as_ref().map_or(f64::NEG_INFINITY, |(value, _)| least(*value))
    }

    fn run(mut self, gap: f64) -> Found {
        let mut open = BinaryHeap::from([Part { bound: f64::INFINITY, fixed: Vec::new() }]);
        let mut bound = f64::NEG_INFINITY;
        let mut finished = true;
        while let Some(mut part) = open.pop() {
            let enough = |value: f64| gap.is_infinite() || part.bound - value <= gap * value.abs();
            if part.bound < self.cutoff() {
                break;
            }
            if self.best.as_ref().is_some_and(|(value, _)| enough(*value)) || !(self.goes_on)() {
                (bound, finished) = (part.bound, false);
                break;
            }
            if let Some(left) = self.dive(&mut part, &mut open) {
                (bound, finished) = (left, false);
                break;
            }
        }
        if finished {
            bound = self.best.as_ref().map_or(f64::NEG_INFINITY, |(value, _)| *value);
        } else if let Some(part) = open.peek() {
            bound = bound.max(part.bound);
        }
        if let Some((value, _)) = &self.best {
            bound = bound.max(*value);
        }
        Found { best: self.best, bound, finished }
    }

    /// Goes straight down from a part, leaving the other halves open; gives the bound of what was left when it had to stop.
    fn dive(&mut self, part: &mut Part, open: &mut BinaryHeap<Part>) -> Option<f64> {
        self.enter(part);
        loop {
            let Some(end) = self.relax() else { return Some(part.bound.min(self.relaxed.objective())) };
            if end == End::Infeasible {
                return None;
            }
            part.bound = part.bound.min(self.relaxed.objective());
            if part.bound < self.cutoff() {
                return None;
            }
            let values = self.relaxed.solution();
            self.note_root(part);
            self.round(&values);
            if part.bound < self.cutoff() {
                return None;
            }
            self.settle_here();
            let (item, near) = self.branch_on(&values, end)?;
            let mut other = part.fixed.clone();
            other.push((item, !near));
            open.push(Part { bound: part.bound, fixed: other });
            part.fixed.push((item, near));
            self.fix(item, near);
        }
    }

    fn fix(&mut self, item: usize, chosen: bool) {
        let value = f64::from(u8::from(chosen));
        self.relaxed.bound(item, value, value);
    }

    fn enter(&mut self, part: &Part) {
        for item in 0..self.settled.len() {
            match self.settled[item] {
                Some(chosen) => self.fix(item, chosen),
                None => self.relaxed.bound(item, 0.0, 1.0),
            }
        }
        for (item, chosen) in &part.fixed {
            self.fix(*item, *chosen);
        }
    }

    /// Solves the relaxation with every row that it breaks; none when there is no more time.
    fn relax(&mut self) -> Option<End> {
        loop {
            let (cutoff, goes_on) = (self.cutoff(), self.goes_on);
            let mut out_of_time = false;
            let end = self.relaxed.solve(|bound| {
                out_of_time = !goes_on();
                !out_of_time && bound >= cutoff
            });
            if out_of_time {
                return None;
            }
            if end != End::Optimal || !self.add_broken() {
                return Some(end);
            }
        }
    }

    fn add_broken(&mut self) -> bool {
        let values = self.relaxed.solution();
        let mut broken = Vec::new();
        for (number, row) in self.programme.rows.iter().enumerate().filter(|(number, _)| !self.present[*number]) {
            let sum: f64 = row.terms.iter().map(|(item, weight)| values[*item] * *weight as f64).sum();
            let over = sum / (row.most as f64).max(1.0) - row.most as f64 / (row.most as f64).max(1.0);
            if over > WHOLE {
                broken.push((over, number));
            }
        }
        broken.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        broken.truncate(ADDED);
        broken.iter().for_each(|(_, number)| self.add_row(*number));
        !broken.is_empty()
    }

    fn note_root(&mut self, part: &Part) {
        if self.root.is_none() && part.fixed.is_empty() {
            self.root = Some((part.bound, self.relaxed.reduced.clone()));
        }
    }

    /// Settles, for the rest of this dive, what would cost more than there is to gain.
    ///
    /// Reduced costs are taken off the objective that they belong to. A part's bound may be lower, when it was opened by a dive
    /// that had settled more than is settled here, and would settle what is open.
    fn settle_here(&mut self) {
        let (bound, cutoff) = (self.relaxed.objective(), self.cutoff());
        for item in 0..self.settled.len() {
            let (reduced, (low, high)) = (self.relaxed.reduced[item], self.relaxed.bounds(item));
            if low < high && !self.relaxed.is_basic(item) && bound - reduced.abs() < cutoff {
                self.fix(item, reduced > 0.0);
            }
        }
    }

    /// Takes a choice that keeps every row, if it is the best so far, and settles what it decides for good.
    fn offer(&mut self, chosen: Vec<bool>) {
        let value = self.programme.value(&chosen);
        if self.best.as_ref().is_some_and(|(best, _)| value <= *best) || !self.programme.keeps(&chosen) {
            return;
        }
        self.best = Some((value, chosen));
        let cutoff = self.cutoff();
        if let Some((bound, reduced)) = &self.root {
            for (settled, reduced) in self.settled.iter_mut().zip(reduced) {
                if settled.is_none() && bound - reduced.abs() < cutoff {
                    *settled = Some(*reduced > 0.0);
                }
            }
        }
    }

    /// Makes a choice of the relaxation's values: the surest first, as far as the rows allow, and then better by exchanges.
    fn round(&mut self, values: &[f64]) {
        let reduced = &self.relaxed.reduced;
        let mut order: Vec<usize> = (0..values.len()).filter(|item| self.settled[*item] != Some(false)).collect();
        order.sort_by(|a, b| {
            let (whole_a, whole_b) = ((values[*a] / WHOLE).round(), (values[*b] / WHOLE).round());
            whole_b.total_cmp(&whole_a).then(reduced[*b].total_cmp(&reduced[*a]))
        });
        let mut choice = Choice::new(self.programme);
        for item in &order {
            if (values[*item] > WHOLE || self.programme.values[*item] > 0.0) && choice.has_room(*item) {
                choice.turn(*item);
            }
        }
        // The exchanges are between those that the relaxation was least sure of.
        const NEAR: usize = 120;
        let unsure = |item: &usize| if self.relaxed.is_basic(*item) { 0.0 } else { reduced[*item].abs() };
        order.sort_by(|a, b| unsure(a).total_cmp(&unsure(b)));
        order.truncate(NEAR);
        choice.exchange(&order);
        let chosen = choice.chosen;
        self.offer(chosen);
    }

    /// Where to divide, and which half to look at first; nowhere when the values are a choice.
    fn branch_on(&mut self, values: &[f64], end: End) -> Option<(usize, bool)> {
        let free = |item: &usize| self.relaxed.bounds(*item).0 < self.relaxed.bounds(*item).1;
        let score = |item: &usize| {
            let off = values[*item].min(1.0 - values[*item]);
            if off > WHOLE { off * self.programme.values[*item].abs().max(PRECISION) } else { 0.0 }
        };
        let fractional = (0..values.len()).filter(|item| free(item) && score(item) > 0.0);
        if let Some(item) = fractional.max_by(|a, b| score(a).total_cmp(&score(b))) {
            return Some((item, values[item] > 0.5));
        }
        let chosen: Vec<bool> = values.iter().map(|value| *value > 0.5).collect();
        let sound = end == End::Optimal && self.programme.keeps(&chosen);
        self.offer(chosen);
        if sound {
            return None;
        }
        // Whole by rounding only: whatever is still free is decided one by one.
        let free = |item: &usize| self.relaxed.bounds(*item).0 < self.relaxed.bounds(*item).1;
        (0..values.len()).find(free).map(|item| (item, values[item] > 0.5))
    }
}

/// The values, raised a little by different amounts: equal ones would let the simplex method go in circles. A bound of the
/// raised values is one of the values too.
fn told_apart(values: &[f64]) -> Vec<f64> {
    const RAISED: f64 = 1e-10;
    let mean = values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64;
    let share = |place: usize| (place * 2_654_435_761 % 1_009 + 1) as f64 / 1_009.0;
    values.iter().enumerate().map(|(place, value)| value + RAISED * (value.abs() + mean) * share(place)).collect()
}

/// The largest of some grains that all values are multiples of.
fn grain(values: &[f64]) -> f64 {
    let all = |grain: &f64| {
        values.iter().all(|value| (value / grain - (value / grain).round()).abs() < 1e-6 && value.abs() < grain * 1e9)
    };
    [1.0, 0.1, 0.01, 0.001].into_iter().find(all).unwrap_or(0.0)
}

/// A choice in the making, with the sums of its rows.
struct Choice<'a> {
    programme: &'a Programme,
    chosen: Vec<bool>,
    sums: Vec<i128>,
}

impl<'a> Choice<'a> {
    fn new(programme: &'a Programme) -> Self {
        Self { programme, chosen: vec![false; programme.items.len()], sums: vec![0; programme.rows.len()] }
    }

    fn has_room(&self, item: usize) -> bool {
        let mut rows = self.programme.of_item[item].iter();
        rows.all(|(row, weight)| self.sums[*row] + i128::from(*weight) <= self.programme.rows[*row].most)
    }

    /// Takes an item in or out.
    fn turn(&mut self, item: usize) {
        self.chosen[item] = !self.chosen[item];
        let sign = if self.chosen[item] { 1 } else { -1 };
        for (row, weight) in &self.programme.of_item[item] {
            self.sums[*row] += sign * i128::from(*weight);
        }
    }

    /// Whether no row is below its least that the item is in.
    fn keeps_least(&self, item: usize) -> bool {
        self.programme.of_item[item].iter().all(|(row, _)| self.sums[*row] >= self.programme.rows[*row].least)
    }

    /// Exchanges one item for a better one as long as there is such a pair.
    fn exchange(&mut self, among: &[usize]) {
        const ROUNDS: usize = 8;
        for _ in 0..ROUNDS {
            let mut better = false;
            for out in among {
                if !self.chosen[*out] {
                    continue;
                }
                self.turn(*out);
                let value = self.programme.values[*out].max(0.0);
                let fits = |item: &&usize| {
                    !self.chosen[**item] && self.programme.values[**item] > value && self.has_room(**item)
                };
                let worth = |item: &&usize| self.programme.values[**item];
                let entering = among.iter().filter(fits).max_by(|a, b| worth(a).total_cmp(&worth(b))).copied();
                if let Some(item) = entering {
                    self.turn(item);
                    if self.keeps_least(*out) {
                        better = true;
                        continue;
                    }
                    self.turn(item);
                }
                self.turn(*out);
            }
            if !better {
                return;
            }
        }
    }
}
