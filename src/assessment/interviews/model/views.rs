//! Interviews as they are read: the round's timetable, one time with what was scored, the councils' choice, and a panel member's form.

use serde::{Deserialize, Serialize};

use super::{SlotRow, SlotState};
use crate::{
    assessment::model::{BidLine, InterviewStanding, MyScores, Reading},
    bids::documents::{model::DocumentView, slides::model::EarlierSlides},
    clock::Moment,
    ids::{Id, PersonKey},
};

/// The interviews of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = InterviewTimetable)]
pub struct Timetable {
    /// How long each takes, in minutes.
    pub minutes: u32,
    /// How many people a panel has at least.
    pub least_panel: u32,
    /// The times, the earliest first. Whoever has a conflict of interest in the round reads those alone that bids have chosen which
    /// they may see.
    pub slots: Vec<Slot>,
    /// The bids that know of their invitation and have chosen no time.
    pub waiting: Vec<BidLine>,
    /// Whether the reader can make and change times.
    pub may_arrange: bool,
    /// Who can sit on a panel, for whoever can name them.
    pub people: Vec<Interviewer>,
}

/// Somebody who can sit on a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Interviewer {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
}

/// A time for an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Interview)]
pub struct Slot {
    /// Counts the times of the round, from 1.
    pub number: i32,
    /// Where it stands.
    pub state: SlotState,
    /// When and where it is.
    #[serde(flatten)]
    pub at: Appointment,
    /// The bid that has chosen it.
    pub bid: Option<BidLine>,
    /// Who sits on its panel, and who did.
    pub panel: Vec<Seat>,
    /// How many more people are wanted on the panel.
    pub wanted: u32,
    /// How many have submitted their scores.
    pub submitted: u32,
    /// Why it was changed or called off last.
    pub reason: String,
    /// Counts changes.
    pub version: i32,
}

/// When and where an interview is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = InterviewAppointment)]
pub struct Appointment {
    /// When it begins.
    pub starts_at: Moment,
    /// When it ends.
    pub ends_at: Moment,
    /// Where it is: an address, or a video link.
    pub place: String,
    /// How to join.
    pub joining: String,
}

impl From<&SlotRow> for Appointment {
    fn from(row: &SlotRow) -> Self {
        Self {
            starts_at: row.starts_at,
            ends_at: row.ends_at(),
            place: row.place.clone(),
            joining: row.joining.clone(),
        }
    }
}

/// A seat on the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = InterviewSeat)]
pub struct Seat {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// When they submitted their scores.
    pub submitted_at: Option<Moment>,
    /// Since when they no longer sit there, if so.
    pub ended_at: Option<Moment>,
    /// Why, where they did not attend.
    pub absent: Option<String>,
    /// Whether a conflict of interest with the bid has come up since: they cannot open it, and somebody else is wanted.
    pub conflicted: bool,
}

/// A time with what was scored in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InterviewInFull {
    /// The time.
    #[serde(flatten)]
    pub slot: Slot,
    /// What was submitted, by name; nothing for whoever sits on the panel and has not submitted yet.
    pub scores: Vec<Reading>,
    /// How far the interview of the bid is.
    pub standing: Option<InterviewStanding>,
    /// The weighted mean of the panel, with two decimals, once it is scored.
    pub mean: Option<String>,
    /// The slides that the bid's councils have brought.
    pub slides: Vec<DocumentView>,
    /// Whether the reader can change it.
    pub may_arrange: bool,
    /// Who can sit on its panel, for whoever can name them.
    pub people: Vec<Interviewer>,
}

/// The interview of a bid, for its councils.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BidInterview {
    /// The bid.
    #[serde(flatten)]
    pub bid: BidLine,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// The time that its lead has chosen.
    pub chosen: Option<Appointment>,
    /// The times that it can choose.
    pub free: Vec<FreeTime>,
    /// Whether the reader can choose for it now.
    pub may_choose: bool,
    /// Its slides.
    pub slides: InterviewSlides,
}

/// The slides of an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InterviewSlides {
    /// Those that are there, by name.
    pub current: Vec<DocumentView>,
    /// Those that were replaced or taken out, the latest first, for the bid's own councils.
    pub earlier: Vec<EarlierSlides>,
    /// Until when the bid's councils can change them: when the interview begins. Null while no time is chosen.
    pub until: Option<Moment>,
    /// Whether the reader can change them now.
    pub may_change: bool,
}

/// A time that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FreeTime {
    /// Its number.
    pub number: i32,
    /// When it begins.
    pub starts_at: Moment,
    /// When it ends.
    pub ends_at: Moment,
    /// Where it is.
    pub place: String,
}

/// An interview in which one sits on the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MyInterview {
    /// The round's title.
    pub round: String,
    /// When and where it is.
    #[serde(flatten)]
    pub at: Appointment,
    /// The bid, once one has chosen the time.
    pub bid: Option<BidLine>,
    /// When one submitted one's scores.
    pub submitted_at: Option<Moment>,
}

/// One's own scores of an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MyInterviewScores {
    /// The scores, under the criteria of the interview.
    #[serde(flatten)]
    pub own: MyScores,
    /// When and where it is.
    pub at: Appointment,
    /// What the others of the panel have submitted, once one's own scores are.
    pub others: Vec<Reading>,
    /// The slides that the bid's councils have brought.
    pub slides: Vec<DocumentView>,
}
