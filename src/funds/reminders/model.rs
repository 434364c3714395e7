//! On which working days before a closing people are reminded, and at what time.

use std::collections::BTreeSet;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use crate::{
    clock::{Moment, working::Calendar},
    error::Fault,
    funds::model::Milestone,
    ids::{BidKey, Id, RoundKey},
};

/// The working days of a round that has chosen none of its own.
pub const USUAL: [u8; 3] = [5, 2, 1];
/// So many reminders of one closing are enough.
const MOST: usize = 5;
/// Earlier than this nobody takes a reminder for one.
const EARLIEST: u8 = 20;
/// When people begin to work.
const MORNING: (u32, u32) = (9, 0);

/// The reminders of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reminders {
    /// How many working days before each closing, the earliest first; none means that nobody is reminded.
    pub days: Vec<u8>,
    /// Counts changes; 0 where the usual days were never changed.
    pub version: i32,
}

/// The days that a manager chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewReminders)]
#[serde(deny_unknown_fields)]
pub struct NewReminders {
    /// How many working days before each closing.
    pub days: Vec<u8>,
}

impl NewReminders {
    /// Everything that is wrong with them.
    pub fn faults(&self) -> Vec<Fault> {
        let different = self.days.iter().collect::<BTreeSet<_>>().len();
        let fault = |code, message: String| Some(Fault::new("days", code, message));
        let far = self.days.iter().any(|days| !(1..=EARLIEST).contains(days));
        let range = || fault("out_of_range", format!("Give whole working days, from 1 to {EARLIEST}."));
        let many = || fault("too_many", format!("Give at most {MOST} reminders."));
        let twice = || fault("twice", "Give each day once.".into());
        let checks = [far.then(range), (self.days.len() > MOST).then(many), (different < self.days.len()).then(twice)];
        checks.into_iter().flatten().flatten().collect()
    }

    /// The days, the earliest first.
    pub fn in_order(&self) -> Vec<u8> {
        let mut days = self.days.clone();
        days.sort_unstable_by(|one, other| other.cmp(one));
        days
    }
}

/// A reminder that is due, as its job carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The round.
    pub round: Id<RoundKey>,
    /// The bid, where it alone has another closing than the round.
    pub bid: Option<Id<BidKey>>,
    /// Which closing.
    pub milestone: Milestone,
    /// The closing as it stood when the reminder was ordered; another one has reminders of its own.
    pub closes: Moment,
    /// How many working days before.
    pub days: u8,
    /// The instant of the reminder, which tells bids apart whose lead has other bank holidays.
    pub at: Moment,
}

/// The morning, so many working days before a closing.
pub fn reminder_at(closes: Moment, days: u8, calendar: Calendar) -> Moment {
    let morning = NaiveTime::from_hms_opt(MORNING.0, MORNING.1, 0).unwrap_or_default();
    closes.on_working_day_before(days, calendar, morning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_few_near_and_different() {
        let code = |days: &[u8]| {
            let faults = NewReminders { days: days.to_vec() }.faults();
            faults.iter().map(|fault| fault.code.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(code(&[]), Vec::<String>::new());
        assert_eq!(code(&[1, 20, 3]), Vec::<String>::new());
        assert_eq!(code(&[0]), ["out_of_range"]);
        assert_eq!(code(&[21]), ["out_of_range"]);
        assert_eq!(code(&[1, 2, 3, 4, 5, 6]), ["too_many"]);
        assert_eq!(code(&[2, 2]), ["twice"]);
        assert_eq!(NewReminders { days: vec![1, 5, 2] }.in_order(), [5, 2, 1]);
    }
}
