//! Rounds of more bids than sets can be counted of.

use methods::portfolio::{self, Answer, Bid, Problem, Rule, Wish};

use super::{bid, chosen, is_kept, problem, three};

#[test]
fn a_search_that_must_stop_says_how_far_it_got() {
    assert!(matches!(
        portfolio::choose(&problem(100, three(), vec![]), Wish::default(), &|| false).unwrap(),
        Answer::Unfinished { .. }
    ));
    let hard = varied(120, 8);
    let asked = std::cell::Cell::new(0);
    let some = || asked.replace(asked.get() + 1) < 40;
    let Answer::Chosen(list) = portfolio::choose(&hard, Wish::default(), &some).unwrap() else {
        panic!("a list is found")
    };
    assert!(is_kept(&hard, &list) && list.bound >= list.value);
    let Answer::Chosen(best) = portfolio::choose(&hard, Wish::default(), &|| true).unwrap() else {
        panic!("a list is found")
    };
    assert_eq!(best.gap, 0.0);
    assert!(best.value <= list.bound + 1e-6 && best.value >= list.value - 1e-6);
}

/// Bids of different worth, with caps, floors and one award at most for each lead.
fn varied(bids: usize, themes: usize) -> Problem {
    let mixed = |number: usize, salt: usize| {
        let seed = (number * 8 + salt) as u64;
        let mixed = (seed ^ (seed << 21)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as usize % 1_009
    };
    let all = (0..bids).map(|number| {
        let amount = 50_000 + 293 * mixed(number, 1) as i64;
        let value = 1.0 + mixed(number, 2) as f64 / 201.8;
        let (theme, lead) = ((mixed(number, 3) % themes).to_string(), (mixed(number, 4) % (bids / 2)).to_string());
        bid(&format!("B{number}"), value, amount, &[("theme", &theme), ("lead", &lead)])
    });
    let mut rules = vec![Rule::Each { of: "lead".to_owned(), awards: Some(1), amount: None }];
    for theme in 0..themes {
        let (of, is) = ("theme".to_owned(), theme.to_string());
        rules.push(match theme {
            0 => Rule::Cap { of, is, awards: None, amount: Some(bids as i64 * 200_000 / (4 * themes as i64)) },
            theme if theme % 2 == 1 => {
                Rule::Cap { of, is, awards: Some((bids / (6 * themes)) as u32 + 1), amount: None }
            }
            _ => Rule::Floor { of, is, awards: Some(1), amount: None },
        });
    }
    problem(bids as i64 * 200_000 / 4, all.collect(), rules)
}

/// Themes of so many bids each, with a cap on the money of each theme, under a budget; and what the best list is worth, counted pound
/// by pound: within each theme, and then over the themes.
fn capped(seed: u64, themes: usize, each: usize) -> (Problem, f64) {
    let mut state = seed;
    let mut below = |most: i64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) as i64 % most
    };
    let (mut bids, mut rules, mut caps) = (Vec::new(), Vec::new(), 0);
    let mut budgets = vec![0.0_f64];
    for theme in 0..themes {
        let cap = 40 + below(60);
        caps += cap;
        let mut best = vec![0.0_f64; cap as usize + 1];
        for number in 0..each {
            let (amount, value) = (5 + below(45), 1.0 + below(1_000_003) as f64 / 250_000.0);
            bids.push(bid(&format!("{theme}-{number}"), value, amount, &[("theme", &theme.to_string())]));
            for money in (amount..=cap).rev() {
                let with = best[(money - amount) as usize] + value;
                best[money as usize] = best[money as usize].max(with);
            }
        }
        let (of, is) = ("theme".to_owned(), theme.to_string());
        rules.push(Rule::Cap { of, is, awards: None, amount: Some(cap) });
        let mut with = vec![f64::NEG_INFINITY; budgets.len() + cap as usize];
        for (spent, so_far) in budgets.iter().enumerate() {
            for (money, value) in best.iter().enumerate() {
                with[spent + money] = with[spent + money].max(so_far + value);
            }
        }
        budgets = with;
    }
    let budget = caps * (50 + below(50)) / 100;
    (problem(budget, bids, rules), budgets[..=budget as usize].iter().copied().fold(0.0, f64::max))
}

#[test]
fn rounds_with_many_caps_on_money_are_those_counted_pound_by_pound() {
    for seed in 0..60 {
        let (themes, each) = (2 + seed as usize % 25, 3 + seed as usize * 7 % 11);
        let (round, worth) = capped(seed, themes, each);
        let Answer::Chosen(list) = portfolio::choose(&round, Wish::default(), &|| true).unwrap() else {
            panic!("a list is found")
        };
        assert!(is_kept(&round, &list), "{seed}");
        assert!((list.value - worth).abs() < 1e-6 && list.gap == 0.0, "{seed}: {} in the place of {worth}", list.value);
    }
}

#[test]
fn amounts_that_lie_far_apart_are_added_up_all_the_same() {
    // A floor that the small ones alone keep, beside one that is a thousand million times as large.
    let small = (0..20).map(|number| bid(&format!("s{number}"), 1.0, 5, &[("theme", "a")]));
    let bids: Vec<Bid> = small.chain([bid("large", 0.5, 5_000_000_000, &[("theme", "a")])]).collect();
    let floor = Rule::Floor { of: "theme".to_owned(), is: "a".to_owned(), awards: None, amount: Some(100) };
    let list = chosen(&problem(4_000_000_000, bids.clone(), vec![floor.clone()]));
    assert_eq!((list.chosen.len(), list.amount, list.gap), (20, 100, 0.0));
    let list = chosen(&problem(5_000_000_100, bids, vec![floor]));
    assert_eq!((list.chosen.len(), list.gap), (21, 0.0));
}

#[test]
fn a_larger_round_is_solved_to_its_end() {
    let round = varied(120, 8);
    let Answer::Chosen(list) = portfolio::choose(&round, Wish::default(), &|| true).unwrap() else {
        panic!("a list is found")
    };
    assert!(is_kept(&round, &list));
    assert_eq!(list.gap, 0.0);
}
