//! The few operations on dense matrices that the mixed model needs, row by row in one vector.

/// A lower triangular factor L of a symmetric positive definite matrix LLᵀ.
#[derive(Clone, Debug)]
pub(super) struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

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

impl Cholesky {
    /// Factors `matrix`, of which the lower triangle is read; none where it is not positive definite.
    pub fn new(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        for row in 0..size {
            let (above, from_here) = matrix.split_at_mut(row * size);
            let this = &mut from_here[..size];
            for column in 0..row {
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
