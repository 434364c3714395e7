//! The few operations on dense matrices that the mixed model needs, row by row in one vector.

/// A lower triangular factor L of a symmetric positive definite matrix LLᵀ.
#[derive(Clone, Debug)]
pub(super) struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

/// Rows that are worked on together, so that what stands above is fetched once for all of them.
const BAND: usize = 4;

/// Σ aᵢbᵢ in four strands, which the compiler can keep in one register.
fn dot(one: &[f64], other: &[f64]) -> f64 {
    let (head, rest) = one.as_chunks::<4>();
    let (other_head, other_rest) = other.as_chunks::<4>();
    let mut strands = [0.0; 4];
    for (a, b) in head.iter().zip(other_head) {
        for lane in 0..4 {
            strands[lane] += a[lane] * b[lane];
        }
    }
    strands.iter().sum::<f64>() + rest.iter().zip(other_rest).map(|(a, b)| a * b).sum::<f64>()
}

/// The products of each row of a band with two others, all of one even length, in two strands each.
fn products(band: [&[f64]; BAND], others: [&[f64]; 2]) -> [[f64; 2]; BAND] {
    let band = band.map(|row| row.as_chunks::<2>().0);
    let [one, other] = others.map(|row| row.as_chunks::<2>().0);
    let mut strands = [[[0.0; 2]; 2]; BAND];
    for (at, (a, b)) in one.iter().zip(other).enumerate() {
        for (strand, row) in strands.iter_mut().zip(band) {
            let value = row[at];
            for lane in 0..2 {
                strand[0][lane] += value[lane] * a[lane];
                strand[1][lane] += value[lane] * b[lane];
            }
        }
    }
    strands.map(|strand| strand.map(|[even, odd]| even + odd))
}

/// Takes what stands `above` out of a band of rows, whose columns from `first` on stay as they are.
fn eliminate(band: &mut [f64], above: &[f64], (first, size): (usize, usize)) {
    for column in (0..first).step_by(2) {
        let [upper, lower] = [column, column + 1].map(|row| &above[row * size..(row + 1) * size]);
        let rows = std::array::from_fn(|row| &band[row * size..row * size + column]);
        let taken = products(rows, [&upper[..column], &lower[..column]]);
        for (row, taken) in band.chunks_exact_mut(size).zip(taken) {
            row[column] = (row[column] - taken[0]) / upper[column];
            row[column + 1] = (row[column + 1] - taken[1] - row[column] * lower[column]) / lower[column + 1];
        }
    }
}

impl Cholesky {
    /// Factors `matrix`, of which the lower triangle is read; none where it is not positive definite.
    pub fn new(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        for row in 0..size {
            let first = row - row % BAND;
            if row == first && first + BAND <= size {
                let (above, band) = matrix.split_at_mut(first * size);
                let band = &mut band[..BAND * size];
                // Where nothing stands on the left, nothing is to be taken out.
                if band.chunks_exact(size).any(|row| row[..first].iter().any(|value| *value != 0.0)) {
                    eliminate(band, above, (first, size));
                }
            }
            let done = if first + BAND <= size { first } else { 0 };
            let (above, from_here) = matrix.split_at_mut(row * size);
            let this = &mut from_here[..size];
            for column in done..row {
                let upper = &above[column * size..column * size + column + 1];
                let left = this[column] - dot(&this[..column], &upper[..column]);
                this[column] = left / upper[column];
            }
            let square = this[row] - dot(&this[..row], &this[..row]);
            if square.is_nan() || square <= 0.0 {
                return None;
            }
            this[row] = square.sqrt();
        }
        Some(Self { size, lower: matrix })
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.lower[row * self.size..row * self.size + row + 1]
    }

    /// The logarithm of the matrix's determinant.
    pub fn ln_determinant(&self) -> f64 {
        (0..self.size).map(|row| 2.0 * self.row(row)[row].ln()).sum()
    }

    /// L⁻¹ b.
    pub fn forward(&self, b: &[f64]) -> Vec<f64> {
        let mut x = Vec::with_capacity(self.size);
        for (row, value) in b.iter().enumerate() {
            let lower = self.row(row);
            x.push((value - dot(&lower[..row], &x)) / lower[row]);
        }
        x
    }

    /// L⁻ᵀ b.
    pub fn backward(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for row in (0..self.size).rev() {
            let lower = self.row(row);
            x[row] /= lower[row];
            let (before, from_here) = x.split_at_mut(row);
            for (left, factor) in before.iter_mut().zip(lower) {
                *left -= factor * from_here[0];
            }
        }
        x
    }

    /// The inverse of the matrix, whole.
    pub fn inverse(&self) -> Vec<f64> {
        let mut inverse = Vec::with_capacity(self.size * self.size);
        for column in 0..self.size {
            let mut unit = vec![0.0; self.size];
            unit[column] = 1.0;
            // The inverse is symmetric, so that its columns are its rows.
            inverse.extend(self.backward(&self.forward(&unit)));
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_gives_its_matrix_again_and_solves_it_whatever_its_size() {
        for size in 1..19 {
            // Diagonally dominant, so positive definite; every third row stands by itself.
            let entry = |row: usize, column: usize| match row.abs_diff(column) {
                0 => 20.0 + row as f64,
                _ if row % 3 == 2 || column % 3 == 2 => 0.0,
                apart => 1.0 / (apart + row + column) as f64,
            };
            let matrix: Vec<f64> = (0..size * size).map(|at| entry(at / size, at % size)).collect();
            let factor = Cholesky::new(matrix, size).unwrap();
            let (truth, inverse) = ((0..size).map(|at| 1.0 + at as f64).collect::<Vec<_>>(), factor.inverse());
            let right: Vec<f64> = (0..size)
                .map(|row| truth.iter().enumerate().map(|(column, value)| entry(row, column) * value).sum())
                .collect();
            let solved = factor.backward(&factor.forward(&right));
            for row in 0..size {
                assert!((solved[row] - truth[row]).abs() < 1e-12 * truth[row], "{size}: {row}");
                for column in 0..size {
                    let product: f64 = (0..size).map(|k| entry(row, k) * inverse[k * size + column]).sum();
                    let one = f64::from(u8::from(row == column));
                    assert!((product - one).abs() < 1e-13, "{size}: {row}, {column}");
                    let lower = |row: usize, k: usize| factor.row(row)[k];
                    let again: f64 = (0..=row.min(column)).map(|k| lower(row, k) * lower(column, k)).sum();
                    assert!((again - entry(row, column)).abs() < 1e-12, "{size}: {row}, {column}");
                }
            }
        }
        assert!(Cholesky::new(vec![1.0, 0.0, 2.0, 1.0], 2).is_none(), "it is not positive definite");
    }
}
