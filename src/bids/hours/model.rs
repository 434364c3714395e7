//! The hours that a bid took, and the figures of many. Pure.

use std::collections::{BTreeMap, BTreeSet};

use diesel::Queryable;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    error::Fault,
    ids::{BidKey, Id, OrganisationKey},
};

/// The most hours of one organisation on one bid: five people for a year.
const MOST_HOURS: i32 = 10_000;
/// Figures of fewer organisations would tell what one of them said, and so would two figures between which fewer said something.
pub const LEAST_COUNCILS: usize = 5;

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

/// What an organisation once said of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Said {
    /// The bid.
    pub bid: Id<BidKey>,
    /// The organisation.
    pub organisation: Id<OrganisationKey>,
    /// How many hours; nothing where it took back what it had said.
    pub hours: Option<i32>,
    /// When.
    pub at: Moment,
}

/// What the bids of a round took, as far as it was said. There is no sum of all hours: whoever knows the others could subtract
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = HoursFigures)]
pub struct Figures {
    /// How many councils and other bodies have said something.
    pub councils: usize,
    /// How many answers there are: one for each organisation and bid.
    pub answers: usize,
    /// About how many bids.
    pub bids: usize,
    /// A quarter of the answers is no larger.
    pub lower_quartile_hours: f64,
    /// Half of the answers are no larger.
    pub median_hours: f64,
    /// Three quarters of the answers are no larger.
    pub upper_quartile_hours: f64,
}

type Key = (Id<BidKey>, Id<OrganisationKey>);
type Answers = BTreeMap<Key, i32>;

impl Figures {
    /// Those of some answers; none where too few organisations gave them.
    fn of(answers: &Answers) -> Option<Self> {
        let councils = councils(answers.keys());
        if councils < LEAST_COUNCILS {
            return None;
        }
        let mut hours: Vec<i32> = answers.values().copied().collect();
        hours.sort_unstable();
        Some(Self {
            councils,
            answers: hours.len(),
            bids: answers.keys().map(|(bid, _)| bid).collect::<BTreeSet<_>>().len(),
            lower_quartile_hours: quarter(&hours, 1),
            median_hours: quarter(&hours, 2),
            upper_quartile_hours: quarter(&hours, 3),
        })
    }
}

/// What is public of what was said, oldest first, and since when: as it stood when the awards were announced, and after that
/// only as it stands once enough organisations say something else than they did then, so that nobody can tell from two figures
/// what one of them said or took back. Before any figures were public there is nothing to compare, so that they come as soon as
/// enough have said something.
pub fn published(said: &[Said], announced: Moment) -> (Option<Figures>, Moment) {
    let (before, after) = said.split_at(said.partition_point(|said| said.at <= announced));
    let mut answers = Answers::new();
    before.iter().for_each(|said| take(&mut answers, said));
    let (mut figures, mut since) = (Figures::of(&answers), announced);
    let (mut public, mut ever) = (answers.clone(), figures.is_some());
    let mut different: BTreeSet<Key> = BTreeSet::new();
    for said in after {
        take(&mut answers, said);
        let key = (said.bid, said.organisation);
        if public.get(&key) == answers.get(&key) {
            different.remove(&key);
        } else {
            different.insert(key);
        }
        // What was never public cannot be compared.
        if ever && councils(&different) < LEAST_COUNCILS {
            continue;
        }
        let now = Figures::of(&answers);
        if ever || now.is_some() {
            (figures, since, ever) = (now, said.at, true);
            public.clone_from(&answers);
            different.clear();
        }
    }
    (figures, since)
}

fn take(answers: &mut Answers, said: &Said) {
    let key = (said.bid, said.organisation);
    match said.hours {
        Some(hours) => answers.insert(key, hours),
        None => answers.remove(&key),
    };
}

/// How many organisations gave these answers.
fn councils<'a>(answers: impl IntoIterator<Item = &'a Key>) -> usize {
    answers.into_iter().map(|(_, council)| council).collect::<BTreeSet<_>>().len()
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
    use uuid::Uuid;

    use super::*;

    /// What the council of this number says of the bid of this number, at this instant.
    fn said(bid: u128, council: u128, hours: Option<i32>, at: i64) -> Said {
        let (bid, organisation) = (Id::of(Uuid::from_u128(bid)), Id::of(Uuid::from_u128(council)));
        Said { bid, organisation, hours, at: Moment::from_micros(at) }
    }

    fn of_one_bid(hours: &[i32], at: i64) -> Vec<Said> {
        (1..).zip(hours).map(|(council, hours)| said(1, council, Some(*hours), at)).collect()
    }

    fn medians(said: &[Said]) -> (Option<f64>, i64) {
        let (figures, since) = published(said, Moment::from_micros(10));
        (figures.map(|figures| figures.median_hours), since.micros())
    }

    fn quartiles(figures: &Figures) -> (f64, f64, f64) {
        (figures.lower_quartile_hours, figures.median_hours, figures.upper_quartile_hours)
    }

    #[test]
    fn figures_are_those_of_the_middle_and_of_the_quarters() {
        let figures = |hours: &[i32]| published(&of_one_bid(hours, 1), Moment::from_micros(10)).0.unwrap();
        let five = figures(&[40, 10, 20, 30, 100]);
        assert_eq!((five.councils, five.answers, five.bids, quartiles(&five)), (5, 5, 1, (20.0, 30.0, 40.0)));
        assert_eq!(quartiles(&figures(&[1, 2, 3, 4, 5, 6])), (2.25, 3.5, 4.75));
    }

    #[test]
    fn there_are_none_of_fewer_than_five_councils_however_many_answers_these_give() {
        let mut all = of_one_bid(&[10, 20, 30, 40], 1);
        all.extend((2..20).map(|bid| said(bid, 1, Some(7), 2)));
        assert_eq!(published(&all, Moment::from_micros(10)), (None, Moment::from_micros(10)));
        all.push(said(2, 5, Some(50), 3));
        let figures = published(&all, Moment::from_micros(10)).0.unwrap();
        assert_eq!((figures.councils, figures.answers, figures.bids), (5, 23, 19));
    }

    #[test]
    fn what_is_said_after_the_announcement_shows_once_five_councils_have_said_it() {
        let mut all = of_one_bid(&[10, 20, 30, 40, 50, 60], 1);
        all.extend((1..5).map(|council| said(2, council, Some(90), 10 + i64::try_from(council).unwrap())));
        all.push(said(3, 1, Some(90), 15));
        assert_eq!(medians(&all), (Some(35.0), 10), "four councils, one of them twice");
        all.push(said(1, 5, None, 20));
        assert_eq!(medians(&all), (Some(75.0), 20), "five, one of which takes its answer back");
        all.push(said(1, 1, None, 30));
        assert_eq!(medians(&all), (Some(75.0), 20), "and the next one waits again");
    }

    #[test]
    fn a_council_that_changes_its_answer_and_changes_it_back_does_not_count() {
        let mut all = of_one_bid(&[10, 20, 30, 40, 50], 1);
        all.extend([said(1, 1, Some(99), 11), said(1, 1, Some(10), 12)]);
        all.extend((2..6).map(|council| said(1, council, Some(60), 13)));
        assert_eq!(medians(&all), (Some(30.0), 10));
    }

    #[test]
    fn the_first_figures_come_with_the_fifth_council_and_are_not_taken_away_by_one() {
        let mut all = of_one_bid(&[10, 20, 30, 40], 1);
        assert_eq!(medians(&all), (None, 10));
        all.push(said(1, 5, Some(50), 12));
        assert_eq!(medians(&all), (Some(30.0), 12));
        all.push(said(1, 5, None, 13));
        assert_eq!(medians(&all), (Some(30.0), 12));
        all.extend((1..5).map(|council| said(1, council, None, 14)));
        assert_eq!(medians(&all), (None, 14), "once all five have taken theirs back there are none");
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
            let figures = published(&of_one_bid(&hours, 1), Moment::from_micros(10)).0.unwrap();
            let all = [f64::from(least), figures.lower_quartile_hours, figures.median_hours, figures.upper_quartile_hours, f64::from(most)];
            prop_assert!(all.is_sorted(), "{all:?}");
        }
    }
}
