//! The rules of the list: as the methods read them, and whether a set of awards keeps them. Pure.

use std::collections::{BTreeMap, BTreeSet};

use methods::portfolio;

use super::basis::{Entrant, answer_to};
use crate::{funds::assessing::PortfolioRule, money::Pence};

/// An award as rules look at it.
#[derive(Debug, Clone, Copy)]
pub struct Awarded<'a> {
    /// What rules tell the bid apart by.
    pub is: &'a BTreeMap<String, String>,
    /// How much it is awarded.
    pub amount: Pence,
}

impl PortfolioRule {
    /// The same as the methods read it. Nothing where no bid says what the rule is about: then it limits nothing.
    pub(super) fn written(&self, bids: &[Entrant]) -> Vec<portfolio::Rule> {
        if !bids.iter().any(|bid| bid.is.contains_key(&self.about())) {
            return Vec::new();
        }
        let amount = |pence: &Option<Pence>| pence.map(|pence| pence.0);
        match self {
            Self::Cap { of, is, awards, amount_pence } => vec![portfolio::Rule::Cap {
                of: of.clone(),
                is: is.clone(),
                awards: *awards,
                amount: amount(amount_pence),
            }],
            Self::Floor { of, is, awards, amount_pence } => vec![portfolio::Rule::Floor {
                of: of.clone(),
                is: is.clone(),
                awards: *awards,
                amount: amount(amount_pence),
            }],
            Self::Each { of, awards, amount_pence } => {
                vec![portfolio::Rule::Each { of: of.clone(), awards: *awards, amount: amount(amount_pence) }]
            }
            Self::ExclusiveBy { .. } => {
                vec![portfolio::Rule::Each { of: self.about(), awards: Some(1), amount: None }]
            }
            Self::TogetherBy { .. } => {
                let groups = self.alike(bids).into_values().filter(|bids| bids.len() > 1);
                let references = |bids: Vec<&Entrant>| bids.into_iter().map(|bid| bid.reference.clone()).collect();
                groups.map(|bids| portfolio::Rule::Together { bids: references(bids) }).collect()
            }
        }
    }

    /// The name under which a bid says what the rule is about.
    pub(super) fn about(&self) -> String {
        match self {
            Self::Cap { of, .. } | Self::Floor { of, .. } | Self::Each { of, .. } => of.clone(),
            Self::ExclusiveBy { question } | Self::TogetherBy { question } => answer_to(question),
        }
    }

    /// The bids by what they say of what the rule is about.
    fn alike<'a>(&self, bids: &'a [Entrant]) -> BTreeMap<&'a String, Vec<&'a Entrant>> {
        let about = self.about();
        let mut groups: BTreeMap<&String, Vec<&Entrant>> = BTreeMap::new();
        for bid in bids {
            if let Some(said) = bid.is.get(&about) {
                groups.entry(said).or_default().push(bid);
            }
        }
        groups
    }

    /// Whether no list at all keeps it, because it wants something that no bid says it is.
    pub(super) fn wants_what_is_not_there(&self, bids: &[Entrant]) -> bool {
        let Self::Floor { awards, amount_pence, .. } = self else { return false };
        let wants = awards.is_some_and(|awards| awards > 0) || amount_pence.is_some_and(|amount| amount > Pence(0));
        wants && !bids.iter().any(|bid| bid.is.contains_key(&self.about()))
    }

    /// Whether it only ever limits: one award more can break it, and no award less.
    pub(super) const fn only_limits(&self) -> bool {
        matches!(self, Self::Cap { .. } | Self::Each { .. } | Self::ExclusiveBy { .. })
    }

    /// Whether these awards keep it; `all` are the bids that could be awarded.
    pub(super) fn is_kept(&self, awarded: &[Awarded<'_>], all: &[Entrant]) -> bool {
        let about = self.about();
        let of = |said: &str| {
            let found: Vec<&Awarded<'_>> =
                awarded.iter().filter(|award| award.is.get(&about).is_some_and(|is| is == said)).collect();
            (found.len(), found.iter().map(|award| award.amount).sum::<Pence>())
        };
        let within = |said: &str, awards: Option<u32>, amount: Option<Pence>| {
            let (count, sum) = of(said);
            awards.is_none_or(|most| count <= size(most)) && amount.is_none_or(|most| sum <= most)
        };
        match self {
            Self::Cap { is, awards, amount_pence, .. } => within(is, *awards, *amount_pence),
            Self::Floor { is, awards, amount_pence, .. } => {
                let (count, sum) = of(is);
                awards.is_none_or(|least| count >= size(least)) && amount_pence.is_none_or(|least| sum >= least)
            }
            Self::Each { awards, amount_pence, .. } => {
                let said: BTreeSet<&String> = awarded.iter().filter_map(|award| award.is.get(&about)).collect();
                said.into_iter().all(|said| within(said, *awards, *amount_pence))
            }
            Self::ExclusiveBy { .. } => {
                let said: BTreeSet<&String> = awarded.iter().filter_map(|award| award.is.get(&about)).collect();
                said.into_iter().all(|said| within(said, Some(1), None))
            }
            Self::TogetherBy { .. } => {
                let groups = self.alike(all);
                groups.into_iter().all(|(said, bids)| [0, bids.len()].contains(&of(said).0))
            }
        }
    }
}

fn size(awards: u32) -> usize {
    usize::try_from(awards).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use methods::portfolio::{Answer, Wish, choose};
    use serde_json::json;

    use super::{super::basis::tests::basis, *};

    /// What the methods choose of a basis, and whether that keeps its rules as they are looked at here.
    fn chosen(rules: serde_json::Value, bids: &[(i64, i64, &str)]) -> Vec<String> {
        let of = basis(bids, rules);
        let (problem, _) = of.problem(&of.in_force());
        let Ok(Answer::Chosen(list)) = choose(&problem, Wish::default(), &|| true) else { panic!("{problem:?}") };
        let on = of.bids.iter().filter(|bid| list.chosen.contains(&bid.reference));
        let awarded: Vec<Awarded<'_>> = on.map(|bid| Awarded { is: &bid.is, amount: bid.ask }).collect();
        assert!(of.rules.iter().all(|rule| rule.is_kept(&awarded, &of.bids)), "{list:?}");
        list.chosen
    }

    const BIDS: &[(i64, i64, &str)] = &[(9, 40, "a"), (8, 40, "a"), (7, 40, "b"), (6, 20, "c"), (5, 20, "c")];

    #[test]
    fn each_kind_of_rule_means_to_the_methods_what_it_means_here() {
        assert_eq!(chosen(json!([]), BIDS), ["B0", "B1", "B3"]);
        assert_eq!(chosen(json!([{ "rule": "cap", "of": "theme", "is": "a", "awards": 1 }]), BIDS), ["B0", "B2", "B3"]);
        assert_eq!(
            chosen(json!([{ "rule": "floor", "of": "theme", "is": "b", "amount_pence": 1 }]), BIDS),
            ["B0", "B2", "B3"]
        );
        assert_eq!(chosen(json!([{ "rule": "each", "of": "theme", "amount_pence": 39 }]), BIDS), ["B3"]);
        assert_eq!(chosen(json!([{ "rule": "exclusive_by", "question": "q" }]), BIDS), ["B0", "B2", "B3"]);
        assert_eq!(chosen(json!([{ "rule": "together_by", "question": "q" }]), BIDS), ["B2", "B3", "B4"]);
    }

    #[test]
    fn a_rule_about_what_no_bid_says_limits_nothing_and_cannot_be_met() {
        let rule = |rule: serde_json::Value| serde_json::from_value::<PortfolioRule>(rule).unwrap();
        let of = basis(BIDS, json!([]));
        let cap = rule(json!({ "rule": "cap", "of": "region", "is": "north", "awards": 0 }));
        let floor = rule(json!({ "rule": "floor", "of": "region", "is": "north", "awards": 1 }));
        assert!(cap.written(&of.bids).is_empty() && !cap.wants_what_is_not_there(&of.bids));
        assert!(floor.wants_what_is_not_there(&of.bids));
    }

    #[test]
    fn a_set_that_breaks_a_rule_is_told_from_one_that_keeps_it() {
        let of = basis(BIDS, json!([]));
        let kept = |value: serde_json::Value, chosen: &[usize]| {
            let rule: PortfolioRule = serde_json::from_value(value).unwrap();
            let awarded: Vec<Awarded<'_>> =
                chosen.iter().map(|bid| Awarded { is: &of.bids[*bid].is, amount: of.bids[*bid].ask }).collect();
            rule.is_kept(&awarded, &of.bids)
        };
        let each = || json!({ "rule": "each", "of": "theme", "awards": 1 });
        assert!(kept(each(), &[0, 2, 3]) && !kept(each(), &[0, 1]));
        let cap = || json!({ "rule": "cap", "of": "theme", "is": "c", "amount_pence": 39 });
        assert!(kept(cap(), &[0, 1, 3]) && !kept(cap(), &[3, 4]));
        let floor = || json!({ "rule": "floor", "of": "theme", "is": "c", "awards": 2 });
        assert!(kept(floor(), &[3, 4]) && !kept(floor(), &[0, 3]));
        let together = || json!({ "rule": "together_by", "question": "q" });
        assert!(kept(together(), &[0, 1, 2]) && !kept(together(), &[0, 2]));
        let exclusive = || json!({ "rule": "exclusive_by", "question": "q" });
        assert!(kept(exclusive(), &[1, 2, 4]) && !kept(exclusive(), &[3, 4]));
    }
}
