//! What may happen next, and why something may not: the one opinion that pages show, REST returns and `apply` obeys.
//!
//! [`plan`] lists what the roles of a person are for: a transition that is none of their business has no entry, one that is theirs
//! but not possible now has an entry with the reasons. "What you can do now" are the entries; "what happens next" is the label
//! `next` of the state that is shown. [`choose`] picks one entry of the same list, so that no second opinion exists.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use thiserror::Error;

use super::act::Act;
use super::approvals::Wanted;
use super::model::{Definition, Transition};
use super::place::Place;
use super::role::Role;
use super::rules::{Facts, Rule};
use super::timetable::Timetable;

/// A bid as the engine sees it.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The version of the workflow to which the bid is pinned.
    pub definition: &'a Definition,
    /// Where the bid stands.
    pub place: &'a Place,
    /// What is known of it. Must not depend on a decision that is not released to the person asking.
    pub facts: &'a Facts,
    /// What time it is in the round.
    pub timetable: &'a Timetable,
    /// The round's own rules of eligibility, for transitions that ask for them.
    pub eligibility: &'a [Rule],
    /// By transition, how many different people have agreed to it, as far as their agreement is not void.
    pub approvals: &'a BTreeMap<String, u32>,
    /// What the round itself has against its being submitted, whatever the workflow says, each as part of a sentence.
    pub against_submitting: &'a [String],
    /// Why nothing is done to the bid for a while, as part of a sentence, if it is on hold.
    pub on_hold: Option<&'a str>,
}

/// What the person asking is to the bid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Every role that the person holds.
    pub roles: BTreeSet<Role>,
}

impl Standing {
    /// Somebody who holds these roles.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        Self { roles: roles.into_iter().collect() }
    }

    fn may_know(&self, transition: &Transition) -> bool {
        transition.who.iter().any(|role| self.roles.contains(role))
    }
}

/// Something that a person could do with a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice<'a> {
    /// The transition's id.
    pub transition: &'a str,
    /// The words on its button.
    pub label: &'a str,
    /// Whether it may be done now.
    pub allowed: bool,
    /// Why not, in words; empty if it may be done.
    pub reasons: Vec<String>,
    /// Whether nothing is wanting but people who stand behind it, so that they may be asked.
    pub asks: bool,
}

/// Why a transition cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The definition has no such transition.
    #[error("there is no action “{0}” in this workflow")]
    Unknown(String),
    /// None of the person's roles is for it.
    #[error("“{0}” is not yours to do")]
    NotYours(String),
    /// The bid does not stand where it starts: somebody was faster, or it has been done already.
    #[error("“{0}” cannot be done to a bid where this one stands now")]
    NotFromHere(String),
    /// Nothing is done to the bid for a while.
    #[error("“{label}” cannot be done now: {reason}")]
    OnHold {
        /// The words on the button.
        label: String,
        /// Since when and why.
        reason: String,
    },
    /// Something has to be put right first.
    #[error("“{label}” cannot be done yet: {}", reasons.join("; "))]
    NotYet {
        /// The words on the button.
        label: String,
        /// Everything that stands in the way.
        reasons: Vec<String>,
    },
}

/// Everything that a person could do with the bid where it stands, in the definition's order, allowed or not, and why not.
pub fn plan<'a>(situation: &Situation<'a>, standing: &Standing) -> Vec<Choice<'a>> {
    let transitions = situation.definition.transitions.iter();
    let offered = transitions.filter(|transition| situation.place.offers(transition));
    let known = offered.filter(|transition| standing.may_know(transition));
    known.map(|transition| situation.choice(transition)).collect()
}

/// The transition of that id, if the plan allows it.
///
/// # Errors
/// A [`Refusal`] that says why not.
pub fn choose<'a>(situation: &Situation<'a>, standing: &Standing, id: &str) -> Result<&'a Transition, Refusal> {
    let wanted = situation.definition.transition(id);
    let transition = wanted.ok_or_else(|| Refusal::Unknown(id.to_owned()))?;
    let choices = plan(situation, standing);
    match choices.into_iter().find(|choice| choice.transition == id) {
        Some(choice) if choice.allowed => Ok(transition),
        Some(choice) => Err(match situation.held_back(transition) {
            Some(reason) => Refusal::OnHold { label: choice.label.to_owned(), reason },
            None => Refusal::NotYet { label: choice.label.to_owned(), reasons: choice.reasons },
        }),
        None if standing.may_know(transition) => Err(Refusal::NotFromHere(transition.label.clone())),
        None => Err(Refusal::NotYours(transition.label.clone())),
    }
}

/// The same, but for the people who have to stand behind it: what others may be asked for.
///
/// # Errors
/// As [`choose`].
pub fn ask<'a>(situation: &Situation<'a>, standing: &Standing, id: &str) -> Result<&'a Transition, Refusal> {
    let enough = BTreeMap::from([(id.to_owned(), u32::MAX)]);
    choose(&Situation { approvals: &enough, ..*situation }, standing, id)?;
    situation.definition.transition(id).ok_or_else(|| Refusal::Unknown(id.to_owned()))
}

impl<'a> Situation<'a> {
    fn choice(&self, transition: &'a Transition) -> Choice<'a> {
        let mut reasons = self.reasons_against(transition);
        let unasked = self.missing_approvals(transition);
        let asks = reasons.is_empty() && unasked.is_some();
        reasons.extend(unasked);
        Choice { transition: &transition.id, label: &transition.label, allowed: reasons.is_empty(), reasons, asks }
    }

    fn reasons_against(&self, transition: &Transition) -> Vec<String> {
        if let Some(why) = self.timetable.why_stopped().filter(|_| Act::of(transition) != Act::Withdraw) {
            return vec![why.to_owned()];
        }
        let early = transition.not_before.as_deref().and_then(|opens| self.timetable.too_early(opens));
        let late = transition.not_after.as_deref().and_then(|closes| self.timetable.too_late(closes));
        let rules = self.rules_for(transition).flat_map(|rule| rule.judge(self.facts).reasons);
        let due = self.not_due(transition);
        let undecided = self.decided_otherwise(transition);
        let on_hold = self.held_back(transition);
        let mut reasons: Vec<String> =
            on_hold.into_iter().chain(undecided).chain(early).chain(late).chain(due).chain(rules).collect();
        // What the round asks of every bid a guard may have asked already, in the same words.
        for reason in self.against_submitting.iter().filter(|_| transition.keeps_version()) {
            if !reasons.contains(reason) {
                reasons.push(reason.clone());
            }
        }
        reasons
    }

    /// While a bid is on hold its councils can take it back, and nothing else is done to it.
    fn held_back(&self, transition: &Transition) -> Option<String> {
        self.on_hold.filter(|_| Act::of(transition) != Act::Withdraw).map(str::to_owned)
    }

    /// What the fund does to a bid starts where everybody knows it to be. Where it has decided already that the bid goes
    /// another way, that would fall to the ground without a word. Councils do not know of it, and are not held back.
    fn decided_otherwise(&self, transition: &Transition) -> Option<String> {
        let is_of_the_fund = !transition.is_decision() && !transition.who.iter().any(|role| role.is_applicant());
        (is_of_the_fund && self.place.decided() != self.place.shown()).then(|| {
            "a decision on this bid is not out yet and leads another way: change that decision first, or wait until \
             it is out"
                .to_owned()
        })
    }

    fn rules_for<'t>(&'t self, transition: &'t Transition) -> impl Iterator<Item = &'t Rule> {
        let of_round = if transition.eligibility { self.eligibility } else { &[] };
        transition.guard.iter().chain(of_round)
    }

    fn not_due(&self, transition: &Transition) -> Option<String> {
        let milestone = transition.automatic_at.as_deref()?;
        (!self.timetable.passed(milestone))
            .then(|| format!("this happens by itself after the milestone “{}”", milestone.replace('_', " ")))
    }

    fn missing_approvals(&self, transition: &Transition) -> Option<String> {
        let wanted = Wanted::from(transition.waits_for_people()?);
        let given = self.approvals.get(&transition.id).copied().unwrap_or(0);
        (given < wanted.count).then(|| wanted.still(given))
    }
}
