//! Decisions and releases, and the pure rules about them.

use std::collections::BTreeMap;

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    db::schema::decisions,
    error::{AppError, Fault, Result},
    funds::model::Milestone,
    ids::{BidKey, Id, PersonKey, RowKey},
    money::Pence,
    words,
    workflow::{self, Definition, Outcome, Transition},
};

/// The most characters of feedback; about four pages.
const LONGEST_FEEDBACK: usize = 10_000;
/// The most characters of a reason.
const LONGEST_REASON: usize = 2_000;

words! {
    /// Which decision it is, in the order in which a bid meets them.
    pub enum Gate {
        /// Whether an expression of interest goes on.
        Sift = "sift",
        /// Whether a full application may be considered.
        Eligibility = "eligibility",
        /// That the scores are complete.
        Assessment = "assessment",
        /// Whether a bid is among those from which the awards are chosen.
        Shortlist = "shortlist",
        /// Whether a bid is funded.
        Award = "award",
        /// Whether a bid on the reserve list is funded after all.
        Reserve = "reserve",
    }
}

impl Gate {
    /// Where money is awarded. A bid that stands in reserve has a decision at the first and may get one at the second.
    pub const AWARDING: [Self; 2] = [Self::Award, Self::Reserve];
}

impl From<workflow::Gate> for Gate {
    fn from(gate: workflow::Gate) -> Self {
        match gate {
            workflow::Gate::Sift => Self::Sift,
            workflow::Gate::Eligibility => Self::Eligibility,
            workflow::Gate::Assessment => Self::Assessment,
            workflow::Gate::Shortlist => Self::Shortlist,
            workflow::Gate::Award => Self::Award,
            workflow::Gate::Reserve => Self::Reserve,
        }
    }
}

/// A decision as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize, utoipa::ToSchema)]
#[diesel(table_name = decisions)]
pub struct Decision {
    /// Its id.
    pub id: Id<RowKey>,
    /// The bid.
    pub bid_id: Id<BidKey>,
    /// Which decision.
    pub gate: Gate,
    /// The workflow's transition that it takes.
    pub transition: String,
    /// Where that leads.
    pub to_state: String,
    /// The milestone at which it shows; one without shows at once.
    pub release: Option<Milestone>,
    /// How much is awarded, in pence; only an award has an amount.
    pub amount_pence: Option<Pence>,
    /// The bid's place in the ranking.
    pub place: Option<i32>,
    /// Why, where the ranking says otherwise; published with the award list.
    pub reason: Option<String>,
    /// What the applicants read.
    pub feedback: String,
    /// Who decided, or who answers for the program that did.
    pub decided_by: Id<PersonKey>,
    /// When.
    pub decided_at: Moment,
    /// When the bid was moved accordingly, after the release.
    pub recorded_at: Option<Moment>,
    /// Counts changes.
    pub version: i32,
    /// Why nobody is told of it by mail, where it shows at once and nobody is.
    pub no_mail: Option<String>,
}

impl Decision {
    /// Whether it awards money.
    pub fn is_award(&self) -> bool {
        self.amount_pence.is_some()
    }
}

/// What a decision maker adds to the workflow's transition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// How much is awarded, in pence; for awards only.
    #[serde(default)]
    pub amount_pence: Option<Pence>,
    /// The bid's place in the ranking, from 1.
    #[serde(default)]
    pub place: Option<i32>,
    /// Why, where the ranking says otherwise.
    #[serde(default)]
    pub reason: Option<String>,
    /// What the applicants read; every outcome needs it.
    #[serde(default)]
    pub feedback: String,
    /// Why nobody is told of it by mail, if nobody is to be; only where it shows at once.
    #[serde(default)]
    pub no_mail: Option<String>,
}

/// A decision on its way in: a transition with a gate, and its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// Which decision.
    pub gate: Gate,
    /// The workflow's transition.
    pub transition: String,
    /// Where it leads.
    pub to_state: String,
    /// The milestone at which it shows; one without shows at once.
    pub release: Option<Milestone>,
    /// Whether it tells the applicants an outcome, which needs feedback.
    pub outcome: bool,
    /// Whether it awards money.
    pub awards: bool,
    /// Whether it brings the bid on its way to money, at a gate after scoring: only one that has passed the gateway checks goes there.
    pub advances: bool,
    /// What the decision maker adds.
    pub terms: Terms,
}

impl NewDecision {
    /// The decision that a transition of the definition takes.
    ///
    /// # Errors
    /// `Conflict` when the transition is no decision: it has no gate.
    pub fn of(definition: &Definition, transition: &Transition, terms: Terms) -> Result<Self> {
        let Some(gate) = transition.gate else {
            let message = format!("“{}” is no decision of the fund.", transition.label);
            return Err(AppError::conflict("no_decision", message));
        };
        Ok(Self {
            gate: gate.into(),
            transition: transition.id.clone(),
            to_state: transition.to.clone(),
            release: release_of(transition)?,
            outcome: transition.outcome,
            awards: awards(definition, transition),
            advances: advances(definition, transition),
            terms: terms.tidied(),
        })
    }

    /// What is wrong with it by itself; `ask` is what the bid asks for.
    pub fn faults(&self, ask: Option<Pence>) -> Vec<Fault> {
        let terms = &self.terms;
        let amount = if self.awards { self.award_fault(ask) } else { self.stray_amount() };
        let feedback = self.outcome.then(|| missing("feedback", &terms.feedback)).flatten();
        let place = terms
            .place
            .filter(|place| *place < 1)
            .map(|_| Fault::new("place", "out_of_range", "Give the place in the ranking as a whole number from 1."));
        let reason = terms.reason.as_deref().and_then(|reason| Fault::too_long("reason", reason, LONGEST_REASON));
        let long = Fault::too_long("feedback", &terms.feedback, LONGEST_FEEDBACK);
        let no_mail = terms.no_mail.as_deref().and_then(|reason| self.no_mail_fault(reason));
        amount.into_iter().chain(place).chain(reason).chain(feedback).chain(long).chain(no_mail).collect()
    }

    fn no_mail_fault(&self, reason: &str) -> Option<Fault> {
        if self.release.is_some() {
            let message = "Leave this out: whoever approves the release says whether email is sent.";
            return Some(Fault::new("no_mail", "not_wanted", message));
        }
        no_mail_fault(reason)
    }

    fn award_fault(&self, ask: Option<Pence>) -> Option<Fault> {
        let Some(amount) = self.terms.amount_pence else {
            return Some(Fault::new("amount_pence", "missing", "Say how much is awarded."));
        };
        let most = ask.unwrap_or(Pence(0));
        (amount <= Pence(0) || amount > most).then(|| {
            let message = format!("Award an amount above £0 and no more than the bid asks for, {most}.");
            Fault::new("amount_pence", "out_of_range", message)
        })
    }

    fn stray_amount(&self) -> Option<Fault> {
        self.terms.amount_pence.map(|_| {
            Fault::new("amount_pence", "not_wanted", "Leave the amount out: only a decision to fund awards money.")
        })
    }
}

/// Whether taking the transition awards money.
pub fn awards(definition: &Definition, transition: &Transition) -> bool {
    transition.is_decision() && definition.result_of(&transition.to) == Some(Outcome::Funded)
}

/// Whether taking the transition brings a bid on its way to money, at a gate after scoring or to an interview.
pub fn advances(definition: &Definition, transition: &Transition) -> bool {
    let after_scoring =
        matches!(transition.gate, Some(workflow::Gate::Shortlist | workflow::Gate::Award | workflow::Gate::Reserve));
    let nearer = after_scoring && definition.result_of(&transition.to) != Some(Outcome::NotFunded);
    nearer || definition.invites_to_interview(transition)
}

fn release_of(transition: &Transition) -> Result<Option<Milestone>> {
    let unknown = |id: &String| AppError::internal(format!("a workflow releases at {id:?}, which no round has"));
    let milestone = |id: &String| Milestone::from_word(id).ok_or_else(|| unknown(id));
    transition.release.as_ref().map(milestone).transpose()
}

impl Terms {
    /// The same without blanks around texts; a blank reason is none.
    fn tidied(self) -> Self {
        let reason = self.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        Self { reason, feedback: self.feedback.trim().to_owned(), ..self }
    }
}

/// What is wrong with a reason for telling nobody by mail.
pub fn no_mail_fault(reason: &str) -> Option<Fault> {
    Fault::of_text("no_mail", reason, LONGEST_REASON, "Say why no email is sent. The fund’s staff read it.")
}

fn missing(field: &str, text: &str) -> Option<Fault> {
    let message = "Write feedback: no outcome is released without it.";
    text.is_empty().then(|| Fault::new(field, "missing", message))
}

/// An award decision as the order of the ranking sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The bid's place, if it was ranked.
    pub place: Option<i32>,
    /// Whether it is funded.
    pub funded: bool,
    /// Whether a reason is written.
    pub explained: bool,
}

impl Placed {
    /// Whether the two stand against the ranking with nobody saying why: the better placed has no money, the worse has.
    pub fn contradicts(&self, other: &Self) -> bool {
        let (Some(mine), Some(theirs)) = (self.place, other.place) else { return false };
        let against = if self.funded { !other.funded && theirs < mine } else { other.funded && mine < theirs };
        against && !self.explained && !other.explained
    }
}

/// The award decision that counts on each bid: one on a reserve takes the place of the one before.
pub fn awarding<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Vec<&'a Decision> {
    let mut last: BTreeMap<Id<BidKey>, &Decision> = BTreeMap::new();
    for decision in decisions.into_iter().filter(|decision| Gate::AWARDING.contains(&decision.gate)) {
        let known = last.entry(decision.bid_id).or_insert(decision);
        if known.gate < decision.gate {
            *known = decision;
        }
    }
    last.into_values().collect()
}

impl From<&Decision> for Placed {
    fn from(decision: &Decision) -> Self {
        Self { place: decision.place, funded: decision.is_award(), explained: decision.reason.is_some() }
    }
}

impl From<&NewDecision> for Placed {
    fn from(new: &NewDecision) -> Self {
        Self { place: new.terms.place, funded: new.awards, explained: new.terms.reason.is_some() }
    }
}

/// An approved release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Release {
    /// The milestone at which the outcomes show.
    pub milestone: Milestone,
    /// When it was approved.
    pub approved_at: Moment,
    /// From when on the outcomes show: the milestone's instant, or the approval if that came later.
    pub shown_from: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(place: i32, funded: bool, explained: bool) -> Placed {
        Placed { place: Some(place), funded, explained }
    }

    #[test]
    fn money_for_the_worse_placed_needs_a_reason_on_either_side() {
        assert!(placed(2, true, false).contradicts(&placed(1, false, false)));
        assert!(placed(1, false, false).contradicts(&placed(2, true, false)));
        assert!(!placed(2, true, true).contradicts(&placed(1, false, false)));
        assert!(!placed(2, true, false).contradicts(&placed(1, false, true)));
        assert!(!placed(1, true, false).contradicts(&placed(2, false, false)));
        assert!(!placed(1, true, false).contradicts(&placed(2, true, false)));
        assert!(!placed(2, true, false).contradicts(&placed(2, false, false)), "a tie is no order");
        assert!(!placed(2, true, false).contradicts(&Placed { place: None, funded: false, explained: false }));
    }

    fn decision(awards: bool, terms: Terms) -> NewDecision {
        NewDecision {
            gate: Gate::Award,
            transition: "fund".into(),
            to_state: "funded".into(),
            release: Some(Milestone::Announcement),
            outcome: true,
            awards,
            advances: awards,
            terms,
        }
    }

    #[test]
    fn an_award_is_above_nothing_and_never_above_the_ask() {
        let codes = |awards, amount| {
            let terms = Terms { amount_pence: amount, feedback: "Well made.".into(), ..Terms::default() };
            let faults = decision(awards, terms).faults(Some(Pence(100)));
            faults.into_iter().map(|fault| fault.code.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(codes(true, None), ["missing"]);
        for amount in [i64::MIN, -1, 0, 101, i64::MAX] {
            assert_eq!(codes(true, Some(Pence(amount))), ["out_of_range"], "{amount}");
        }
        assert!(codes(true, Some(Pence(1))).is_empty() && codes(true, Some(Pence(100))).is_empty());
        assert_eq!(codes(false, Some(Pence(1))), ["not_wanted"]);
    }

    #[test]
    fn every_fault_of_a_decision_is_told_at_once_in_the_forms_order() {
        let terms = Terms { place: Some(0), reason: Some("x".repeat(2_001)), ..Terms::default() };
        let faults = decision(true, terms).faults(None);
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["amount_pence", "place", "reason", "feedback"]);
    }
}
