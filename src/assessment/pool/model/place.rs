//! A place in a pool: the invitation, what somebody said to it, and how it stands.

use chrono::NaiveDate;
use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use super::{Area, AskedFor, Terms, Workload};
use crate::{
    clock::Moment,
    db::{Doc, schema::pool_places},
    ids::{Id, PersonKey, RoundKey, RowKey},
    mail::Address,
    words,
};

words! {
    /// How a place in a pool stands.
    pub enum PlaceState {
        /// Somebody was invited.
        Invited = "invited",
        /// They assess.
        Accepted = "accepted",
        /// They do not.
        Declined = "declined",
        /// They did, and do no longer.
        Withdrawn = "withdrawn",
        /// The fund has ended it.
        Ended = "ended",
    }
}

words! {
    /// Why somebody does not assess, or not any more.
    pub enum WhyNot {
        /// They have no time.
        NoTime = "no_time",
        /// They have a conflict of interest with too much of it.
        ConflictOfInterest = "conflict_of_interest",
        /// They do not know enough of it.
        OutsideMyField = "outside_my_field",
        /// Something else, in their words.
        Other = "other",
    }
}

impl WhyNot {
    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::NoTime => "No time",
            Self::ConflictOfInterest => "Conflict of interest",
            Self::OutsideMyField => "Outside my field",
            Self::Other => "Other",
        }
    }
}

/// What somebody said to an invitation. What they said before a new one is not kept here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// What they know of, by the ids of areas.
    pub expertise: Vec<String>,
    /// How many bids they want to read at least.
    pub least: Option<u32>,
    /// How many they can read at most.
    pub most: Option<u32>,
    /// The first day on which they can.
    pub from: Option<NaiveDate>,
    /// The last.
    pub until: Option<NaiveDate>,
    /// Days between these on which they cannot.
    pub away: Vec<NaiveDate>,
    /// The number of the terms that they have agreed to.
    pub terms: Option<i32>,
    /// When they agreed.
    pub agreed_at: Option<Moment>,
    /// Why they do not assess.
    pub reason: Option<WhyNot>,
    /// The same in words, theirs or the fund's.
    pub words: String,
}

/// A place in a pool as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = pool_places, treat_none_as_default_value = false)]
pub struct PlaceRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// The round.
    pub round_id: Id<RoundKey>,
    /// Who was invited.
    pub person_id: Id<PersonKey>,
    /// For what they are asked, by the ids of areas.
    pub areas: Doc<Vec<String>>,
    /// How many bids they are asked to read at least.
    pub least_asked: Option<i32>,
    /// How many at most.
    pub most_asked: Option<i32>,
    /// Until when they can answer.
    pub answer_by: Moment,
    /// What they were written.
    pub message: String,
    /// By whom.
    pub invited_by: Id<PersonKey>,
    /// When.
    pub invited_at: Moment,
    /// How the place stands.
    pub state: PlaceState,
    /// When they answered, or the fund ended it.
    pub answered_at: Option<Moment>,
    /// What they said.
    pub said: Doc<Said>,
    /// Whether they have the role of assessor for the fund by this place.
    pub gave_role: bool,
    /// Counts changes.
    pub version: i32,
}

impl PlaceRow {
    /// Whether it can still be answered at `now`: at the very instant is in time.
    pub fn awaits_answer(&self, now: Moment) -> bool {
        self.state == PlaceState::Invited && now <= self.answer_by
    }

    /// Whether the time for an answer has passed without one.
    pub fn has_lapsed(&self, now: Moment) -> bool {
        self.state == PlaceState::Invited && now > self.answer_by
    }
}

/// A place as the fund's managers and whoever has it read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PlaceInPool)]
pub struct PlaceView {
    /// Its id.
    pub id: Id<RowKey>,
    /// The person.
    pub person: Id<PersonKey>,
    /// What they are called.
    pub name: String,
    /// Where mail reaches them.
    pub email: Address,
    /// How the place stands.
    pub state: PlaceState,
    /// Whether the time for an answer has passed without one.
    pub lapsed: bool,
    /// For what they are asked, by the ids of areas.
    pub areas: Vec<String>,
    /// How many bids they are asked to read at least.
    pub least_asked: Option<u32>,
    /// How many at most.
    pub most_asked: Option<u32>,
    /// Until when they can answer.
    pub answer_by: Moment,
    /// What they were written.
    pub message: String,
    /// When they were invited.
    pub invited_at: Moment,
    /// When they answered, or the fund ended the place.
    pub answered_at: Option<Moment>,
    /// What they know of, by the ids of areas.
    pub expertise: Vec<String>,
    /// How many bids they want to read at least.
    pub least: Option<u32>,
    /// How many they can read at most.
    pub most: Option<u32>,
    /// The first day on which they can.
    pub from: Option<NaiveDate>,
    /// The last.
    pub until: Option<NaiveDate>,
    /// Days between these on which they cannot.
    pub away: Vec<NaiveDate>,
    /// The number of the terms that they have agreed to.
    pub terms: Option<i32>,
    /// The SHA-256 of these terms.
    pub terms_sha256: Option<String>,
    /// When they agreed.
    pub agreed_at: Option<Moment>,
    /// Whether they have accepted and the terms are other ones by now: they keep what they read, and are given nothing more until
    /// they have agreed to these.
    pub must_agree: bool,
    /// Why they do not assess.
    pub reason: Option<WhyNot>,
    /// The same in words, theirs or the fund's.
    pub words: String,
    /// How many bids they have been given, of those that the reader may see.
    pub given: u32,
    /// How many assessments of these they have submitted.
    pub submitted: u32,
    /// Counts changes.
    pub version: i32,
}

impl PlaceView {
    /// A place at `now`, with who has it and how many bids they were given and have submitted.
    pub fn of(row: PlaceRow, (name, email): (String, Address), (given, submitted): (u32, u32), now: Moment) -> Self {
        let count = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok());
        let lapsed = row.has_lapsed(now);
        let said = row.said.0;
        Self {
            id: row.id,
            person: row.person_id,
            name,
            email,
            state: row.state,
            lapsed,
            areas: row.areas.0,
            least_asked: count(row.least_asked),
            most_asked: count(row.most_asked),
            answer_by: row.answer_by,
            message: row.message,
            invited_at: row.invited_at,
            answered_at: row.answered_at,
            expertise: said.expertise,
            least: said.least,
            most: said.most,
            from: said.from,
            until: said.until,
            away: said.away,
            terms: said.terms,
            terms_sha256: None,
            agreed_at: said.agreed_at,
            must_agree: false,
            reason: said.reason,
            words: said.words,
            given,
            submitted,
            version: row.version,
        }
    }

    /// The same with the terms that they have agreed to.
    #[must_use]
    pub fn under(self, asked: &AskedFor) -> Self {
        let terms_sha256 = asked.fingerprint(self.terms);
        let must_agree = self.state == PlaceState::Accepted && asked.must_agree(self.terms);
        Self { terms_sha256, must_agree, ..self }
    }

    /// The columns of the table of a pool.
    pub const COLUMNS: [&str; 20] = [
        "name",
        "email",
        "state",
        "asked_for",
        "asked_least",
        "asked_most",
        "answer_by",
        "answered_at",
        "expertise",
        "least",
        "most",
        "given",
        "submitted",
        "from",
        "until",
        "away",
        "terms",
        "reason",
        "terms_sha256",
        "must_agree",
    ];

    /// The place as a row of that table.
    pub fn cells(&self, areas: &[Area]) -> Vec<String> {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let reason = self.reason.map(WhyNot::title).unwrap_or_default();
        let why = [reason, self.words.as_str()].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>();
        vec![
            self.name.clone(),
            self.email.to_string(),
            if self.lapsed { "lapsed".into() } else { self.state.to_string() },
            texts_of(&self.areas, areas).join("; "),
            number(self.least_asked),
            number(self.most_asked),
            self.answer_by.to_string(),
            self.answered_at.map(|at| at.to_string()).unwrap_or_default(),
            texts_of(&self.expertise, areas).join("; "),
            number(self.least),
            number(self.most),
            self.given.to_string(),
            self.submitted.to_string(),
            day(self.from),
            day(self.until),
            self.away.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join("; "),
            self.terms.map(|number| number.to_string()).unwrap_or_default(),
            why.join(": "),
            self.terms_sha256.clone().unwrap_or_default(),
            if self.must_agree { "yes" } else { "" }.to_owned(),
        ]
    }

    /// How it stands, as people read it.
    pub const fn standing(&self) -> &'static str {
        match self.state {
            PlaceState::Invited if self.lapsed => "No answer in time",
            PlaceState::Invited => "Invited",
            PlaceState::Accepted => "Accepted",
            PlaceState::Declined => "Declined",
            PlaceState::Withdrawn => "Withdrawn",
            PlaceState::Ended => "Ended",
        }
    }
}

/// One's own place in the pool of a round, with what one has to know before one answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = OwnPlaceInPool)]
pub struct MyPlace {
    /// The round's place in addresses.
    pub round: String,
    /// The round's title.
    pub title: String,
    /// The fund's name.
    pub fund: String,
    /// The place.
    pub place: PlaceView,
    /// What there is to read.
    pub workload: Workload,
    /// What one can know of.
    pub areas: Vec<Area>,
    /// What one agrees to, if anything.
    pub terms: Option<Terms>,
    /// Whether one can answer now, or change what one has said.
    pub open: bool,
}

/// The words of areas by their ids; one that the round does not know any more is said by its id.
pub fn texts_of(ids: &[String], areas: &[Area]) -> Vec<String> {
    let text =
        |id: &String| areas.iter().find(|area| area.id == *id).map_or_else(|| id.clone(), |area| area.text.clone());
    ids.iter().map(text).collect()
}
