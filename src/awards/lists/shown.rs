//! A choice as it is read: every bid with where the plain line and the list have it, and why.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{
    basis::{Basis, Entrant, Limit, Terms, whole},
    choice::{Best, Cost, MOST_SECONDS, Outcome, holds},
    model::{Changes, Choice, ListedBid, OnList, RuleLine, Total},
};
use crate::{
    assessment::money_rule::Suggestion,
    error::Result,
    funds::assessing::most_in_words,
    ids::{BidKey, Id},
};

/// What is shown of a search.
pub struct Searched<'a> {
    /// What was chosen from.
    pub basis: &'a Basis,
    /// Within which terms.
    pub terms: &'a Terms,
    /// What came of it.
    pub outcome: &'a Outcome,
    /// What the limits cost.
    pub costs: &'a [Cost],
}

impl Searched<'_> {
    /// The choice.
    ///
    /// # Errors
    /// When the basis cannot be written as JSON, which never happens.
    pub fn choice(&self) -> Result<Choice> {
        let (basis, terms) = (self.basis, self.terms);
        let best = match self.outcome {
            Outcome::List(best) => Some(best),
            Outcome::Trouble(_) => None,
        };
        let trouble = match self.outcome {
            Outcome::List(_) => None,
            Outcome::Trouble(why) => Some(why.clone()),
        };
        let plain = basis.plain(terms);
        let bids: Vec<ListedBid> = basis.bids.iter().map(|bid| listed(bid, &plain)).collect();
        let funded: BTreeSet<&str> =
            bids.iter().filter(|bid| bid.plain == OnList::Fund).map(|bid| bid.bid.as_str()).collect();
        let mut choice = Choice {
            ranking: basis.ranking,
            rules_hash: basis.rules_hash.clone(),
            inputs_sha256: basis.sealed()?.1,
            list_sha256: None,
            by: basis.by,
            budget_pence: terms.budget,
            most_awards: terms.most_awards,
            unaffordable: basis.unaffordable,
            rules: basis.limits().into_iter().map(|limit| self.rule(limit)).collect(),
            plain: total(basis, &funded),
            list: None,
            bound: best.map(|best| best.bound),
            gap: None,
            time_limit_hit: best.is_some_and(|best| best.timed_out),
            time_limit_seconds: MOST_SECONDS,
            trouble,
            notes: Vec::new(),
            changes: None,
            bids,
        };
        if let Some(best) = best {
            choice.put(basis, &best.references(), basis.usual_reserves(&best.references()));
            choice.list_sha256 = Some(choice.sealed()?);
        }
        choice.notes = notes(basis, terms, best);
        Ok(choice)
    }

    fn rule(&self, limit: Limit) -> RuleLine {
        let cost = self.costs.iter().find(|cost| cost.limit == limit);
        let words = match limit {
            Limit::Most => self.terms.most_awards.or(self.basis.most_awards).map(most_in_words),
            Limit::Rule(number) => self.basis.rules.get(number).map(|rule| rule.in_words()),
        };
        RuleLine {
            rule: limit.word(),
            words: words.unwrap_or_default(),
            holds: holds(self.terms, limit),
            cost: cost.map(|cost| cost.cost),
            cost_at_most: cost.map(|cost| cost.at_most),
            brings_in: cost.map(|cost| cost.brings_in.clone()).unwrap_or_default(),
            keeps_out: cost.map(|cost| cost.keeps_out.clone()).unwrap_or_default(),
        }
    }
}

fn listed(bid: &Entrant, plain: &Suggestion) -> ListedBid {
    let has = |bids: &[Id<BidKey>]| bids.contains(&bid.id);
    ListedBid {
        bid: bid.reference.clone(),
        title: None,
        lead: None,
        place: bid.place,
        worth: whole(bid.micros),
        ask_pence: bid.ask,
        attributes: bid.is.clone(),
        plain: match (has(&plain.funded), has(&plain.reserve)) {
            (true, _) => OnList::Fund,
            (_, true) => OnList::Reserve,
            _ => OnList::Decline,
        },
        list: None,
        next: None,
        departs: false,
        because: Vec::new(),
        drawn: bid.drawn,
        by_hand: false,
        reason: None,
    }
}

/// How far the bound is above a list, as a share of its worth; nothing where that has no meaning.
fn gap(worth: f64, bound: f64) -> Option<f64> {
    let above = (bound - worth).max(0.0);
    if above == 0.0 { Some(0.0) } else { Some(above / worth.abs()).filter(|share| share.is_finite()) }
}

fn total(basis: &Basis, chosen: &BTreeSet<&str>) -> Total {
    Total { awards: chosen.len(), worth: whole(basis.worth(chosen)), amount_pence: basis.cost(chosen) }
}

/// What a reader must know.
fn notes(basis: &Basis, terms: &Terms, best: Option<&Best>) -> Vec<String> {
    let tied = best.map(|best| tied(basis, best)).unwrap_or_default();
    drawn(basis).into_iter().chain(measured(basis)).chain(tied).chain(silent(basis, terms)).collect()
}

/// That worth is not measured from 0.
fn measured(basis: &Basis) -> Option<String> {
    (basis.measured_from < 0).then(|| {
        format!(
            "What bids are worth is measured from {:.2}, so that no award is worth less than none: the scale goes below 0.",
            whole(basis.measured_from)
        )
    })
}

/// Who was drawn at the funding line and who was not.
fn drawn(basis: &Basis) -> Option<String> {
    let named = |drawn: bool| {
        let bids = basis.bids.iter().filter(|bid| bid.drawn == Some(drawn));
        bids.map(|bid| bid.reference.as_str()).collect::<Vec<_>>().join(", ")
    };
    let number = basis.draw?;
    let nobody = |names: String| if names.is_empty() { "no bid".to_owned() } else { names };
    Some(format!(
        "Draw {number} decides at the funding line. Drawn by lot: {}. Not drawn, and on the list only by hand and with a reason: {}.",
        nobody(named(true)),
        nobody(named(false)),
    ))
}

/// Bids of one place of which some are on the list: nothing in the ranking decides between them.
fn tied(basis: &Basis, best: &Best) -> Vec<String> {
    let mut notes = Vec::new();
    for tied in basis.bids.chunk_by(|one, other| one.place == other.place) {
        let on = tied.iter().filter(|bid| best.chosen.contains(&bid.reference)).count();
        if let Some(first) = tied.first().filter(|_| on > 0 && on < tied.len()) {
            let named: Vec<&str> = tied.iter().map(|bid| bid.reference.as_str()).collect();
            notes.push(format!(
                "{} share place {}, and not all of them are on the list: the ranking sets none of them above the others.",
                named.join(", "),
                first.place
            ));
        }
    }
    notes
}

/// Bids of which a rule does not know what they are.
fn silent(basis: &Basis, terms: &Terms) -> Vec<String> {
    let holding = basis.rules.iter().zip(&terms.holds).filter(|(_, holds)| **holds).map(|(rule, _)| rule.about());
    let mut notes = Vec::new();
    for about in holding.collect::<BTreeSet<_>>() {
        let silent = basis.bids.iter().filter(|bid| !bid.is.contains_key(&about));
        let silent: Vec<&str> = silent.map(|bid| bid.reference.as_str()).collect();
        if !silent.is_empty() {
            let what = about.strip_prefix("answer:").map(|question| format!("the answer to “{question}”"));
            let what = what.unwrap_or(about);
            notes.push(format!(
                "What the rules say of {what} does not touch bids that do not say it: {}.",
                silent.join(", ")
            ));
        }
    }
    notes
}

/// How a bid of this place departs from the ranking, where `lowest` is the place of the last bid on the list.
pub(super) fn across(on: bool, place: u32, lowest: Option<u32>) -> &'static str {
    if on {
        "is on the list while a bid above it is not"
    } else if lowest == Some(place) {
        "is not on the list while a bid of the same place is"
    } else {
        "is not on the list while a bid below it is"
    }
}

impl Choice {
    /// Puts these bids on the list, and so many others in reserve.
    pub(super) fn put(&mut self, basis: &Basis, chosen: &BTreeSet<&str>, reserves: usize) {
        let list = total(basis, chosen);
        self.list = Some(list);
        self.gap = self.bound.and_then(|bound| gap(list.worth, bound));
        let departing = basis.departing(chosen);
        let next: BTreeMap<&str, usize> =
            basis.next(chosen).into_iter().map(|bid| bid.reference.as_str()).zip(1..).collect();
        for bid in &mut self.bids {
            let on = chosen.contains(bid.bid.as_str());
            bid.next = next.get(bid.bid.as_str()).copied();
            bid.list = Some(match bid.next {
                None => OnList::Fund,
                Some(next) if next <= reserves => OnList::Reserve,
                Some(_) => OnList::Decline,
            });
            bid.departs = departing.contains(bid.bid.as_str());
            let moves = |rule: &&RuleLine| if on { &rule.brings_in } else { &rule.keeps_out }.contains(&bid.bid);
            let because = self.rules.iter().filter(moves).map(|rule| rule.rule.clone());
            bid.because = if bid.departs { because.collect() } else { Vec::new() };
        }
    }

    /// The SHA-256 of the list: of what it is chosen from, and of which bids are on it, in reserve and next.
    pub(super) fn sealed(&self) -> Result<String> {
        let standing: Vec<_> = self.bids.iter().map(|bid| (&bid.bid, bid.list, bid.next)).collect();
        let text = serde_json::to_string(&(&self.inputs_sha256, standing))?;
        Ok(hex::encode(Sha256::digest(text)))
    }

    /// The bids on the list.
    pub fn chosen(&self) -> BTreeSet<&str> {
        let on = self.bids.iter().filter(|bid| bid.list == Some(OnList::Fund));
        on.map(|bid| bid.bid.as_str()).collect()
    }

    /// The place of the last bid on the list.
    pub(super) fn lowest(&self) -> Option<u32> {
        self.bids.iter().filter(|bid| bid.list == Some(OnList::Fund)).map(|bid| bid.place).max()
    }

    /// What a rule says, by its number.
    pub fn words_of(&self, rule: &str) -> &str {
        self.rules.iter().find(|line| line.rule == rule).map_or("", |line| line.words.as_str())
    }

    /// What trying this changes against another list.
    pub(super) fn against(&self, basis: &Basis, other: &Best) -> Option<Changes> {
        let list = self.list?;
        let (now, before) = (self.chosen(), other.references());
        let names = |bids: BTreeSet<&str>| -> Vec<String> {
            let named = basis.bids.iter().filter(|bid| bids.contains(bid.reference.as_str()));
            named.map(|bid| bid.reference.clone()).collect()
        };
        Some(Changes {
            comes_in: names(now.difference(&before).copied().collect()),
            goes_out: names(before.difference(&now).copied().collect()),
            worth: whole(basis.worth(&now) - other.micros),
            amount_pence: list.amount_pence.0 - basis.cost(&before).0,
        })
    }
}
