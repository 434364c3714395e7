//! The relaxation: a linear programme in variables from 0 to 1, solved by the dual simplex method with bounds.
//!
//! Every variable has two bounds, so that any basis is made dual feasible by putting each variable on the side of its reduced
//! cost: after a bound has changed or a row has come, the method goes on from the basis that it has. Steps pass over bounds as
//! long as that gains. There are few rows and many columns: the inverse of the basis is kept whole.

mod steps;

/// How far a basic variable may lie outside its bounds.
const OUTSIDE: f64 = 1e-9;
/// How far outside proves that no values keep the rows, whatever was lost in rounding.
const SURELY_OUTSIDE: f64 = 1e-7;
/// A pivot smaller than this is none.
const PIVOT: f64 = 1e-8;
/// After how many steps everything is computed from the basis again.
const RENEWED: usize = 24;
/// After how many steps it is asked whether to go on.
const ASKED: usize = 8;

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At the optimum.
    Optimal,
    /// No values keep the rows.
    Infeasible,
    /// Early, as the objective, which is a bound all the same, fell below what was asked for.
    Below,
    /// Early, for its steps or its time were over, or for rounding: the objective is a bound all the same.
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
    /// What each variable does to the basic variable of the row that was looked at last.
    rates: Vec<f64>,
    pivots: usize,
}

/// A basis to come back to.
pub(super) struct Basis {
    place: Vec<Place>,
    basis: Vec<usize>,
    inverse: Vec<Vec<f64>>,
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
            rates: Vec::new(),
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
        let resting = (0..self.costs.len()).filter(|column| self.place[*column] != Place::Basic);
        let resting: f64 = resting.map(|column| self.resting(column) * self.costs[column]).sum();
        let basic = self.basis.iter().zip(&self.basic).map(|(variable, value)| self.cost(*variable) * value);
        resting + basic.sum::<f64>()
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
        self.basic.clear();
        self.basic.extend(self.inverse.iter().map(|row| product(row, &right)));
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

    /// One step: the variable of the row leaves to the side where it is outside, and the other enters.
    fn step(&mut self, row: usize, by: f64, (entering, passed): (usize, Vec<usize>)) -> bool {
        let leaving = self.basis[row];
        let mut moved = vec![0.0; self.basis.len()];
        for variable in passed {
            let range = self.high[variable] - self.low[variable];
            let low = self.place[variable] == Place::Low;
            self.place[variable] = if low { Place::High } else { Place::Low };
            let by = if low { range } else { -range };
            match self.columns.get(variable) {
                Some(column) => column.iter().for_each(|(at, weight)| moved[*at] += weight * by),
                None => moved[variable - self.costs.len()] += by,
            }
        }
        let moved: Vec<(usize, f64)> = moved.into_iter().enumerate().filter(|(_, by)| *by != 0.0).collect();
        for (value, line) in self.basic.iter_mut().zip(&self.inverse) {
            *value -= moved.iter().map(|(at, by)| line[*at] * by).sum::<f64>();
        }
        let column: Vec<f64> = self.inverse.iter().map(|line| self.along(line, entering)).collect();
        let price = self.reduced[entering] / column[row];
        let before = self.resting(entering);
        if !self.pivot(row, entering, &column) {
            return false;
        }
        for (reduced, rate) in self.reduced.iter_mut().zip(&self.rates) {
            *reduced -= price * rate;
        }
        self.reduced[entering] = 0.0;
        self.reduced[leaving] = -price;
        self.place[leaving] = if by > 0.0 { Place::High } else { Place::Low };
        let by = (self.basic[row] - self.resting(leaving)) / column[row];
        for (value, rate) in self.basic.iter_mut().zip(&column) {
            *value -= rate * by;
        }
        self.basic[row] = before + by;
        true
    }

    fn pivot(&mut self, row: usize, entering: usize, column: &[f64]) -> bool {
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
                    let column: Vec<f64> = self.inverse.iter().map(|line| self.along(line, *variable)).collect();
                    free[row] = !self.pivot(row, *variable, &column);
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

    /// Solves from the basis at hand in at most so many steps, unless the objective falls below a cutoff.
    pub fn solve(&mut self, most: usize, cutoff: f64, goes_on: &dyn Fn() -> bool) -> End {
        self.refresh();
        // Whether reduced costs and values are those of the basis, and not made from those before it.
        let (mut fresh, mut step) = (true, 0);
        loop {
            if !fresh && step % RENEWED.max(self.basis.len() / 4) == 0 {
                self.refresh();
                fresh = true;
            }
            let found = self.leaving();
            let ends = found.is_none() || step >= most || (step % ASKED == 0 && self.objective() < cutoff);
            if !fresh && ends {
                self.refresh();
                fresh = true;
                continue;
            }
            let Some((row, by)) = found else { return End::Optimal };
            if ends {
                return if self.objective() < cutoff { End::Below } else { End::Stopped };
            }
            if step % ASKED == ASKED - 1 && !goes_on() {
                self.refresh();
                return End::Stopped;
            }
            step += 1;
            match self.entering(row, by) {
                Ok(way) => {
                    fresh = false;
                    if self.step(row, by, way) && self.pivots <= 100.max(self.basis.len()) {
                        continue;
                    }
                    self.factor_anew();
                }
                Err(left) if fresh => {
                    return if left > SURELY_OUTSIDE { End::Infeasible } else { End::Stopped };
                }
                Err(_) => {}
            }
            self.refresh();
            fresh = true;
        }
    }

    /// The basis, to come back to.
    pub fn basis(&self) -> Basis {
        Basis { place: self.place.clone(), basis: self.basis.clone(), inverse: self.inverse.clone() }
    }

    /// Goes back to a basis of as many rows.
    pub fn return_to(&mut self, basis: &Basis) {
        self.place.clone_from(&basis.place);
        self.basis.clone_from(&basis.basis);
        self.inverse.clone_from(&basis.inverse);
        self.refresh();
    }
}

/// The inner product, in eight sums that the processor adds up side by side.
fn product(one: &[f64], other: &[f64]) -> f64 {
    const LANES: usize = 8;
    let ((ones, one), (others, other)) = (one.as_chunks::<LANES>(), other.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (one, other) in ones.iter().zip(others) {
        sums.iter_mut().zip(one.iter().zip(other)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums.iter().sum::<f64>() + one.iter().zip(other).map(|(a, b)| a * b).sum::<f64>()
}
