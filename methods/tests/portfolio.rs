//! The list under a budget: against brute force, what rules cost, and rules or budgets at their ends.

use std::collections::{BTreeMap, BTreeSet};

use methods::portfolio::{self, Answer, Bid, Portfolio, Problem, Rule, Tied, Unaffordable, Wish};
use proptest::prelude::*;

fn bid(name: &str, value: f64, amount: i64, is: &[(&str, &str)]) -> Bid {
    let is = is.iter().map(|(of, is)| ((*of).to_owned(), (*is).to_owned())).collect();
    Bid { bid: name.to_owned(), value, amount, is }
}

fn problem(budget: i64, bids: Vec<Bid>, rules: Vec<Rule>) -> Problem {
    Problem { budget, most: None, unaffordable: Unaffordable::Skip, tied: Tied::Apart, bids, rules }
}

fn answer(problem: &Problem) -> Answer {
    portfolio::choose(problem, Wish { gap: 0.0, costs: true }, &|| true).unwrap()
}

fn chosen(problem: &Problem) -> Portfolio {
    match answer(problem) {
        Answer::Chosen(list) => *list,
        other => panic!("{other:?}"),
    }
}

/// Whether a set of bids keeps budget and rules, looked at one by one.
fn keeps(problem: &Problem, set: &[&Bid]) -> bool {
    let within = |rule: &Rule| {
        let size = |of: &String, is: &String, awards: &Option<u32>| -> i64 {
            set.iter()
                .filter(|bid| bid.is.get(of) == Some(is))
                .map(|bid| if awards.is_some() { 1 } else { bid.amount })
                .sum()
        };
        let limit = |awards: &Option<u32>, amount: &Option<i64>| awards.map(i64::from).or(*amount).unwrap();
        let count = |bids: &Vec<String>| set.iter().filter(|bid| bids.contains(&bid.bid)).count();
        match rule {
            Rule::Cap { of, is, awards, amount } => size(of, is, awards) <= limit(awards, amount),
            Rule::Floor { of, is, awards, amount } => size(of, is, awards) >= limit(awards, amount),
            Rule::Each { of, awards, amount } => {
                let values: BTreeSet<&String> = set.iter().filter_map(|bid| bid.is.get(of)).collect();
                values.into_iter().all(|is| size(of, is, awards) <= limit(awards, amount))
            }
            Rule::Exclusive { bids } => count(bids) <= 1,
            Rule::Together { bids } => count(bids) == 0 || count(bids) == bids.len(),
        }
    };
    set.iter().map(|bid| bid.amount).sum::<i64>() <= problem.budget
        && problem.most.is_none_or(|most| set.len() <= most as usize)
        && problem.rules.iter().all(within)
}

/// The most that any set is worth.
fn brute(problem: &Problem) -> Option<f64> {
    let sets = (0u32..1 << problem.bids.len()).filter_map(|set| {
        let bids: Vec<&Bid> =
            problem.bids.iter().enumerate().filter(|(place, _)| set & (1 << place) != 0).map(|(_, bid)| bid).collect();
        keeps(problem, &bids).then(|| bids.iter().map(|bid| bid.value).sum::<f64>())
    });
    sets.max_by(f64::total_cmp)
}

fn is_kept(problem: &Problem, list: &Portfolio) -> bool {
    let set: Vec<&Bid> = problem.bids.iter().filter(|bid| list.chosen.contains(&bid.bid)).collect();
    assert_eq!(set.len(), list.chosen.len());
    keeps(problem, &set)
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

fn three() -> Vec<Bid> {
    vec![
        bid("A", 9.0, 60, &[("theme", "housing"), ("lead", "x")]),
        bid("B", 8.0, 50, &[("theme", "housing"), ("lead", "y")]),
        bid("C", 7.0, 40, &[("theme", "waste"), ("lead", "x")]),
    ]
}

#[test]
fn the_plain_line_skips_or_stops_at_what_it_cannot_afford() {
    let skip = chosen(&problem(100, three(), vec![]));
    assert_eq!(skip.plain.chosen, ["A", "C"]);
    assert_eq!((skip.plain.value, skip.plain.amount), (16.0, 100));
    let stop = chosen(&Problem { unaffordable: Unaffordable::Stop, ..problem(100, three(), vec![]) });
    assert_eq!(stop.plain.chosen, ["A"]);
    let two = chosen(&Problem { most: Some(1), ..problem(100, three(), vec![]) });
    assert_eq!((two.plain.chosen, two.chosen), (vec!["A".to_owned()], vec!["A".to_owned()]));
}

#[test]
fn bids_of_equal_value_stand_or_fall_together_on_the_plain_line_where_that_is_said() {
    let bids = || vec![bid("A", 4.0, 5, &[]), bid("B", 3.0, 5, &[]), bid("C", 3.0, 5, &[]), bid("D", 1.0, 5, &[])];
    let plain = |tied, most, unaffordable| {
        let problem = Problem { tied, most, unaffordable, ..problem(10, bids(), vec![]) };
        chosen(&problem).plain.chosen.concat()
    };
    assert_eq!(plain(Tied::Apart, None, Unaffordable::Skip), "AB");
    assert_eq!(plain(Tied::Together, None, Unaffordable::Skip), "AD");
    assert_eq!(plain(Tied::Together, None, Unaffordable::Stop), "A");
    assert_eq!(plain(Tied::Together, Some(1), Unaffordable::Skip), "A");
}

#[test]
fn each_rule_has_its_cost_and_the_bids_that_it_moves() {
    let rule = Rule::Each { of: "lead".to_owned(), awards: Some(1), amount: None };
    let idle = Rule::Cap { of: "theme".to_owned(), is: "waste".to_owned(), awards: Some(1), amount: None };
    let list = chosen(&problem(100, three(), vec![rule, idle]));
    // With A and C of one lead, B and C is worth most.
    assert_eq!((list.chosen.clone(), list.value, list.amount), (vec!["B".to_owned(), "C".to_owned()], 15.0, 90));
    assert_eq!((list.rules[0].cost, list.rules[1].cost), (1.0, 0.0));
    assert_eq!(list.rules[0].words, "at most 1 award for each lead");
    assert_eq!(
        (&list.rules[0].brings_in[..], &list.rules[0].keeps_out[..]),
        (&["B".to_owned()][..], &["A".to_owned()][..])
    );
    let moved: Vec<(&str, bool, &[usize])> =
        list.departures.iter().map(|each| (each.bid.as_str(), each.chosen, &each.rules[..])).collect();
    assert_eq!(moved, [("A", false, &[0][..]), ("B", true, &[0][..])]);
}

#[test]
fn a_budget_of_nothing_chooses_what_is_free_and_one_without_end_chooses_all_of_worth() {
    let mut bids = three();
    bids.push(bid("free", 1.0, 0, &[]));
    bids.push(bid("harm", -1.0, 5, &[]));
    assert_eq!(chosen(&problem(0, bids.clone(), vec![])).chosen, ["free"]);
    assert_eq!(chosen(&problem(0, three(), vec![])).chosen, Vec::<String>::new());
    let all = chosen(&problem(i64::MAX, bids, vec![]));
    assert_eq!(all.chosen, ["A", "B", "C", "free"]);
}

#[test]
fn rules_that_contradict_are_named_and_no_others() {
    let floor = |is: &str, awards| Rule::Floor {
        of: "theme".to_owned(),
        is: is.to_owned(),
        awards: Some(awards),
        amount: None,
    };
    let cap = Rule::Cap { of: "theme".to_owned(), is: "housing".to_owned(), awards: Some(1), amount: None };
    let exclusive = Rule::Exclusive { bids: vec!["B".to_owned(), "C".to_owned()] };
    let Answer::Contradiction { rules, message, .. } =
        answer(&problem(200, three(), vec![exclusive, floor("housing", 2), floor("waste", 0), cap]))
    else {
        panic!("there is no list");
    };
    assert_eq!(rules, [1, 3]);
    assert!(message.contains("rule 1, at least 2 awards where theme is housing; rule 3, at most 1 award"), "{message}");
    // More than the budget can buy.
    let Answer::Contradiction { rules, .. } = answer(&problem(100, three(), vec![floor("housing", 2)])) else {
        panic!("there is no list");
    };
    assert_eq!(rules, [0]);
}

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

#[test]
fn documents_that_make_no_sense_are_refused_with_the_place() {
    let refused = |text: &str| {
        let faults = Problem::read(text.as_bytes()).and_then(|problem| problem.check()).unwrap_err();
        faults.to_string()
    };
    assert!(refused("{").contains("cannot be read"));
    assert!(refused(r#"{"budget": 1.5, "bids": []}"#).contains("cannot be read"));
    assert!(refused(r#"{"budget": 1, "bids": [], "rulez": []}"#).contains("rulez"));
    assert!(refused(r#"{"budget": -1, "bids": []}"#).contains("/budget: must be 0 or more"));
    assert!(refused(r#"{"budget": 1, "bids": []}"#).contains("/bids: there is no bid"));
    let with = |bids: &str, rules: &str| refused(&format!(r#"{{"budget": 9, "bids": [{bids}], "rules": [{rules}]}}"#));
    let one = r#"{"bid": "A", "value": 1, "amount": 2, "theme": "x"}"#;
    assert!(with(&format!("{one},{one}"), "").contains("/bids/1/bid: A stands twice"));
    assert!(with(r#"{"bid": "A", "value": 1e300, "amount": 2}"#, "").contains("/bids/0/value"));
    assert!(with(r#"{"bid": "A", "value": 1, "amount": -2}"#, "").contains("/bids/0/amount"));
    assert!(
        with(one, r#"{"rule": "cap", "of": "region", "is": "x", "awards": 1}"#)
            .contains("/rules/0/of: no bid has \"region\"")
    );
    assert!(with(one, r#"{"rule": "cap", "of": "theme", "is": "x"}"#).contains("give either awards or amount"));
    assert!(with(one, r#"{"rule": "exclusive", "bids": ["A", "Z"]}"#).contains("/rules/0/bids: there is no bid Z"));
    assert!(with(one, r#"{"rule": "together", "bids": ["A"]}"#).contains("name two bids at least"));
}

#[test]
fn the_schema_names_what_a_document_has() {
    let schema = serde_json::to_value(portfolio::schema()).unwrap();
    assert!(schema["properties"]["bids"].is_object() && schema["properties"]["rules"].is_object());
    let kinds = schema["$defs"]["Rule"]["oneOf"].as_array().unwrap();
    let names: BTreeMap<&str, ()> =
        kinds.iter().map(|kind| (kind["properties"]["rule"]["const"].as_str().unwrap(), ())).collect();
    assert_eq!(names.into_keys().collect::<Vec<_>>(), ["cap", "each", "exclusive", "floor", "together"]);
}

#[test]
fn a_bid_of_no_value_is_taken_while_money_is_left_and_one_below_only_where_it_is_asked_for() {
    let bids = vec![bid("A", 0.0, 5, &[]), bid("B", 0.0, 96, &[]), bid("C", 3.0, 2, &[]), bid("D", 0.0, 1, &[])];
    let list = chosen(&problem(100, bids.clone(), vec![]));
    assert_eq!((&list.chosen, list.value, list.amount), (&list.plain.chosen, 3.0, 8));
    assert!(list.departures.is_empty() && list.notes.is_empty());
    // The order is that of the ranking, also where the search came upon another.
    assert_eq!(chosen(&problem(98, bids, vec![])).chosen, ["C", "A", "D"]);
    let theme = |is| [("theme", is)];
    let bids = vec![bid("A", -1.0, 5, &theme("x")), bid("B", 2.0, 5, &theme("y"))];
    let list = chosen(&problem(100, bids.clone(), vec![]));
    assert_eq!(list.chosen, ["B"]);
    assert!(list.notes[0].starts_with("1 bid has a value below 0"), "{:?}", list.notes);
    let floor = Rule::Floor { of: "theme".to_owned(), is: "x".to_owned(), awards: Some(1), amount: None };
    assert_eq!(chosen(&problem(100, bids, vec![floor])).chosen, ["B", "A"]);
    let none = chosen(&problem(1, vec![bid("A", 1.0, 5, &[])], vec![]));
    assert!(none.value.is_sign_positive() && none.bound.is_sign_positive() && none.plain.value.is_sign_positive());
}

#[test]
fn a_rule_about_a_value_that_no_bid_has_is_noted() {
    let cap = |is: &str| Rule::Cap { of: "theme".to_owned(), is: is.to_owned(), awards: Some(0), amount: None };
    let floor =
        |awards| Rule::Floor { of: "theme".to_owned(), is: "Waste".to_owned(), awards: Some(awards), amount: None };
    let list = chosen(&problem(100, three(), vec![cap("waste"), cap("Housing"), floor(0)]));
    assert_eq!(
        list.notes,
        [
            r#"rule 1 limits nothing: no bid has "Housing" as its theme, which is "housing", "waste""#,
            r#"rule 2 asks for nothing: no bid has "Waste" as its theme, which is "housing", "waste""#,
        ]
    );
    let Answer::Contradiction { rules, most, budget, notes, message } = answer(&problem(100, three(), vec![floor(1)]))
    else {
        panic!("there is no list");
    };
    assert_eq!((rules, most, budget), (vec![0], false, false));
    assert!(notes[0].starts_with("rule 0 cannot be kept: no bid has"), "{notes:?}");
    assert_eq!(message, "no list keeps this rule: rule 0, at least 1 award where theme is Waste");
}

#[test]
fn the_limit_of_awards_and_the_budget_are_named_where_they_are_what_stands_against_a_rule() {
    let floor = Rule::Floor { of: "theme".to_owned(), is: "housing".to_owned(), awards: Some(2), amount: None };
    let said = |budget, most| {
        let problem = Problem { most, ..problem(budget, three(), vec![floor.clone()]) };
        match answer(&problem) {
            Answer::Contradiction { message, most, budget, .. } => (message, most, budget),
            other => panic!("{other:?}"),
        }
    };
    let rule = "rule 0, at least 2 awards where theme is housing";
    let together = "keeps these rules together, and without any one of them there is one";
    assert_eq!(
        said(1_000, Some(1)),
        (format!("no list {together}: most, at most 1 award in all; {rule}"), true, false)
    );
    assert_eq!(said(100, Some(2)), (format!("no list within the budget of 100 keeps this rule: {rule}"), false, true));
    // With both too small, one of them is enough.
    assert_eq!(said(100, Some(1)), (format!("no list within the budget of 100 keeps this rule: {rule}"), false, true));
}

#[test]
fn a_bid_that_says_something_twice_or_has_no_reference_is_refused_by_name() {
    let refused = |bid: &str| {
        let text = format!(r#"{{"budget": 9, "bids": [{bid}]}}"#);
        Problem::read(text.as_bytes()).and_then(|problem| problem.check()).unwrap_err().to_string()
    };
    let twice = refused(r#"{"theme": "x", "value": 1, "amount": 2, "theme": "y", "bid": "A"}"#);
    assert!(twice.contains(r#"bid A has "theme" twice"#), "{twice}");
    assert!(refused(r#"{"bid": "A", "value": 1, "value": 2, "amount": 2}"#).contains(r#"bid A has "value" twice"#));
    assert!(refused(r#"{"bid": "A", "value": 1}"#).contains("bid A has no amount"));
    assert!(refused(r#"{"bid": "A", "amount": 1}"#).contains("bid A has no value"));
    assert!(refused(r#"{"value": 1, "amount": 1}"#).contains("missing field `bid`"));
    assert!(
        refused(r#"{"bid": " ", "value": 1, "amount": 2}"#).contains("/bids/0/bid: bid 1 of the list has no reference")
    );
}
