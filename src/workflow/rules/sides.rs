//! Decides whether a rule can hold and whether it can fail: a guard that does only one of the two is a slip of the pen.
//!
//! Exact, over a finite abstraction. Parts of a rule that speak of different fields are decided by themselves and joined; parts
//! that share fields are tried in every world that they can tell apart (see `worlds.rs`).

use std::collections::BTreeSet;

use super::judge::answer;
use super::worlds::{PARTNERS, Worlds};
use super::{Rule, Term, Vocabulary};

/// What a rule can come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides {
    /// Whether some bid meets it.
    pub can_hold: bool,
    /// Whether some bid, everything about it known, does not.
    pub can_fail: bool,
}

/// How many worlds may still be tried, so that no definition keeps a check busy.
#[derive(Debug)]
pub struct Budget(usize);

impl Budget {
    /// Enough for a definition of any sense: a guard of ten parts takes about fifty.
    pub const fn for_a_definition() -> Self {
        Self(20_000)
    }

    /// Whether so many could still be tried: what is more is not even listed.
    pub(super) fn has_room_for(&self, worlds: usize) -> Option<()> {
        (worlds <= self.0).then_some(())
    }

    pub(super) fn take(&mut self, worlds: usize) -> Option<()> {
        self.0 = self.0.checked_sub(worlds)?;
        Some(())
    }
}

impl Rule {
    /// What the rule can come to; none if that takes more worlds than the budget has left. The rule must fit the vocabulary.
    pub fn sides(&self, vocabulary: &Vocabulary, budget: &mut Budget) -> Option<Sides> {
        match self {
            Self::Not(rule) => rule.sides(vocabulary, budget).map(Sides::turned),
            Self::Said(rule, _) => rule.sides(vocabulary, budget),
            Self::Every(rules) => every(rules, vocabulary, budget),
            Self::Either(rules) => {
                let denied: Vec<Self> = rules.iter().map(|rule| Self::Not(Box::new(rule.clone()))).collect();
                every(&denied, vocabulary, budget).map(Sides::turned)
            }
            leaf => together(&[leaf], vocabulary, budget),
        }
    }
}

impl Sides {
    const fn turned(self) -> Self {
        Self { can_hold: self.can_fail, can_fail: self.can_hold }
    }
}

/// All hold together if each group can by itself; not all hold if one group can fail.
fn every(rules: &[Rule], vocabulary: &Vocabulary, budget: &mut Budget) -> Option<Sides> {
    let mut all = Sides { can_hold: true, can_fail: false };
    for group in groups(rules) {
        let sides = match group.as_slice() {
            [alone] => alone.sides(vocabulary, budget)?,
            several => together(several, vocabulary, budget)?,
        };
        all.can_hold &= sides.can_hold;
        all.can_fail |= sides.can_fail;
    }
    Some(all)
}

/// What several rules come to in the worlds that they tell apart.
fn together(rules: &[&Rule], vocabulary: &Vocabulary, budget: &mut Budget) -> Option<Sides> {
    let mut sides = Sides { can_hold: false, can_fail: false };
    for facts in Worlds::of(rules, vocabulary, budget)?.all() {
        let hold = rules.iter().all(|rule| answer(rule, facts.of_bid()) == Some(true));
        sides.can_hold |= hold;
        sides.can_fail |= !hold;
        if sides.can_hold && sides.can_fail {
            break;
        }
    }
    Some(sides)
}

/// The rules in groups of which no two speak of the same field.
fn groups(rules: &[Rule]) -> Vec<Vec<&Rule>> {
    let mut groups: Vec<(BTreeSet<&str>, Vec<&Rule>)> = Vec::new();
    for rule in rules {
        let (mut fields, mut members) = (fields_of(rule), vec![rule]);
        let (touching, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(of, _)| !of.is_disjoint(&fields));
        for (of, rules) in touching {
            fields.extend(of);
            members.extend(rules);
        }
        groups = apart;
        groups.push((fields, members));
    }
    groups.into_iter().map(|(_, rules)| rules).collect()
}

/// The fields of which a rule speaks.
fn fields_of(rule: &Rule) -> BTreeSet<&str> {
    match rule {
        Rule::Every(rules) | Rule::Either(rules) => rules.iter().flat_map(fields_of).collect(),
        Rule::Not(rule) | Rule::Said(rule, _) => fields_of(rule),
        Rule::Is(name) | Rule::OneOf(name, _) => BTreeSet::from([topic(name)]),
        Rule::Compare(_, left, right) => {
            let names = [left, right].into_iter().filter_map(Term::field);
            names.map(topic).collect()
        }
        Rule::Partners(..) => BTreeSet::from([PARTNERS]),
    }
}

/// Whatever is asked of partners counts as one field.
fn topic(name: &str) -> &str {
    if name.starts_with(PARTNERS) { PARTNERS } else { name }
}
