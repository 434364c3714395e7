//! The worlds that rules can tell apart: yes and no; each word that is named, and as many others as could be compared; each number
//! that is named, and as many above it; each company of partners that answers differently. Whatever is true of any bid in the
//! eyes of the rules is true in one of these worlds.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Values;
use super::judge::answer;
use super::sides::Budget;
use super::vocabulary::{Field, Kind};
use super::{Constant, Facts, Quantifier, Rule, Term, Vocabulary};

/// What everything that is asked of partners begins with.
pub(super) const PARTNERS: &str = "partners";
const CONFIRMED: &str = "partners.confirmed";
const INVITED: &str = "partners.invited";
/// The partner's own field from which the confirmed are counted.
const HAS_CONFIRMED: &str = "confirmed";

/// Every world in which the rules could answer differently: one value from each axis, and one company.
pub(super) struct Worlds {
    axes: Vec<(&'static str, Vec<Constant>)>,
    companies: Vec<Company>,
    count: usize,
}

/// Partners: one of each sort that is among them, and how many they are.
struct Company {
    sorts: Vec<Values>,
    confirmed: i64,
    invited: i64,
}

impl Worlds {
    /// None if there are more than the budget has left.
    pub(super) fn of(rules: &[&Rule], vocabulary: &Vocabulary, budget: &mut Budget) -> Option<Self> {
        let mut named = Named::in_rules(rules, vocabulary.fields());
        let sorts = sorts(&named.of_partners, vocabulary, budget)?;
        named.sorts = sorts.len();
        let is_own = |field: &&Field| named.has(field) && !field.name.starts_with(PARTNERS);
        let own = vocabulary.fields().iter().filter(is_own);
        let axes = own.map(|field| Some((field.name, named.values(field, budget)?))).collect::<Option<Vec<_>>>()?;
        let companies = companies(&named, &sorts, budget)?;
        let lengths = axes.iter().map(|(_, values)| values.len());
        let count = lengths.chain([companies.len()]).try_fold(1, usize::checked_mul)?;
        budget.take(count)?;
        Some(Self { axes, companies, count })
    }

    pub(super) fn all(&self) -> impl Iterator<Item = Facts> {
        (0..self.count).map(|number| self.world(number))
    }

    /// The digits of the number choose a value on every axis.
    fn world(&self, number: usize) -> Facts {
        let mut rest = number;
        let mut values = Values::new();
        for (name, possible) in &self.axes {
            values.extend(digit(&mut rest, possible).map(|value| (*name, value.clone())));
        }
        let company = digit(&mut rest, &self.companies);
        values.extend(company.map(|company| (CONFIRMED, Constant::Number(company.confirmed))));
        values.extend(company.map(|company| (INVITED, Constant::Number(company.invited))));
        Facts::imagined(values, company.map(|company| company.sorts.clone()).unwrap_or_default())
    }
}

fn digit<'p, T>(rest: &mut usize, possible: &'p [T]) -> Option<&'p T> {
    let base = possible.len().max(1);
    let chosen = possible.get(*rest % base);
    *rest /= base;
    chosen
}

/// What rules name: fields and constants outside of `some` and `all`, and the rules inside.
#[derive(Default)]
struct Named<'r> {
    fields: BTreeSet<&'r str>,
    words: BTreeSet<&'r str>,
    /// Numbers with the field that is compared with each, and fields that are compared with one another.
    numbers: BTreeSet<(&'r str, i64)>,
    pairs: BTreeSet<[&'r str; 2]>,
    of_partners: Vec<&'r Rule>,
    /// How many sorts of partners the rules inside tell apart.
    sorts: usize,
}

impl<'r> Named<'r> {
    fn in_rules(rules: &[&'r Rule], fields: &'static [Field]) -> Self {
        let mut named = Self::default();
        rules.iter().for_each(|rule| named.rule(rule));
        for field in fields.iter().filter(|field| named.fields.contains(field.name)) {
            if let Kind::Text { values, .. } = &field.kind {
                named.words.extend(values.iter().map(|(word, _)| *word));
            }
        }
        named
    }

    fn rule(&mut self, rule: &'r Rule) {
        match rule {
            Rule::Every(rules) | Rule::Either(rules) => rules.iter().for_each(|rule| self.rule(rule)),
            Rule::Not(rule) | Rule::Said(rule, _) => self.rule(rule),
            Rule::Is(name) => drop(self.fields.insert(name)),
            Rule::Compare(_, left, right) => match (left, right) {
                (Term::Field(one), Term::Field(other)) => {
                    self.fields.extend([one.as_str(), other.as_str()]);
                    self.pairs.insert([one, other]);
                }
                (Term::Field(name), Term::Constant(constant)) | (Term::Constant(constant), Term::Field(name)) => {
                    self.compared(name, constant);
                }
                (Term::Constant(_), Term::Constant(_)) => {}
            },
            Rule::OneOf(name, list) => list.iter().for_each(|constant| self.compared(name, constant)),
            Rule::Partners(_, rule) => self.of_partners.push(rule),
        }
    }

    fn compared(&mut self, name: &'r str, constant: &'r Constant) {
        self.fields.insert(name);
        match constant {
            Constant::Text(word) => drop(self.words.insert(word)),
            Constant::Number(number) => drop(self.numbers.insert((name, *number))),
            Constant::YesNo(_) => {}
        }
    }

    fn has(&self, field: &Field) -> bool {
        self.fields.contains(field.name)
    }

    /// The fields with which some are compared, directly or by way of others.
    fn compared_with(&self, fields: &[&'r str]) -> BTreeSet<&'r str> {
        let mut found: BTreeSet<&str> = fields.iter().copied().collect();
        let mut before = 0;
        while before < found.len() {
            before = found.len();
            let touching = self.pairs.iter().filter(|pair| pair.iter().any(|name| found.contains(name)));
            found.extend(touching.flatten().copied().collect::<Vec<_>>());
        }
        found
    }

    /// Each number with which these fields or their like are compared, and as many above it as there are such fields, and
    /// where partners are counted one more of every sort. Counts and money are never below zero. None if they are more than
    /// the budget has left.
    fn numbers(&self, fields: &[&'r str], budget: &Budget) -> Option<Vec<i64>> {
        let alike = self.compared_with(fields);
        let more = if alike.iter().any(|name| name.starts_with(PARTNERS)) { self.sorts } else { 0 };
        let above = alike.len() + more + 1;
        let from = |number: i64| (0_i64..).take(above).map(move |above| number.saturating_add(above));
        let named = self.numbers.iter().filter(|(field, _)| alike.contains(field)).map(|(_, number)| *number);
        let named: BTreeSet<i64> = named.chain([0]).collect();
        budget.has_room_for(named.len().checked_mul(above)?)?;
        let near: BTreeSet<i64> = named.into_iter().flat_map(from).collect();
        Some(near.into_iter().filter(|number| *number >= 0).collect())
    }

    /// The values of a field that the rules can tell apart; none if they are more than the budget has left.
    fn values(&self, field: &'static Field, budget: &Budget) -> Option<Vec<Constant>> {
        Some(match &field.kind {
            Kind::YesNo { .. } => [false, true].map(Constant::YesNo).into(),
            Kind::Count { .. } | Kind::Money { .. } => {
                self.numbers(&[field.name], budget)?.into_iter().map(Constant::Number).collect()
            }
            Kind::Text { values: [], .. } => {
                let others = (0..self.fields.len()).map(|index| format!("(another {index})"));
                self.words.iter().copied().map(str::to_owned).chain(others).map(Constant::Text).collect()
            }
            Kind::Text { values, .. } => values.iter().map(|(word, _)| Constant::Text((*word).to_owned())).collect(),
            Kind::Partners => Vec::new(),
        })
    }
}

/// One partner of each sort that the rules about partners, and whoever counts the confirmed, can tell apart.
fn sorts(rules: &[&Rule], vocabulary: &Vocabulary, budget: &mut Budget) -> Option<Vec<Values>> {
    let fields = vocabulary.partner_fields();
    let mut named = Named::in_rules(rules, fields);
    named.fields.insert(HAS_CONFIRMED);
    let mut all = vec![Values::new()];
    for field in fields.iter().filter(|field| named.has(field)) {
        let values = named.values(field, budget)?;
        budget.take(all.len().checked_mul(values.len())?)?;
        let with_each = |sort: Values| values.iter().map(move |value| with(&sort, field.name, value));
        all = all.into_iter().flat_map(with_each).collect();
    }
    let mut different = BTreeMap::new();
    for sort in all {
        let facts = Facts::imagined(Values::new(), vec![sort.clone()]);
        let meets = |rule: &&Rule| answer(&Rule::Partners(Quantifier::Some, Box::new((*rule).clone())), facts.of_bid());
        let answers: Vec<_> = rules.iter().map(meets).collect();
        different.entry((has_confirmed(&sort), answers)).or_insert(sort);
    }
    Some(different.into_values().collect())
}

fn with(sort: &Values, name: &'static str, value: &Constant) -> Values {
    let mut sort = sort.clone();
    sort.insert(name, value.clone());
    sort
}

fn has_confirmed(sort: &Values) -> bool {
    sort.get(HAS_CONFIRMED) == Some(&Constant::YesNo(true))
}

/// Every company that the rules can tell apart.
fn companies(named: &Named<'_>, sorts: &[Values], budget: &mut Budget) -> Option<Vec<Company>> {
    let is_counted = named.fields.contains(CONFIRMED) || named.fields.contains(INVITED);
    if !is_counted && named.of_partners.is_empty() {
        return Some(vec![Company { sorts: Vec::new(), confirmed: 0, invited: 0 }]);
    }
    // A witness for each rule, and one of either sort to be counted.
    let most = named.of_partners.len() + 2;
    let numbers = if is_counted { named.numbers(&[CONFIRMED, INVITED], budget)? } else { Vec::new() };
    let mut companies = Vec::new();
    for sorts in mixes(sorts, most, budget)? {
        for company in counted(&sorts, &numbers) {
            companies.push(company);
            budget.has_room_for(companies.len())?;
        }
    }
    Some(companies)
}

/// Every choice of at most so many of the sorts.
fn mixes(sorts: &[Values], most: usize, budget: &mut Budget) -> Option<Vec<Vec<Values>>> {
    let mut mixes = vec![Vec::new()];
    for sort in sorts {
        let smaller: Vec<Vec<Values>> = mixes.iter().filter(|mix| mix.len() < most).cloned().collect();
        budget.take(smaller.len())?;
        mixes.extend(smaller.into_iter().map(|mix| [mix, vec![sort.clone()]].concat()));
    }
    Some(mixes)
}

/// The companies of exactly these sorts: the smallest, and one of each pair of numbers that could be theirs.
fn counted<'a>(sorts: &'a [Values], numbers: &'a [i64]) -> impl Iterator<Item = Company> + use<'a> {
    let count = |wanted: bool| sorts.iter().filter(|sort| has_confirmed(sort) == wanted).count();
    let [least, others] = [count(true), count(false)].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let fits = |number: i64, least: i64| if least == 0 { number == 0 } else { number >= least };
    let confirmed = numbers.iter().copied().filter(move |confirmed| fits(*confirmed, least));
    let larger = confirmed.flat_map(move |confirmed| {
        let invited = numbers.iter().copied().filter(move |invited| fits(invited - confirmed, others));
        invited.map(move |invited| (confirmed, invited))
    });
    let smallest = (least, least.saturating_add(others));
    let company = |(confirmed, invited)| Company { sorts: sorts.to_vec(), confirmed, invited };
    std::iter::once(smallest).chain(larger).map(company)
}
