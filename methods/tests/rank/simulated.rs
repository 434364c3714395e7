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
fn a_large_panel_has_the_variances_that_made_it() {
    // More assessors than are looked at with every care.
    let truth = panel(77, (2_000, 260, 4), (0.8, 0.5, 0.7));
    let found = rank(&truth.scores, &Wish { draws: 400, ..Wish::line(20) }).unwrap().variances.unwrap();
    for (found, truth) in [(found.bid, 0.64), (found.assessor, 0.25), (found.error, 0.49)] {
        assert!((found / truth - 1.0).abs() < 0.12, "{found} in the place of {truth}");
    }
}

/// How often intervals hold the truth.
#[derive(Clone, Copy, Default)]
struct Held {
    /// The 90 % interval of the calibrated score.
    calibrated: f64,
    /// From r25 to r75 as they are printed, and what they say.
    half: [f64; 2],
    /// The same from r5 to r95.
    ninety: [f64; 2],
}

/// The shares over so many panels of 20 bids, 6 assessors and 3 scores for each bid.
fn held(times: u64, spreads: Spreads) -> Held {
    let (bids, mut sums) = (20, Held::default());
    for seed in 0..times {
        let truth = panel(seed + 5_000, (bids, 6, 3), spreads);
        let ranking = rank(&truth.scores, &Wish { draws: 400, ..Wish::line(7) }).unwrap();
        let mean = ranking.mean.unwrap();
        for ranked in &ranking.bids {
            let number: usize = ranked.bid.parse().unwrap();
            let rank = 1 + truth.worth.iter().filter(|other| **other > truth.worth[number]).count() as u32;
            // An interval of whole ranks holds more than it says; what it says lies half way through its ends, unless it ends
            // where the ranks do.
            let within = |sums: &mut [f64; 2], low: Option<u32>, high: Option<u32>| {
                let (low, high) = (low.unwrap(), high.unwrap());
                let printed = f64::from(u8::from(low <= rank && rank <= high));
                let open = f64::from(u8::from((low < rank || low == 1) && (rank < high || high == bids as u32)));
                sums[0] += printed;
                sums[1] += f64::midpoint(printed, open);
            };
            let apart = (ranked.calibrated.unwrap() - mean - truth.worth[number]).abs();
            sums.calibrated += f64::from(u8::from(apart < 1.645 * ranked.se.unwrap()));
            within(&mut sums.half, ranked.r25, ranked.r75);
            within(&mut sums.ninety, ranked.r5, ranked.r95);
        }
    }
    let share = |sum: f64| sum / (times as f64 * bids as f64);
    Held { calibrated: share(sums.calibrated), half: sums.half.map(share), ninety: sums.ninety.map(share) }
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say_over_a_thousand_panels() {
    // Spreads that the priors allow: leaning has theirs.
    let Held { calibrated, half, ninety } = held(1_000, (0.9, 0.5, 0.7));
    // Variances that were fitted, not integrated over, make the first a little short.
    assert!((0.86..0.92).contains(&calibrated), "90 % of the calibrated: {calibrated}");
    assert!((0.46..0.54).contains(&half[1]), "50 % of the ranks: {half:?}");
    assert!((0.87..0.93).contains(&ninety[1]), "90 % of the ranks: {ninety:?}");
    assert!(
        half[0] > 0.5 && ninety[0] > 0.9,
        "as they are printed they hold no less than they say: {half:?}, {ninety:?}"
    );
}

#[test]
fn intervals_of_ranks_stay_honest_where_assessors_lean_less_or_more_than_the_prior_thinks() {
    for leaning in [0.1, 1.0] {
        let Held { half, ninety, .. } = held(200, (0.9, leaning, 0.7));
        println!("{leaning}: {half:?} {ninety:?}");
        assert!((0.5..0.75).contains(&half[0]), "50 % at a leaning of {leaning}: {half:?}");
        assert!(ninety[0] > 0.88, "90 % at a leaning of {leaning}: {ninety:?}");
    }
}
