//! The relaxation: a linear programme in variables from 0 to 1, solved by the dual simplex method with bounds.
//!
//! Every variable has two bounds, so that any basis is made dual feasible by putting each variable on the side of its reduced
//! cost: after a bound has changed or a row has come, the method goes on from the basis that it has. Steps pass over bounds as
//! long as that gains. There are few rows and many columns: the inverse of the basis is kept whole.

/// How far a basic variable may lie outside its bounds.
const OUTSIDE: f64 = 1e-9;
/// How far outside proves that no values keep the rows, whatever was lost in rounding.
const SURELY_OUTSIDE: f64 = 1e-7;
/// A pivot smaller than this is none.
const PIVOT: f64 = 1e-8;

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At the optimum.
    Optimal,
    /// No values keep the rows.
    Infeasible,
    /// Early: the objective is a bound all the same.
    Stopped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Basic,
    Low,
    High,
}

/// max c·x, bounds on x, and rows a·x + r = 0 with bounds on each r.
pub(super) struct Simplex {
    /// Columns of x: row and coefficient.
    columns: Vec<Vec<(usize, f64)>>,
    costs: Vec<f64>,
    /// Bounds of x, then of r.
    low: Vec<f64>,
    high: Vec<f64>,
    place: Vec<Place>,
    /// The basic variable of each row.
    basis: Vec<usize>,
    /// The inverse of the basis, row by row.
    inverse: Vec<Vec<f64>>,
    /// The values of the basic variables.
    basic: Vec<f64>,
    pub reduced: Vec<f64>,
    pivots: usize,
}

impl Simplex {
    pub fn new(costs: Vec<f64>) -> Self {
        let count = costs.len();
        Self {
            columns: vec![Vec::new(); count],
            low: vec![0.0; count],
            high: vec![1.0; count],
            place: vec![Place::Low; count],
            reduced: costs.clone(),
            costs,
            basis: Vec::new(),
            inverse: Vec::new(),
            basic: Vec::new(),
            pivots: 0,
        }
    }

    /// Adds least ≤ a·x ≤ most; its own variable is basic.
    pub fn add_row(&mut self, terms: &[(usize, f64)], least: f64, most: f64) {
        let row = self.basis.len();
        let mut inverse = vec![0.0; row + 1];
        for (column, weight) in terms {
            self.columns[*column].push((row, *weight));
            if let Some(at) = self.basis.iter().position(|basic| basic == column) {
                for (sum, value) in inverse.iter_mut().zip(&self.inverse[at]) {
                    *sum -= weight * value;
                }
            }
        }
        inverse[row] = 1.0;
        self.inverse.iter_mut().for_each(|values| values.push(0.0));
        self.inverse.push(inverse);
        self.low.push(-most);
        self.high.push(-least);
        self.place.push(Place::Basic);
        self.reduced.push(0.0);
        self.basis.push(self.costs.len() + row);
    }

    /// Sets the bounds of one variable.
    pub fn bound(&mut self, column: usize, low: f64, high: f64) {
        self.low[column] = low;
        self.high[column] = high;
    }

    pub fn bounds(&self, column: usize) -> (f64, f64) {
        (self.low[column], self.high[column])
    }

    pub fn is_basic(&self, column: usize) -> bool {
        self.place[column] == Place::Basic
    }

    fn cost(&self, variable: usize) -> f64 {
        self.costs.get(variable).copied().unwrap_or(0.0)
    }

    /// The value of a variable that is not basic.
    fn resting(&self, variable: usize) -> f64 {
        if self.place[variable] == Place::High { self.high[variable] } else { self.low[variable] }
    }

    /// The values of all x.
    pub fn solution(&self) -> Vec<f64> {
        let mut values: Vec<f64> = (0..self.costs.len()).map(|column| self.resting(column)).collect();
        for (variable, value) in self.basis.iter().zip(&self.basic) {
            if let Some(place) = values.get_mut(*variable) {
                *place = *value;
            }
        }
        values
    }

    /// The objective, which is a bound of the optimum while the basis is only dual feasible.
    pub fn objective(&self) -> f64 {
        self.solution().iter().zip(&self.costs).map(|(value, cost)| value * cost).sum()
    }

    /// `row` times the column of a variable.
    fn along(&self, row: &[f64], variable: usize) -> f64 {
        match self.columns.get(variable) {
            Some(column) => column.iter().map(|(at, weight)| row[*at] * weight).sum(),
            None => row[variable - self.costs.len()],
        }
    }

    /// Reduced costs, resting places by their sign, and basic values, from the basis alone.
    fn refresh(&mut self) {
        let rows = self.basis.len();
        let mut prices = vec![0.0; rows];
        for (row, variable) in self.basis.iter().enumerate() {
            let cost = self.cost(*variable);
            if cost != 0.0 {
                prices.iter_mut().zip(&self.inverse[row]).for_each(|(price, value)| *price += cost * value);
            }
        }
        let mut right = vec![0.0; rows];
        for variable in 0..self.place.len() {
            if self.place[variable] == Place::Basic {
                self.reduced[variable] = 0.0;
                continue;
            }
            let reduced = self.cost(variable) - self.along(&prices, variable);
            self.reduced[variable] = reduced;
            if reduced.abs() > 1e-12 {
                self.place[variable] = if reduced > 0.0 { Place::High } else { Place::Low };
            }
            let value = self.resting(variable);
            if value == 0.0 {
                continue;
            }
            match self.columns.get(variable) {
                Some(column) => column.iter().for_each(|(row, weight)| right[*row] -= weight * value),
                None => right[variable - self.costs.len()] -= value,
            }
        }
        self.basic = self.inverse.iter().map(|row| row.iter().zip(&right).map(|(a, b)| a * b).sum()).collect();
    }

    /// The row whose basic variable lies furthest outside, and by how much: above zero when it is too high.
    fn leaving(&self) -> Option<(usize, f64)> {
        let mut worst: Option<(usize, f64)> = None;
        for (row, (variable, value)) in self.basis.iter().zip(&self.basic).enumerate() {
            let (low, high) = (self.low[*variable], self.high[*variable]);
            let by = if *value < low { value - low } else { (value - high).max(0.0) };
            let tolerance = OUTSIDE * (1.0 + value.abs());
            if by.abs() > tolerance && worst.is_none_or(|(_, most)| by.abs() > most.abs()) {
                worst = Some((row, by));
            }
        }
        worst
    }

    /// The variable that enters for a row; or how far its basic variable stays outside when all help that there is has been
    /// given.
    fn entering(&mut self, row: usize, by: f64) -> Result<usize, f64> {
        let direction = by.signum();
        let line = self.inverse[row].clone();
        let mut steps: Vec<(f64, usize, f64)> = Vec::new();
        for variable in 0..self.place.len() {
            let place = self.place[variable];
            if place == Place::Basic || self.low[variable] == self.high[variable] {
                continue;
            }
            let rate = direction * self.along(&line, variable);
            let helps = if place == Place::Low { rate > PIVOT } else { rate < -PIVOT };
            if helps {
                steps.push((self.reduced[variable].abs() / rate.abs(), variable, rate.abs()));
            }
        }
        steps.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(b.2.total_cmp(&a.2)));
        let mut left = by.abs();
        let mut passed = Vec::new();
        for (_, variable, rate) in steps {
            left -= rate * (self.high[variable] - self.low[variable]);
            if left <= 0.0 {
                for flipped in passed {
                    self.place[flipped] = if self.place[flipped] == Place::Low { Place::High } else { Place::Low };
                }
                return Ok(variable);
            }
            passed.push(variable);
        }
        Err(left)
    }

    fn pivot(&mut self, row: usize, entering: usize) -> bool {
        let column: Vec<f64> = (0..self.basis.len()).map(|at| self.along(&self.inverse[at], entering)).collect();
        if column[row].abs() < PIVOT {
            return false;
        }
        let mut lead = std::mem::take(&mut self.inverse[row]);
        lead.iter_mut().for_each(|value| *value /= column[row]);
        for (at, values) in self.inverse.iter_mut().enumerate() {
            if at != row && column[at] != 0.0 {
                values.iter_mut().zip(&lead).for_each(|(value, lead)| *value -= column[at] * lead);
            }
        }
        self.inverse[row] = lead;
        self.basis[row] = entering;
        self.place[entering] = Place::Basic;
        self.pivots += 1;
        true
    }

    /// Computes the inverse anew from the columns of the basis.
    fn factor_anew(&mut self) {
        let rows = self.basis.len();
        let old = std::mem::replace(&mut self.basis, (0..rows).map(|row| self.costs.len() + row).collect());
        self.inverse = (0..rows).map(|row| (0..rows).map(|at| f64::from(u8::from(at == row))).collect()).collect();
        let mut free = vec![true; rows];
        let (slack, wanted): (Vec<usize>, Vec<usize>) = old.iter().partition(|variable| **variable >= self.costs.len());
        slack.iter().for_each(|variable| free[variable - self.costs.len()] = false);
        let mut wanted_later = wanted;
        wanted_later.retain(|variable| {
            let best = (0..rows)
                .filter(|row| free[*row])
                .map(|row| (self.along(&self.inverse[row], *variable).abs(), row))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            match best {
                Some((size, row)) if size > PIVOT => {
                    self.place[self.costs.len() + row] = Place::Low;
                    free[row] = !self.pivot(row, *variable);
                    free[row]
                }
                _ => true,
            }
        });
        // What no longer fits into the basis rests on a bound, and a row's own variable has its place.
        wanted_later.iter().for_each(|variable| self.place[*variable] = Place::Low);
        self.basis.iter().for_each(|variable| self.place[*variable] = Place::Basic);
        self.pivots = 0;
    }

    /// Solves from the basis at hand; `goes_on` is asked now and then with the bound so far.
    pub fn solve(&mut self, mut goes_on: impl FnMut(f64) -> bool) -> End {
        let most = 2_000 + 40 * self.basis.len();
        for step in 0..most {
            if self.pivots > 100.max(self.basis.len()) {
                self.factor_anew();
            }
            self.refresh();
            let Some((row, by)) = self.leaving() else { return End::Optimal };
            if step % 8 == 7 && !goes_on(self.objective()) {
                return End::Stopped;
            }
            let variable = self.basis[row];
            let entering = match self.entering(row, by) {
                Ok(entering) => entering,
                Err(left) => return if left > SURELY_OUTSIDE { End::Infeasible } else { End::Stopped },
            };
            if self.pivot(row, entering) {
                self.place[variable] = if by > 0.0 { Place::High } else { Place::Low };
            } else {
                self.factor_anew();
            }
        }
        self.refresh();
        End::Stopped
    }
}
