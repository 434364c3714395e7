//! The list under a budget: against brute force, what rules cost, and rules or budgets at their ends.

mod brute;
mod documents;
mod larger;
mod plain;

use std::collections::BTreeSet;

use methods::portfolio::{self, Answer, Bid, Portfolio, Problem, Rule, Tied, Unaffordable, Wish};

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

fn is_kept(problem: &Problem, list: &Portfolio) -> bool {
    let set: Vec<&Bid> = problem.bids.iter().filter(|bid| list.chosen.contains(&bid.bid)).collect();
    assert_eq!(set.len(), list.chosen.len());
    keeps(problem, &set)
}

fn three() -> Vec<Bid> {
    vec![
        bid("A", 9.0, 60, &[("theme", "housing"), ("lead", "x")]),
        bid("B", 8.0, 50, &[("theme", "housing"), ("lead", "y")]),
        bid("C", 7.0, 40, &[("theme", "waste"), ("lead", "x")]),
    ]
}
