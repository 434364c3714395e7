//! The proof that no better assignment exists: prices of bids and assessors, from which anybody computes a bound that no
//! assignment passes. Where the value reaches the bound, it is optimal; nothing of the solver need be trusted.

use serde::{Deserialize, Serialize};

use super::problem::Task;

/// Prices, and the bound that they prove.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Whether the value reaches the bound.
    pub optimal: bool,
    /// No assignment has a higher value than this: the sum of each bid's price for each of its readings, each assessor's price
    /// for its limit (its most where the price is above zero, else its least), and what any pair is worth above both its prices.
    pub bound: i64,
    /// The least reduced cost of all pairs that are left out: its price less its worth.
    pub least_reduced_cost: Option<i64>,
    /// How many pairs were left out, every one of which was looked at.
    pub left_out: usize,
    /// The price of a reading of each bid.
    pub bid_prices: Vec<i64>,
    /// The price of a reading by each assessor.
    pub assessor_prices: Vec<i64>,
}

/// A pair that is left out and worth more than its prices.
pub(super) struct Offender {
    pub gain: i64,
    pub bid: usize,
    pub assessor: usize,
}

/// The prices of a solved restriction.
pub(super) struct Prices {
    pub bids: Vec<i64>,
    pub assessors: Vec<i64>,
}

impl Prices {
    /// The bound of these prices over all pairs, and which of those that `taken` does not hold offend.
    pub fn prove(&self, task: &Task, taken: &[Vec<usize>]) -> (Certificate, Vec<Offender>) {
        let (mut bound, mut least, mut left_out) = (0, None, 0);
        let mut offenders = Vec::new();
        let mut mine = vec![false; task.assessors];
        for (bid, chosen) in taken.iter().enumerate() {
            chosen.iter().for_each(|assessor| mine[*assessor] = true);
            bound += self.bids[bid] * task.needs[bid] as i64;
            for (assessor, value) in task.row(bid).iter().enumerate() {
                if *value < 0 {
                    continue;
                }
                let gain = i64::from(*value) - self.bids[bid] - self.assessors[assessor];
                bound += gain.max(0);
                if !mine[assessor] {
                    left_out += 1;
                    least = Some(least.map_or(-gain, |least: i64| least.min(-gain)));
                    if gain > 0 {
                        offenders.push(Offender { gain, bid, assessor });
                    }
                }
            }
            chosen.iter().for_each(|assessor| mine[*assessor] = false);
        }
        for (price, limits) in self.assessors.iter().zip(&task.limits) {
            bound += price * if *price > 0 { limits.most } else { limits.least } as i64;
        }
        let certificate = Certificate {
            optimal: false,
            bound,
            least_reduced_cost: least,
            left_out,
            bid_prices: self.bids.clone(),
            assessor_prices: self.assessors.clone(),
        };
        (certificate, offenders)
    }
}
