//! The linear algebra of y = μ + p + a + e with two crossed factors: Henderson's equations with one factor eliminated, whose
//! block is diagonal, and the other dense, in one block per connected component.
//!
//! The effects are scaled by their standard deviation, so that a variance of zero is no special case. Variances are ratios
//! to the error variance here, and values are deviations from their mean.

use super::{dense::Cholesky, scores::Panel};

/// The two variance ratios: of the eliminated factor and of the one kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ratios {
    pub bid: f64,
    pub assessor: f64,
}

/// One level of the eliminated factor.
#[derive(Clone, Debug)]
struct Level {
    number: usize,
    weight: f64,
    sum: f64,
    /// The kept factor's level within the block, and the weight of the score.
    entries: Vec<(usize, f64)>,
}

/// What hangs together.
#[derive(Clone, Debug, Default)]
struct Block {
    eliminated: Vec<Level>,
    /// The kept factor's levels: number, weight, weighted sum.
    kept: Vec<(usize, f64, f64)>,
}

/// A panel's design.
#[derive(Clone, Debug)]
pub(super) struct Crossed {
    blocks: Vec<Block>,
    /// Whether bids are the eliminated factor.
    bids_eliminated: bool,
    sizes: (usize, usize),
    squares: f64,
    ln_weights: f64,
    pub count: usize,
    /// The mean of the values, from which deviations are taken.
    pub centre: f64,
}

/// A block solved for given ratios.
struct Solved {
    factor: Cholesky,
    /// L⁻¹ times the coupling with μ, and L⁻¹ times the right-hand side.
    coupling: Vec<f64>,
    right: Vec<f64>,
}

/// The sums that the blocks add up to.
#[derive(Clone, Copy, Default)]
struct Sums {
    ln_determinant: f64,
    information: f64,
    right: f64,
    squares: f64,
}

/// The solution for given ratios.
#[derive(Clone, Debug)]
pub(super) struct Solution {
    /// μ, on the scale of the values.
    pub mean: f64,
    pub bids: Vec<f64>,
    pub assessors: Vec<f64>,
    /// Prediction error variances, in units of the error variance.
    pub bid_errors: Vec<f64>,
    pub assessor_errors: Vec<f64>,
}

impl Crossed {
    pub fn new(panel: &Panel) -> Self {
        let (bids, assessors) = panel.size();
        let bids_eliminated = bids >= assessors;
        let count = panel.cells.len();
        let centre = panel.cells.iter().map(|cell| cell.value).sum::<f64>() / count as f64;
        let groups = panel.component.iter().max().map_or(0, |most| most + 1);
        let mut blocks = vec![Block::default(); groups];
        let (mut place_eliminated, mut place_kept) =
            (vec![usize::MAX; bids.max(assessors)], vec![usize::MAX; bids.max(assessors)]);
        let (mut squares, mut ln_weights) = (0.0, 0.0);
        for cell in &panel.cells {
            let block = &mut blocks[panel.component[cell.bid]];
            let (gone, kept) = if bids_eliminated { (cell.bid, cell.assessor) } else { (cell.assessor, cell.bid) };
            let (weight, value) = (cell.confidence.weight(), cell.value - centre);
            squares += weight * value * value;
            ln_weights += weight.ln();
            if place_kept[kept] == usize::MAX {
                place_kept[kept] = block.kept.len();
                block.kept.push((kept, 0.0, 0.0));
            }
            if place_eliminated[gone] == usize::MAX {
                place_eliminated[gone] = block.eliminated.len();
                block.eliminated.push(Level { number: gone, weight: 0.0, sum: 0.0, entries: Vec::new() });
            }
            let level = &mut block.eliminated[place_eliminated[gone]];
            level.weight += weight;
            level.sum += weight * value;
            level.entries.push((place_kept[kept], weight));
            let kept = &mut block.kept[place_kept[kept]];
            kept.1 += weight;
            kept.2 += weight * value;
        }
        blocks.retain(|block| !block.kept.is_empty());
        Self { blocks, bids_eliminated, sizes: (bids, assessors), squares, ln_weights, count, centre }
    }

    /// The largest block that must be factored.
    pub fn largest(&self) -> usize {
        self.blocks.iter().map(|block| block.kept.len()).max().unwrap_or(0)
    }

    /// The ratio of the eliminated factor and of the kept one.
    fn arranged(&self, ratios: Ratios) -> (f64, f64) {
        if self.bids_eliminated { (ratios.bid, ratios.assessor) } else { (ratios.assessor, ratios.bid) }
    }

    fn solve(&self, ratios: Ratios) -> Option<(Vec<Solved>, Sums)> {
        let (gone, kept) = self.arranged(ratios);
        let mut sums = Sums { squares: self.squares, ..Sums::default() };
        let solved = self.blocks.iter().map(|block| block.solve(gone, kept, &mut sums)).collect::<Option<Vec<_>>>()?;
        (sums.information > 0.0).then_some((solved, sums))
    }

    /// Minus twice the restricted log likelihood, profiled over μ and the error variance; and that error variance.
    pub fn deviance(&self, ratios: Ratios) -> Option<(f64, f64)> {
        let (_, sums) = self.solve(ratios)?;
        let freedom = self.count as f64 - 1.0;
        let error = (sums.squares - sums.right * sums.right / sums.information) / freedom;
        let deviance = freedom * error.ln() + sums.ln_determinant + sums.information.ln() - self.ln_weights;
        deviance.is_finite().then_some((deviance, error))
    }

    /// The share of the weighted sum of squares that the two factors leave when they are free.
    pub fn unexplained(&self) -> f64 {
        const FREE: f64 = 1e9;
        let left = self.deviance(Ratios { bid: FREE, assessor: FREE }).map_or(0.0, |(_, error)| error);
        left * (self.count as f64 - 1.0) / self.squares.max(f64::MIN_POSITIVE)
    }

    /// The best linear unbiased predictions with their prediction error variances.
    pub fn predict(&self, ratios: Ratios) -> Option<Solution> {
        let (solved, sums) = self.solve(ratios)?;
        let (gone, kept) = self.arranged(ratios);
        let mean = sums.right / sums.information;
        let most = self.sizes.0.max(self.sizes.1);
        let mut effects = [(vec![0.0; most], vec![gone; most]), (vec![0.0; most], vec![kept; most])];
        for (block, solved) in self.blocks.iter().zip(&solved) {
            block.predict((gone, kept), (mean, sums.information), solved, &mut effects);
        }
        let [eliminated, kept] = effects;
        let ((mut bids, mut bid_errors), (mut assessors, mut assessor_errors)) =
            if self.bids_eliminated { (eliminated, kept) } else { (kept, eliminated) };
        for list in [&mut bids, &mut bid_errors] {
            list.truncate(self.sizes.0);
        }
        for list in [&mut assessors, &mut assessor_errors] {
            list.truncate(self.sizes.1);
        }
        Some(Solution { mean: mean + self.centre, bids, assessors, bid_errors, assessor_errors })
    }
}

impl Block {
    /// Eliminates the sparse factor and factors what is left.
    fn solve(&self, gone: f64, kept: f64, sums: &mut Sums) -> Option<Solved> {
        let size = self.kept.len();
        let root = kept.sqrt();
        let mut matrix = vec![0.0; size * size];
        let mut coupling: Vec<f64> = self.kept.iter().map(|(_, weight, _)| root * weight).collect();
        let mut right: Vec<f64> = self.kept.iter().map(|(_, _, sum)| root * sum).collect();
        for (place, (_, weight, sum)) in self.kept.iter().enumerate() {
            matrix[place * size + place] = 1.0 + kept * weight;
            sums.information += weight;
            sums.right += sum;
        }
        for level in &self.eliminated {
            let diagonal = 1.0 + gone * level.weight;
            let share = gone / diagonal;
            sums.ln_determinant += diagonal.ln();
            sums.information -= share * level.weight * level.weight;
            sums.right -= share * level.weight * level.sum;
            sums.squares -= share * level.sum * level.sum;
            for (place, weight) in &level.entries {
                let factor = root * share * weight;
                coupling[*place] -= factor * level.weight;
                right[*place] -= factor * level.sum;
                let row = &mut matrix[place * size..place * size + place + 1];
                for (other, beside) in level.entries.iter().filter(|(other, _)| other <= place) {
                    row[*other] -= factor * root * beside;
                }
            }
        }
        let factor = Cholesky::new(matrix, size)?;
        let (coupling, right) = (factor.forward(&coupling), factor.forward(&right));
        sums.ln_determinant += factor.ln_determinant();
        sums.information -= coupling.iter().map(|value| value * value).sum::<f64>();
        sums.right -= coupling.iter().zip(&right).map(|(a, b)| a * b).sum::<f64>();
        sums.squares -= right.iter().map(|value| value * value).sum::<f64>();
        Some(Solved { factor, coupling, right })
    }

    /// The effects of both factors' levels and their prediction error variances.
    fn predict(
        &self,
        (gone, kept): (f64, f64),
        (mean, information): (f64, f64),
        solved: &Solved,
        effects: &mut [(Vec<f64>, Vec<f64>); 2],
    ) {
        let size = self.kept.len();
        let root = kept.sqrt();
        let moved: Vec<f64> = solved.right.iter().zip(&solved.coupling).map(|(y, g)| y - g * mean).collect();
        let scaled = solved.factor.backward(&moved);
        let toward_mean = solved.factor.backward(&solved.coupling);
        let inverse = solved.factor.inverse();
        for (place, (number, ..)) in self.kept.iter().enumerate() {
            effects[1].0[*number] = root * scaled[place];
            let error = inverse[place * size + place] + toward_mean[place].powi(2) / information;
            effects[1].1[*number] = kept * error;
        }
        for level in &self.eliminated {
            let diagonal = 1.0 + gone * level.weight;
            let others: f64 = level.entries.iter().map(|(place, weight)| weight * root * scaled[*place]).sum();
            effects[0].0[level.number] = gone * (level.sum - level.weight * mean - others) / diagonal;
            // The quadratic form of the coupling in the inverse of what is left after elimination, bordered by μ.
            let mut within = 0.0;
            for (place, weight) in &level.entries {
                let row = &inverse[place * size..(place + 1) * size];
                within += weight * level.entries.iter().map(|(other, beside)| beside * row[*other]).sum::<f64>();
            }
            let via: f64 = level.entries.iter().map(|(place, weight)| weight * toward_mean[*place]).sum();
            let form = gone * (kept * within + (level.weight - root * via).powi(2) / information);
            effects[0].1[level.number] = gone * (1.0 / diagonal + form / (diagonal * diagonal));
        }
    }
}
