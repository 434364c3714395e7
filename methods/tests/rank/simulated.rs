//! Panels whose truth is known: variances are found again, intervals hold the truth as often as they say.

use methods::rank::{Score, Wish, rank};

use super::score;

/// A plain generator, so that the panels are the same wherever the tests run.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.uniform()).ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

struct Truth {
    worth: Vec<f64>,
    scores: Vec<Score>,
}

/// Standard deviations: of bids, of assessors, of chance.
type Spreads = (f64, f64, f64);

fn panel(seed: u64, (bids, assessors, each): (usize, usize, usize), (p, a, e): Spreads) -> Truth {
    let mut chance = Chance(seed.wrapping_mul(0x1234_5678_9abc_def1));
    let worth: Vec<f64> = (0..bids).map(|_| p * chance.normal()).collect();
    let leaning: Vec<f64> = (0..assessors).map(|_| a * chance.normal()).collect();
    let mut scores = Vec::new();
    for (bid, worth) in worth.iter().enumerate() {
        let mut free: Vec<usize> = (0..assessors).collect();
        for _ in 0..each {
            let assessor = free.swap_remove((chance.uniform() * free.len() as f64) as usize);
            scores.push(score(bid, assessor, 3.5 + worth + leaning[assessor] + e * chance.normal()));
        }
    }
    Truth { worth, scores }
}

#[test]
fn known_variances_are_recovered_on_average() {
    const TIMES: u64 = 200;
    let mut sums = [0.0; 3];
    for seed in 0..TIMES {
        let truth = panel(seed, (60, 12, 4), (0.8, 0.5, 0.7));
        let variances = rank(&truth.scores, &Wish { draws: 400, ..Wish::line(20) }).unwrap().variances.unwrap();
        for (sum, value) in sums.iter_mut().zip([variances.bid, variances.assessor, variances.error]) {
            *sum += value / TIMES as f64;
        }
    }
    for (found, truth) in sums.into_iter().zip([0.64, 0.25, 0.49]) {
        assert!((found / truth - 1.0).abs() < 0.06, "{found} in the place of {truth}");
    }
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say_over_a_thousand_panels() {
    const TIMES: u64 = 1_000;
    let (bids, mut held) = (20, [0.0; 3]);
    for seed in 0..TIMES {
        // Spreads that the priors allow: leaning has theirs.
        let truth = panel(seed + 5_000, (bids, 6, 3), (0.9, 0.5, 0.7));
        let ranking = rank(&truth.scores, &Wish { draws: 400, ..Wish::line(7) }).unwrap();
        let mean = ranking.mean.unwrap();
        for ranked in &ranking.bids {
            let number: usize = ranked.bid.parse().unwrap();
            let rank = 1 + truth.worth.iter().filter(|other| **other > truth.worth[number]).count() as u32;
            // An interval of whole ranks holds more than it says; what it says lies half way through its ends, unless it ends
            // where the ranks do.
            let within = |low: Option<u32>, high: Option<u32>| {
                let (low, high) = (low.unwrap(), high.unwrap());
                let shares =
                    [low <= rank && rank <= high, (low < rank || low == 1) && (rank < high || high == bids as u32)];
                shares.map(|holds| f64::from(u8::from(holds))).iter().sum::<f64>() / 2.0
            };
            let apart = (ranked.calibrated.unwrap() - mean - truth.worth[number]).abs();
            let holds = [
                f64::from(u8::from(apart < 1.645 * ranked.se.unwrap())),
                within(ranked.r25, ranked.r75),
                within(ranked.r5, ranked.r95),
            ];
            for (count, holds) in held.iter_mut().zip(holds) {
                *count += holds;
            }
        }
    }
    let [calibrated, half, ninety] = held.map(|count| count / (TIMES as f64 * bids as f64));
    // Variances that were fitted, not integrated over, make the first a little short.
    assert!((0.86..0.92).contains(&calibrated), "90 % of the calibrated: {calibrated}");
    assert!((0.46..0.54).contains(&half), "50 % of the ranks: {half}");
    assert!((0.87..0.93).contains(&ninety), "90 % of the ranks: {ninety}");
}
