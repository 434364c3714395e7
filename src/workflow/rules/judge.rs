//! Judges a bid by a rule. Three answers are possible on the way (holds, fails, cannot be told), so that a missing value never lets
//! a bid pass, not even below a `!`.

use std::cmp::Ordering;

use super::facts::Scope;
use super::{Comparison, Constant, Facts, Quantifier, Rule, Term, Verdict, words};

/// Holds, fails, or cannot be told because a value is missing.
pub(super) type Answer = Option<bool>;

impl Rule {
    /// Whether the rule holds for these facts, and if not, why not.
    pub fn judge(&self, facts: &Facts) -> Verdict {
        let scope = facts.of_bid();
        let holds = answer(self, scope) == Some(true);
        let reasons = if holds { Vec::new() } else { why_not(self, scope, true) };
        Verdict { holds, reasons }
    }
}

pub(super) fn answer(rule: &Rule, scope: Scope<'_>) -> Answer {
    match rule {
        Rule::Every(rules) => every(rules.iter().map(|rule| answer(rule, scope))),
        Rule::Either(rules) => either(rules.iter().map(|rule| answer(rule, scope))),
        Rule::Not(rule) => answer(rule, scope).map(|holds| !holds),
        Rule::Is(field) => scope.value(field).map(|value| *value == Constant::YesNo(true)),
        Rule::Compare(comparison, left, right) => comparison.answer(resolve(left, scope)?, resolve(right, scope)?),
        Rule::OneOf(field, list) => scope.value(field).map(|value| list.contains(value)),
        Rule::Partners(Quantifier::Some, rule) => either(scope.partners().map(|partner| answer(rule, partner))),
        Rule::Partners(Quantifier::All, rule) => {
            let is_any = scope.partners().next().is_some();
            if is_any { every(scope.partners().map(|partner| answer(rule, partner))) } else { Some(false) }
        }
        Rule::Said(rule, _) => answer(rule, scope),
    }
}

fn every(answers: impl Iterator<Item = Answer>) -> Answer {
    let mut all = Some(true);
    for one in answers {
        match one {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

fn either(answers: impl Iterator<Item = Answer>) -> Answer {
    every(answers.map(|one| one.map(|holds| !holds))).map(|none| !none)
}

fn resolve<'a>(term: &'a Term, scope: Scope<'a>) -> Option<&'a Constant> {
    match term {
        Term::Field(name) => scope.value(name),
        Term::Constant(constant) => Some(constant),
    }
}

impl Comparison {
    fn answer(self, left: &Constant, right: &Constant) -> Answer {
        let order = match (left, right) {
            (Constant::Number(left), Constant::Number(right)) => left.cmp(right),
            _ if left == right => Ordering::Equal,
            _ => return self.of_unordered(),
        };
        Some(match self {
            Self::Equal => order.is_eq(),
            Self::Different => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        })
    }

    /// The answer for two values that differ and have no order.
    fn of_unordered(self) -> Answer {
        match self {
            Self::Equal => Some(false),
            Self::Different => Some(true),
            _ => None,
        }
    }
}

/// Why the rule's answer is not the wanted one. Denials are carried down to the leaves, where words can be found for them.
fn why_not(rule: &Rule, scope: Scope<'_>, wanted: bool) -> Vec<String> {
    match (rule, wanted) {
        (Rule::Every(rules), true) | (Rule::Either(rules), false) => all_faults(rules, scope, wanted),
        (Rule::Every(rules), false) | (Rule::Either(rules), true) => any_fault(rules, scope, wanted),
        (Rule::Not(rule), _) => why_not(rule, scope, !wanted),
        (Rule::Said(_, say), _) => vec![words::fill(say, scope)],
        (Rule::Partners(of, rule), _) => why_not_partners(*of, rule, scope, wanted),
        (Rule::Is(field), _) => vec![words::yes_or_no(field, scope)],
        (Rule::OneOf(field, list), _) => vec![words::membership(field, list, scope, wanted)],
        (Rule::Compare(comparison, left, right), _) => {
            let needed = if wanted { *comparison } else { comparison.opposite() };
            vec![words::comparison(needed, left, right, scope)]
        }
    }
}

fn all_faults(rules: &[Rule], scope: Scope<'_>, wanted: bool) -> Vec<String> {
    let failing = rules.iter().filter(|rule| answer(rule, scope) != Some(wanted));
    failing.flat_map(|rule| why_not(rule, scope, wanted)).collect()
}

fn any_fault(rules: &[Rule], scope: Scope<'_>, wanted: bool) -> Vec<String> {
    let each = rules.iter().map(|rule| why_not(rule, scope, wanted).join(" and "));
    one_of_these(each.collect())
}

fn one_of_these(mut reasons: Vec<String>) -> Vec<String> {
    if reasons.len() > 1 {
        reasons = vec![format!("one of these has to be put right: {}", reasons.join("; or "))];
    }
    reasons
}

fn why_not_partners(of: Quantifier, rule: &Rule, scope: Scope<'_>, wanted: bool) -> Vec<String> {
    if scope.partners().next().is_none() {
        return vec!["no partner has been named yet".to_owned()];
    }
    let of_each = of == Quantifier::All;
    let failing = scope.partners().filter(|partner| answer(rule, *partner) != Some(wanted));
    let reasons = failing.map(|partner| why_not(rule, partner, wanted).join(" and ")).collect();
    if of_each == wanted { reasons } else { one_of_these(reasons) }
}
