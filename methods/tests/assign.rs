//! Assignment against brute force, its certificate checked by itself, and what is impossible or wrong.

use methods::assign::{self, Answer, Assignment, Impossible, Limits, Matrix, Pair, Wish};
use proptest::prelude::*;

fn matrix(rows: &[&[i16]]) -> Matrix {
    Matrix::new(rows.len(), rows[0].len(), rows.concat()).unwrap()
}

fn wish(per_bid: usize, limits: &[(usize, usize)]) -> Wish {
    let limits = limits.iter().map(|(least, most)| Limits { least: *least, most: *most }).collect();
    Wish { per_bid, limits, ..Wish::default() }
}

fn assigned(matrix: &Matrix, wish: &Wish) -> Assignment {
    match assign::assign(matrix, wish).unwrap() {
        Answer::Assigned(assignment) => *assignment,
        Answer::Impossible(why) => panic!("{}", why.message),
    }
}

fn impossible(matrix: &Matrix, wish: &Wish) -> Impossible {
    match assign::assign(matrix, wish).unwrap() {
        Answer::Assigned(assignment) => panic!("{:?}", assignment.pairs),
        Answer::Impossible(why) => why,
    }
}

/// The bound that the prices of a certificate prove, computed from the matrix alone.
fn bound(matrix: &Matrix, value: impl Fn(usize, usize) -> i64, wish: &Wish, prices: (&[i64], &[i64])) -> i64 {
    let (bids, assessors) = matrix.size();
    let mut bound = prices.0.iter().sum::<i64>() * wish.per_bid as i64;
    for (price, limits) in prices.1.iter().zip(&wish.limits) {
        bound += price * if *price > 0 { limits.most.min(bids) } else { limits.least } as i64;
    }
    for bid in 0..bids {
        for assessor in 0..assessors {
            let value = value(bid, assessor);
            if value >= 0 {
                bound += (value - prices.0[bid] - prices.1[assessor]).max(0);
            }
        }
    }
    bound
}

/// The best value over all assignments, by trying them.
fn brute(values: &[Vec<i16>], wish: &Wish) -> Option<i64> {
    fn go(values: &[Vec<i16>], wish: &Wish, bid: usize, loads: &mut [usize]) -> Option<i64> {
        if bid == values.len() {
            let least = loads.iter().zip(&wish.limits).all(|(load, limits)| *load >= limits.least);
            return least.then_some(0);
        }
        let assessors = loads.len();
        let mut best = None;
        for set in 0u32..1 << assessors {
            if set.count_ones() as usize != wish.per_bid {
                continue;
            }
            let chosen: Vec<usize> = (0..assessors).filter(|assessor| set & (1 << assessor) != 0).collect();
            let open = |assessor: &usize| {
                let pair = (bid, *assessor);
                let full = loads[*assessor] >= wish.limits[*assessor].most;
                values[bid][*assessor] >= 0 && !full && !wish.banned.contains(&pair)
            };
            let pinned = wish.pinned.iter().filter(|pair| pair.0 == bid).all(|pair| chosen.contains(&pair.1));
            if !pinned || !chosen.iter().all(open) {
                continue;
            }
            chosen.iter().for_each(|assessor| loads[*assessor] += 1);
            let mut value: i64 = chosen.iter().map(|assessor| i64::from(values[bid][*assessor])).sum();
            let dropped = wish.previous.iter().filter(|pair| pair.0 == bid && !chosen.contains(&pair.1)).count();
            value -= i64::from(wish.change_cost) * dropped as i64;
            if let Some(rest) = go(values, wish, bid + 1, loads) {
                best = best.max(Some(value + rest));
            }
            chosen.iter().for_each(|assessor| loads[*assessor] -= 1);
        }
        best
    }
    go(values, wish, 0, &mut vec![0; wish.limits.len()])
}

/// What every assignment must keep.
fn sound(matrix: &[Vec<i16>], wish: &Wish, found: &Assignment) {
    let mut loads = vec![0; wish.limits.len()];
    for (bid, row) in matrix.iter().enumerate() {
        let mine: Vec<&Pair> = found.pairs.iter().filter(|pair| pair.0 == bid).collect();
        assert_eq!(mine.len(), wish.per_bid);
        for (_, assessor) in mine {
            assert!(row[*assessor] >= 0, "a conflict is read");
            loads[*assessor] += 1;
        }
    }
    assert_eq!(loads, found.loads);
    assert!(loads.iter().zip(&wish.limits).all(|(load, limits)| (limits.least..=limits.most).contains(load)));
    assert!(wish.pinned.iter().all(|pair| found.pairs.contains(pair)));
    assert!(!wish.banned.iter().any(|pair| found.pairs.contains(pair)));
    assert!(found.certificate.optimal);
}

prop_compose! {
    fn instance()(bids in 1_usize..6, assessors in 1_usize..6)(
        values in prop::collection::vec(prop::collection::vec(prop_oneof![1 => Just(-1_i16), 4 => 0_i16..=12], assessors), bids),
        limits in prop::collection::vec((0_usize..3, 0_usize..4), assessors),
        per_bid in 1..=assessors.min(3),
        marks in prop::collection::vec(0_u8..12, bids * assessors),
        change_cost in 0_u16..6,
    ) -> (Vec<Vec<i16>>, Wish) {
        let limits = limits.into_iter().map(|(least, more)| Limits { least, most: least + more }).collect();
        let mut wish = Wish { per_bid, limits, change_cost, ..Wish::default() };
        for (place, mark) in marks.into_iter().enumerate() {
            let pair = (place / values[0].len(), place % values[0].len());
            let pins = |of: fn(&Pair) -> usize| wish.pinned.iter().filter(|each| of(each) == of(&pair)).count();
            let room = pins(|pair| pair.0) < per_bid && pins(|pair| pair.1) < wish.limits[pair.1].most;
            match mark {
                0 if room && values[pair.0][pair.1] >= 0 => wish.pinned.push(pair),
                1 => wish.banned.push(pair),
                2..5 => wish.previous.push(pair),
                _ => {}
            }
        }
        (values, wish)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn small_assignments_are_those_of_brute_force((values, wish) in instance()) {
        let matrix = Matrix::new(values.len(), values[0].len(), values.concat()).unwrap();
        match (assign::assign(&matrix, &wish).unwrap(), brute(&values, &wish)) {
            (Answer::Assigned(found), Some(best)) => {
                prop_assert_eq!(found.objective, best);
                prop_assert_eq!(found.certificate.bound, best);
                sound(&values, &wish, &found);
            }
            (Answer::Impossible(why), None) => {
                prop_assert!(why.needed > why.available, "{}", why.message);
                prop_assert!(!why.message.contains("  "));
            }
            (answer, best) => prop_assert!(false, "{:?} where brute force has {:?}", answer, best),
        }
    }
}

/// Values that vary by bid and assessor without chance.
fn varied(bids: usize, assessors: usize, spread: usize) -> Vec<Vec<i16>> {
    let value = |bid: usize, assessor: usize| {
        let mixed = (bid * 2_654_435_761 + assessor * 40_503 + bid * assessor * 97) % 1_000_003;
        if mixed.is_multiple_of(17) { -1 } else { (mixed % spread) as i16 }
    };
    (0..bids).map(|bid| (0..assessors).map(|assessor| value(bid, assessor)).collect()).collect()
}

#[test]
fn a_round_is_assigned_with_a_certificate_that_anybody_can_check() {
    // Few different values make ties; many assessors make more than the candidates that are looked at first.
    for (bids, assessors, spread) in [(384, 40, 1_000), (300, 200, 1_000), (300, 200, 4), (60, 150, 1_000)] {
        let values = varied(bids, assessors, spread);
        let matrix = Matrix::new(bids, assessors, values.concat()).unwrap();
        let most = (bids * 3).div_ceil(assessors) + 1;
        let wish = wish(3, &vec![(most.saturating_sub(2).min(bids * 3 / assessors), most); assessors]);
        let found = assigned(&matrix, &wish);
        sound(&values, &wish, &found);
        let prices = (&found.certificate.bid_prices[..], &found.certificate.assessor_prices[..]);
        let proven = bound(&matrix, |bid, assessor| i64::from(values[bid][assessor]), &wish, prices);
        assert_eq!((proven, found.certificate.bound), (found.value, found.value));
        assert!(found.certificate.least_reduced_cost.unwrap() >= 0);
    }
}

#[test]
fn popular_assessors_are_found_beyond_the_first_candidates() {
    // Everybody's best forty are the same and read one bid each, so that the rest must come from far down the list.
    let values: Vec<Vec<i16>> = (0..100_i16)
        .map(|bid| (0..200_i16).map(|at| if at < 60 { 900 + at } else { (bid * at) % 700 }).collect())
        .collect();
    let matrix = Matrix::new(100, 200, values.concat()).unwrap();
    let limits: Vec<(usize, usize)> = (0..200).map(|at| if at < 60 { (0, 1) } else { (0, 3) }).collect();
    let wish = wish(3, &limits);
    sound(&values, &wish, &assigned(&matrix, &wish));
}

#[test]
fn parts_and_shared_readings_are_counted() {
    let matrix = matrix(&[&[9, 9, -1, -1, 0], &[9, 9, -1, -1, 0], &[-1, -1, 9, 9, 0]]);
    let found = assigned(&matrix, &wish(2, &[(0, 3); 5]));
    assert_eq!(found.pairs, [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3)]);
    assert_eq!((found.components, found.sharing_two, found.value), (2, 1, 54));
    assert_eq!(found.loads, [2, 2, 1, 1, 0]);
}

#[test]
fn a_price_for_changes_keeps_what_stood_where_little_is_gained() {
    let matrix = matrix(&[&[10, 12], &[10, 8]]);
    let previous = vec![(0, 0), (1, 1)];
    let mut wish = Wish { previous: previous.clone(), change_cost: 3, ..wish(1, &[(0, 1); 2]) };
    let kept = assigned(&matrix, &wish);
    assert_eq!((kept.pairs, kept.dropped, kept.value), (previous.clone(), vec![], 18));
    wish.change_cost = 1;
    let changed = assigned(&matrix, &wish);
    assert_eq!((changed.dropped, changed.value, changed.objective), (previous, 22, 20));
}

#[test]
fn what_makes_an_assignment_impossible_is_named() {
    let few = impossible(&matrix(&[&[5, -1, -1], &[5, -1, -1], &[5, 5, 5]]), &wish(1, &[(0, 1), (0, 3), (0, 3)]));
    assert_eq!((few.bids, few.assessors, few.needed, few.available), (vec![0, 1], vec![0], 2, 1));
    assert!(few.message.starts_with(
        "bids 0, 1 need 2 readings, and whoever may read them can give 1 within the limits of assessor 0"
    ));
    let alone = impossible(&matrix(&[&[-1, -1], &[4, 4]]), &wish(1, &[(0, 5); 2]));
    assert_eq!((alone.bids, alone.assessors, alone.available), (vec![0], vec![], 0));
    let least = impossible(&matrix(&[&[5, -1], &[5, -1]]), &wish(1, &[(0, 2), (1, 2)]));
    assert_eq!((least.assessors, least.needed, least.available), (vec![1], 1, 0));
    assert!(least.message.starts_with("assessor 1 must read at least 1"), "{}", least.message);
    let many = impossible(&matrix(&[&[5, 5], &[5, 5]]), &wish(1, &[(2, 2), (2, 2)]));
    assert_eq!((many.needed, many.available), (4, 2));
}

#[test]
fn wishes_that_name_nothing_or_contradict_are_refused() {
    let matrix = matrix(&[&[5, -1], &[5, 5]]);
    let refused = |wish: Wish| assign::assign(&matrix, &wish).unwrap_err().to_string();
    assert!(refused(wish(0, &[(0, 1); 2])).contains("per_bid: each bid must be read at least once"));
    assert!(refused(wish(1, &[(0, 1); 3])).contains("limits of 3 assessors, and the matrix has 2"));
    assert!(refused(wish(1, &[(2, 1), (0, 1)])).contains("assessor 0 is to read at least 2 and at most 1"));
    let two = || wish(1, &[(0, 2); 2]);
    assert!(refused(Wish { pinned: vec![(0, 1)], ..two() }).contains("bid 0 with assessor 1 is a conflict"));
    assert!(refused(Wish { pinned: vec![(0, 0)], banned: vec![(0, 0)], ..two() }).contains("is banned too"));
    assert!(refused(Wish { pinned: vec![(1, 0), (1, 1)], ..two() }).contains("one reading more than the 1"));
    assert!(refused(Wish { banned: vec![(7, 0)], ..two() }).contains("there is no bid 7"));
    assert!(refused(Wish { previous: vec![(0, 0), (0, 0)], ..two() }).contains("stands twice"));
    assert!(refused(Wish { change_cost: 20_000, ..two() }).contains("change_cost: can be 10000 at most"));
}

#[test]
fn files_are_read_or_their_faults_named_by_row_and_column() {
    let read = assign::read(b"1000,-1, 3\r\n0,5,7\n\n").unwrap();
    assert_eq!(read, matrix(&[&[1_000, -1, 3], &[0, 5, 7]]));
    let refused = |file: &str| assign::read(file.as_bytes()).unwrap_err().to_string();
    assert!(refused("").contains("there is no bid"));
    assert!(refused("1,2\n3\n").contains("row 2: has 1 cell, and the first row has 2"));
    assert!(refused("1\n\n3\n").contains("row 2: is empty: give each bid its row"));
    for cell in ["NaN", "1001", "-2", "1.5", "", "99999", "+5"] {
        assert!(refused(&format!("1,2\n3,{cell}\n")).contains("row 2, column 1: "), "{cell}");
    }
    let limits = assign::read_limits(b"assessor,min,max\n1,0,4\n0,2,3\n", 2).unwrap();
    assert_eq!(limits, [Limits { least: 2, most: 3 }, Limits { least: 0, most: 4 }]);
    let refused = |file: &str| assign::read_limits(file.as_bytes(), 2).unwrap_err().to_string();
    assert!(refused("a,b\n").contains("row 1: the first line must name"));
    assert!(refused("assessor,min,max\n0,0,1\n").contains("assessor 1 has no limits"));
    assert!(refused("assessor,min,max\n0,0,1\n0,0,1\n1,0,1\n").contains("row 3, column assessor: 0 stands twice"));
    assert!(refused("assessor,min,max\n0,0,1\n1,-1,1\n").contains("row 3: assessor, min and max must be whole"));
    assert!(refused("assessor,min,max\n2,0,1\n").contains("row 2, column assessor: there is no assessor 2"));
    assert!(refused("Assessor,MIN,max\n\n0,0,1,7\n1,0,1\n").contains("row 3: has 4 cells, and the first line names 3"));
    assert!(
        refused("assessor,min,max,max\n0,0,1,7\n")
            .contains("row 1: one of assessor, min and max stands more than once")
    );
}

#[test]
fn numbers_beyond_all_measure_are_out_of_reach_and_said_so() {
    let matrix = matrix(&[&[1, 2], &[3, 4]]);
    let impossible = |wish: Wish| match assign::assign(&matrix, &wish).unwrap() {
        Answer::Impossible(why) => why.message,
        Answer::Assigned(found) => panic!("{found:?}"),
    };
    for per_bid in [3, usize::MAX / 2 + 1, usize::MAX] {
        let told = impossible(wish(per_bid, &[(0, 1); 2]));
        assert!(told.contains("and the matrix has 2 assessors: ask for fewer readings of a bid"), "{told}");
    }
    let told = impossible(wish(1, &[(usize::MAX, usize::MAX); 2]));
    assert!(
        told.contains("assessor 0 must read at least 18446744073709551615 bids, and the matrix has 2 bids"),
        "{told}"
    );
    let told = impossible(wish(1, &[(0, usize::MAX), (0, 0)].map(|(least, most)| (least, most.min(1)))));
    assert!(told.starts_with("bids 0, 1 need 2 readings"), "{told}");
    assert!(matches!(assign::assign(&matrix, &wish(1, &[(0, usize::MAX); 2])).unwrap(), Answer::Assigned(_)));
}
