//! The mixed model at its limits, against the analysis of variance, and its breakdown.

use methods::rank::{Ranking, Score, Variances, Wish, rank};

use super::{bid, near, score, whole};

const ROUND: [[f64; 4]; 6] = [
    [9.0, 2.0, 5.0, 8.0],
    [6.0, 1.0, 3.0, 2.0],
    [8.0, 4.0, 6.0, 8.0],
    [7.0, 1.0, 2.0, 6.0],
    [10.0, 5.0, 6.0, 9.0],
    [6.0, 2.0, 4.0, 7.0],
];

fn complete() -> Vec<Score> {
    whole(&ROUND.each_ref().map(|row| &row[..]))
}

/// Each bid without one assessor.
fn incomplete() -> Vec<Score> {
    let place = |(index, score): (usize, Score)| (!(index / 4 + index).is_multiple_of(4)).then_some(score);
    complete().into_iter().enumerate().filter_map(place).collect()
}

fn with(scores: &[Score], bid: f64, assessor: f64, error: f64) -> Ranking {
    let variances = Some(Variances { bid, assessor, error });
    rank(scores, &Wish { variances, draws: 400, ..Wish::line(3) }).unwrap()
}

#[test]
fn a_complete_table_has_the_variances_of_its_analysis() {
    let variances = rank(&complete(), &Wish::line(3)).unwrap().variances.unwrap();
    // Mean squares of Shrout and Fleiss: between bids 11.24, between assessors 32.49, residual 1.02.
    near(variances.error, 1.0194, 1e-3);
    near(variances.bid, (11.2417 - 1.0194) / 4.0, 1e-3);
    near(variances.assessor, (32.4861 - 1.0194) / 6.0, 1e-3);
}

#[test]
fn without_leaning_the_calibrated_score_is_the_shrunk_raw_mean() {
    let scores = incomplete();
    let ranking = with(&scores, 2.0, 0.0, 1.5);
    let mean = ranking.mean.unwrap();
    for ranked in &ranking.bids {
        let weight = 2.0 / (2.0 + 1.5 / ranked.scores as f64);
        near(ranked.calibrated, mean + weight * (ranked.raw_mean.unwrap() - mean), 1e-9);
    }
}

/// Least squares of y = μ + p + a with p and a free, by alternating projections; differences from the first bid.
fn least_squares(scores: &[Score]) -> Vec<f64> {
    let (mut bids, mut assessors) = (vec![0.0; 6], vec![0.0; 4]);
    for _ in 0..20_000 {
        for of_bid in [true, false] {
            let mut sums = vec![(0.0, 0.0); 6];
            for score in scores {
                let (row, column): (usize, usize) = (score.bid.parse().unwrap(), score.assessor.parse().unwrap());
                let (place, other) = if of_bid { (row, assessors[column]) } else { (column, bids[row]) };
                sums[place].0 += score.score.unwrap() - other;
                sums[place].1 += 1.0;
            }
            let list = if of_bid { &mut bids } else { &mut assessors };
            for (value, (sum, count)) in list.iter_mut().zip(sums) {
                *value = sum / count;
            }
        }
    }
    bids.iter().map(|value| value - bids[0]).collect()
}

#[test]
fn leaning_and_worth_without_bound_give_calibration_by_least_squares() {
    let scores = incomplete();
    let expected = least_squares(&scores);
    let ranking = with(&scores, 1e7, 1e7, 1.0);
    let first = bid(&ranking, "0").calibrated.unwrap();
    for (number, difference) in expected.iter().enumerate() {
        near(bid(&ranking, &number.to_string()).calibrated.unwrap() - first, *difference, 1e-4);
    }
}

/// Henderson's equations, written out whole and inverted by elimination: predictions and error variances of bids.
fn henderson(scores: &[Score], (bids, assessors): (usize, usize), ratios: (f64, f64)) -> (Vec<f64>, Vec<f64>) {
    let size = 1 + bids + assessors;
    let mut matrix = vec![vec![0.0; size * 2]; size];
    let mut right = vec![0.0; size];
    for score in scores {
        let (row, column): (usize, usize) = (score.bid.parse().unwrap(), score.assessor.parse().unwrap());
        let places = [0, 1 + row, 1 + bids + column];
        let weight = score.confidence.weight();
        for one in places {
            right[one] += weight * score.score.unwrap();
            for other in places {
                matrix[one][other] += weight;
            }
        }
    }
    for (place, row) in matrix.iter_mut().enumerate().skip(1) {
        row[place] += if place <= bids { 1.0 / ratios.0 } else { 1.0 / ratios.1 };
    }
    for (place, row) in matrix.iter_mut().enumerate() {
        row[size + place] = 1.0;
    }
    for pivot in 0..size {
        let scale = matrix[pivot][pivot];
        matrix[pivot].iter_mut().for_each(|value| *value /= scale);
        let lead = matrix[pivot].clone();
        for (place, row) in matrix.iter_mut().enumerate().filter(|(place, _)| *place != pivot) {
            let factor = row[pivot];
            assert_ne!(place, pivot);
            row.iter_mut().zip(&lead).for_each(|(value, lead)| *value -= factor * lead);
        }
    }
    let solved: Vec<f64> = matrix.iter().map(|row| row[size..].iter().zip(&right).map(|(a, b)| a * b).sum()).collect();
    let bid = |place: usize| solved[0] + solved[place];
    ((1..=bids).map(bid).collect(), (1..=bids).map(|place| matrix[place][size + place]).collect())
}

#[test]
fn predictions_and_their_errors_are_those_of_hendersons_equations_whichever_factor_is_larger() {
    let mut scores = incomplete();
    scores[2].confidence = methods::rank::Confidence::High;
    scores[7].confidence = methods::rank::Confidence::Low;
    let mut turned = scores.clone();
    for score in &mut turned {
        std::mem::swap(&mut score.bid, &mut score.assessor);
    }
    for (scores, size) in [(scores, (6, 4)), (turned, (4, 6))] {
        let (worth, errors) = henderson(&scores, size, (2.0 / 1.5, 3.0 / 1.5));
        let ranking = with(&scores, 2.0, 3.0, 1.5);
        for (number, (worth, error)) in worth.iter().zip(errors).enumerate() {
            let ranked = bid(&ranking, &number.to_string());
            near(ranked.calibrated, *worth, 1e-9);
            near(ranked.se, (error * 1.5).sqrt(), 1e-9);
        }
    }
}

#[test]
fn the_breakdown_adds_up_to_the_calibrated_score() {
    let mut scores = incomplete();
    scores[1].confidence = methods::rank::Confidence::High;
    let ranking = rank(&scores, &Wish::line(3)).unwrap();
    for ranked in &ranking.bids {
        let parts = ranked.breakdown.as_ref().unwrap();
        near(parts.raw_mean + parts.confidence + parts.leaning + parts.shrinkage, ranked.calibrated.unwrap(), 1e-9);
        near(parts.assessors.iter().map(|share| share.change).sum::<f64>(), parts.leaning, 1e-12);
        for share in &parts.assessors {
            let leaning =
                ranking.assessors.iter().find(|each| each.assessor == share.assessor).unwrap().leaning.unwrap();
            assert!(share.change * leaning <= 0.0, "who leans up is taken down");
        }
    }
}

#[test]
fn where_assessors_do_not_lean_the_variance_of_leaning_is_exactly_zero() {
    // Each assessor's column has the same mean, so that their mean square is below the residual's.
    let scores = whole(&[&[5.0, 4.0, 3.0], &[3.0, 5.0, 4.0], &[1.0, 0.0, 2.0], &[2.0, 2.0, 2.0]]);
    let variances = rank(&scores, &Wish::line(2)).unwrap().variances.unwrap();
    assert_eq!(variances.assessor.to_bits(), 0.0_f64.to_bits());
    // Then it is the one-way analysis: 20.25 / 3 between, 6 / 8 within.
    let (between, within) = (variances.bid * 3.0 + variances.error, variances.error);
    near(between, 20.25 / 3.0, 1e-3);
    near(within, 6.0 / 8.0, 1e-4);
}

#[test]
fn parts_that_share_nobody_are_solved_as_one_model() {
    let mut scores = incomplete();
    for (index, score) in incomplete().into_iter().enumerate() {
        let number = |name: &str, more: usize| (name.parse::<usize>().unwrap() + more).to_string();
        let value = score.score.unwrap() + (index % 3) as f64;
        scores.push(self::score(number(&score.bid, 6), number(&score.assessor, 4), value));
    }
    let (worth, errors) = henderson(&scores, (12, 8), (1.0, 2.0));
    let ranking = with(&scores, 1.0, 2.0, 1.0);
    assert_eq!(ranking.components, 2);
    for (number, (worth, error)) in worth.iter().zip(errors).enumerate() {
        let ranked = bid(&ranking, &number.to_string());
        near(ranked.calibrated, *worth, 1e-9);
        near(ranked.se, error.sqrt(), 1e-9);
    }
}

#[test]
fn a_table_without_spread_between_bids_has_the_published_variances_and_leans_nowhere() {
    // Dyestuff2 of Box and Tiao (1973), table 5.1.4, as the documentation of R's lme4 has it: between batches 0, residual 13.806.
    const TABLE: [[f64; 5]; 6] = [
        [7.298, 3.846, 2.434, 9.566, 7.990],
        [5.220, 6.556, 0.608, 11.788, -0.892],
        [0.110, 10.386, 13.434, 5.510, 8.166],
        [2.212, 4.852, 7.092, 9.288, 4.980],
        [0.282, 9.014, 4.458, 9.446, 7.198],
        [1.722, 4.782, 8.106, 0.758, 3.758],
    ];
    // Every yield is somebody's only score.
    let scores: Vec<Score> = TABLE
        .iter()
        .enumerate()
        .flat_map(|(bid, row)| row.iter().enumerate().map(move |(at, value)| score(bid, bid * 5 + at, *value)))
        .collect();
    let ranking = rank(&scores, &Wish { draws: 400, ..Wish::line(3) }).unwrap();
    let variances = ranking.variances.unwrap();
    assert_eq!((variances.bid, variances.assessor, ranking.icc3), (0.0, 0.0, None));
    near(variances.error, 13.806, 1e-3);
    assert!(ranking.notes.iter().any(|note| note.starts_with("No assessor scored two bids")), "{:?}", ranking.notes);
}

#[test]
fn assessors_who_agree_nearly_exactly_have_the_variances_of_the_analysis() {
    let mut rows: Vec<[f64; 3]> = (0..5).map(|bid| [250.0 * f64::from(bid); 3]).collect();
    rows[0][0] += 1.0;
    let scores = whole(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
    let variances = rank(&scores, &Wish { draws: 400, ..Wish::line(3) }).unwrap().variances.unwrap();
    // One score of fifteen is off by 1: within bids 2/3 over ten, and between the bids' means 156,250 less 1,000/12, plus 1/45.
    near(variances.error, 1.0 / 15.0, 1e-5);
    assert!((variances.bid / 156_166.67 - 1.0).abs() < 1e-4, "{variances:?}");
}

#[test]
fn what_leaves_chance_nothing_has_no_variances() {
    let chain = [(0, 0, 6.0), (0, 1, 5.0), (1, 1, 5.0), (1, 2, 3.0), (2, 2, 1.0), (2, 3, 1.0)];
    let scores: Vec<Score> = chain.iter().map(|(bid, assessor, value)| score(*bid, *assessor, *value)).collect();
    let ranking = rank(&scores, &Wish { draws: 400, ..Wish::line(1) }).unwrap();
    assert_eq!((ranking.variances, ranking.icc3, ranking.bids[0].calibrated), (None, None, None));
    assert!(ranking.notes.iter().any(|note| note.contains("chance has no variance to fit")), "{:?}", ranking.notes);
}

#[test]
fn a_bid_or_an_assessor_without_a_score_changes_no_correlation() {
    let file = "bid,assessor,score\na,x,1\na,y,2\nb,x,4\nb,y,4\nc,x,3\nc,y,2\n";
    let icc3 = |more: &str| {
        let scores = methods::rank::read(format!("{file}{more}").as_bytes()).unwrap();
        rank(&scores, &Wish::line(1)).unwrap().icc3.unwrap()
    };
    near(icc3(""), 8.0 / 11.0, 1e-9);
    for more in ["d,x,\nd,y,\n", "a,z,\n"] {
        assert!((icc3(more) - icc3("")).abs() < 1e-12, "{more}");
    }
}
