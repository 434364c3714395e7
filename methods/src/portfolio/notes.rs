//! What whoever reads an answer should know about the problem: rules that are likely a slip, and values below 0.

use std::collections::BTreeSet;

use super::model::{Problem, Rule};

/// How many of the values that bids have are named.
const NAMED: usize = 6;

/// What is odd about a problem, in words.
pub(super) fn notes(problem: &Problem) -> Vec<String> {
    let rules = problem.rules.iter().enumerate();
    let mut notes: Vec<String> = rules.filter_map(|(number, rule)| of_rule(problem, number, rule)).collect();
    let below = problem.bids.iter().filter(|bid| bid.value < 0.0).count();
    if below > 0 {
        let have = if below == 1 { "1 bid has".to_owned() } else { format!("{below} bids have") };
        notes.push(format!(
            "{have} a value below 0: such a bid makes a list worth less, and is chosen only where a floor or a group asks for it. \
             If an award is worth more than none, measure values from the lowest of the scale"
        ));
    }
    notes
}

/// That no bid has the value which a rule is about.
fn of_rule(problem: &Problem, number: usize, rule: &Rule) -> Option<String> {
    let (of, is, effect) = match rule {
        Rule::Cap { of, is, .. } => (of, is, "limits nothing"),
        Rule::Floor { of, is, awards: Some(0), .. } | Rule::Floor { of, is, amount: Some(0), .. } => {
            (of, is, "asks for nothing")
        }
        Rule::Floor { of, is, .. } => (of, is, "cannot be kept"),
        _ => return None,
    };
    let had: BTreeSet<&String> = problem.bids.iter().filter_map(|bid| bid.is.get(of)).collect();
    if had.contains(is) {
        return None;
    }
    let mut named: Vec<String> = had.iter().take(NAMED).map(|is| format!("{is:?}")).collect();
    if had.len() > NAMED {
        named.push(format!("{} more", had.len() - NAMED));
    }
    Some(format!("rule {number} {effect}: no bid has {is:?} as its {of}, which is {}", named.join(", ")))
}
