//! Why a bid is talked over, in words with the figures. Whole numbers throughout, so that just at the limit is at it.

use serde::{Deserialize, Serialize};

use crate::{
    assessment::{
        model::{Score, weighted},
        rankings::decimal,
    },
    funds::{
        assessing::ModerationRules,
        rulebook::{Criterion, WHOLE},
    },
    words,
};

words! {
    /// What asks for a bid to be talked over.
    pub enum ModerationGround {
        /// The weighted scores of two assessors differ by so much.
        Spread = "spread",
        /// Two scores on one criterion do.
        CriterionSpread = "criterion_spread",
        /// The interval of its rank crosses the funding line.
        Crossing = "crossing",
        /// The chair.
        Asked = "asked",
    }
}

/// Why a bid is talked over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = GroundForModeration)]
pub struct Ground {
    /// What asks for it.
    pub kind: ModerationGround,
    /// The same in words, with the figures.
    pub words: String,
}

/// The lowest and the highest of several figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// The lowest.
    pub low: i64,
    /// The highest.
    pub high: i64,
}

impl Spread {
    /// By how much they differ.
    pub const fn width(self) -> i64 {
        self.high - self.low
    }

    fn reaches(self, limit: Option<u32>) -> Option<u32> {
        limit.filter(|limit| self.width() >= i64::from(*limit))
    }
}

/// How far figures differ; nothing of fewer than two.
pub fn spread_of(figures: impl IntoIterator<Item = i64>) -> Option<Spread> {
    let mut figures: Vec<i64> = figures.into_iter().collect();
    figures.sort_unstable();
    match figures.as_slice() {
        [low, .., high] => Some(Spread { low: *low, high: *high }),
        _ => None,
    }
}

/// How far the scores on a criterion differ, in basis points of a point.
fn on(criterion: &Criterion, readings: &[Vec<Score>]) -> Option<Spread> {
    let given = readings.iter().flatten().filter(|score| score.criterion == criterion.id);
    spread_of(given.map(|score| i64::from(score.value) * i64::from(WHOLE)))
}

/// How far the scores on a criterion differ, and whether the round's rules ask for it to be talked over by that.
pub fn differing(criterion: &Criterion, readings: &[Vec<Score>], rules: &ModerationRules) -> Option<(Spread, bool)> {
    let spread = on(criterion, readings)?;
    Some((spread, spread.reaches(rules.criterion_spread).is_some()))
}

impl Ground {
    /// What the spread of submitted assessments asks for by the round's rules.
    pub fn of_spread(readings: &[Vec<Score>], criteria: &[Criterion], rules: &ModerationRules) -> Vec<Self> {
        let sums = readings.iter().filter_map(|scores| weighted(scores, criteria));
        let whole = spread_of(sums).and_then(|spread| Some((spread, spread.reaches(rules.spread)?)));
        let whole = whole.map(|(spread, limit)| {
            let words = format!("The weighted scores differ by {}", apart(spread, limit));
            Self { kind: ModerationGround::Spread, words }
        });
        let each = criteria.iter().filter_map(|criterion| {
            let spread = on(criterion, readings)?;
            let limit = spread.reaches(rules.criterion_spread)?;
            let words = format!("The scores on “{}” differ by {}", criterion.title, apart(spread, limit));
            Some(Self { kind: ModerationGround::CriterionSpread, words })
        });
        whole.into_iter().chain(each).collect()
    }

    /// That the chair asks, and why.
    pub fn asked(reason: &str) -> Self {
        Self { kind: ModerationGround::Asked, words: format!("The chair asks for it: {reason}") }
    }
}

/// `1.5, from 1.2 to 2.7. The round talks over 1.5 or more.`
fn apart(spread: Spread, limit: u32) -> String {
    format!(
        "{}, from {} to {}. By the round’s rules that is talked over from {} on.",
        decimal(spread.width()),
        decimal(spread.low),
        decimal(spread.high),
        decimal(i64::from(limit)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::model::tests::{criteria, score};

    fn rules(spread: u32, criterion: u32) -> ModerationRules {
        let some = |limit| Some(limit).filter(|limit| *limit > 0);
        ModerationRules { spread: some(spread), criterion_spread: some(criterion), crossing: false }
    }

    fn kinds(readings: &[[(&str, i32); 2]], rules: &ModerationRules) -> Vec<(ModerationGround, String)> {
        let given = |reading: &[(&str, i32); 2]| {
            reading.iter().map(|(criterion, value)| score(criterion, 1, *value)).collect::<Vec<_>>()
        };
        let readings: Vec<Vec<Score>> = readings.iter().map(given).collect();
        let grounds = Ground::of_spread(&readings, &criteria(), rules);
        grounds.into_iter().map(|ground| (ground.kind, ground.words)).collect()
    }

    #[test]
    fn a_bid_is_talked_over_just_at_the_limit_and_hears_the_figures() {
        let apart = [[("fit", 1), ("value", 4)], [("fit", 3), ("value", 3)]];
        let said = kinds(&apart, &rules(8_000, 0));
        let words =
            "The weighted scores differ by 0.8, from 2.2 to 3. By the round’s rules that is talked over from 0.8 on.";
        assert_eq!(said, [(ModerationGround::Spread, words.to_owned())]);
        assert_eq!(kinds(&apart, &rules(8_001, 0)), []);
        let words = "The scores on “fit” differ by 2, from 1 to 3. By the round’s rules that is talked over from 2 on.";
        assert_eq!(kinds(&apart, &rules(0, 20_000)), [(ModerationGround::CriterionSpread, words.to_owned())]);
        assert_eq!(kinds(&apart, &rules(8_000, 10_000)).len(), 3);
        assert_eq!(kinds(&apart, &rules(0, 0)), [], "a round without limits asks for nothing");
    }

    #[test]
    fn one_assessment_differs_from_none() {
        assert_eq!(kinds(&[[("fit", 0), ("value", 5)]], &rules(1, 1)), []);
        assert_eq!(spread_of([3]), None);
        assert_eq!(spread_of([3, -1, 2]).map(Spread::width), Some(4));
    }
}
