//! The weighted mean of a bid and the order that follows from it: whole numbers throughout, so that equal is equal.

use std::cmp::{Ordering, Reverse};

use serde::{Serialize, Serializer};

use super::{
    BidLine,
    combined::{InterviewOf, InterviewStanding},
};
use crate::funds::rulebook::WHOLE;

/// A mean of weighted sums, kept as the fraction that it is and compared exactly.
#[derive(Debug, Clone, Copy)]
pub struct Mean {
    /// The sum over the assessors of their weighted sums, in basis points of a point.
    total: i128,
    /// How many assessors; never none.
    readers: i128,
}

impl Mean {
    /// The mean of weighted sums (basis points of a point); nothing of nothing.
    pub fn of(sums: &[i64]) -> Option<Self> {
        let total = sums.iter().copied().map(i128::from).sum();
        Self::fraction(total, i128::try_from(sums.len()).ok()?)
    }

    /// The fraction of these, in basis points of a point; nothing where nothing is divided by.
    pub(super) fn fraction(total: i128, readers: i128) -> Option<Self> {
        if readers <= 0 {
            return None;
        }
        let shared = common_divisor(total.abs(), readers);
        Some(Self { total: total / shared, readers: readers / shared })
    }

    /// The fraction that it is, in basis points of a point.
    pub(super) const fn parts(self) -> (i128, i128) {
        (self.total, self.readers)
    }

    /// In millionths of a point, rounded half up: for programs. Compare means, not these.
    pub fn micros(self) -> i64 {
        self.rounded(1_000_000)
    }

    /// With two decimals, rounded half up, e.g. `3.67`: for people. Compare means, not these.
    pub fn in_words(self) -> String {
        let hundredths = self.rounded(100);
        let sign = if hundredths < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
    }

    fn rounded(self, parts: i128) -> i64 {
        let whole = self.readers * i128::from(WHOLE);
        let rounded = (2 * self.total * parts + whole).div_euclid(2 * whole);
        i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
    }
}

/// The greatest number that divides both; the other where one is nothing.
fn common_divisor(one: i128, other: i128) -> i128 {
    let (mut greater, mut less) = (one, other);
    while less != 0 {
        (greater, less) = (less, greater % less);
    }
    greater
}

impl Ord for Mean {
    fn cmp(&self, other: &Self) -> Ordering {
        let across = |of: &Self, by: &Self| of.total * by.readers;
        across(self, other).cmp(&across(other, self))
    }
}
impl PartialOrd for Mean {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Mean {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Mean {}

/// In millionths of a point.
impl Serialize for Mean {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.micros())
    }
}

/// A bid before it has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The bid.
    pub bid: BidLine,
    /// The weighted sum of each assessor who has submitted.
    pub sums: Vec<i64>,
    /// How many assessors it is given to.
    pub given_to: u32,
    /// The criteria on which it stays below the minimum, by their titles.
    pub below: Vec<String>,
    /// What came of its interview, where the order follows from interviews too.
    pub interview: Option<AfterInterview>,
}

/// What came of a bid's interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterInterview {
    /// How far it is.
    pub of: InterviewOf,
    /// The reading and the interview together, once the interview is scored.
    pub combined: Option<Mean>,
}

impl Standing {
    /// What its place follows from; a bid below a minimum has none, and where there are interviews none that was not interviewed.
    fn counted(&self) -> Option<Mean> {
        let figure = match &self.interview {
            Some(after) => after.combined,
            None => Mean::of(&self.sums),
        };
        figure.filter(|_| self.below.is_empty())
    }
}

/// A bid in the ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Ranked {
    /// The bid.
    #[serde(flatten)]
    pub bid: BidLine,
    /// The mean over its submitted assessments, in millionths of a point, rounded half up.
    #[schema(value_type = Option<i64>)]
    pub mean_micros: Option<Mean>,
    /// The same with two decimals.
    pub mean: Option<String>,
    /// How many assessments are submitted.
    pub readers: u32,
    /// How many assessors it is given to.
    pub given_to: u32,
    /// The place, from 1; bids with the same mean share one, and the places after it stay empty.
    pub place: Option<u32>,
    /// Whether another bid has the same mean.
    pub tied: bool,
    /// The criteria on which it stays below the minimum, by their titles: such a bid has no place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub below: Vec<String>,
    /// How far its interview is, where the order follows from interviews too: a bid without a scored interview has no place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interview: Option<InterviewStanding>,
    /// The reading and the interview together, with two decimals, which the order follows then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub combined: Option<String>,
}

/// Orders bids by their means, best first; bids with equal means by reference, bids without a place at the end.
pub fn rank(standings: Vec<Standing>) -> Vec<Ranked> {
    let mut rows: Vec<(Option<Mean>, Standing)> =
        standings.into_iter().map(|standing| (standing.counted(), standing)).collect();
    rows.sort_by(|(one, a), (other, b)| {
        Reverse(one).cmp(&Reverse(other)).then_with(|| a.bid.reference.cmp(&b.bid.reference))
    });
    let means: Vec<Option<Mean>> = rows.iter().map(|(mean, _)| *mean).collect();
    rows.into_iter().map(|(mean, standing)| placed(mean, standing, &means)).collect()
}

fn placed(counted: Option<Mean>, standing: Standing, all: &[Option<Mean>]) -> Ranked {
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    let better = all.iter().filter(|other| **other > counted).count();
    let equal = all.iter().filter(|other| **other == counted).count();
    let mean = Mean::of(&standing.sums);
    Ranked {
        readers: count(standing.sums.len()),
        given_to: standing.given_to,
        bid: standing.bid,
        mean_micros: mean,
        mean: mean.map(Mean::in_words),
        place: counted.map(|_| count(better + 1)),
        tied: counted.is_some() && equal > 1,
        below: standing.below,
        combined: standing.interview.as_ref().and_then(|after| after.combined).map(Mean::in_words),
        interview: standing.interview.map(|after| after.of.standing()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use proptest::prelude::*;

    fn standing(reference: &str, sums: &[i64]) -> Standing {
        let bid = BidLine {
            id: Id::of(uuid::Uuid::nil()),
            reference: reference.into(),
            title: "A bid".into(),
            lead: "Ambridge".into(),
        };
        Standing { bid, sums: sums.to_vec(), given_to: 3, below: Vec::new(), interview: None }
    }

    #[test]
    fn a_mean_is_rounded_half_up_for_reading() {
        let shown = |sums: &[i64]| Mean::of(sums).map(Mean::in_words);
        assert_eq!(shown(&[40_000, 40_000, 30_000]).as_deref(), Some("3.67"));
        assert_eq!(shown(&[30_050]).as_deref(), Some("3.01"));
        assert_eq!(shown(&[0]).as_deref(), Some("0.00"));
        assert_eq!(shown(&[-5_000]).as_deref(), Some("-0.50"));
        assert_eq!(shown(&[]), None);
        assert_eq!(Mean::of(&[40_000, 40_000, 30_000]).map(Mean::micros), Some(3_666_667));
    }

    #[test]
    fn bids_with_equal_means_share_a_place_however_many_readers_they_have() {
        let ranked = rank(vec![
            standing("LDF-4", &[]),
            standing("LDF-3", &[20_000]),
            standing("LDF-2", &[30_000, 40_000]),
            standing("LDF-1", &[35_000]),
        ]);
        let seen: Vec<_> = ranked.iter().map(|row| (row.bid.reference.as_str(), row.place, row.tied)).collect();
        let expected =
            [("LDF-1", Some(1), true), ("LDF-2", Some(1), true), ("LDF-3", Some(3), false), ("LDF-4", None, false)];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_bid_below_a_minimum_has_a_mean_and_no_place_and_takes_none_from_another() {
        let below = Standing { below: vec!["Strategic fit".into()], ..standing("LDF-1", &[50_000]) };
        let ranked = rank(vec![below, standing("LDF-2", &[20_000])]);
        let seen: Vec<_> =
            ranked.iter().map(|row| (row.bid.reference.as_str(), row.place, row.mean.as_deref())).collect();
        assert_eq!(seen, [("LDF-2", Some(1), Some("2.00")), ("LDF-1", None, Some("5.00"))]);
    }

    #[test]
    fn means_that_read_alike_are_not_taken_for_equal() {
        let ranked = rank(vec![standing("LDF-1", &[33_333]), standing("LDF-2", &[33_333, 33_334])]);
        assert_eq!(ranked[0].mean, ranked[1].mean);
        assert_eq!((ranked[0].bid.reference.as_str(), ranked[0].tied), ("LDF-2", false));
    }

    proptest! {
        #[test]
        fn the_order_of_means_is_the_order_of_the_fractions(
            one in prop::collection::vec(0..=50_000_i64, 1..6),
            other in prop::collection::vec(0..=50_000_i64, 1..6),
        ) {
            let (Some(a), Some(b)) = (Mean::of(&one), Mean::of(&other)) else { unreachable!() };
            let readers = |sums: &[i64]| i64::try_from(sums.len()).unwrap_or_default();
            let exact = (one.iter().sum::<i64>() * readers(&other)).cmp(&(other.iter().sum::<i64>() * readers(&one)));
            prop_assert_eq!(a.cmp(&b), exact);
            prop_assert!(a.cmp(&b) == Ordering::Equal || a.micros().cmp(&b.micros()) != exact.reverse());
        }
    }
}
