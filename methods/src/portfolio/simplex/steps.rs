//! How far the dual method may go: the steps at which variables change sides, and what the way costs.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::{PIVOT, Place, SURELY_OUTSIDE, Simplex};

/// How far the dual method may go until a variable changes sides, and how much it helps by that.
struct Step {
    length: f64,
    rate: f64,
    variable: usize,
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Step {}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> Ordering {
        // The greatest is the shortest, of equal ones that with the larger rate.
        let order = other.length.total_cmp(&self.length).then(self.rate.total_cmp(&other.rate));
        order.then(other.variable.cmp(&self.variable))
    }
}

impl Simplex {
    /// What each variable that can move does to the basic variable of a row; nothing for the others.
    fn rates_along(&mut self, row: usize) {
        let mut rates = std::mem::take(&mut self.rates);
        rates.clear();
        let line = &self.inverse[row];
        rates.extend((0..self.place.len()).map(|variable| {
            let moves = self.place[variable] != Place::Basic && self.low[variable] < self.high[variable];
            if moves { self.along(line, variable) } else { 0.0 }
        }));
        self.rates = rates;
    }

    /// The steps at which variables reach the sign of their reduced cost that makes them change sides, when a basic variable
    /// that is too high (direction 1) or too low (-1) is helped; the shortest first.
    fn steps(&self, direction: f64) -> BinaryHeap<Step> {
        let mut steps = Vec::new();
        for (variable, rate) in self.rates.iter().enumerate() {
            let rate = direction * rate;
            let helps = if self.place[variable] == Place::Low { rate > PIVOT } else { rate < -PIVOT };
            if helps {
                let rate = rate.abs();
                steps.push(Step { length: self.reduced[variable].abs() / rate, rate, variable });
            }
        }
        BinaryHeap::from(steps)
    }

    /// The variable that enters for a row, with those that change sides on the way; or how far its basic variable stays outside
    /// when all help that there is has been given.
    pub(super) fn entering(&mut self, row: usize, by: f64) -> Result<(usize, Vec<usize>), f64> {
        self.rates_along(row);
        let mut left = by.abs();
        let mut passed = Vec::new();
        let mut steps = self.steps(by.signum());
        while let Some(Step { rate, variable, .. }) = steps.pop() {
            left -= rate * (self.high[variable] - self.low[variable]);
            if left <= 0.0 {
                return Ok((variable, passed));
            }
            passed.push(variable);
        }
        Err(left - self.little_help(by.signum()))
    }

    /// What the variables could help together that help too little to be a step: where weights lie far apart, that counts.
    fn little_help(&self, direction: f64) -> f64 {
        let help = |(variable, rate): (usize, &f64)| {
            let helps = direction * if self.place[variable] == Place::Low { *rate } else { -rate };
            let is_little = helps > 0.0 && helps <= PIVOT;
            if is_little { helps * (self.high[variable] - self.low[variable]) } else { 0.0 }
        };
        self.rates.iter().enumerate().map(help).sum()
    }

    /// How much the objective falls at least when the basic variable of a row is moved by so much, downwards where that is above
    /// zero: the way of the first step of the dual method.
    fn fall(&self, by: f64) -> f64 {
        let (mut left, mut before, mut fall) = (by.abs(), 0.0, 0.0);
        let mut steps = self.steps(by.signum());
        while let Some(Step { length, rate, variable }) = steps.pop() {
            fall += left * (length - before);
            before = length;
            left -= rate * (self.high[variable] - self.low[variable]);
            if left <= 0.0 {
                return fall;
            }
        }
        if left - self.little_help(by.signum()) > SURELY_OUTSIDE { f64::INFINITY } else { fall }
    }

    /// How much the objective falls at least when a basic variable goes to 0, and when it goes to 1.
    pub fn falls(&mut self, column: usize) -> Option<(f64, f64)> {
        let row = self.basis.iter().position(|basic| *basic == column)?;
        self.rates_along(row);
        let value = self.basic[row];
        Some((self.fall(value), self.fall(value - 1.0)))
    }
}
