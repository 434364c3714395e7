//! Scores: a value on the criterion's scale with a written justification and how sure the assessor is.

use std::collections::BTreeSet;

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

use super::BidLine;
use crate::{
    assessment::gateway::model::GatewayStanding,
    clock::Moment,
    db::schema::scores,
    error::Fault,
    funds::{form::count_words, rulebook::Criterion},
    ids::{Id, PersonKey},
    words,
};

words! {
    /// How sure an assessor is of a score.
    pub enum Confidence {
        /// Not my field.
        Low = "low",
        /// Fairly.
        Medium = "medium",
        /// I know this well.
        High = "high",
    }
}

impl Confidence {
    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Low => "Low: this is not my field",
            Self::Medium => "Medium: I am fairly sure",
            Self::High => "High: I know this field well",
        }
    }
}

/// The longest justification, in words.
pub const MOST_WORDS: usize = 500;

/// A score on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScore {
    /// The criterion, by its id in the round's rules.
    pub criterion: String,
    /// A value of its scale.
    pub value: i32,
    /// Why: 1 to 500 words.
    pub justification: String,
    /// How sure the assessor is.
    pub confidence: Confidence,
}

/// Scores of one assessor on their way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScores {
    /// One for each criterion that is scored now; the others keep the score that they have.
    pub scores: Vec<NewScore>,
}

/// A score as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize, utoipa::ToSchema)]
#[diesel(table_name = scores)]
pub struct Score {
    /// The criterion, by its id in the round's rules.
    pub criterion: String,
    /// Counts the scores of this assessor on this criterion, from 1: the newest counts.
    pub number: i32,
    /// A value of the criterion's scale.
    pub value: i32,
    /// Why.
    pub justification: String,
    /// How sure the assessor was.
    pub confidence: Confidence,
    /// When it was given.
    pub created_at: Moment,
}

/// An assessor's own scores of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MyScores {
    /// The bid.
    pub bid: BidLine,
    /// The scores that count, in the order of the criteria.
    pub scores: Vec<Score>,
    /// The criteria that have no score yet.
    pub missing: Vec<String>,
    /// When the assessment was submitted, from when on it counts.
    pub submitted_at: Option<Moment>,
    /// Whether scores can be given or changed now: not once moderation is open.
    pub open: bool,
    /// Where the bid stands at the gateway, in a round with gateway checks: nothing is submitted before it has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<GatewayStanding>,
    /// Counts changes of the assessment.
    pub version: i32,
}

/// What one assessor made of a bid, as the fund's staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reading {
    /// The assessor.
    pub person: Id<PersonKey>,
    /// The assessor's name.
    pub name: String,
    /// The scores that count, in the order of the criteria.
    pub scores: Vec<Score>,
    /// When the assessment was submitted; before that it does not count.
    pub submitted_at: Option<Moment>,
    /// The weighted sum of the scores in basis points of a point, when every criterion is scored.
    pub weighted: Option<i64>,
}

/// The newest of several scores on each criterion, in the order of the criteria.
pub fn newest(mut given: Vec<Score>, criteria: &[Criterion]) -> Vec<Score> {
    given.sort_by_key(|score| std::cmp::Reverse(score.number));
    let of = |criterion: &Criterion| given.iter().find(|score| score.criterion == criterion.id).cloned();
    criteria.iter().filter_map(of).collect()
}

/// The criteria without a score.
pub fn missing(scores: &[Score], criteria: &[Criterion]) -> Vec<String> {
    let unscored = |criterion: &&Criterion| !scores.iter().any(|score| score.criterion == criterion.id);
    criteria.iter().filter(unscored).map(|criterion| criterion.id.clone()).collect()
}

/// The weighted sum of an assessor's scores, in basis points of a point; nothing while a criterion has no score.
pub fn weighted(scores: &[Score], criteria: &[Criterion]) -> Option<i64> {
    let of = |criterion: &Criterion| {
        let score = scores.iter().find(|score| score.criterion == criterion.id)?;
        Some(i64::from(criterion.weight) * i64::from(score.value))
    };
    criteria.iter().map(of).sum()
}

/// The criteria on which the mean of several assessments stays below the minimum, by their titles.
pub fn below<'a>(readings: impl IntoIterator<Item = &'a [Score]> + Clone, criteria: &[Criterion]) -> Vec<String> {
    let is_below = |criterion: &&Criterion| {
        let Some(least) = criterion.least else { return false };
        let given = readings.clone().into_iter().flatten().filter(|score| score.criterion == criterion.id);
        let (sum, count) = given.fold((0, 0), |(sum, count), score| (sum + i64::from(score.value), count + 1));
        sum < i64::from(least) * count
    };
    criteria.iter().filter(is_below).map(|criterion| criterion.title.clone()).collect()
}

/// What is wrong with scores that come in, in the order in which they came.
pub fn score_faults(scores: &[NewScore], criteria: &[Criterion]) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    if scores.is_empty() {
        faults.push(Fault::new("scores", "missing", "Score at least one criterion."));
    }
    for (index, score) in scores.iter().enumerate() {
        let at = |field: &str| format!("scores/{index}/{field}");
        match criteria.iter().find(|criterion| criterion.id == score.criterion) {
            None => {
                let message = format!("Name a criterion of the round: {}.", list(criteria));
                faults.push(Fault::new(at("criterion"), "unknown_criterion", message));
            }
            Some(_) if !seen.insert(&score.criterion) => {
                faults.push(Fault::new(at("criterion"), "repeated", "Score each criterion once."));
            }
            Some(criterion) => faults
                .extend(value_fault(score.value, criterion).map(|text| Fault::new(at("value"), "off_the_scale", text))),
        }
        let words = reason_fault(&score.justification, "Say why you gave this score.");
        faults.extend(words.map(|(code, text)| Fault::new(at("justification"), code, text)));
    }
    faults
}

fn list(criteria: &[Criterion]) -> String {
    criteria.iter().map(|criterion| criterion.id.as_str()).collect::<Vec<_>>().join(", ")
}

/// What is wrong with a value on a criterion.
pub fn value_fault(value: i32, criterion: &Criterion) -> Option<String> {
    if criterion.scale.iter().any(|grade| grade.value == value) {
        return None;
    }
    let values: Vec<String> = criterion.scale.iter().map(|grade| grade.value.to_string()).collect();
    Some(format!("{}: choose a value of the scale: {}.", criterion.title, values.join(", ")))
}

/// What is wrong with the reason for a score: its code and what to do; `missing` says what to write.
pub fn reason_fault(text: &str, missing: &str) -> Option<(&'static str, String)> {
    match count_words(text) {
        0 => Some(("missing", missing.to_owned())),
        words if words > MOST_WORDS => {
            Some(("too_long", format!("Use {MOST_WORDS} words or fewer to say why, you have {words}.")))
        }
        _ => None,
    }
}

#[cfg(test)]
pub(in crate::assessment) mod tests {
    use super::*;
    use crate::funds::rulebook::Grade;

    pub fn criteria() -> Vec<Criterion> {
        let grade = |value| Grade { value, label: "Fair".into(), meaning: "Some of it.".into() };
        let criterion = |id: &str, weight| Criterion {
            id: id.into(),
            title: id.into(),
            guidance: "Look.".into(),
            weight,
            scale: (0..=5).map(grade).collect(),
            questions: Vec::new(),
            least: None,
        };
        vec![criterion("fit", 6_000), criterion("value", 4_000)]
    }

    pub fn score(criterion: &str, number: i32, value: i32) -> Score {
        Score {
            criterion: criterion.into(),
            number,
            value,
            justification: "Well argued.".into(),
            confidence: Confidence::High,
            created_at: Moment::from_micros(0),
        }
    }

    #[test]
    fn the_newest_score_on_each_criterion_counts() {
        let given = vec![score("value", 1, 2), score("fit", 1, 1), score("fit", 2, 5)];
        let counted = newest(given, &criteria());
        assert_eq!(counted.iter().map(|score| score.value).collect::<Vec<_>>(), [5, 2]);
        assert_eq!(weighted(&counted, &criteria()), Some(6_000 * 5 + 4_000 * 2));
    }

    #[test]
    fn an_assessment_without_every_criterion_has_no_sum_and_says_what_is_missing() {
        let one = [score("fit", 1, 3)];
        assert_eq!(weighted(&one, &criteria()), None);
        assert_eq!(missing(&one, &criteria()), ["value"]);
    }

    #[test]
    fn the_mean_of_all_assessments_is_held_against_the_minimum_of_each_criterion() {
        let mut criteria = criteria();
        criteria[0].least = Some(3);
        let readings = [[score("fit", 1, 2), score("value", 1, 0)], [score("fit", 1, 4), score("value", 1, 0)]];
        let below = |readings: &[[Score; 2]]| super::below(readings.iter().map(|reading| &reading[..]), &criteria);
        assert_eq!(below(&readings), [""; 0], "just at the minimum is not below it");
        assert_eq!(below(&readings[..1]), ["fit"]);
        assert_eq!(below(&[]), [""; 0]);
    }

    #[test]
    fn scores_are_refused_with_the_place_and_the_reason() {
        let new = |criterion: &str, value, justification: &str| NewScore {
            criterion: criterion.into(),
            value,
            justification: justification.into(),
            confidence: Confidence::Low,
        };
        let long = "word ".repeat(MOST_WORDS + 1);
        let cases = [
            (vec![], "scores", "missing"),
            (vec![new("charm", 3, "Nice.")], "scores/0/criterion", "unknown_criterion"),
            (vec![new("fit", 6, "Great.")], "scores/0/value", "off_the_scale"),
            (vec![new("fit", -1, "Bad.")], "scores/0/value", "off_the_scale"),
            (vec![new("fit", i32::MAX, "Great.")], "scores/0/value", "off_the_scale"),
            (vec![new("fit", 3, " \n ")], "scores/0/justification", "missing"),
            (vec![new("fit", 3, &long)], "scores/0/justification", "too_long"),
            (vec![new("fit", 3, "Yes."), new("fit", 4, "Yes.")], "scores/1/criterion", "repeated"),
        ];
        for (scores, field, code) in cases {
            let faults = score_faults(&scores, &criteria());
            assert_eq!(faults.len(), 1, "{scores:?}");
            assert_eq!((faults[0].field.as_str(), faults[0].code.as_ref()), (field, code));
        }
        assert!(score_faults(&[new("fit", 0, &"word ".repeat(MOST_WORDS))], &criteria()).is_empty());
    }
}
