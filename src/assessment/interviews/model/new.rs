//! What comes in: new times, changes, a choice, and who did not attend; and what is wrong with it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::rows::minutes;
use crate::{
    clock::Moment,
    error::Fault,
    ids::{Id, PersonKey},
};

/// The most times that are made at once.
pub const MOST_AT_ONCE: u32 = 50;
/// The longest break between two interviews, in minutes.
const LONGEST_BREAK: u32 = 480;
/// The most characters of a place.
const LONGEST_PLACE: usize = 300;
/// The most characters of how to join, and of a reason.
pub const LONGEST_WORDS: usize = 2_000;

/// Times for interviews on their way in, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInterviews)]
pub struct NewSlots {
    /// When the first begins. How long each takes is in the round's rules.
    pub starts_at: Moment,
    /// How many there are.
    #[serde(default = "one")]
    pub count: u32,
    /// How many minutes lie between the end of one and the beginning of the next.
    #[serde(default)]
    pub break_minutes: u32,
    /// Where they are: an address, or a video link.
    pub place: String,
    /// How to join, for the councils and the panel.
    #[serde(default)]
    pub joining: String,
    /// Who sits on the panel.
    #[serde(default)]
    pub panel: Vec<Id<PersonKey>>,
}

const fn one() -> u32 {
    1
}

impl NewSlots {
    /// What is wrong with them; `known` are those who can sit on a panel.
    pub fn faults(&self, known: &[Id<PersonKey>], now: Moment) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults.extend(past_fault(self.starts_at, now));
        if !(1..=MOST_AT_ONCE).contains(&self.count) {
            faults.push(Fault::new("count", "out_of_range", format!("Make 1 to {MOST_AT_ONCE} times at once.")));
        }
        if self.break_minutes > LONGEST_BREAK {
            let message = format!("Let at most {LONGEST_BREAK} minutes lie between two interviews.");
            faults.push(Fault::new("break_minutes", "out_of_range", message));
        }
        faults.extend(place_faults(&self.place, &self.joining));
        faults.extend(panel_faults(&self.panel, known));
        faults
    }

    /// When each begins, with interviews of so many minutes.
    pub fn starts(&self, length: u32) -> Vec<Moment> {
        let step = i32::try_from(length.saturating_add(self.break_minutes)).unwrap_or(i32::MAX);
        let begin = |index: u32| self.starts_at.plus(minutes(step) * index);
        (0..self.count).map(begin).collect()
    }
}

/// A time as it is to be from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangedInterview)]
pub struct ChangedSlot {
    /// When it begins.
    pub starts_at: Moment,
    /// Where it is.
    pub place: String,
    /// How to join.
    #[serde(default)]
    pub joining: String,
    /// Who sits on the panel.
    #[serde(default)]
    pub panel: Vec<Id<PersonKey>>,
    /// Why, where a bid has chosen it and more than the panel changes: its councils read it.
    #[serde(default)]
    pub reason: String,
}

impl ChangedSlot {
    /// What is wrong with it; `moved` where it begins at another instant, `told` where councils are told.
    pub fn faults(&self, known: &[Id<PersonKey>], (moved, told): (bool, bool), now: Moment) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults.extend(past_fault(self.starts_at, now).filter(|_| moved));
        faults.extend(place_faults(&self.place, &self.joining));
        faults.extend(panel_faults(&self.panel, known));
        let missing = "Say why it changes: the councils that are to come read it.";
        faults.extend(if told {
            Fault::of_text("reason", &self.reason, LONGEST_WORDS, missing)
        } else {
            Fault::too_long("reason", &self.reason, LONGEST_WORDS)
        });
        faults
    }
}

/// Calling a time off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CancelledInterview)]
pub struct Cancelling {
    /// Why: those who were to come read it.
    pub reason: String,
}

impl Cancelling {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        let missing = "Say why it is called off: those who were to come read it.";
        Fault::of_text("reason", &self.reason, LONGEST_WORDS, missing).into_iter().collect()
    }
}

/// That somebody of the panel did not attend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InterviewAbsence)]
pub struct Absence {
    /// Who.
    pub person: Id<PersonKey>,
    /// Why, as far as is known.
    pub reason: String,
}

impl Absence {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        Fault::of_text("reason", &self.reason, LONGEST_WORDS, "Say why they did not attend.").into_iter().collect()
    }
}

/// The choice of a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChosenInterview)]
pub struct Choosing {
    /// The number of a free time.
    pub number: i32,
}

fn past_fault(starts_at: Moment, now: Moment) -> Option<Fault> {
    (starts_at <= now).then(|| Fault::new("starts_at", "past", "Enter a time that is still to come."))
}

fn place_faults(place: &str, joining: &str) -> Vec<Fault> {
    let place = Fault::of_text("place", place, LONGEST_PLACE, "Say where it is: an address, or a video link.");
    place.into_iter().chain(Fault::too_long("joining", joining, LONGEST_WORDS)).collect()
}

fn panel_faults(panel: &[Id<PersonKey>], known: &[Id<PersonKey>]) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for (index, person) in panel.iter().enumerate() {
        if !known.contains(person) {
            let message = "Name people who assess in this round or manage it, and have no conflict of interest with the bid. Once \
                           scores are submitted, nobody else can be named who may read them.";
            faults.push(Fault::new(format!("panel/{index}"), "unknown_person", message));
        } else if !seen.insert(person) {
            faults.push(Fault::new(format!("panel/{index}"), "repeated", "Name everybody once."));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u128) -> Id<PersonKey> {
        Id::of(uuid::Uuid::from_u128(number))
    }

    fn new(panel: &[u128]) -> NewSlots {
        NewSlots {
            starts_at: Moment::from_micros(60_000_000),
            count: 3,
            break_minutes: 15,
            place: "Room 1".into(),
            joining: String::new(),
            panel: panel.iter().copied().map(person).collect(),
        }
    }

    fn fields(faults: &[Fault]) -> Vec<(&str, &str)> {
        faults.iter().map(|fault| (fault.field.as_str(), fault.code.as_ref())).collect()
    }

    #[test]
    fn times_follow_each_other_with_a_break_between_them() {
        let minutes: Vec<i64> = new(&[]).starts(45).into_iter().map(|at| at.micros() / 60_000_000).collect();
        assert_eq!(minutes, [1, 61, 121]);
    }

    #[test]
    fn what_cannot_be_is_refused_with_every_place_at_once() {
        let known = [person(1), person(2)];
        assert_eq!(new(&[1, 2]).faults(&known, Moment::from_micros(0)), []);
        let wrong = NewSlots { count: 0, break_minutes: 481, place: " ".into(), ..new(&[1, 1, 3]) };
        let expected = [
            ("starts_at", "past"),
            ("count", "out_of_range"),
            ("break_minutes", "out_of_range"),
            ("place", "missing"),
            ("panel/1", "repeated"),
            ("panel/2", "unknown_person"),
        ];
        assert_eq!(fields(&wrong.faults(&known, Moment::from_micros(60_000_000))), expected);
        let NewSlots { starts_at, place, joining, panel, .. } = new(&[1]);
        let changed = ChangedSlot { starts_at, place, joining, panel, reason: String::new() };
        let later = Moment::from_micros(99_000_000);
        assert_eq!(
            fields(&changed.faults(&known, (true, true), later)),
            [("starts_at", "past"), ("reason", "missing")]
        );
        assert_eq!(changed.faults(&known, (false, false), later), [], "who sits there can change once it has begun");
        assert_eq!(fields(&Cancelling { reason: " ".into() }.faults()), [("reason", "missing")]);
    }
}
