//! Small lists against every set of their bids.

use methods::portfolio::{self, Answer, Bid, Problem, Rule, Wish};
use proptest::prelude::*;

use super::{answer, bid, chosen, is_kept, keeps, problem};

/// The most that any set is worth.
fn brute(problem: &Problem) -> Option<f64> {
    let sets = (0u32..1 << problem.bids.len()).filter_map(|set| {
        let bids: Vec<&Bid> =
            problem.bids.iter().enumerate().filter(|(place, _)| set & (1 << place) != 0).map(|(_, bid)| bid).collect();
        keeps(problem, &bids).then(|| bids.iter().map(|bid| bid.value).sum::<f64>())
    });
    sets.max_by(f64::total_cmp)
}

fn rules(bids: usize) -> impl Strategy<Value = Rule> {
    let of = prop_oneof![Just("theme".to_owned()), Just("lead".to_owned())];
    let limits = prop_oneof![
        (0_u32..4).prop_map(|awards| (Some(awards), None)),
        (0_i64..120).prop_map(|amount| (None, Some(amount))),
    ];
    let names = prop::collection::btree_set(0..bids, 2..=bids.max(2))
        .prop_map(|set| set.into_iter().map(|number| number.to_string()).collect::<Vec<_>>());
    let is = (0_u8..3).prop_map(|number| number.to_string());
    prop_oneof![
        2 => (of.clone(), is.clone(), limits.clone())
            .prop_map(|(of, is, (awards, amount))| Rule::Cap { of, is, awards, amount }),
        1 => (of.clone(), is, limits.clone()).prop_map(|(of, is, (awards, amount))| Rule::Floor { of, is, awards, amount }),
        2 => (of, limits).prop_map(|(of, (awards, amount))| Rule::Each { of, awards, amount }),
        1 => names.clone().prop_map(|bids| Rule::Exclusive { bids }),
        1 => names.prop_map(|bids| Rule::Together { bids }),
    ]
}

fn instances() -> impl Strategy<Value = Problem> {
    (2_usize..10).prop_flat_map(|count| {
        let bids = prop::collection::vec((-20_i32..200, 0_i64..60, 0_u8..3, 0_u8..3), count);
        let rules = prop::collection::vec(rules(count), 0..5);
        (bids, rules, 0_i64..250, prop::option::weighted(0.3, 0_u32..6), any::<bool>()).prop_map(
            |(bids, rules, budget, most, coarse)| {
                let step = if coarse { 10.0 } else { 7.3 };
                let bids = bids.into_iter().enumerate().map(|(number, (value, amount, theme, lead))| {
                    let (theme, lead) = (theme.to_string(), lead.to_string());
                    bid(&number.to_string(), f64::from(value) / step, amount, &[("theme", &theme), ("lead", &lead)])
                });
                Problem { most, ..problem(budget, bids.collect(), rules) }
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn small_lists_are_those_of_brute_force(problem in instances()) {
        match (answer(&problem), brute(&problem)) {
            (Answer::Chosen(list), Some(best)) => {
                prop_assert!((list.value - best).abs() < 1e-6, "{} where brute force has {}", list.value, best);
                prop_assert_eq!((list.bound, list.gap), (list.value, 0.0));
                prop_assert!(is_kept(&problem, &list));
                for left in problem.bids.iter().filter(|bid| bid.value >= 0.0 && !list.chosen.contains(&bid.bid)) {
                    let with = problem.bids.iter().filter(|bid| bid.bid == left.bid || list.chosen.contains(&bid.bid));
                    prop_assert!(!keeps(&problem, &with.collect::<Vec<_>>()), "{} is left out for nothing", left.bid);
                }
                for (number, cost) in list.rules.iter().enumerate() {
                    let mut without = problem.clone();
                    without.rules.remove(number);
                    let other = brute(&without).unwrap();
                    prop_assert!((cost.cost - (other - best).max(0.0)).abs() < 1e-6);
                }
            }
            (Answer::Contradiction { rules, .. }, None) => {
                let only = |keep: &dyn Fn(usize) -> bool| {
                    let mut part = problem.clone();
                    let mut number = 0..;
                    part.rules.retain(|_| keep(number.next().unwrap()));
                    brute(&part)
                };
                prop_assert_eq!(only(&|number| rules.contains(&number)), None);
                for rule in &rules {
                    prop_assert!(only(&|number| number != *rule && rules.contains(&number)).is_some());
                }
            }
            (answer, best) => prop_assert!(false, "{:?} where brute force has {:?}", answer, best),
        }
    }
}

/// Instances of the size where covers, cores and trials come in: caps and floors of money by theme, in pence, over two leads each.
fn larger_instances() -> impl Strategy<Value = Problem> {
    let bids = prop::collection::vec((1_i64..400, 20_000_i64..500_000, 0_u8..3, 0_u8..9), 15);
    (bids, 20_i64..70, prop::collection::vec(5_i64..40, 3), 0_i64..12, any::<bool>()).prop_map(
        |(bids, share, caps, least, related)| {
            let all: Vec<Bid> = bids
                .iter()
                .enumerate()
                .map(|(number, (value, amount, theme, lead))| {
                    let value = if related { 40.0 + (*amount / 1_000 + value / 8) as f64 } else { *value as f64 };
                    let (theme, lead) = (theme.to_string(), lead.to_string());
                    bid(&number.to_string(), value / 6.0, *amount, &[("theme", &theme), ("lead", &lead)])
                })
                .collect();
            let sum: i64 = all.iter().map(|bid| bid.amount).sum();
            let theme = |number: usize| ("theme".to_owned(), number.to_string());
            let mut rules = vec![
                Rule::Each { of: "lead".to_owned(), awards: Some(1), amount: None },
                Rule::Together { bids: vec!["0".to_owned(), "7".to_owned()] },
                Rule::Exclusive { bids: vec!["1".to_owned(), "2".to_owned(), "3".to_owned()] },
            ];
            for (number, cap) in caps.into_iter().enumerate() {
                let (of, is) = theme(number);
                rules.push(Rule::Cap { of, is, awards: None, amount: Some(sum * cap / 100) });
            }
            let (of, is) = theme(2);
            rules.push(Rule::Floor { of, is, awards: None, amount: Some(sum * least / 100) });
            let has = |is: &String| all.iter().any(|bid| bid.is.get("theme") == Some(is));
            rules.retain(|rule| !matches!(rule, Rule::Cap { is, .. } | Rule::Floor { is, .. } if !has(is)));
            problem(sum * share / 100, all, rules)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn larger_lists_are_those_of_brute_force(problem in larger_instances()) {
        let found = portfolio::choose(&problem, Wish::default(), &|| true).unwrap();
        match (found, brute(&problem)) {
            (Answer::Chosen(list), Some(best)) => {
                prop_assert!((list.value - best).abs() < 1e-6, "{} where brute force has {}", list.value, best);
                prop_assert!(is_kept(&problem, &list) && list.gap == 0.0);
            }
            (Answer::Contradiction { .. }, None) => {}
            (answer, best) => prop_assert!(false, "{:?} where brute force has {:?}", answer, best),
        }
    }
}

/// Once, a dive settled a bid by the bound of another dive, and the best list was never looked at.
#[test]
fn a_part_that_another_dive_left_open_is_searched_whole() {
    let worth = [(85, 20), (0, 54), (1, 1), (112, 35), (22, 1), (0, 5), (113, 42), (94, 22)];
    let bids = worth.iter().enumerate().map(|(number, (value, amount))| {
        bid(&number.to_string(), f64::from(*value) / 7.3, *amount, &[("theme", "0"), ("lead", "0")])
    });
    let problem = problem(77, bids.collect(), vec![]);
    let list = chosen(&problem);
    assert!((list.value - brute(&problem).unwrap()).abs() < 1e-9, "{list:?}");
}
