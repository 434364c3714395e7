//! By when scores are wanted, and how far those are who give them.

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    assessment::model::BidLine,
    clock::Moment,
    db::{Doc, schema::scores_wanted},
    error::Fault,
    funds::{
        model::{Milestone, RoundInFull},
        reminders::model::NewReminders,
        rulebook::Stage,
    },
    ids::{Id, PersonKey, RoundKey},
};

/// On how many working days before scores are wanted readers are reminded, where nobody says otherwise.
pub const USUAL_DAYS: [u8; 2] = [5, 1];
/// The most characters of what a manager writes to those who are reminded.
pub const LONGEST_WORDS: usize = 2_000;
/// How many people can be reminded at once by hand.
pub const MOST_PEOPLE: usize = 1_000;

/// By when the scores of a round are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = scores_wanted, treat_none_as_default_value = false)]
pub struct WantedRow {
    /// The round.
    pub round_id: Id<RoundKey>,
    /// The instant, if one was chosen.
    pub wanted_by: Option<Moment>,
    /// On how many working days before it readers are reminded.
    pub reminder_days: Doc<Vec<u8>>,
    /// Counts changes.
    pub version: i32,
}

impl WantedRow {
    /// What holds where nobody has chosen anything.
    pub fn usual(round_id: Id<RoundKey>) -> Self {
        Self { round_id, wanted_by: None, reminder_days: Doc(USUAL_DAYS.to_vec()), version: 0 }
    }
}

/// By when the scores of a round are wanted, and when readers are reminded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ScoresWanted {
    /// The instant; none where nobody has chosen one.
    pub wanted_by: Option<Moment>,
    /// On how many working days before it readers are reminded.
    pub reminder_days: Vec<u8>,
    /// Counts changes; 0 where nobody has chosen anything.
    pub version: i32,
}

impl From<WantedRow> for ScoresWanted {
    fn from(row: WantedRow) -> Self {
        Self { wanted_by: row.wanted_by, reminder_days: row.reminder_days.0, version: row.version }
    }
}

/// The same on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScoresWanted {
    /// By when scores are wanted; null to want them by no instant.
    pub wanted_by: Option<Moment>,
    /// On how many working days before it readers are reminded; none means that nobody is.
    pub reminder_days: Vec<u8>,
}

impl NewScoresWanted {
    /// Everything that is wrong with it in a round.
    pub fn faults(&self, round: &RoundInFull, now: Moment) -> Vec<Fault> {
        let mut faults: Vec<Fault> = self.wanted_by.and_then(|at| instant_fault(at, round, now)).into_iter().collect();
        let days = NewReminders { days: self.reminder_days.clone() }.faults();
        faults.extend(days.into_iter().map(|fault| Fault { field: "reminder_days".into(), ..fault }));
        faults
    }

    /// The row that it becomes.
    pub fn row(self, round_id: Id<RoundKey>, version: i32) -> WantedRow {
        let days = NewReminders { days: self.reminder_days }.in_order();
        WantedRow { round_id, wanted_by: self.wanted_by, reminder_days: Doc(days), version }
    }
}

fn instant_fault(at: Moment, round: &RoundInFull, now: Moment) -> Option<Fault> {
    let fault = |message: String| Some(Fault::new("wanted_by", "out_of_range", message));
    if at <= now {
        return fault("Choose a time that is still to come.".into());
    }
    if let Some(closes) = round.timetable.closes(Stage::Full).filter(|closes| at <= *closes) {
        return fault(format!("Full applications close at {}. Choose a later time.", closes.in_words()));
    }
    let announced = round.timetable.at(Milestone::Announcement).filter(|announced| at >= *announced);
    announced.and_then(|at| fault(format!("The awards are announced at {}. Choose an earlier time.", at.in_words())))
}

/// How far the reading of a round is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ReadingProgress)]
pub struct Progress {
    /// By when the scores are wanted.
    pub wanted: ScoresWanted,
    /// How many readers the round asks for on each bid.
    pub least_readers: u32,
    /// How many readings are given out.
    pub given: u32,
    /// How many of them have scores that are not submitted yet.
    pub begun: u32,
    /// How many of them are submitted.
    pub submitted: u32,
    /// Those who read, by name.
    pub people: Vec<ReaderProgress>,
    /// What they read, by reference.
    pub bids: Vec<BidProgress>,
}

/// How far one reader is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReaderProgress {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// How many bids they were given.
    pub given: u32,
    /// How many of them have scores that are not submitted yet.
    pub begun: u32,
    /// How many of them are submitted.
    pub submitted: u32,
    /// How many can be submitted now and are not: of these they can be reminded.
    pub waiting: u32,
    /// When they last gave a score.
    pub last_at: Option<Moment>,
    /// When they were last reminded, where something waits.
    pub reminded_at: Option<Moment>,
}

impl ReaderProgress {
    /// The columns of the table.
    pub const COLUMNS: [&'static str; 7] =
        ["Name", "Given", "Begun", "Submitted", "Waiting", "Last score at", "Reminded at"];

    /// Their line in the table.
    pub fn row(&self) -> Vec<String> {
        let numbers = [self.given, self.begun, self.submitted, self.waiting].map(|number| number.to_string());
        let at = |moment: Option<Moment>| moment.map(|moment| moment.to_string()).unwrap_or_default();
        [self.name.clone()].into_iter().chain(numbers).chain([at(self.last_at), at(self.reminded_at)]).collect()
    }
}

/// How far the reading of one bid is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BidProgress {
    /// The bid.
    #[serde(flatten)]
    pub bid: BidLine,
    /// How many people read it.
    pub given: u32,
    /// How many of them have scores that are not submitted yet.
    pub begun: u32,
    /// How many of them have submitted.
    pub submitted: u32,
}

/// Whom to remind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewReadingReminder)]
#[serde(deny_unknown_fields)]
pub struct NewReminder {
    /// The people.
    #[schema(max_items = 1_000)]
    pub people: Vec<Id<PersonKey>>,
    /// What is written to them beside the bids that wait.
    #[serde(default)]
    pub words: String,
}

impl NewReminder {
    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        let nobody = || Fault::new("people", "missing", "Choose at least one person to remind.");
        let many = || {
            let message = format!("Remind at most {MOST_PEOPLE} people at once, you chose {}.", self.people.len());
            Fault::new("people", "too_many", message)
        };
        let of_people = [self.people.is_empty().then(nobody), (self.people.len() > MOST_PEOPLE).then(many)];
        of_people.into_iter().flatten().chain(Fault::too_long("words", &self.words, LONGEST_WORDS)).collect()
    }
}

/// What became of a reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ReadingReminded)]
pub struct Reminded {
    /// The person.
    pub person: Id<PersonKey>,
    /// Whether they are written to.
    pub done: bool,
    /// The stable code of the reason, if not.
    pub code: Option<String>,
    /// The reason, if not.
    pub message: Option<String>,
}

impl Reminded {
    /// They are written to.
    pub const fn done(person: Id<PersonKey>) -> Self {
        Self { person, done: true, code: None, message: None }
    }

    /// They are not.
    pub fn not(person: Id<PersonKey>, code: &str, message: &str) -> Self {
        Self { person, done: false, code: Some(code.to_owned()), message: Some(message.to_owned()) }
    }
}
