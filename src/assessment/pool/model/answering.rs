//! What somebody says who is invited to a pool, and the end of a place.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Area, WhyNot, range_fault, unknown_area};
use crate::error::Fault;

/// The most characters of why somebody does not assess.
pub const LONGEST_WORDS: usize = 1_000;
/// The most single days that somebody is away on.
const MOST_DAYS: usize = 100;

/// What somebody says who accepts, or changes what they have said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AcceptanceOfAssessor)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// What they know of, by the ids of areas.
    #[serde(default)]
    pub expertise: Vec<String>,
    /// How many bids they want to read at least.
    pub least: u32,
    /// How many they can read at most.
    pub most: u32,
    /// The first day on which they can.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
    /// Days between these on which they cannot.
    #[serde(default)]
    pub away: Vec<NaiveDate>,
    /// The SHA-256 of the terms that they have read and agree to, where the round has terms.
    #[serde(default)]
    pub terms: Option<String>,
}

impl Acceptance {
    /// Everything that is wrong with it, in the form's order. Whoever has been given bids already can read at least so many.
    pub fn faults(&self, areas: &[Area], asks_for_terms: bool, given: u32) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !areas.is_empty() && self.expertise.is_empty() {
            faults.push(Fault::new("expertise", "missing", "Choose at least one area that you know."));
        }
        faults.extend(unknown_area("expertise", &self.expertise, areas));
        faults.extend(range_fault((Some(self.least), Some(self.most))));
        if self.most > 0 && self.most < given {
            let message = format!("You have {given} bids already. To read fewer, ask the fund to take some from you.");
            faults.push(Fault::new("most", "below_given", message));
        }
        faults.extend(self.day_faults());
        if asks_for_terms && self.terms.as_deref().unwrap_or_default().is_empty() {
            faults.push(Fault::new("terms", "missing", "Agree to the terms to accept."));
        }
        faults
    }

    fn day_faults(&self) -> Vec<Fault> {
        let crossed = self.until < self.from;
        let different: BTreeSet<&NaiveDate> = self.away.iter().collect();
        let outside = |day: &NaiveDate| *day < self.from || *day > self.until;
        let mut faults = Vec::new();
        if crossed {
            faults.push(Fault::new("until", "before_first", "The last day cannot be before the first."));
        }
        if self.away.len() > MOST_DAYS {
            let message = format!("Give at most {MOST_DAYS} days. For longer, choose other first and last days.");
            faults.push(Fault::new("away", "too_many", message));
        }
        if different.len() < self.away.len() {
            faults.push(Fault::new("away", "twice", "Give each day once."));
        }
        if !crossed && self.away.iter().any(outside) {
            faults.push(Fault::new("away", "outside", "Give days between the first and the last only."));
        }
        faults
    }
}

/// Agreeing to terms that have changed since one accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AgreementOfAssessor)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The SHA-256 of the terms that one has read and agrees to.
    pub terms: String,
}

impl Agreement {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        let missing = || Fault::new("terms", "missing", "Send the SHA-256 of the terms that you agree to.");
        self.terms.is_empty().then(missing)
    }
}

/// Why somebody does not assess, or not any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TurningDownToAssess)]
#[serde(deny_unknown_fields)]
pub struct TurningDown {
    /// Why.
    pub reason: WhyNot,
    /// More of it in words, which `other` needs.
    #[serde(default)]
    pub words: String,
}

impl TurningDown {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        match self.reason {
            WhyNot::Other => Fault::of_text("words", &self.words, LONGEST_WORDS, "Say why in your own words."),
            _ => Fault::too_long("words", &self.words, LONGEST_WORDS),
        }
    }
}

/// Why the fund ends somebody's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EndOfPlaceInPool)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// Why; whoever has the place reads it.
    pub reason: String,
}

impl Ending {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        Fault::of_text("reason", &self.reason, LONGEST_WORDS, "Say why. The assessor reads it.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(id: &str) -> Area {
        Area { id: id.into(), text: id.into(), of: String::new() }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn accepting() -> Acceptance {
        Acceptance {
            expertise: vec!["Housing".into()],
            least: 2,
            most: 8,
            from: day("2026-11-16"),
            until: day("2026-12-04"),
            away: vec![day("2026-11-20")],
            terms: None,
        }
    }

    #[track_caller]
    fn refused(change: impl FnOnce(&mut Acceptance), field: &str, code: &str) {
        let mut new = accepting();
        change(&mut new);
        let faults = new.faults(&[area("Housing")], false, 3);
        let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), &*fault.code)).collect();
        assert_eq!(found, [(field, code)]);
    }

    #[test]
    fn whoever_accepts_says_what_they_know_how_much_they_can_read_and_when() {
        assert_eq!(accepting().faults(&[area("Housing")], false, 8), []);
        refused(|new| new.expertise.clear(), "expertise", "missing");
        refused(|new| new.expertise.push("Fishing".into()), "expertise", "unknown_area");
        refused(|new| new.expertise.push("Housing".into()), "expertise", "unknown_area");
        refused(|new| new.most = 0, "most", "out_of_range");
        refused(|new| new.most = 1_001, "most", "out_of_range");
        refused(|new| new.least = 9, "most", "below_least");
        refused(|new| (new.least, new.most) = (1, 2), "most", "below_given");
        refused(|new| new.until = day("2026-11-15"), "until", "before_first");
        refused(|new| new.away.push(day("2026-11-20")), "away", "twice");
        refused(|new| new.away.push(day("2026-12-05")), "away", "outside");
        let mut nothing = accepting();
        nothing.expertise.clear();
        assert_eq!(nothing.faults(&[], false, 0), [], "where the round names no areas");
        assert_eq!(nothing.faults(&[], true, 0).first().map(|fault| fault.field.clone()), Some("terms".into()));
    }

    #[test]
    fn another_reason_needs_words() {
        let why = |reason, words: &str| TurningDown { reason, words: words.into() }.fault().is_some();
        assert!(why(WhyNot::Other, " ") && !why(WhyNot::Other, "I move house.") && !why(WhyNot::NoTime, ""));
        assert!(why(WhyNot::NoTime, &"x".repeat(1_001)));
    }
}
