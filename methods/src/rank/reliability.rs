//! How far the assessors of a panel agree: the intraclass correlations of Shrout and Fleiss (1979) and Krippendorff's α for
//! interval data. What cannot be computed is none.

use super::scores::Panel;

/// The sums of squares of scores by bid, and what they need.
struct Table {
    /// Values of each bid.
    rows: Vec<Vec<f64>>,
    count: f64,
    mean: f64,
}

impl Table {
    fn new(panel: &Panel) -> Self {
        let mut rows = vec![Vec::new(); panel.bids.len()];
        for cell in &panel.cells {
            rows[cell.bid].push(cell.value);
        }
        rows.retain(|row| !row.is_empty());
        let count = panel.cells.len() as f64;
        let mean = panel.cells.iter().map(|cell| cell.value).sum::<f64>() / count;
        Self { rows, count, mean }
    }

    /// The sum of squares between bids, and within them.
    fn squares(&self) -> (f64, f64) {
        self.rows.iter().fold((0.0, 0.0), |(between, within), row| {
            let mean = mean(row);
            let inner: f64 = row.iter().map(|value| (value - mean).powi(2)).sum();
            (between + row.len() as f64 * (mean - self.mean).powi(2), within + inner)
        })
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn defined(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// ICC(1): one score's reliability when nobody knows which assessors a bid gets. Bids with different numbers of scores
/// count with the average number that the analysis of variance has for them.
pub(super) fn icc1(panel: &Panel) -> Option<f64> {
    let table = Table::new(panel);
    let bids = table.rows.len() as f64;
    let (between, within) = table.squares();
    let (ms_between, ms_within) = (between / (bids - 1.0), within / (table.count - bids));
    let squares: f64 = table.rows.iter().map(|row| (row.len() as f64).powi(2)).sum();
    let each = (table.count - squares / table.count) / (bids - 1.0);
    defined((ms_between - ms_within) / (ms_between + (each - 1.0) * ms_within))
}

/// ICC(3): one score's reliability once every assessor's leaning is taken out; only where everybody who scored scored every bid that was.
pub(super) fn icc3(panel: &Panel) -> Option<f64> {
    let (bids, assessors) = panel.scored();
    if panel.cells.len() != bids * assessors {
        return None;
    }
    let table = Table::new(panel);
    let (between, within) = table.squares();
    let (n, k) = (bids as f64, assessors as f64);
    let mut sums = vec![0.0; panel.assessors.len()];
    for cell in &panel.cells {
        sums[cell.assessor] += cell.value;
    }
    let given = panel.counts().1;
    let sums = sums.into_iter().zip(given).filter(|(_, count)| *count > 0).map(|(sum, _)| sum);
    let leaning: f64 = sums.map(|sum| n * (sum / n - table.mean).powi(2)).sum();
    let (ms_bids, ms_error) = (between / (n - 1.0), (within - leaning).max(0.0) / ((n - 1.0) * (k - 1.0)));
    defined((ms_bids - ms_error) / (ms_bids + (k - 1.0) * ms_error))
}

/// Krippendorff's α for interval data: 1 − observed over expected disagreement; bids with one score do not count.
pub(super) fn alpha(panel: &Panel) -> Option<f64> {
    let mut table = Table::new(panel);
    table.rows.retain(|row| row.len() > 1);
    let all: Vec<f64> = table.rows.iter().flatten().copied().collect();
    if all.is_empty() {
        return None;
    }
    // The sum of squared differences over ordered pairs of a set is twice its size times its sum of squares.
    let spread = |values: &[f64]| {
        let mean = mean(values);
        2.0 * values.len() as f64 * values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
    };
    let observed: f64 = table.rows.iter().map(|row| spread(row) / (row.len() as f64 - 1.0)).sum();
    let expected = spread(&all) / (all.len() as f64 - 1.0);
    defined(1.0 - observed / expected)
}
