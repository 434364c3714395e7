//! Changes of a milestone, pure: which instant is in force, what one manager may do alone, and what waits for a second.
//!
//! A change is a version beside those before it. One that moves a milestone later by no more than [`LONGEST_ALONE`] beyond
//! the last instant that two people stand behind is in force at once, so that an outage at 4.40 pm can be answered, and a
//! second manager confirms it afterwards. Any other is a proposal, in force only when a second manager has confirmed it.

use std::time::Duration;

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

use super::{
    model::{Milestone, Timetable},
    reopening::Named,
    rulebook::Stage,
};
use crate::{
    clock::Moment,
    db::{Doc, schema::milestone_changes},
    error::{AppError, Fault, Result},
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
    words,
};

/// How far one manager alone may move a milestone beyond the last instant that two people stand behind.
pub const LONGEST_ALONE: Duration = Duration::from_secs(48 * 3_600);

/// How long a reason may be, in characters.
const LONGEST_REASON: usize = 1_000;

words! {
    /// Why a milestone is moved.
    pub enum Ground {
        /// For every bid of the round.
        Round = "round",
        /// For one bid: this service was out of order.
        Outage = "outage",
        /// For one bid: a reasonable adjustment for somebody who works on it.
        Adjustment = "adjustment",
        /// For one bid: named questions of the version that stands may be answered anew.
        Reopening = "reopening",
    }
}

words! {
    /// How a proposal ended that never came into force.
    pub enum Ended {
        /// Whoever made it took it back.
        Withdrawn = "withdrawn",
        /// Another manager refused it.
        Refused = "refused",
    }
}

words! {
    /// What a manager can do about a change.
    pub enum Reply {
        /// Stand behind it as the second person.
        Confirm = "confirm",
        /// Refuse a proposal of somebody else.
        Refuse = "refuse",
        /// Take back a proposal of one's own.
        Withdraw = "withdraw",
        /// Object to a change that is in force.
        Object = "object",
    }
}

words! {
    /// How a change stands.
    pub enum ChangeStanding {
        /// Two people stand behind it, and it is in force.
        Confirmed = "confirmed",
        /// It is in force and waits for a second person.
        ToConfirm = "to_confirm",
        /// It is not in force and waits for a second person.
        Proposed = "proposed",
        /// It was taken back.
        Withdrawn = "withdrawn",
        /// It was refused.
        Refused = "refused",
    }
}

/// A change of a milestone, of a whole round or of one bid.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = milestone_changes)]
pub struct Change {
    /// Its id.
    pub id: Id<RowKey>,
    /// Its round.
    pub round_id: Id<RoundKey>,
    /// The bid that it is for; none when it is for all.
    pub bid_id: Option<Id<BidKey>>,
    /// Which milestone.
    pub milestone: Milestone,
    /// From 1, for the round and for each bid apart.
    pub number: i32,
    /// The instant that was in force when it was made.
    pub from_at: Moment,
    /// The instant that it brings.
    pub to_at: Moment,
    /// Why it can be made.
    pub ground: Ground,
    /// Why, in words.
    pub reason: String,
    /// Whether it was in force as soon as it was made.
    pub at_once: bool,
    /// Who made it.
    pub made_by: Id<PersonKey>,
    /// When.
    pub made_at: Moment,
    /// Who stands behind it as the second person.
    pub confirmed_by: Option<Id<PersonKey>>,
    /// Since when.
    pub confirmed_at: Option<Moment>,
    /// What was said against it.
    #[diesel(embed)]
    pub against: Against,
    /// What it names, if it was made to reopen a bid.
    #[diesel(embed)]
    pub reopening: Option<Named>,
}

/// What was said against a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = milestone_changes)]
pub struct Against {
    /// How it ended, if it never came into force.
    pub ended: Option<Doc<End>>,
    /// What somebody said against it while it was in force.
    pub objection: Option<Doc<Said>>,
}

/// The end of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// How.
    pub how: Ended,
    /// By whom, when and why.
    pub said: Said,
}

/// What somebody said to a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who.
    pub by: Id<PersonKey>,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
}

impl Change {
    /// Since when it is in force.
    pub fn in_force_since(&self) -> Option<Moment> {
        if self.at_once { Some(self.made_at) } else { self.confirmed_at }
    }

    /// Whether it was made to reopen a bid.
    pub fn reopens(&self) -> bool {
        self.reopening.is_some()
    }

    /// When a newer version was submitted by it, which ended it.
    pub fn used_at(&self) -> Option<Moment> {
        self.reopening.as_ref()?.used_at
    }

    /// How it stands.
    pub fn standing(&self) -> ChangeStanding {
        match (self.against.ended.as_ref().map(|end| end.0.how), self.confirmed_at, self.at_once) {
            (Some(Ended::Withdrawn), ..) => ChangeStanding::Withdrawn,
            (Some(Ended::Refused), ..) => ChangeStanding::Refused,
            (None, Some(_), _) => ChangeStanding::Confirmed,
            (None, None, true) => ChangeStanding::ToConfirm,
            (None, None, false) => ChangeStanding::Proposed,
        }
    }

    /// What this person, a manager of the fund, can do about it.
    pub fn replies(&self, person: Id<PersonKey>) -> Vec<Reply> {
        match (self.standing(), self.made_by == person) {
            (ChangeStanding::Proposed, true) => vec![Reply::Withdraw],
            (ChangeStanding::Proposed, false) => vec![Reply::Confirm, Reply::Refuse],
            (ChangeStanding::ToConfirm, false) if self.against.objection.is_some() => vec![Reply::Confirm],
            (ChangeStanding::ToConfirm, false) => vec![Reply::Confirm, Reply::Object],
            _ => Vec::new(),
        }
    }

    /// Nothing if the person can do this about it.
    ///
    /// # Errors
    /// `Forbidden` with `own_change` where another person is needed; `Conflict` with `not_open` where nothing is open.
    pub fn must_allow(&self, reply: Reply, person: Id<PersonKey>) -> Result<()> {
        if self.replies(person).contains(&reply) {
            return Ok(());
        }
        let waits = matches!(self.standing(), ChangeStanding::Proposed | ChangeStanding::ToConfirm);
        let message = match (reply, self.made_by == person) {
            (Reply::Withdraw, false) if waits => "Only whoever made a proposal takes it back. Refuse it instead.",
            (Reply::Confirm | Reply::Refuse | Reply::Object, true) if waits => {
                "You made this change. Another manager of the fund has to answer it."
            }
            _ => return Err(AppError::conflict("not_open", self.why_not())),
        };
        Err(AppError::forbidden("own_change", message))
    }

    fn why_not(&self) -> &'static str {
        match self.standing() {
            ChangeStanding::Confirmed => "This change is confirmed already.",
            ChangeStanding::Withdrawn => "This proposal was withdrawn.",
            ChangeStanding::Refused => "This proposal was refused.",
            ChangeStanding::ToConfirm if self.against.objection.is_some() => {
                "Somebody has objected to this change already."
            }
            ChangeStanding::ToConfirm => {
                "Councils have been told this time, so it is not taken back. You can object to it."
            }
            ChangeStanding::Proposed => "This is a proposal, which is not in force. Refuse it instead.",
        }
    }
}

/// The instants of a milestone under its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instants {
    /// The one that is in force.
    pub in_force: Moment,
    /// The last one that two people stand behind; the one that was published counts as such.
    pub agreed: Moment,
}

impl Instants {
    /// Of a round's milestone, which is at `at` now, under its changes.
    pub fn of_round(at: Moment, milestone: Milestone, changes: &[Change]) -> Self {
        let of_it = || changes.iter().filter(|change| change.milestone == milestone);
        let first = of_it().filter(|change| change.in_force_since().is_some()).map(|change| change.from_at).min();
        Self::of(first.unwrap_or(at), of_it())
    }

    /// Under the changes of a milestone, which moved it from `first`.
    pub fn of<'a>(first: Moment, changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let mut in_force: Vec<(Moment, &Change)> =
            changes.into_iter().filter_map(|change| Some((change.in_force_since()?, change))).collect();
        in_force.sort_by_key(|(since, change)| (*since, change.number));
        let mut instants = Self { in_force: first, agreed: first };
        for (_, change) in in_force {
            instants.in_force = change.to_at;
            if change.confirmed_at.is_some() {
                instants.agreed = change.to_at;
            }
        }
        instants
    }

    /// The later of both, point by point: a bid's own time never ends before that of the round.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        Self { in_force: self.in_force.max(other.in_force), agreed: self.agreed.max(other.agreed) }
    }

    /// Whether one manager alone can bring this instant.
    pub fn allows_alone(&self, to: Moment) -> bool {
        to > self.in_force && to <= self.agreed.plus(LONGEST_ALONE)
    }
}

/// What is wrong with the words that say why; `field` is where they were written.
pub fn reason_fault(field: &'static str, reason: &str) -> Option<Fault> {
    Fault::of_text(field, reason, LONGEST_REASON, "Say why.")
}

/// What a milestone's move is held against.
#[derive(Debug, Clone, Copy)]
pub struct Move<'a> {
    /// The milestones as they are in force, for the round or the bid.
    pub timetable: &'a Timetable,
    /// Which one moves.
    pub milestone: Milestone,
    /// To when.
    pub to: Moment,
    /// When this is asked.
    pub now: Moment,
}

impl Move<'_> {
    /// Nothing if the milestone of a published round can move there at all, be it alone or as two.
    ///
    /// # Errors
    /// `NotFound` when the round has no such milestone; `Invalid` for an instant that is over, the same or, for a closing
    /// time, earlier; `Conflict` with `out_of_order` when it would pass another milestone.
    pub fn check(self) -> Result<()> {
        let before = self.timetable.at(self.milestone).ok_or(AppError::NotFound)?;
        let wrong = |message: String| Err(AppError::invalid("at", "out_of_range", message));
        if self.to <= self.now {
            return wrong("Give an instant that is still to come.".into());
        }
        if self.to == before {
            return wrong(format!("It is at {} already. Give another instant.", before.in_words()));
        }
        if self.milestone.is_closing() && self.to < before {
            return wrong(format!("A closing time never moves earlier. Give an instant after {}.", before.in_words()));
        }
        self.check_order()
    }

    fn check_order(self) -> Result<()> {
        for (other, at) in &self.timetable.0 {
            let overtakes = (*other > self.milestone && *at < self.to) || (*other < self.milestone && *at > self.to);
            if overtakes {
                let message = format!(
                    "“{}” is at {}, and the round's order must stay. Move that one first, or give another instant.",
                    other.title(),
                    at.in_words()
                );
                return Err(AppError::conflict("out_of_order", message));
            }
        }
        Ok(())
    }
}

impl Milestone {
    /// Whether something closes at it, so that what arrives at its very instant is in time.
    pub const fn is_closing(self) -> bool {
        self.closed_stage().is_some()
    }

    /// The stage that closes at it.
    pub const fn closed_stage(self) -> Option<Stage> {
        match self {
            Self::EoiCloses => Some(Stage::Eoi),
            Self::FullCloses => Some(Stage::Full),
            _ => None,
        }
    }

    /// The one at which a stage closes.
    pub const fn closing(stage: Stage) -> Self {
        match stage {
            Stage::Eoi => Self::EoiCloses,
            Stage::Full => Self::FullCloses,
        }
    }

    /// Whether it is over at `now` when it comes at `at`: an opening with its instant, a closing after it.
    pub fn is_over(self, at: Moment, now: Moment) -> bool {
        if self.is_closing() { now > at } else { now >= at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::IdSource;

    const HOUR: Duration = Duration::from_secs(3_600);
    const MICRO: Duration = Duration::from_micros(1);

    fn moment(hours: u64) -> Moment {
        Moment::from_micros(1_790_000_000_000_000).plus(HOUR * u32::try_from(hours).expect("few hours"))
    }

    fn people() -> (Id<PersonKey>, Id<PersonKey>) {
        let ids = IdSource::seeded(1);
        (ids.fresh(moment(0)), ids.fresh(moment(0)))
    }

    fn change(number: i32, (from, to): (u64, u64), at_once: bool) -> Change {
        let ids = IdSource::seeded(2);
        Change {
            id: ids.fresh(moment(0)),
            round_id: ids.fresh(moment(0)),
            bid_id: None,
            milestone: Milestone::EoiCloses,
            number,
            from_at: moment(from),
            to_at: moment(to),
            ground: Ground::Round,
            reason: "An outage.".into(),
            at_once,
            made_by: people().0,
            made_at: moment(0).plus(MICRO * u32::try_from(number).expect("from 1")),
            confirmed_by: None,
            confirmed_at: None,
            against: Against::default(),
            reopening: None,
        }
    }

    fn confirmed(change: Change, at: u64) -> Change {
        Change { confirmed_by: Some(people().1), confirmed_at: Some(moment(at)), ..change }
    }

    #[test]
    fn one_manager_moves_a_milestone_by_48_hours_and_not_by_a_microsecond_more() {
        let instants = Instants::of(moment(100), []);
        assert!(instants.allows_alone(moment(100).plus(MICRO)));
        assert!(instants.allows_alone(moment(148)));
        assert!(!instants.allows_alone(moment(148).plus(MICRO)));
        assert!(!instants.allows_alone(moment(100)), "it does not move");
        assert!(!instants.allows_alone(moment(99)), "it moves earlier");
    }

    #[test]
    fn the_48_hours_run_from_what_two_people_stand_behind_so_small_steps_lead_no_further() {
        let alone = [change(1, (100, 130), true), change(2, (130, 148), true)];
        let instants = Instants::of(moment(100), &alone);
        assert_eq!(instants, Instants { in_force: moment(148), agreed: moment(100) });
        assert!(!instants.allows_alone(moment(149)));
        let [first, second] = alone;
        let instants = Instants::of(moment(100), &[confirmed(first, 5), second]);
        assert_eq!(instants, Instants { in_force: moment(148), agreed: moment(130) });
        assert!(instants.allows_alone(moment(178)));
    }

    #[test]
    fn a_proposal_is_in_force_from_its_confirmation_on() {
        let proposed = change(1, (100, 500), false);
        assert_eq!(Instants::of(moment(100), [&proposed]).in_force, moment(100));
        let instants = Instants::of(moment(100), [&confirmed(proposed, 5)]);
        assert_eq!(instants, Instants { in_force: moment(500), agreed: moment(500) });
    }

    #[test]
    fn whoever_made_a_change_does_not_confirm_it_and_what_is_in_force_is_not_taken_back() {
        let (maker, other) = people();
        let (proposed, alone) = (change(1, (100, 500), false), change(2, (100, 110), true));
        assert_eq!(proposed.replies(maker), [Reply::Withdraw]);
        assert_eq!(proposed.replies(other), [Reply::Confirm, Reply::Refuse]);
        assert_eq!(alone.replies(maker), []);
        assert_eq!(alone.replies(other), [Reply::Confirm, Reply::Object]);
        let said = Said { by: other, at: moment(1), reason: "Why?".into() };
        let objected = Change { against: Against { objection: Some(Doc(said.clone())), ended: None }, ..alone.clone() };
        assert_eq!(objected.replies(other), [Reply::Confirm]);
        assert_eq!(confirmed(alone, 5).replies(other), []);
        let refused = Change {
            against: Against { ended: Some(Doc(End { how: Ended::Refused, said })), objection: None },
            ..proposed
        };
        assert_eq!((refused.replies(maker), refused.replies(other)), (vec![], vec![]));
    }

    #[test]
    fn a_bids_own_time_never_ends_before_that_of_the_round() {
        let own = Instants::of(moment(100), [&confirmed(change(1, (100, 120), true), 5)]);
        let round = Instants::of(moment(100), [&change(1, (100, 140), true)]);
        assert_eq!(own.or_later(round), Instants { in_force: moment(140), agreed: moment(120) });
    }

    #[test]
    fn a_closing_time_moves_neither_earlier_nor_past_its_neighbours() {
        let timetable = Timetable(vec![
            (Milestone::EoiOpens, moment(10)),
            (Milestone::EoiCloses, moment(100)),
            (Milestone::EoiOutcome, moment(200)),
        ]);
        let to = |milestone, to| Move { timetable: &timetable, milestone, to, now: moment(20) }.check();
        assert!(to(Milestone::EoiCloses, moment(200)).is_ok(), "at the same instant is in order");
        assert!(matches!(to(Milestone::EoiCloses, moment(201)), Err(AppError::Conflict { code: "out_of_order", .. })));
        assert!(matches!(to(Milestone::EoiCloses, moment(99)), Err(AppError::Invalid(_))));
        assert!(matches!(to(Milestone::EoiCloses, moment(100)), Err(AppError::Invalid(_))));
        assert!(to(Milestone::EoiOutcome, moment(150)).is_ok(), "what does not close may come earlier");
        assert!(matches!(to(Milestone::EoiOutcome, moment(99)), Err(AppError::Conflict { .. })));
        assert!(matches!(to(Milestone::EoiOutcome, moment(20)), Err(AppError::Invalid(_))), "it would be over");
        assert!(matches!(to(Milestone::FullCloses, moment(300)), Err(AppError::NotFound)));
    }

    #[test]
    fn a_closing_is_over_after_its_instant_and_anything_else_with_it() {
        assert!(!Milestone::EoiCloses.is_over(moment(5), moment(5)));
        assert!(Milestone::EoiCloses.is_over(moment(5), moment(5).plus(MICRO)));
        assert!(Milestone::FullOpens.is_over(moment(5), moment(5)));
    }
}
