//! Branch and bound: the most promising part first, and from it straight down, which finds good choices early.
//!
//! What is proven holds for the whole programme at any time: no choice is worth more than the largest bound of the parts that
//! are still open.

use std::collections::BinaryHeap;

use super::{
    best::Best,
    history::History,
    relaxed::{Relaxed, WHOLE},
    rows::{Programme, Remainder},
    search::{Limits, MANY, by_hand, core, is_shrunk},
    simplex::End,
};

/// How many items are tried out at one place at most.
const TRIED: usize = 8;
/// How many steps a trial takes at most.
const STEPS: usize = 30;
/// At every so many parts a choice is made by hand.
const BY_HAND: usize = 32;

/// At every so many parts cuts are looked for,
const CUT_AT: usize = 4;
/// as long as there are fewer.
const CUTS: usize = 100;
/// At this part a better choice is looked for near the relaxation, and then each time after three times as many,
const LOOK_AT: usize = 300;
/// with so many items left open.
const NEAR: usize = 70;
/// After so many parts it is no longer begun anew.
const RESTARTED: usize = 50_000;

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

/// How far a search went.
pub(super) enum Pruned {
    /// To its end.
    Whole,
    /// No choice is worth more than this.
    To(f64),
    /// So much is settled now that it is better to begin anew.
    Shrunk(Vec<Option<bool>>),
}

/// How a part goes on.
enum Next {
    /// Something follows from the relaxation and is fixed now: it is to be solved again.
    Again,
    /// Nothing better is in it.
    Over,
    /// It is divided at this item, and this side is looked at first.
    Divide(usize, bool),
}

/// The search through what remains. Bounds and cutoffs are those of the whole.
pub(super) struct Tree<'a, 'b> {
    part: &'a Remainder,
    relaxed: Relaxed<'a>,
    best: &'a mut Best<'b>,
    /// What no better choice than the best can change: in, out, or open.
    settled: Vec<Option<bool>>,
    /// The first relaxation's bound and reduced costs.
    root: Option<(f64, Vec<f64>)>,
    history: Vec<History>,
    seen: usize,
    /// At which part a better choice is looked for next.
    look_at: usize,
    /// The whole, and what is settled of it.
    all: (&'a Programme, &'a [Option<bool>]),
    limits: Limits<'a>,
}

impl<'a, 'b> Tree<'a, 'b> {
    pub fn new(
        (part, all): (&'a Remainder, (&'a Programme, &'a [Option<bool>])),
        relaxed: Relaxed<'a>,
        best: &'a mut Best<'b>,
        limits: Limits<'a>,
    ) -> Self {
        let count = part.programme.values.len();
        Self {
            settled: vec![None; count],
            history: vec![History::default(); count],
            root: None,
            seen: 0,
            look_at: LOOK_AT,
            all,
            part,
            relaxed,
            best,
            limits,
        }
    }

    /// Searches to the end or a limit; gives what is settled of the part when it is better to begin anew.
    pub fn run(mut self, bound: f64) -> Pruned {
        let mut open = BinaryHeap::from([Part { bound, fixed: Vec::new() }]);
        while let Some(mut part) = open.pop() {
            if part.bound < self.best.cutoff() {
                break;
            }
            let open_items = self.settled.iter().filter(|settled| settled.is_none()).count();
            if self.seen < RESTARTED && is_shrunk(open_items, self.settled.len()) {
                return Pruned::Shrunk(self.settled);
            }
            let over = self.seen >= self.limits.parts || self.best.is_within(self.limits.gap, part.bound);
            let stopped =
                if over || !(self.limits.goes_on)() { Some(part.bound) } else { self.dive(&mut part, &mut open) };
            if let Some(bound) = stopped {
                return Pruned::To(open.peek().map_or(bound, |part| bound.max(part.bound)));
            }
        }
        Pruned::Whole
    }

    /// Goes straight down from a part, leaving the other halves open; gives the bound of what was left when it had to stop.
    fn dive(&mut self, part: &mut Part, open: &mut BinaryHeap<Part>) -> Option<f64> {
        self.enter(part);
        loop {
            if !self.propagate() {
                return None;
            }
            let cutoff = self.best.cutoff() - self.part.worth;
            let Some(end) = self.relaxed.solve(cutoff, self.limits.goes_on) else {
                return Some(part.bound.min(self.bound()));
            };
            part.bound = part.bound.min(self.bound());
            if end == End::Infeasible || part.bound < self.best.cutoff() {
                return None;
            }
            let values = self.relaxed.simplex.solution();
            self.note_root(part);
            self.seen += 1;
            if self.seen % BY_HAND == 1 && by_hand(self.part, &self.relaxed, self.best, &values) {
                self.settle();
            }
            self.look_near(end);
            if part.bound < self.best.cutoff() {
                return None;
            }
            self.settle_here();
            if end == End::Optimal
                && self.seen % CUT_AT == 1
                && values.len() <= MANY
                && self.relaxed.cuts() < CUTS
                && self.relaxed.cut(&values) > 0
            {
                continue;
            }
            match self.next(&values, end) {
                Next::Over => return None,
                Next::Again => {}
                Next::Divide(item, near) => {
                    let mut other = part.fixed.clone();
                    other.push((item, !near));
                    open.push(Part { bound: part.bound, fixed: other });
                    part.fixed.push((item, near));
                    self.fix(item, near);
                }
            }
        }
    }

    /// Now and then, ever more seldom, searches near the relaxation of the part at hand for a better choice.
    fn look_near(&mut self, end: End) {
        if end != End::Optimal || self.seen < self.look_at || self.limits.parts < usize::MAX {
            return;
        }
        self.look_at *= 3;
        let mut settled = self.all.1.to_vec();
        for (item, now) in self.settled.iter().enumerate() {
            settled[self.part.item(item)] = *now;
        }
        core(self.all.0, (self.part, NEAR), &self.relaxed, &settled, self.best, self.limits);
        self.settle();
    }

    /// The bound of the relaxation as it stands.
    fn bound(&self) -> f64 {
        self.part.worth + self.relaxed.simplex.objective()
    }

    fn fix(&mut self, item: usize, chosen: bool) {
        let value = f64::from(u8::from(chosen));
        self.relaxed.simplex.bound(item, value, value);
    }

    fn is_free(&self, item: usize) -> bool {
        let (low, high) = self.relaxed.simplex.bounds(item);
        low < high
    }

    fn enter(&mut self, part: &Part) {
        for item in 0..self.settled.len() {
            match self.settled[item] {
                Some(chosen) => self.fix(item, chosen),
                None => self.relaxed.simplex.bound(item, 0.0, 1.0),
            }
        }
        for (item, chosen) in &part.fixed {
            self.fix(*item, *chosen);
        }
    }

    /// Fixes what follows from the rows alone; false when they cannot be kept.
    fn propagate(&mut self) -> bool {
        let side = |item: usize| match self.relaxed.simplex.bounds(item) {
            (low, high) if low == high => Some(low > 0.5),
            _ => None,
        };
        let mut fixed: Vec<Option<bool>> = (0..self.settled.len()).map(side).collect();
        if !self.part.programme.propagate(&mut fixed) {
            return false;
        }
        for (item, chosen) in fixed.into_iter().enumerate() {
            if let Some(chosen) = chosen {
                self.fix(item, chosen);
            }
        }
        true
    }

    fn note_root(&mut self, part: &Part) {
        if self.root.is_none() && part.fixed.is_empty() {
            // Not the part's bound, which may come from another relaxation than these reduced costs.
            self.root = Some((self.bound(), self.relaxed.simplex.reduced.clone()));
        }
    }

    /// Settles for good what costs more at the root than there is to gain.
    fn settle(&mut self) {
        let cutoff = self.best.cutoff();
        if let Some((bound, reduced)) = &self.root {
            for (settled, reduced) in self.settled.iter_mut().zip(reduced) {
                if settled.is_none() && bound - reduced.abs() < cutoff {
                    *settled = Some(*reduced > 0.0);
                }
            }
        }
    }

    /// Settles, for the rest of this dive, what would cost more than there is to gain.
    ///
    /// Reduced costs are taken off the objective that they belong to. A part's bound may be lower, when it was opened by a dive
    /// that had settled more than is settled here, and would settle what is open.
    fn settle_here(&mut self) {
        let (bound, cutoff) = (self.bound(), self.best.cutoff());
        for item in 0..self.settled.len() {
            let reduced = self.relaxed.simplex.reduced[item];
            if self.is_free(item) && !self.relaxed.simplex.is_basic(item) && bound - reduced.abs() < cutoff {
                self.fix(item, reduced > 0.0);
            }
        }
    }

    /// Where to divide, and which half to look at first.
    fn next(&mut self, values: &[f64], end: End) -> Next {
        let is_fractional = |item: &usize| values[*item] > WHOLE && values[*item] < 1.0 - WHOLE;
        let fractional: Vec<usize> =
            (0..values.len()).filter(|item| self.is_free(*item) && is_fractional(item)).collect();
        if fractional.is_empty() {
            return self.whole(values, end);
        }
        let (bound, cutoff) = (self.bound(), self.best.cutoff());
        let mut ranked: Vec<(f64, usize)> = Vec::with_capacity(fractional.len());
        let mut fixed = false;
        for item in fractional {
            let (down, up) = self.relaxed.simplex.falls(item).unwrap_or((0.0, 0.0));
            match (bound - down < cutoff, bound - up < cutoff) {
                (true, true) => return Next::Over,
                (out, inside) if out || inside => {
                    self.fix(item, out);
                    fixed = true;
                }
                _ => ranked.push((self.score(item, values[item], (down, up)), item)),
            }
        }
        if fixed {
            return Next::Again;
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        self.tried(&ranked, values)
    }

    fn score(&self, item: usize, value: f64, (down, up): (f64, f64)) -> f64 {
        let history = &self.history[item];
        let down = history.mean(false).map_or(down, |mean| down.max(mean * value));
        let up = history.mean(true).map_or(up, |mean| up.max(mean * (1.0 - value)));
        product(down, up)
    }

    /// Tries out the items of which too little is known, the most promising first.
    fn tried(&mut self, ranked: &[(f64, usize)], values: &[f64]) -> Next {
        let (bound, cutoff) = (self.bound(), self.best.cutoff());
        let mut chosen: Option<(f64, usize)> = None;
        let (mut tried, mut basis, mut idle) = (0, None, 0);
        for (score, item) in ranked {
            let mut score = *score;
            if !self.history[*item].is_trusted() && tried < TRIED && idle < 3 {
                tried += 1;
                let basis = basis.get_or_insert_with(|| self.relaxed.simplex.basis());
                let mut cost = [0.0; 2];
                for (side, cost) in [false, true].into_iter().zip(&mut cost) {
                    self.fix(*item, side);
                    let end = self.relaxed.simplex.solve(STEPS, cutoff - self.part.worth, self.limits.goes_on);
                    *cost = if end == End::Infeasible { f64::INFINITY } else { (bound - self.bound()).max(0.0) };
                    self.relaxed.simplex.bound(*item, 0.0, 1.0);
                    self.relaxed.simplex.return_to(basis);
                    let moved = if side { 1.0 - values[*item] } else { values[*item] };
                    if cost.is_finite() {
                        self.history[*item].note(side, *cost / moved);
                    }
                }
                let over = cost.map(|cost| bound - cost < cutoff);
                if over[0] && over[1] {
                    return Next::Over;
                }
                if over[0] || over[1] {
                    self.fix(*item, over[0]);
                    return Next::Again;
                }
                score = product(cost[0], cost[1]);
            }
            if chosen.is_none_or(|(most, _)| score > most) {
                chosen = Some((score, *item));
                idle = 0;
            } else {
                idle += 1;
            }
        }
        chosen.map_or(Next::Over, |(_, item)| Next::Divide(item, values[item] > 0.5))
    }

    /// Nothing is fractional: the values are a choice, or so by rounding only.
    fn whole(&mut self, values: &[f64], end: End) -> Next {
        let chosen: Vec<bool> = values.iter().map(|value| *value > 0.5).collect();
        let sound = end == End::Optimal && self.part.programme.keeps(&chosen);
        if self.best.offer(self.part.whole(&chosen)) {
            self.settle();
        }
        if sound {
            return Next::Over;
        }
        // Whatever is still free is decided one by one.
        let free = (0..values.len()).find(|item| self.is_free(*item));
        free.map_or(Next::Over, |item| Next::Divide(item, values[item] > 0.5))
    }
}

/// How good it is to divide where the sides cost so much.
fn product(down: f64, up: f64) -> f64 {
    const LEAST: f64 = 1e-6;
    down.max(LEAST) * up.max(LEAST)
}
