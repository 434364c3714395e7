//! What a manager settles for a pool, and the pool as its managers read it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Capacity, PlaceView, Workload};
use crate::{
    clock::Moment,
    db::{Doc, schema::assessor_pools},
    error::Fault,
    funds::{form::Kind, model::RoundInFull, reminders::model::NewReminders},
    ids::{Id, RoundKey},
};

/// The most areas that a manager names.
const MOST_AREAS: usize = 50;
/// The most characters of an area.
const LONGEST_AREA: usize = 100;
/// The most characters of the terms.
const LONGEST_TERMS: usize = 20_000;
/// The most bids that anybody expects.
const MOST_BIDS: u32 = 100_000;
/// On how many working days before their answer is due people are reminded, where nobody says otherwise.
pub const USUAL_DAYS: [u8; 2] = [3, 1];

/// What is settled for a round's pool.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = assessor_pools, treat_none_as_default_value = false)]
pub struct PoolRow {
    /// The round.
    pub round_id: Id<RoundKey>,
    /// What assessors can know of, where the round's rules do not say it.
    pub areas: Doc<Vec<String>>,
    /// What they agree to, where the round's rules do not say it.
    pub terms: String,
    /// How many full applications are expected.
    pub expected_bids: Option<i32>,
    /// On how many working days before their answer is due people are reminded.
    pub reminder_days: Doc<Vec<u8>>,
    /// Counts changes.
    pub version: i32,
}

impl PoolRow {
    /// What holds where nobody has settled anything.
    pub fn usual(round_id: Id<RoundKey>) -> Self {
        Self {
            round_id,
            areas: Doc(Vec::new()),
            terms: String::new(),
            expected_bids: None,
            reminder_days: Doc(USUAL_DAYS.to_vec()),
            version: 0,
        }
    }
}

/// What a manager settles for a round's pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssessorPoolSettings)]
pub struct PoolSettings {
    /// What assessors can know of, as the manager names it; empty where the round's rules name the questions that say it.
    pub areas: Vec<String>,
    /// What assessors agree to; empty where the round's rules say it.
    pub terms: String,
    /// How many full applications are expected.
    pub expected_bids: Option<u32>,
    /// On how many working days before their answer is due people are reminded.
    pub reminder_days: Vec<u8>,
    /// Counts changes; 0 where the round has no pool yet.
    pub version: i32,
}

impl From<PoolRow> for PoolSettings {
    fn from(row: PoolRow) -> Self {
        Self {
            areas: row.areas.0,
            terms: row.terms,
            expected_bids: row.expected_bids.and_then(|bids| u32::try_from(bids).ok()),
            reminder_days: row.reminder_days.0,
            version: row.version,
        }
    }
}

/// The same on its way in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewAssessorPool)]
#[serde(deny_unknown_fields)]
pub struct NewPool {
    /// What assessors can know of; must be left out where the round's rules name the questions that say it.
    #[serde(default)]
    pub areas: Vec<String>,
    /// What assessors agree to; must be left out where the round's rules say it.
    #[serde(default)]
    pub terms: String,
    /// How many full applications are expected, if somebody can tell.
    #[serde(default)]
    pub expected_bids: Option<u32>,
    /// On how many working days before their answer is due people are reminded; none means that nobody is.
    pub reminder_days: Vec<u8>,
}

impl NewPool {
    /// Everything that is wrong with it in a round, in the form's order.
    pub fn faults(&self, round: &RoundInFull) -> Vec<Fault> {
        let rules = &round.rulebook.assessment;
        let mut faults = Vec::new();
        if !rules.tags.is_empty() && !self.areas.is_empty() {
            let message = "The round’s rules say already what bids are about. Leave this empty.";
            faults.push(Fault::new("areas", "fixed_by_rules", message));
        }
        faults.extend(self.area_fault());
        if !rules.terms.trim().is_empty() && !self.terms.trim().is_empty() {
            let message = "The round’s rules say already what assessors agree to. Leave this empty.";
            faults.push(Fault::new("terms", "fixed_by_rules", message));
        }
        faults.extend(Fault::too_long("terms", &self.terms, LONGEST_TERMS));
        if self.expected_bids.is_some_and(|bids| !(1..=MOST_BIDS).contains(&bids)) {
            let message = format!("Give a whole number from 1 to {MOST_BIDS}, or leave it empty.");
            faults.push(Fault::new("expected_bids", "out_of_range", message));
        }
        let days = NewReminders { days: self.reminder_days.clone() }.faults();
        faults.extend(days.into_iter().map(|fault| Fault { field: "reminder_days".into(), ..fault }));
        faults
    }

    fn area_fault(&self) -> Option<Fault> {
        let names: Vec<&str> = self.areas.iter().map(|area| area.trim()).collect();
        let different: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let fault = |code, message: String| Some(Fault::new("areas", code, message));
        if names.len() > MOST_AREAS {
            return fault("too_many", format!("Name at most {MOST_AREAS} areas, you have {}.", names.len()));
        }
        if names.iter().any(|name| name.is_empty() || name.chars().count() > LONGEST_AREA || name.contains('\n')) {
            return fault(
                "out_of_range",
                format!("Give each area a name of 1 to {LONGEST_AREA} characters on one line."),
            );
        }
        (different.len() < names.len()).then(|| fault("twice", "Name each area once.".into())).flatten()
    }

    /// The row that it becomes.
    pub fn row(self, round_id: Id<RoundKey>, version: i32) -> PoolRow {
        PoolRow {
            round_id,
            areas: Doc(self.areas.iter().map(|area| area.trim().to_owned()).collect()),
            terms: self.terms.trim().to_owned(),
            expected_bids: self.expected_bids.and_then(|bids| i32::try_from(bids).ok()),
            reminder_days: Doc(NewReminders { days: self.reminder_days }.in_order()),
            version,
        }
    }
}

/// What a bid can be about and an assessor can know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AreaOfExpertise)]
pub struct Area {
    /// Stable within the round.
    pub id: String,
    /// As it is shown.
    pub text: String,
    /// The question that says it of a bid; empty where the manager named it.
    pub of: String,
}

/// What assessors of a round can know of: what can be chosen where its rules say that an answer tells what a bid is about, and
/// otherwise what the manager has named.
pub fn areas_of(round: &RoundInFull, pool: &PoolRow) -> Vec<Area> {
    let rules = &round.rulebook;
    if rules.assessment.tags.is_empty() {
        let named = |name: &String| Area { id: name.clone(), text: name.clone(), of: String::new() };
        return pool.areas.0.iter().map(named).collect();
    }
    let asked =
        rules.assessment.tags.iter().filter_map(|id| rules.full.question(id).or_else(|| rules.eoi.question(id)));
    let options = asked.flat_map(|question| {
        let options = match &question.answer {
            Kind::Choice { options } | Kind::Choices { options } => options.as_slice(),
            _ => &[],
        };
        options.iter().map(|option| Area {
            id: format!("{}:{}", question.id, option.value),
            text: option.text.clone(),
            of: question.title.clone(),
        })
    });
    options.collect()
}

/// What assessors of a round agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TermsOfAssessors)]
pub struct Terms {
    /// Which of the round's, from 1.
    pub number: i32,
    /// Word for word.
    pub words: String,
    /// The SHA-256 of the words, by which whoever agrees says what they have read.
    pub sha256: String,
    /// Since when they are asked for; none where nobody has been asked yet.
    pub since: Option<Moment>,
}

/// The terms that a round asks for now, with the fingerprints of all that it has asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedFor {
    /// The SHA-256 of the terms as they are now; nothing where the round has none.
    pub now: Option<String>,
    /// The SHA-256 of all, by their numbers.
    pub all: BTreeMap<i32, String>,
}

impl AskedFor {
    /// The SHA-256 of the terms of a number.
    pub fn fingerprint(&self, number: Option<i32>) -> Option<String> {
        self.all.get(&number?).cloned()
    }

    /// Whether somebody who has agreed to the terms of this number, or to none, has still to agree to those of now. Terms that say
    /// again what they said before ask nobody anew who agreed then.
    pub fn must_agree(&self, number: Option<i32>) -> bool {
        self.now.is_some() && self.fingerprint(number) != self.now
    }
}

/// The SHA-256 of words, in hexadecimal digits.
pub fn hash_of(words: &str) -> String {
    hex::encode(Sha256::digest(words.as_bytes()))
}

/// A round's pool, as its managers and moderators read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssessorPool)]
pub struct Pool {
    /// What is settled.
    pub settings: PoolSettings,
    /// Whether the round has a pool, so that nobody is given its bids who has not accepted.
    pub open: bool,
    /// What assessors can know of.
    pub areas: Vec<Area>,
    /// What they agree to.
    pub terms: Option<Terms>,
    /// What there is to read.
    pub workload: Workload,
    /// What those who have accepted can read.
    pub capacity: Capacity,
    /// Whether that is enough, in words.
    pub told: String,
    /// Everybody who was invited, by name.
    pub places: Vec<PlaceView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_somebody_has_not_agreed_to_are_asked_for_again() {
        let all: BTreeMap<i32, String> = [(1, "first".into()), (2, "second".into()), (3, "first".into())].into();
        let asks =
            |now: Option<&str>, agreed| AskedFor { now: now.map(Into::into), all: all.clone() }.must_agree(agreed);
        assert!(asks(Some("second"), Some(1)) && asks(Some("first"), None) && asks(Some("fourth"), Some(3)));
        assert!(
            !asks(Some("first"), Some(1)) && !asks(Some("first"), Some(3)) && !asks(None, Some(2)) && !asks(None, None)
        );
    }

    #[test]
    fn areas_are_few_short_and_different() {
        let code = |areas: &[&str]| {
            let areas = areas.iter().map(ToString::to_string).collect();
            NewPool { areas, ..NewPool::default() }.area_fault().map(|fault| fault.code.into_owned())
        };
        assert_eq!(code(&["Housing", "Planning"]), None);
        assert_eq!(code(&["Housing", " housing "]), Some("twice".into()));
        assert_eq!(code(&[" "]), Some("out_of_range".into()));
        assert_eq!(code(&["x".repeat(101).as_str()]), Some("out_of_range".into()));
        let many: Vec<String> = (0..51).map(|number| number.to_string()).collect();
        assert_eq!(code(&many.iter().map(String::as_str).collect::<Vec<_>>()), Some("too_many".into()));
    }
}
