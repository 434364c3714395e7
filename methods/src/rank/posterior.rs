//! The Bayesian ranking of Heyard, Ott, Salanti and Egger (2022): y = mean + θᵢ + λᵢⱼ + sectionₖ + e with λᵢⱼ ~ N(νⱼ, τₐ²),
//! νⱼ ~ N(0, 0.5²), θᵢ ~ N(0, τₚ²), sectionₖ ~ N(0, τₛ²) and all standard deviations ~ U(0, 2), for grades from 1 to 6.
//!
//! Each assessor scores a bid once, so that λᵢⱼ is integrated out exactly: y ~ N(mean + θᵢ + νⱼ + sectionₖ, τₐ² + σ²/c). What is
//! left is sampled by Gibbs, with steps along the directions in which such a sampler is slow. Bids are ranked by θ.

use std::thread;

use super::{
    chance::Chance,
    scores::{Confidence, Panel},
};

/// What a standard deviation can be at most.
const MOST: f64 = 2.0;
/// The precision of an assessor's leaning.
const LEANING: f64 = 4.0;
/// Chains that know nothing of each other.
const CHAINS: usize = 4;
/// What a chain forgets of its start: so many draws, and at least a fifth of those that it keeps.
const BURNED: usize = 200;
/// Steps from one kept draw of the standard deviations' own conditionals to the next.
const REFINED: usize = 2;

/// What the posterior says of one bid's rank.
#[derive(Clone, Copy, Debug)]
pub(super) struct RankOf {
    pub expected: f64,
    /// The ranks below which 5, 25, 75 and 95 % lie.
    pub quantiles: [u32; 4],
}

/// A score, by its bid.
#[derive(Clone, Copy)]
struct Mark {
    assessor: usize,
    class: usize,
    value: f64,
}

/// The scores as the sampler walks them.
struct Marks {
    /// Where each bid's marks begin.
    start: Vec<usize>,
    marks: Vec<Mark>,
    section: Vec<usize>,
    sections: usize,
    /// The component of each bid, then of each assessor.
    component: Vec<usize>,
    components: usize,
    assessors: usize,
}

impl Marks {
    fn new(panel: &Panel, grade: impl Fn(f64) -> f64) -> Self {
        let (bids, assessors) = panel.size();
        let mean = panel.cells.iter().map(|cell| grade(cell.value)).sum::<f64>() / panel.cells.len() as f64;
        let mut cells: Vec<_> = panel.cells.iter().collect();
        cells.sort_by_key(|cell| (cell.bid, cell.assessor));
        let start = (0..=bids).map(|bid| cells.partition_point(|cell| cell.bid < bid)).collect();
        let class = |confidence| Confidence::ALL.iter().position(|each| *each == confidence).unwrap_or(1);
        let mark = |cell: &&super::scores::Cell| Mark {
            assessor: cell.assessor,
            class: class(cell.confidence),
            value: grade(cell.value) - mean,
        };
        Self {
            start,
            marks: cells.iter().map(mark).collect(),
            section: panel.section.clone(),
            sections: panel.sections,
            components: panel.component.iter().max().map_or(0, |most| most + 1),
            component: panel.component.clone(),
            assessors,
        }
    }

    fn bids(&self) -> usize {
        self.section.len()
    }

    fn of(&self, bid: usize) -> &[Mark] {
        &self.marks[self.start[bid]..self.start[bid + 1]]
    }
}

/// Where a chain is.
struct State<'a> {
    marks: &'a Marks,
    chance: Chance,
    worth: Vec<f64>,
    leaning: Vec<f64>,
    section: Vec<f64>,
    spread: f64,
    assessor: f64,
    error: f64,
    between: f64,
}

impl<'a> State<'a> {
    fn new(marks: &'a Marks, mut chance: Chance) -> Self {
        let [spread, assessor, error, between] = [0; 4].map(|_| 0.2 + chance.uniform());
        Self {
            worth: vec![0.0; marks.bids()],
            leaning: vec![0.0; marks.assessors],
            section: vec![0.0; marks.sections],
            marks,
            chance,
            spread,
            assessor,
            error,
            between,
        }
    }

    /// The precision of a mark by its confidence.
    fn precisions(&self) -> [f64; 3] {
        Confidence::ALL.map(|each| (self.assessor.powi(2) + self.error.powi(2) / each.weight()).recip())
    }

    fn step(&mut self) {
        let precisions = self.precisions();
        self.draw_worth(&precisions);
        self.draw_leaning(&precisions);
        if self.marks.sections > 1 {
            self.draw_sections(&precisions);
        }
        self.shift_components();
        self.draw_spread();
        self.draw_errors();
    }

    /// Each bid's worth given all else; then worth and spread stretched together, without which a small spread would hold the
    /// chain.
    fn draw_worth(&mut self, precisions: &[f64; 3]) {
        let prior = self.spread.powi(-2);
        let (mut square, mut product) = (0.0, 0.0);
        for bid in 0..self.marks.bids() {
            let base = self.section[self.marks.section[bid]];
            let (mut weight, mut sum) = (0.0, 0.0);
            for mark in self.marks.of(bid) {
                let precision = precisions[mark.class];
                weight += precision;
                sum += precision * (mark.value - self.leaning[mark.assessor] - base);
            }
            let precision = prior + weight;
            let worth = sum / precision + self.chance.normal() / precision.sqrt();
            self.worth[bid] = worth;
            square += worth * worth * weight;
            product += worth * sum;
        }
        let old = self.spread;
        let stretched = self.chance.slice(old, MOST, |spread| {
            let factor = spread / old;
            factor * (product - 0.5 * factor * square)
        });
        self.worth.iter_mut().for_each(|worth| *worth *= stretched / old);
        self.spread = stretched;
    }

    fn draw_leaning(&mut self, precisions: &[f64; 3]) {
        let mut weights = vec![(LEANING, 0.0); self.marks.assessors];
        for bid in 0..self.marks.bids() {
            let base = self.section[self.marks.section[bid]] + self.worth[bid];
            for mark in self.marks.of(bid) {
                let (weight, sum) = &mut weights[mark.assessor];
                *weight += precisions[mark.class];
                *sum += precisions[mark.class] * (mark.value - base);
            }
        }
        for (leaning, (weight, sum)) in self.leaning.iter_mut().zip(weights) {
            *leaning = sum / weight + self.chance.normal() / weight.sqrt();
        }
    }

    /// Each section's level given all else; then the level against the worth of the section's bids.
    fn draw_sections(&mut self, precisions: &[f64; 3]) {
        let prior = self.between.powi(-2);
        let mut sums = vec![(prior, 0.0); self.marks.sections];
        for bid in 0..self.marks.bids() {
            let (weight, sum) = &mut sums[self.marks.section[bid]];
            for mark in self.marks.of(bid) {
                *weight += precisions[mark.class];
                *sum += precisions[mark.class] * (mark.value - self.worth[bid] - self.leaning[mark.assessor]);
            }
        }
        for (level, (weight, sum)) in self.section.iter_mut().zip(sums) {
            *level = sum / weight + self.chance.normal() / weight.sqrt();
        }
        let each = self.spread.powi(-2);
        let mut pull: Vec<(f64, f64)> = self.section.iter().map(|level| (prior, prior * level)).collect();
        for (worth, section) in self.worth.iter().zip(&self.marks.section) {
            pull[*section].0 += each;
            pull[*section].1 -= each * worth;
        }
        let shifts: Vec<f64> =
            pull.into_iter().map(|(weight, sum)| sum / weight + self.chance.normal() / weight.sqrt()).collect();
        for (worth, section) in self.worth.iter_mut().zip(&self.marks.section) {
            *worth += shifts[*section];
        }
        for (level, shift) in self.section.iter_mut().zip(&shifts) {
            *level -= shift;
        }
        let (count, squares) = (self.section.len() as f64, squares(&self.section));
        self.between = self.chance.slice(self.between, MOST, |spread| scale_density(spread, count, squares));
    }

    /// Lifts the bids of a component and lowers its assessors, or the other way, which no score can tell.
    fn shift_components(&mut self) {
        let each = self.spread.powi(-2);
        let bids = self.marks.bids();
        let mut pull = vec![(0.0, 0.0); self.marks.components];
        for (worth, component) in self.worth.iter().zip(&self.marks.component) {
            pull[*component].0 += each;
            pull[*component].1 -= each * worth;
        }
        for (leaning, component) in self.leaning.iter().zip(&self.marks.component[bids..]) {
            pull[*component].0 += LEANING;
            pull[*component].1 += LEANING * leaning;
        }
        let shifts: Vec<f64> =
            pull.into_iter().map(|(weight, sum)| sum / weight + self.chance.normal() / weight.sqrt()).collect();
        for (worth, component) in self.worth.iter_mut().zip(&self.marks.component) {
            *worth += shifts[*component];
        }
        for (leaning, component) in self.leaning.iter_mut().zip(&self.marks.component[bids..]) {
            *leaning -= shifts[*component];
        }
    }

    fn draw_spread(&mut self) {
        let (count, squares) = (self.worth.len() as f64, squares(&self.worth));
        self.spread = self.chance.slice(self.spread, MOST, |spread| scale_density(spread, count, squares));
    }

    fn draw_errors(&mut self) {
        let mut left = [(0.0, 0.0); 3];
        for bid in 0..self.marks.bids() {
            let base = self.section[self.marks.section[bid]] + self.worth[bid];
            for mark in self.marks.of(bid) {
                left[mark.class].0 += 1.0;
                left[mark.class].1 += (mark.value - base - self.leaning[mark.assessor]).powi(2);
            }
        }
        let density = |assessor: f64, error: f64| {
            let each = Confidence::ALL.iter().zip(left).filter(|(_, (count, _))| *count > 0.0);
            each.map(|(confidence, (count, squares))| {
                let variance = assessor * assessor + error * error / confidence.weight();
                -0.5 * (count * variance.ln() + squares / variance)
            })
            .sum()
        };
        for _ in 0..REFINED {
            let error = self.error;
            self.assessor = self.chance.slice(self.assessor, MOST, |assessor| density(assessor, error));
            let assessor = self.assessor;
            self.error = self.chance.slice(self.error, MOST, |error| density(assessor, error));
        }
    }
}

fn squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

/// The log density of a standard deviation, uniform before, after `count` normal values with that sum of squares.
fn scale_density(spread: f64, count: f64, squares: f64) -> f64 {
    -count * spread.ln() - 0.5 * squares / (spread * spread)
}

/// The ranks of one chain's draws, draw by draw.
fn chain(marks: &Marks, seed: u64, number: usize, draws: usize) -> Vec<u32> {
    let mut state = State::new(marks, Chance::new(seed, number as u64));
    for _ in 0..BURNED.max(draws / 5) {
        state.step();
    }
    let bids = marks.bids();
    let mut ranks = vec![0; bids * draws];
    // The bits of a key that hold the bid; those of the worth that they displace are far below chance.
    let places = bids.next_power_of_two() as u64 - 1;
    let mut order: Vec<u64> = Vec::with_capacity(bids);
    for row in ranks.chunks_exact_mut(bids) {
        state.step();
        order.clear();
        order.extend(state.worth.iter().zip(0..).map(|(worth, bid)| sortable(*worth, bid, places)));
        order.sort_unstable();
        for (rank, key) in (1..).zip(&order) {
            row[(key & places) as usize] = rank;
        }
    }
    ranks
}

/// A key that sorts by worth, the greatest first, and holds the bid: whole numbers are sorted in half the time.
fn sortable(worth: f64, bid: u64, places: u64) -> u64 {
    let bits = worth.to_bits();
    let ascending = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    (!ascending & !places) | bid
}

/// The posterior of every bid's rank from `draws` draws, the same for the same seed; `grade` maps scores to 1 to 6.
pub(super) fn ranks(panel: &Panel, grade: impl Fn(f64) -> f64, seed: u64, draws: usize) -> Vec<RankOf> {
    let marks = Marks::new(panel, grade);
    if marks.bids() == 1 {
        // It is the first, whatever is drawn.
        return vec![RankOf { expected: 1.0, quantiles: [1; 4] }];
    }
    let each = draws.div_ceil(CHAINS);
    let chains: Vec<Vec<u32>> = thread::scope(|scope| {
        let begun: Vec<_> = (0..CHAINS)
            .map(|number| {
                let marks = &marks;
                scope.spawn(move || chain(marks, seed, number, each))
            })
            .collect();
        // A chain that could not end is run again here, so that its panic, which nothing should cause, is not swallowed.
        let ended = begun.into_iter().enumerate();
        ended.map(|(number, run)| run.join().unwrap_or_else(|_| chain(&marks, seed, number, each))).collect()
    });
    summed(&chains, marks.bids())
}

/// Counts each bid's ranks, some bids at a time so that the counts stay in the processor's cache.
fn summed(chains: &[Vec<u32>], bids: usize) -> Vec<RankOf> {
    const AT_ONCE: usize = 64;
    let mut all = Vec::with_capacity(bids);
    for from in (0..bids).step_by(AT_ONCE) {
        let width = AT_ONCE.min(bids - from);
        let mut counts = vec![0u32; width * bids];
        for row in chains.iter().flat_map(|ranks| ranks.chunks_exact(bids)) {
            for (place, rank) in row[from..from + width].iter().enumerate() {
                counts[place * bids + *rank as usize - 1] += 1;
            }
        }
        all.extend(counts.chunks_exact(bids).map(rank_of));
    }
    all
}

fn rank_of(counts: &[u32]) -> RankOf {
    let total: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    let weighted = (1..).zip(counts).map(|(rank, count)| f64::from(rank) * f64::from(*count)).sum::<f64>();
    let quantiles = [0.05, 0.25, 0.75, 0.95].map(|share| {
        let mut seen = 0.0;
        let reached = |count: &u32| {
            seen += f64::from(*count);
            seen >= share * total
        };
        counts.iter().position(reached).map_or(0, |index| u32::try_from(index + 1).unwrap_or(u32::MAX))
    });
    RankOf { expected: weighted / total, quantiles }
}
