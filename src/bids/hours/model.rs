//! The hours that a bid took, and the figures of many. Pure.

use serde::{Deserialize, Serialize};

use crate::error::Fault;

/// The most hours of one organisation on one bid: five people for a year.
const MOST_HOURS: i32 = 10_000;
/// Figures of fewer would tell what one organisation said.
pub const LEAST_ANSWERS: usize = 5;

/// What an organisation said of a bid, for its own people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OwnHours {
    /// The organisation's name.
    pub organisation: String,
    /// How many hours; null where it has not said so.
    pub hours: Option<i32>,
    /// Counts changes; 0 where nothing was ever said.
    pub version: i32,
}

/// Hours on their way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHours {
    /// How many hours the bid took; null takes back what was said.
    #[schema(minimum = 0, maximum = 10_000)]
    pub hours: Option<i32>,
}

impl NewHours {
    /// What is wrong with them.
    pub fn fault(self) -> Option<Fault> {
        let fits = self.hours.is_none_or(|hours| (0..=MOST_HOURS).contains(&hours));
        (!fits).then(|| Fault::new("hours", "out_of_range", out_of_range()))
    }
}

/// What to write instead.
pub fn out_of_range() -> String {
    "Enter whole hours from 0 to 10,000, such as 40, or leave it empty.".into()
}

/// What the bids of a round took, as far as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = HoursFigures)]
pub struct Figures {
    /// How many answers there are: one for each organisation and bid.
    pub answers: usize,
    /// About how many bids.
    pub bids: usize,
    /// All hours together.
    pub total_hours: i64,
    /// A quarter of the answers is no larger.
    pub lower_quartile_hours: f64,
    /// Half of the answers are no larger.
    pub median_hours: f64,
    /// Three quarters of the answers are no larger.
    pub upper_quartile_hours: f64,
}

impl Figures {
    /// Those of some answers about so many bids; none where they are too few to be published.
    pub fn of(mut hours: Vec<i32>, bids: usize) -> Option<Self> {
        if hours.len() < LEAST_ANSWERS {
            return None;
        }
        hours.sort_unstable();
        Some(Self {
            answers: hours.len(),
            bids,
            total_hours: hours.iter().map(|hours| i64::from(*hours)).sum(),
            lower_quartile_hours: quarter(&hours, 1),
            median_hours: quarter(&hours, 2),
            upper_quartile_hours: quarter(&hours, 3),
        })
    }
}

/// The value at so many quarters of the way through sorted values, on the straight line between its two neighbours.
fn quarter(sorted: &[i32], quarters: usize) -> f64 {
    let steps = sorted.len().saturating_sub(1) * quarters;
    let at = |place: usize| sorted.get(place).copied().map(f64::from).unwrap_or_default();
    let (below, rest) = (at(steps / 4), steps % 4);
    let above = if rest == 0 { below } else { at(steps / 4 + 1) };
    let part = match rest {
        1 => 0.25,
        2 => 0.5,
        3 => 0.75,
        _ => 0.0,
    };
    below + (above - below) * part
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn figures_are_those_of_the_middle_and_of_the_quarters() {
        let figures = Figures::of(vec![40, 10, 20, 30, 100], 3).unwrap();
        let quartiles = (figures.lower_quartile_hours, figures.median_hours, figures.upper_quartile_hours);
        assert_eq!((figures.answers, figures.bids, figures.total_hours, quartiles), (5, 3, 200, (20.0, 30.0, 40.0)));
        let figures = Figures::of(vec![1, 2, 3, 4, 5, 6], 1).unwrap();
        let quartiles = (figures.lower_quartile_hours, figures.median_hours, figures.upper_quartile_hours);
        assert_eq!(quartiles, (2.25, 3.5, 4.75));
    }

    #[test]
    fn too_few_answers_have_no_figures() {
        assert_eq!(Figures::of(vec![1; LEAST_ANSWERS - 1], 4), None);
        assert!(Figures::of(vec![1; LEAST_ANSWERS], 4).is_some());
    }

    #[test]
    fn hours_are_whole_and_no_more_than_anybody_works() {
        let faulty = |hours| NewHours { hours }.fault().is_some();
        assert_eq!(
            [None, Some(0), Some(10_000), Some(-1), Some(10_001)].map(faulty),
            [false, false, false, true, true]
        );
    }

    proptest! {
        #[test]
        fn quartiles_stand_in_order_between_the_least_and_the_most(hours in prop::collection::vec(0..=MOST_HOURS, 5..40)) {
            let (least, most) = (*hours.iter().min().unwrap(), *hours.iter().max().unwrap());
            let figures = Figures::of(hours, 1).unwrap();
            let all = [f64::from(least), figures.lower_quartile_hours, figures.median_hours, figures.upper_quartile_hours, f64::from(most)];
            prop_assert!(all.is_sorted(), "{all:?}");
        }
    }
}
