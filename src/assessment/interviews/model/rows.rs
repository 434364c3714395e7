//! Times and seats as they are kept.

use std::time::Duration;

use diesel::{Insertable, Queryable, Selectable};

use crate::{
    clock::Moment,
    db::schema::{interview_seats, interview_slots},
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
    words,
};

words! {
    /// Where a time for an interview stands.
    pub enum SlotState {
        /// Too few people sit on its panel, so that nobody is offered it.
        Incomplete = "incomplete",
        /// Bids that were invited can choose it.
        Free = "free",
        /// A bid has chosen it.
        Chosen = "chosen",
        /// It has begun, and a bid had chosen it.
        Begun = "begun",
        /// It has begun, and nobody had chosen it.
        Passed = "passed",
        /// It was called off.
        Cancelled = "cancelled",
    }
}

/// A time for an interview.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = interview_slots)]
pub struct SlotRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// The round.
    pub round_id: Id<RoundKey>,
    /// Counts the times of the round, from 1.
    pub number: i32,
    /// When it begins.
    pub starts_at: Moment,
    /// How long it takes.
    pub minutes: i32,
    /// Where it is.
    pub place: String,
    /// How to join.
    pub joining: String,
    /// The bid that has chosen it.
    pub bid_id: Option<Id<BidKey>>,
    /// When it was chosen.
    pub chosen_at: Option<Moment>,
    /// Who chose it.
    pub chosen_by: Option<Id<PersonKey>>,
    /// When it was called off.
    pub cancelled_at: Option<Moment>,
    /// Why it was changed or called off last.
    pub reason: String,
    /// Who made it.
    pub created_by: Id<PersonKey>,
    /// When.
    pub created_at: Moment,
    /// Goes up with every change.
    pub version: i32,
}

impl SlotRow {
    /// When it ends.
    pub fn ends_at(&self) -> Moment {
        self.starts_at.plus(minutes(self.minutes))
    }

    /// Whether it has begun.
    pub fn has_begun(&self, now: Moment) -> bool {
        now >= self.starts_at
    }

    /// Whether it shares some time with a span.
    pub fn overlaps(&self, (from, to): (Moment, Moment)) -> bool {
        self.starts_at < to && from < self.ends_at()
    }

    /// Where it stands with so many people on its panel, of which the round asks for `least`.
    pub fn state(&self, (sitting, least): (usize, u32), now: Moment) -> SlotState {
        let whole = u32::try_from(sitting).unwrap_or(u32::MAX) >= least;
        match (self.cancelled_at, self.bid_id, self.has_begun(now)) {
            (Some(_), ..) => SlotState::Cancelled,
            (None, Some(_), true) => SlotState::Begun,
            (None, Some(_), false) => SlotState::Chosen,
            (None, None, true) => SlotState::Passed,
            (None, None, false) if whole => SlotState::Free,
            (None, None, false) => SlotState::Incomplete,
        }
    }
}

/// So many minutes.
pub fn minutes(count: i32) -> Duration {
    Duration::from_secs(60 * u64::try_from(count).unwrap_or_default())
}

/// Somebody's seat on the panel of a time.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = interview_seats)]
pub struct SeatRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// The time.
    pub slot_id: Id<RowKey>,
    /// The person.
    pub person_id: Id<PersonKey>,
    /// Who named them.
    pub named_by: Id<PersonKey>,
    /// When.
    pub named_at: Moment,
    /// When they submitted their scores.
    pub submitted_at: Option<Moment>,
    /// Since when they no longer sit there.
    pub ended_at: Option<Moment>,
    /// Why, where they did not attend: it stays when they are named again.
    pub absent: Option<String>,
    /// What the hash of that in the round's history is salted with.
    pub absent_salt: Option<String>,
    /// Goes up with every change.
    pub version: i32,
}

impl SeatRow {
    /// Whether the person sits there.
    pub const fn sits(&self) -> bool {
        self.ended_at.is_none()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn slot(starts: i64, bid: bool) -> SlotRow {
        let at = |minute: i64| Moment::from_micros(minute * 60_000_000);
        SlotRow {
            id: Id::of(uuid::Uuid::nil()),
            round_id: Id::of(uuid::Uuid::nil()),
            number: 1,
            starts_at: at(starts),
            minutes: 30,
            place: "Room 1".into(),
            joining: String::new(),
            bid_id: bid.then(|| Id::of(uuid::Uuid::nil())),
            chosen_at: None,
            chosen_by: None,
            cancelled_at: None,
            reason: String::new(),
            created_by: Id::of(uuid::Uuid::nil()),
            created_at: at(0),
            version: 1,
        }
    }

    #[test]
    fn a_time_is_offered_with_a_whole_panel_until_it_begins_or_is_chosen() {
        let at = |minute: i64| Moment::from_micros(minute * 60_000_000);
        let state = |slot: &SlotRow, sitting, now| slot.state((sitting, 2), at(now));
        let (free, chosen) = (slot(60, false), slot(60, true));
        assert_eq!(state(&free, 1, 59), SlotState::Incomplete);
        assert_eq!(state(&free, 2, 59), SlotState::Free);
        assert_eq!(state(&free, 2, 60), SlotState::Passed);
        assert_eq!((state(&chosen, 0, 59), state(&chosen, 2, 60)), (SlotState::Chosen, SlotState::Begun));
        let off = SlotRow { cancelled_at: Some(at(1)), ..chosen };
        assert_eq!(state(&off, 2, 59), SlotState::Cancelled);
    }

    #[test]
    fn times_that_only_touch_do_not_overlap() {
        let at = |minute: i64| Moment::from_micros(minute * 60_000_000);
        let slot = slot(60, false);
        for (from, to, overlaps) in [(30, 60, false), (90, 120, false), (30, 61, true), (89, 95, true), (65, 70, true)]
        {
            assert_eq!(slot.overlaps((at(from), at(to))), overlaps, "{from} {to}");
        }
    }
}
