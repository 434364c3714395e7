//! What is done about a bid in moderation: each step is added, and the newest counts.

use std::collections::BTreeSet;

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    assessment::model::{Score, reason_fault, value_fault},
    clock::Moment,
    db::{Doc, schema::moderation_steps},
    error::Fault,
    funds::rulebook::Criterion,
    ids::{BidKey, Id, PersonKey, RowKey},
    words,
};

words! {
    /// What is done about a bid in moderation.
    pub enum StepKind {
        /// It is to be talked over, whatever the rules say of it.
        Asked = "asked",
        /// It waits, and is to be talked over before the others.
        Next = "next",
        /// It is not talked over, whatever the rules say of it.
        PassedOver = "passed_over",
        /// It was talked over, and these scores were agreed.
        Agreed = "agreed",
    }
}

words! {
    /// Where a bid stands in moderation.
    pub enum ModerationState {
        /// It is to be talked over.
        Waiting = "waiting",
        /// Scores were agreed.
        Agreed = "agreed",
        /// The chair has passed it over.
        PassedOver = "passed_over",
        /// Nothing asks for it to be talked over.
        Quiet = "quiet",
    }
}

impl ModerationState {
    /// Where a bid stands whose newest step is this; `grounds` says whether the round's rules ask for it.
    pub const fn of(newest: Option<StepKind>, grounds: bool) -> Self {
        match (newest, grounds) {
            (Some(StepKind::Asked | StepKind::Next), _) | (None, true) => Self::Waiting,
            (Some(StepKind::PassedOver), _) => Self::PassedOver,
            (Some(StepKind::Agreed), _) => Self::Agreed,
            (None, false) => Self::Quiet,
        }
    }
}

/// A score that was agreed on one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreedScore {
    /// The criterion, by its id in the round's rules.
    pub criterion: String,
    /// A value of its scale.
    pub value: i32,
    /// Why: 1 to 500 words.
    pub reason: String,
}

/// The longest reason for asking or passing over, in characters.
pub const LONGEST_REASON: usize = 2_000;

/// A step on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewModerationStep)]
pub struct NewStep {
    /// What is done.
    pub step: StepKind,
    /// Why the bid is to be talked over, or is not; not needed for being next. What was agreed has its reasons beside each score.
    #[serde(default)]
    pub reason: String,
    /// What was agreed. On a criterion that is left out each assessor's own score stands. All of it takes the place of what was
    /// agreed before.
    #[serde(default)]
    pub scores: Vec<AgreedScore>,
    /// Who was in the room when it was agreed.
    #[serde(default)]
    pub present: Vec<Id<PersonKey>>,
}

impl NewStep {
    /// What is wrong with it; `known` are those who can have been in the room.
    pub fn faults(&self, criteria: &[Criterion], known: &[Id<PersonKey>]) -> Vec<Fault> {
        if self.step == StepKind::Agreed {
            return self.agreement_faults(criteria, known);
        }
        let message = "Say why, so that whoever reads the record understands it.";
        // The order of a meeting needs no reason.
        let reason = if self.step == StepKind::Next {
            Fault::too_long("reason", &self.reason, LONGEST_REASON)
        } else {
            Fault::of_text("reason", &self.reason, LONGEST_REASON, message)
        };
        let mut faults: Vec<Fault> = reason.into_iter().collect();
        if !self.scores.is_empty() || !self.present.is_empty() {
            let message = "Leave out scores and who was in the room, or record an agreement.";
            faults.push(Fault::new("scores", "not_wanted", message));
        }
        faults
    }

    fn agreement_faults(&self, criteria: &[Criterion], known: &[Id<PersonKey>]) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.scores.is_empty() {
            let message = "Give the agreed score on at least one criterion. Where every assessor’s own score stands, pass the \
                           bid over with a reason.";
            faults.push(Fault::new("scores", "missing", message));
        }
        let mut seen = BTreeSet::new();
        for (index, score) in self.scores.iter().enumerate() {
            let at = |field: &str| format!("scores/{index}/{field}");
            match criteria.iter().find(|criterion| criterion.id == score.criterion) {
                None => {
                    faults.push(Fault::new(at("criterion"), "unknown_criterion", "Name a criterion of the round."));
                }
                Some(_) if !seen.insert(&score.criterion) => {
                    faults.push(Fault::new(at("criterion"), "repeated", "Agree on each criterion once."));
                }
                Some(criterion) => {
                    let off = value_fault(score.value, criterion);
                    faults.extend(off.map(|text| Fault::new(at("value"), "off_the_scale", text)));
                }
            }
            let words = reason_fault(&score.reason, "Say why this score was agreed.");
            faults.extend(words.map(|(code, text)| Fault::new(at("reason"), code, text)));
        }
        if !self.reason.trim().is_empty() {
            let message = "Leave this out: each agreed score has its own reason.";
            faults.push(Fault::new("reason", "not_wanted", message));
        }
        if self.present.is_empty() {
            faults.push(Fault::new("present", "missing", "Say who was in the room."));
        }
        let mut here = BTreeSet::new();
        for (index, person) in self.present.iter().enumerate() {
            if !known.contains(person) {
                let message =
                    "Name people of the fund who can have been in the room: nobody with a conflict of interest.";
                faults.push(Fault::new(format!("present/{index}"), "unknown_person", message));
            } else if !here.insert(person) {
                faults.push(Fault::new(format!("present/{index}"), "repeated", "Name everybody once."));
            }
        }
        faults
    }

    /// The same as it is kept: without blanks around the words.
    #[must_use]
    pub fn tidy(&self) -> Self {
        let tidy = |score: &AgreedScore| AgreedScore { reason: score.reason.trim().to_owned(), ..score.clone() };
        Self { reason: self.reason.trim().to_owned(), scores: self.scores.iter().map(tidy).collect(), ..self.clone() }
    }
}

/// A step as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = moderation_steps)]
pub struct StepRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// The bid.
    pub bid_id: Id<BidKey>,
    /// Counts the steps of the bid, from 1.
    pub number: i32,
    /// What was done.
    pub step: StepKind,
    /// Why; empty for an agreement.
    pub reason: String,
    /// What was agreed.
    pub scores: Doc<Vec<AgreedScore>>,
    /// Who was in the room.
    pub present: Doc<Vec<Id<PersonKey>>>,
    /// The salt of the hash that stands in the history.
    pub salt: String,
    /// Who recorded it.
    pub person_id: Id<PersonKey>,
    /// When.
    pub created_at: Moment,
}

/// What was agreed of a bid and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    /// The number of the step.
    pub number: i32,
    /// The scores.
    pub scores: Vec<AgreedScore>,
}

/// What counts of a bid's steps: the newest agreement, also where the bid is to be talked over once more, unless the bid was passed
/// over since: then every assessor's own score stands.
pub fn counting(steps: &[StepRow]) -> Option<Counting> {
    let settles = |step: &&StepRow| matches!(step.step, StepKind::Agreed | StepKind::PassedOver);
    let settled = steps.iter().filter(settles).max_by_key(|step| step.number)?;
    let counts = || Counting { number: settled.number, scores: settled.scores.0.clone() };
    (settled.step == StepKind::Agreed).then(counts)
}

/// An assessor's scores with what was agreed in the place of their own.
pub fn moderated(own: &[Score], agreed: &[AgreedScore]) -> Vec<Score> {
    let replaced = |score: &Score| {
        let instead = agreed.iter().find(|agreed| agreed.criterion == score.criterion);
        Score { value: instead.map_or(score.value, |agreed| agreed.value), ..score.clone() }
    };
    own.iter().map(replaced).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::model::tests::{criteria, score};

    fn person(number: u128) -> Id<PersonKey> {
        Id::of(uuid::Uuid::from_u128(number))
    }

    fn agreed(criterion: &str, value: i32, reason: &str) -> AgreedScore {
        AgreedScore { criterion: criterion.into(), value, reason: reason.into() }
    }

    fn new(step: StepKind, reason: &str, scores: Vec<AgreedScore>, present: &[u128]) -> NewStep {
        NewStep { step, reason: reason.into(), scores, present: present.iter().copied().map(person).collect() }
    }

    #[test]
    fn a_step_is_refused_with_every_place_and_reason_at_once() {
        let fit = |value, reason: &str| vec![agreed("fit", value, reason)];
        let cases = [
            (new(StepKind::Asked, " ", vec![], &[]), vec![("reason", "missing")]),
            (new(StepKind::Next, "", vec![], &[]), vec![]),
            (new(StepKind::PassedOver, "Alike.", vec![], &[1]), vec![("scores", "not_wanted")]),
            (new(StepKind::Agreed, "", vec![], &[]), vec![("scores", "missing"), ("present", "missing")]),
            (
                new(StepKind::Agreed, "", fit(9, ""), &[7]),
                vec![
                    ("scores/0/value", "off_the_scale"),
                    ("scores/0/reason", "missing"),
                    ("present/0", "unknown_person"),
                ],
            ),
            (
                new(StepKind::Agreed, "So.", vec![agreed("charm", 1, "Yes."), fit(3, "Yes.")[0].clone()], &[1, 1]),
                vec![("scores/0/criterion", "unknown_criterion"), ("reason", "not_wanted"), ("present/1", "repeated")],
            ),
            (
                new(StepKind::Agreed, "", [fit(3, "Yes."), fit(4, "Yes.")].concat(), &[1]),
                vec![("scores/1/criterion", "repeated")],
            ),
            (new(StepKind::Agreed, "", fit(3, "The plan is shown."), &[1, 2]), vec![]),
        ];
        for (step, expected) in cases {
            let faults = step.faults(&criteria(), &[person(1), person(2)]);
            let found: Vec<(&str, &str)> =
                faults.iter().map(|fault| (fault.field.as_str(), fault.code.as_ref())).collect();
            assert_eq!(found, expected, "{step:?}");
        }
    }

    #[test]
    fn what_was_agreed_stands_in_the_place_of_own_scores_and_leaves_the_rest() {
        let own = [score("fit", 1, 2), score("value", 1, 4)];
        let values: Vec<i32> = moderated(&own, &[agreed("fit", 5, "Shown.")]).iter().map(|score| score.value).collect();
        assert_eq!(values, [5, 4]);
        assert_eq!(moderated(&own, &[]), own);
    }

    #[test]
    fn the_newest_step_says_where_a_bid_stands_and_the_newest_agreement_counts() {
        let states = [
            (None, false, ModerationState::Quiet),
            (None, true, ModerationState::Waiting),
            (Some(StepKind::Asked), false, ModerationState::Waiting),
            (Some(StepKind::Next), false, ModerationState::Waiting),
            (Some(StepKind::PassedOver), true, ModerationState::PassedOver),
            (Some(StepKind::Agreed), true, ModerationState::Agreed),
        ];
        for (newest, grounds, state) in states {
            assert_eq!(ModerationState::of(newest, grounds), state);
        }
        let row = |number, step, value| StepRow {
            id: Id::of(uuid::Uuid::nil()),
            bid_id: Id::of(uuid::Uuid::nil()),
            number,
            step,
            reason: String::new(),
            scores: Doc(vec![agreed("fit", value, "Shown.")]),
            present: Doc(Vec::new()),
            salt: String::new(),
            person_id: person(1),
            created_at: Moment::from_micros(0),
        };
        let [asked, next] = [(3, StepKind::Asked), (4, StepKind::Next)].map(|(number, step)| row(number, step, 0));
        let steps = [row(1, StepKind::Agreed, 2), row(2, StepKind::Agreed, 4), asked, next];
        let counts = counting(&steps).unwrap();
        assert_eq!((counts.number, counts.scores[0].value), (2, 4));
        assert_eq!(counting(&steps[2..]), None);
        let undone = [steps[0].clone(), steps[2].clone(), row(5, StepKind::PassedOver, 0)];
        assert_eq!(counting(&undone), None, "what was agreed by mistake is taken back by passing the bid over");
    }
}
