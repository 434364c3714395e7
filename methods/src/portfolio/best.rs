//! The best choice that was found so far, and what a better one must be worth.

use super::rows::Programme;

/// Values are told apart down to this share of them.
const PRECISION: f64 = 1e-9;

/// The best choice so far.
pub(super) struct Best<'a> {
    programme: &'a Programme,
    pub found: Option<(f64, Vec<bool>)>,
    /// All values are multiples of this; 0 where they are of nothing.
    grain: f64,
}

impl<'a> Best<'a> {
    pub fn new(programme: &'a Programme) -> Self {
        Self { found: None, grain: grain(&programme.values), programme }
    }

    /// What a better choice is worth at least.
    pub fn cutoff(&self) -> f64 {
        let least = |value: f64| value + (self.grain * 0.999).max(PRECISION * value.abs().max(1.0));
        self.found.as_ref().map_or(f64::NEG_INFINITY, |(value, _)| least(*value))
    }

    /// Whether a bound is near enough to the best; with an infinite gap any choice will do.
    pub fn is_within(&self, gap: f64, bound: f64) -> bool {
        let enough = |value: f64| gap.is_infinite() || bound - value <= gap * value.abs();
        self.found.as_ref().is_some_and(|(value, _)| enough(*value))
    }

    /// Takes a choice that keeps every row, if it is the best so far.
    pub fn offer(&mut self, chosen: Vec<bool>) -> bool {
        let value = self.programme.value(&chosen);
        if self.found.as_ref().is_some_and(|(best, _)| value <= *best) || !self.programme.keeps(&chosen) {
            return false;
        }
        self.found = Some((value, chosen));
        true
    }
}

/// The largest millionths that all values are multiples of.
fn grain(values: &[f64]) -> f64 {
    const MILLION: f64 = 1e6;
    let mut grain = 0_u64;
    for value in values {
        let millionths = value.abs() * MILLION;
        if (millionths - millionths.round()).abs() > 1e-5 || millionths > 1e15 {
            return 0.0;
        }
        let mut rest = millionths.round() as u64;
        while rest > 0 {
            (grain, rest) = (rest, grain % rest);
        }
    }
    grain as f64 / MILLION
}
