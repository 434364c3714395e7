//! Why there is no list: the rules, and the limits of money and awards, that stand against each other.

use std::collections::BTreeSet;

use super::{Answer, model::Problem, notes::notes, rows::Programme, search};

/// What can stand against each other.
struct Standing<'a> {
    problem: Problem,
    goes_on: &'a dyn Fn() -> bool,
    /// Whether each answer was found in time.
    sure: bool,
}

impl Standing<'_> {
    /// Whether no list keeps these rules.
    fn still(&mut self, rules: &BTreeSet<usize>) -> bool {
        let programme = Programme::new(&self.problem, |each| rules.contains(&each));
        let found = search::search(&programme, f64::INFINITY, self.goes_on);
        self.sure &= found.best.is_some() || found.finished;
        found.best.is_none() && found.finished
    }
}

/// Leaves out one rule after another, then the limit of awards, then the budget, as long as the others still contradict.
pub(super) fn contradiction(problem: &Problem, goes_on: &dyn Fn() -> bool) -> Answer {
    let mut rules: BTreeSet<usize> = (0..problem.rules.len()).collect();
    let mut standing = Standing { problem: problem.clone(), goes_on, sure: true };
    for number in 0..problem.rules.len() {
        let mut others = rules.clone();
        others.remove(&number);
        if standing.still(&others) {
            rules = others;
        }
    }
    let mut most = problem.most;
    if standing.problem.most.take().is_some() {
        if standing.still(&rules) {
            most = None;
        } else {
            standing.problem.most = most;
        }
    }
    standing.problem.budget = i64::MAX;
    let budget = !standing.still(&rules);
    let message = words(problem, &rules, (most, budget), standing.sure);
    Answer::Contradiction {
        rules: rules.into_iter().collect(),
        most: most.is_some(),
        budget,
        message,
        notes: notes(problem),
    }
}

fn words(problem: &Problem, rules: &BTreeSet<usize>, (most, budget): (Option<u32>, bool), sure: bool) -> String {
    let within = if budget { format!(" within the budget of {}", problem.budget) } else { String::new() };
    let awards = most.map(|most| format!("most, at most {most} award{} in all", if most == 1 { "" } else { "s" }));
    let named = |rule: &usize| problem.rules.get(*rule).map(|words| format!("rule {rule}, {}", words.words()));
    let named: Vec<String> = awards.into_iter().chain(rules.iter().filter_map(named)).collect();
    let proof = match (sure, named.len()) {
        (false, _) => {
            "keeps these rules together, though the time was over before it was clear that each of them matters"
        }
        (true, 1) => "keeps this rule",
        (true, _) => "keeps these rules together, and without any one of them there is one",
    };
    format!("no list{within} {proof}: {}", named.join("; "))
}
