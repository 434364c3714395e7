//! Funds and rounds, and a round's status, which follows from its milestones and the clock.

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

use super::rulebook::Stage;
use crate::{
    clock::Moment,
    db::schema::{funds, milestones, rounds},
    error::{AppError, Result},
    ids::{FundKey, Id, RoundKey, RowKey, RulebookKey},
    money::Pence,
    words,
};

/// A fund.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize, utoipa::ToSchema)]
#[diesel(table_name = funds)]
pub struct Fund {
    /// Its id.
    pub id: Id<FundKey>,
    /// Its place in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub summary: String,
    /// Who gives the money.
    pub funder: String,
    /// The funder's org-id.
    pub funder_org_id: Option<String>,
    /// When it was made.
    pub created_at: Moment,
    /// Counts changes.
    pub version: i32,
}

words! {
    /// Whether a round is visible.
    pub enum RoundState {
        /// Being prepared: staff see it.
        Draft = "draft",
        /// Published: its rules are locked.
        Published = "published",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// A round of a fund.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize, utoipa::ToSchema)]
#[diesel(table_name = rounds)]
pub struct Round {
    /// Its id.
    pub id: Id<RoundKey>,
    /// Its fund.
    pub fund_id: Id<FundKey>,
    /// Its place in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// What references of its bids begin with.
    pub prefix: String,
    /// How much can be awarded.
    pub budget_pence: Pence,
    /// Whether it is visible.
    pub state: RoundState,
    /// Something everybody must know, e.g. that it is a replay with illustrative parts.
    pub note: Option<String>,
    /// When it was published.
    pub published_at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
    /// Counts changes.
    pub version: i32,
    /// When it was called off, if it was.
    pub cancelled_at: Option<Moment>,
    /// Why.
    pub cancelled_because: Option<String>,
    /// The round in whose place it is run.
    pub replaces_id: Option<Id<RoundKey>>,
}

impl Round {
    /// The instant by which everything in the round goes: `now`, but for a round that was called off, whose clock stands
    /// still from then on. So no deadline passes in it any more, and no outcome is released.
    pub fn instant(&self, now: Moment) -> Moment {
        self.cancelled_at.map_or(now, |at| at.min(now))
    }

    /// That the round was called off, when and why, as a clause.
    pub fn cancellation(&self) -> Option<String> {
        let at = self.cancelled_at?;
        let reason = self.cancelled_because.as_deref().unwrap_or_default();
        Some(format!("this round was cancelled at {}: {}", at.in_words(), reason.trim_end_matches('.')))
    }

    /// What happens next with a bid of a round that was called off.
    pub fn cancelled_next(&self) -> Option<String> {
        let words = self.cancellation()?;
        Some(format!("Nothing more happens: {words}. What you wrote stays here to read and copy."))
    }

    /// Nothing unless the round was called off.
    ///
    /// # Errors
    /// `Conflict` with `round_cancelled`.
    pub fn require_running(&self) -> Result<()> {
        let Some(words) = self.cancellation() else { return Ok(()) };
        Err(AppError::conflict("round_cancelled", format!("Nothing in it moves any more: {words}.")))
    }
}

words! {
    /// The instants that a round goes by.
    pub enum Milestone {
        /// Expressions of interest can be sent.
        EoiOpens = "eoi_opens",
        /// No more expressions of interest.
        EoiCloses = "eoi_closes",
        /// Their outcomes are released.
        EoiOutcome = "eoi_outcome",
        /// Full applications can be written.
        FullOpens = "full_opens",
        /// No more full applications.
        FullCloses = "full_closes",
        /// Whom the fund wants to interview is released.
        InterviewInvitations = "interview_invitations",
        /// Interviews begin.
        InterviewsOpen = "interviews_open",
        /// The last interview is over.
        InterviewsClose = "interviews_close",
        /// The awards are announced.
        Announcement = "announcement",
        /// Projects end.
        DeliveryEnds = "delivery_ends",
    }
}

impl Milestone {
    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::EoiOpens => "Expressions of interest open",
            Self::EoiCloses => "Expressions of interest close",
            Self::EoiOutcome => "Outcomes of expressions of interest",
            Self::FullOpens => "Full applications open",
            Self::FullCloses => "Full applications close",
            Self::InterviewInvitations => "Invitations to interview",
            Self::InterviewsOpen => "Interviews begin",
            Self::InterviewsClose => "Interviews end",
            Self::Announcement => "Awards announced",
            Self::DeliveryEnds => "Projects end",
        }
    }
}

/// A milestone of a round.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize)]
#[diesel(table_name = milestones)]
pub struct MilestoneRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// Which.
    pub name: Milestone,
    /// When.
    pub at: Moment,
    /// When the service recorded that it had passed.
    pub passed_at: Option<Moment>,
    /// Counts changes.
    pub version: i32,
}

/// A round's milestones, in the order in which they come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timetable(pub Vec<(Milestone, Moment)>);

words! {
    /// Where a round stands.
    pub enum Status {
        /// Not published.
        Draft = "draft",
        /// Published; not open yet.
        Forthcoming = "forthcoming",
        /// Expressions of interest can be sent.
        EoiOpen = "eoi_open",
        /// They are being sifted.
        EoiSift = "eoi_sift",
        /// Full applications can be written and sent.
        FullOpen = "full_open",
        /// They are being assessed.
        Assessment = "assessment",
        /// Those who were invited are interviewed.
        Interviews = "interviews",
        /// The awards are announced.
        Announced = "announced",
        /// The projects have ended.
        Ended = "ended",
        /// Called off.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Forthcoming => "Forthcoming",
            Self::EoiOpen => "Open for expressions of interest",
            Self::EoiSift => "Expressions of interest are being sifted",
            Self::FullOpen => "Open for full applications",
            Self::Assessment => "Full applications are being assessed",
            Self::Interviews => "Applicants are being interviewed",
            Self::Announced => "Awards announced",
            Self::Ended => "Projects ended",
            Self::Cancelled => "Cancelled",
        }
    }
}

impl Timetable {
    /// The instant of a milestone, where the round has it.
    pub fn at(&self, milestone: Milestone) -> Option<Moment> {
        self.0.iter().find(|(name, _)| *name == milestone).map(|(_, at)| *at)
    }

    /// Whether the instant of a milestone has come; never where the round has none.
    pub fn reached(&self, milestone: Milestone, now: Moment) -> bool {
        self.at(milestone).is_some_and(|at| at <= now)
    }

    /// When a stage opens.
    pub fn opens(&self, stage: Stage) -> Option<Moment> {
        self.at(match stage {
            Stage::Eoi => Milestone::EoiOpens,
            Stage::Full => Milestone::FullOpens,
        })
    }

    /// When a stage closes: what has arrived at this very instant is in time.
    pub fn closes(&self, stage: Stage) -> Option<Moment> {
        self.at(Milestone::closing(stage))
    }

    /// Whether something that arrived at `received` is too late for a stage.
    pub fn is_late(&self, stage: Stage, received: Moment) -> bool {
        self.closes(stage).is_some_and(|closes| received > closes)
    }

    /// Whether what was sent for a stage can be read and judged at `now`: once nothing more can be sent, or at once where
    /// the stage never closes.
    pub fn is_readable(&self, stage: Stage, now: Moment) -> bool {
        self.closes(stage).is_none_or(|closes| now > closes)
    }

    /// Where a round stands, from its state, its milestones and the clock alone.
    pub fn status(&self, state: RoundState, now: Moment) -> Status {
        let passed = |milestone| self.at(milestone).is_some_and(|at| now > at);
        match state {
            RoundState::Draft => Status::Draft,
            RoundState::Cancelled => Status::Cancelled,
            RoundState::Published if self.reached(Milestone::DeliveryEnds, now) => Status::Ended,
            RoundState::Published if self.reached(Milestone::Announcement, now) => Status::Announced,
            RoundState::Published if passed(Milestone::InterviewsClose) => Status::Assessment,
            RoundState::Published if self.reached(Milestone::InterviewsOpen, now) => Status::Interviews,
            RoundState::Published if passed(Milestone::FullCloses) => Status::Assessment,
            RoundState::Published if self.reached(Milestone::FullOpens, now) => Status::FullOpen,
            RoundState::Published if passed(Milestone::EoiCloses) => Status::EoiSift,
            RoundState::Published if self.reached(Milestone::EoiOpens, now) => Status::EoiOpen,
            RoundState::Published => Status::Forthcoming,
        }
    }
}

impl RoundInFull {
    /// Where it stands at `now`.
    pub fn status(&self, now: Moment) -> Status {
        self.timetable.status(self.round.state, now)
    }

    /// How far it has come at `now`: where it stands, or where a round that was called off stood then.
    pub fn reached(&self, now: Moment) -> Status {
        let state = if self.round.state == RoundState::Draft { RoundState::Draft } else { RoundState::Published };
        self.timetable.status(state, self.round.instant(now))
    }

    /// Whether bids go through this stage.
    pub fn has_stage(&self, stage: Stage) -> bool {
        self.timetable.opens(stage).is_some()
    }

    /// The stage that comes first.
    pub fn first_stage(&self) -> Stage {
        if self.has_stage(Stage::Eoi) { Stage::Eoi } else { Stage::Full }
    }

    /// Whether a bid can be started: drafts may be begun before a round opens, never after its first stage has closed.
    pub fn takes_new_bids(&self, now: Moment) -> bool {
        match self.status(now) {
            Status::Forthcoming | Status::EoiOpen => true,
            Status::FullOpen => self.first_stage() == Stage::Full,
            _ => false,
        }
    }
}

/// A round with what everybody may know of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoundInFull {
    /// The round.
    pub round: Round,
    /// Its fund.
    pub fund: Fund,
    /// Its milestones.
    pub timetable: Timetable,
    /// Its rules.
    pub rulebook: super::rulebook::Rulebook,
    /// Which version of the rules.
    pub rulebook_id: Id<RulebookKey>,
    /// The hash of the rules, in hexadecimal digits.
    pub rules_hash: String,
    /// The cancelled round in whose place it is run.
    pub replaces: Option<RoundLink>,
    /// The published round that is run in its place.
    pub replaced_by: Option<RoundLink>,
}

/// Another round, to be found there.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RoundLink {
    /// Its place in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
}
