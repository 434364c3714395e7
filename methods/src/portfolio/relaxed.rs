//! The relaxation of a programme: its linear programme, into which many rows come only once they are broken, with cuts.

use super::{
    covers::{Cut, cuts_of},
    rows::Programme,
    simplex::{End, Simplex},
};

/// How near to a whole number a value must be to count as one.
pub(super) const WHOLE: f64 = 1e-7;
/// How many broken rows come in at once.
const ADDED: usize = 100;
/// How many cuts come in at once.
const CUT: usize = 24;

/// A relaxation.
pub(super) struct Relaxed<'a> {
    programme: &'a Programme,
    pub simplex: Simplex,
    /// Which rows it has.
    present: Vec<bool>,
    /// The cuts it has, and the row of each.
    cuts: Vec<(Cut, usize)>,
    rows: usize,
}

impl<'a> Relaxed<'a> {
    pub fn new(programme: &'a Programme) -> Self {
        let mut relaxed = Self {
            simplex: Simplex::new(told_apart(&programme.values)),
            present: vec![false; programme.rows.len()],
            cuts: Vec::new(),
            rows: 0,
            programme,
        };
        let lasting = (0..programme.rows.len()).filter(|number| !programme.rows[*number].lazy);
        lasting.for_each(|number| relaxed.add_row(number));
        relaxed
    }

    /// Brings a row in, scaled so that its largest weight is 1.
    fn add_row(&mut self, number: usize) {
        let row = &self.programme.rows[number];
        let scale = row.terms.iter().map(|(_, weight)| *weight).max().unwrap_or(1).max(1) as f64;
        let terms: Vec<(usize, f64)> = row.terms.iter().map(|(item, weight)| (*item, *weight as f64 / scale)).collect();
        self.simplex.add_row(&terms, row.least as f64 / scale, row.most as f64 / scale);
        self.present[number] = true;
        self.rows += 1;
    }

    fn add_cut(&mut self, cut: Cut) {
        let scale = cut.terms.iter().map(|(_, weight)| weight.abs()).max().unwrap_or(1).max(1) as f64;
        let terms: Vec<(usize, f64)> = cut.terms.iter().map(|(item, weight)| (*item, *weight as f64 / scale)).collect();
        let least: i64 = cut.terms.iter().map(|(_, weight)| (*weight).min(0)).sum();
        self.simplex.add_row(&terms, least as f64 / scale, cut.most as f64 / scale);
        self.cuts.push((cut, self.rows));
        self.rows += 1;
    }

    /// Solves with every row that is broken; none when there is no more time.
    pub fn solve(&mut self, cutoff: f64, goes_on: &dyn Fn() -> bool) -> Option<End> {
        loop {
            let mut late = std::cell::Cell::new(false);
            let end = self.simplex.solve(2_000 + 40 * self.rows, cutoff, &|| {
                late.set(!goes_on());
                !late.get()
            });
            if *late.get_mut() {
                return None;
            }
            if end != End::Optimal || !self.add_broken() {
                return Some(end);
            }
        }
    }

    fn add_broken(&mut self) -> bool {
        let values = self.simplex.solution();
        let mut broken = Vec::new();
        for (number, row) in self.programme.rows.iter().enumerate().filter(|(number, _)| !self.present[*number]) {
            let sum: f64 = row.terms.iter().map(|(item, weight)| values[*item] * *weight as f64).sum();
            let over = (sum - row.most as f64) / (row.most as f64).max(1.0);
            if over > WHOLE {
                broken.push((over, number));
            }
        }
        broken.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        broken.truncate(ADDED);
        broken.iter().for_each(|(_, number)| self.add_row(*number));
        !broken.is_empty()
    }

    /// Brings in what cuts the values off; how many cuts came.
    pub fn cut(&mut self, values: &[f64]) -> usize {
        let rows = self.programme.rows.iter().filter(|row| row.terms.iter().any(|(_, weight)| *weight > 1));
        let mut cuts: Vec<(f64, Cut)> = Vec::new();
        for cut in rows.flat_map(|row| cuts_of(row, values)) {
            if !self.cuts.iter().any(|(other, _)| *other == cut) && !cuts.iter().any(|(_, other)| *other == cut) {
                cuts.push((cut.broken_by(values), cut));
            }
        }
        cuts.sort_by(|a, b| b.0.total_cmp(&a.0));
        cuts.truncate(CUT);
        let count = cuts.len();
        cuts.into_iter().for_each(|(_, cut)| self.add_cut(cut));
        count
    }

    /// Begins anew with the rows and cuts that are at their limit.
    pub fn tidy(&mut self) {
        let (mut new, cuts) = (Self::new(self.programme), std::mem::take(&mut self.cuts));
        for number in 0..self.present.len() {
            if self.present[number] && !new.present[number] {
                new.add_row(number);
            }
        }
        let columns = self.programme.values.len();
        for (cut, row) in cuts {
            if !self.simplex.is_basic(columns + row) {
                new.add_cut(cut);
            }
        }
        for column in 0..columns {
            let (low, high) = self.simplex.bounds(column);
            new.simplex.bound(column, low, high);
        }
        *self = new;
    }

    /// How many cuts there are.
    pub fn cuts(&self) -> usize {
        self.cuts.len()
    }
}

/// The values, raised a little by different amounts: equal ones would let the simplex method go in circles. A bound of the
/// raised values is one of the values too.
fn told_apart(values: &[f64]) -> Vec<f64> {
    const RAISED: f64 = 1e-10;
    let mean = values.iter().map(|value| value.abs()).sum::<f64>() / values.len().max(1) as f64;
    let share = |place: usize| (place * 2_654_435_761 % 1_009 + 1) as f64 / 1_009.0;
    values.iter().enumerate().map(|(place, value)| value + RAISED * (value.abs() + mean) * share(place)).collect()
}
