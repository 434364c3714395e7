//! What time it is in a round: an instant and the instants of its milestones. It never asks a clock; `now` is handed in, and for a
//! request it is the instant at which the request had fully arrived.

use std::collections::BTreeMap;

use crate::clock::Moment;

/// The milestones that a round can have, in their order. It is for the rooms above to say what each is; that they say the same is
/// for a test to prove.
pub const MILESTONES: [&str; 10] = [
    "eoi_opens",
    "eoi_closes",
    "eoi_outcome",
    "full_opens",
    "full_closes",
    "interview_invitations",
    "interviews_open",
    "interviews_close",
    "announcement",
    "delivery_ends",
];

/// An instant, and when the milestones of a round come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    now: Moment,
    milestones: BTreeMap<String, Moment>,
    stopped: Option<String>,
}

impl Timetable {
    /// The timetable of a round as it stands at `now`.
    pub fn new(now: Moment, milestones: impl IntoIterator<Item = (String, Moment)>) -> Self {
        Self { now, milestones: milestones.into_iter().collect(), stopped: None }
    }

    /// The same for a round that was called off, if `why` says so: nothing happens in it any more but that bids are withdrawn.
    #[must_use]
    pub fn stopped(self, why: Option<String>) -> Self {
        Self { stopped: why, ..self }
    }

    /// Why nothing happens in the round any more.
    pub(super) fn why_stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// When the milestone comes, if the round gives it a date.
    pub fn instant(&self, milestone: &str) -> Option<Moment> {
        self.milestones.get(milestone).copied()
    }

    /// Whether the instant has come; from that very instant on, it has.
    pub fn reached(&self, milestone: &str) -> bool {
        self.instant(milestone).is_some_and(|instant| self.now >= instant)
    }

    /// Whether the instant is over. Whoever arrives at the very instant is in time, so automatic transitions wait for this.
    pub fn passed(&self, milestone: &str) -> bool {
        self.instant(milestone).is_some_and(|instant| self.now > instant)
    }

    /// Why it is too early for what opens at the milestone.
    pub(super) fn too_early(&self, opens: &str) -> Option<String> {
        match self.instant(opens) {
            None => Some(no_date(opens)),
            Some(instant) if self.now < instant => Some(format!("this opens at {}", instant.in_words())),
            Some(_) => None,
        }
    }

    /// Why it is too late for what closes at the milestone.
    pub(super) fn too_late(&self, closes: &str) -> Option<String> {
        match self.instant(closes) {
            None => Some(no_date(closes)),
            Some(instant) if self.now > instant => Some(format!("this closed at {}", instant.in_words())),
            Some(_) => None,
        }
    }
}

fn no_date(milestone: &str) -> String {
    format!("the round has no date yet for its milestone “{}”", milestone.replace('_', " "))
}
