//! A place in a pool: the invitation, what somebody said to it, and how it stands.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use super::{Area, Terms, Workload};
use crate::{
    clock::Moment,
    db::{Doc, schema::pool_places},
    error::Fault,
    ids::{Id, PersonKey, RoundKey, RowKey},
    mail::Address,
    words,
};

/// The most people who are invited at once.
const MOST_PEOPLE: usize = 200;
/// The most characters of a name.
const LONGEST_NAME: usize = 100;
/// The most characters of the message of an invitation.
pub const LONGEST_MESSAGE: usize = 2_000;
/// The most characters of why somebody does not assess.
pub const LONGEST_WORDS: usize = 1_000;
/// More bids than anybody reads.
const MOST_BIDS: u32 = 1_000;
/// The most single days that somebody is away on.
const MOST_DAYS: usize = 100;

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
    /// When they agreed.
    pub agreed_at: Option<Moment>,
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
            agreed_at: said.agreed_at,
            reason: said.reason,
            words: said.words,
            given,
            submitted,
            version: row.version,
        }
    }

    /// The columns of the table of a pool.
    pub const COLUMNS: [&str; 18] = [
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

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = InvitedAssessor)]
#[serde(deny_unknown_fields)]
pub struct Invitee {
    /// Their e-mail address: with it they sign in.
    pub email: String,
    /// What they are called; whoever is known already keeps their name.
    #[serde(default)]
    pub name: String,
}

impl Invitee {
    /// What they are called until they say otherwise.
    pub fn called(&self) -> String {
        let words: Vec<&str> = self.name.split_whitespace().collect();
        if !words.is_empty() {
            return words.join(" ");
        }
        self.email.trim().split('@').next().unwrap_or_default().to_owned()
    }
}

/// Invitations to the pool of a round, alike for several people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewAssessorInvitations)]
#[serde(deny_unknown_fields)]
pub struct NewInvitations {
    /// Who is invited.
    pub people: Vec<Invitee>,
    /// For what they are asked, by the ids of areas.
    #[serde(default)]
    pub areas: Vec<String>,
    /// How many bids they are asked to read at least.
    #[serde(default)]
    pub least: Option<u32>,
    /// How many at most.
    #[serde(default)]
    pub most: Option<u32>,
    /// Until when they can answer.
    pub answer_by: Moment,
    /// What they are written.
    #[serde(default)]
    pub message: String,
}

impl NewInvitations {
    /// Everything that is wrong with them at `now`, in the form's order.
    pub fn faults(&self, areas: &[Area], now: Moment) -> Vec<Fault> {
        let mut faults = self.people_faults();
        faults.extend(unknown_area("areas", &self.areas, areas));
        faults.extend(range_fault((self.least, self.most)));
        if self.answer_by <= now {
            faults.push(Fault::new("answer_by", "in_the_past", "Choose an instant that is still to come."));
        }
        faults.extend(Fault::too_long("message", &self.message, LONGEST_MESSAGE));
        faults
    }

    fn people_faults(&self) -> Vec<Fault> {
        let fault = |code, message: String| vec![Fault::new("people", code, message)];
        if self.people.is_empty() {
            return fault("missing", "Enter at least one email address.".into());
        }
        if self.people.len() > MOST_PEOPLE {
            let many = self.people.len();
            return fault("too_many", format!("Invite at most {MOST_PEOPLE} people at once, you have {many}."));
        }
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for (index, invitee) in self.people.iter().enumerate() {
            let line = index + 1;
            let email = format!("people/{index}/email");
            match invitee.email.parse::<Address>() {
                Err(fault) => faults.push(Fault::new(email, "wrong_email", format!("Line {line}: {fault}."))),
                Ok(address) if !seen.insert(address.clone()) => {
                    faults.push(Fault::new(email, "twice", format!("Line {line}: {address} is there already.")));
                }
                Ok(_) => {}
            }
            if invitee.called().chars().count() > LONGEST_NAME {
                let message = format!("Line {line}: the name must be {LONGEST_NAME} characters or fewer.");
                faults.push(Fault::new(format!("people/{index}/name"), "too_long", message));
            }
        }
        faults
    }
}

/// The words of areas by their ids; one that the round does not know any more is said by its id.
pub fn texts_of(ids: &[String], areas: &[Area]) -> Vec<String> {
    let text =
        |id: &String| areas.iter().find(|area| area.id == *id).map_or_else(|| id.clone(), |area| area.text.clone());
    ids.iter().map(text).collect()
}

fn unknown_area(field: &str, chosen: &[String], areas: &[Area]) -> Option<Fault> {
    let known = |id: &String| areas.iter().any(|area| area.id == *id);
    let different: BTreeSet<&String> = chosen.iter().collect();
    if chosen.iter().all(known) && different.len() == chosen.len() {
        return None;
    }
    Some(Fault::new(field, "unknown_area", "Choose from the areas of this round, each once."))
}

fn range_fault((least, most): (Option<u32>, Option<u32>)) -> Option<Fault> {
    let far = |number: Option<u32>| number.is_some_and(|number| number > MOST_BIDS);
    if far(least) {
        return Some(Fault::new("least", "out_of_range", format!("Give a whole number from 0 to {MOST_BIDS}.")));
    }
    if far(most) || most == Some(0) {
        return Some(Fault::new("most", "out_of_range", format!("Give a whole number from 1 to {MOST_BIDS}.")));
    }
    let crossed = least.zip(most).is_some_and(|(least, most)| least > most);
    crossed.then(|| Fault::new("most", "below_least", "The most bids cannot be fewer than the least."))
}

/// What became of one invitation among several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = InvitedToPool)]
pub struct Invited {
    /// The address.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Whether they were invited.
    pub done: bool,
    /// The stable code of the reason, if not.
    pub code: Option<String>,
    /// The reason, if not.
    pub message: Option<String>,
}

/// What somebody says who accepts, or changes what they have said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AcceptanceOfAssessor)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// What they know of, by the ids of areas.
    #[serde(default)]
    pub expertise: Vec<String>,
    /// How many bids they want to read at least.
    pub least: u32,
    /// How many they can read at most.
    pub most: u32,
    /// The first day on which they can.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
    /// Days between these on which they cannot.
    #[serde(default)]
    pub away: Vec<NaiveDate>,
    /// The SHA-256 of the terms that they have read and agree to, where the round has terms.
    #[serde(default)]
    pub terms: Option<String>,
}

impl Acceptance {
    /// Everything that is wrong with it, in the form's order. Whoever has been given bids already can read at least so many.
    pub fn faults(&self, areas: &[Area], asks_for_terms: bool, given: u32) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !areas.is_empty() && self.expertise.is_empty() {
            faults.push(Fault::new("expertise", "missing", "Choose at least one area that you know."));
        }
        faults.extend(unknown_area("expertise", &self.expertise, areas));
        faults.extend(range_fault((Some(self.least), Some(self.most))));
        if self.most > 0 && self.most < given {
            let message = format!("You have {given} bids already. To read fewer, ask the fund to take some from you.");
            faults.push(Fault::new("most", "below_given", message));
        }
        faults.extend(self.day_faults());
        if asks_for_terms && self.terms.as_deref().unwrap_or_default().is_empty() {
            faults.push(Fault::new("terms", "missing", "Agree to the terms to accept."));
        }
        faults
    }

    fn day_faults(&self) -> Vec<Fault> {
        let fault = |field, code, message: &str| Some(Fault::new(field, code, message));
        let days: BTreeSet<&NaiveDate> = self.away.iter().collect();
        let outside = |day: &NaiveDate| *day < self.from || *day > self.until;
        let crossed = self.until < self.from;
        let checks = [
            crossed.then(|| fault("until", "before_first", "The last day cannot be before the first.")).flatten(),
            (self.away.len() > MOST_DAYS)
                .then(|| {
                    fault("away", "too_many", "Give at most 100 days. For longer, choose other first and last days.")
                })
                .flatten(),
            (days.len() < self.away.len()).then(|| fault("away", "twice", "Give each day once.")).flatten(),
            (!crossed && self.away.iter().any(outside))
                .then(|| fault("away", "outside", "Give days between the first and the last only."))
                .flatten(),
        ];
        checks.into_iter().flatten().collect()
    }
}

/// Why somebody does not assess, or not any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TurningDownToAssess)]
#[serde(deny_unknown_fields)]
pub struct TurningDown {
    /// Why.
    pub reason: WhyNot,
    /// More of it in words, which `other` needs.
    #[serde(default)]
    pub words: String,
}

impl TurningDown {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        match self.reason {
            WhyNot::Other => Fault::of_text("words", &self.words, LONGEST_WORDS, "Say why in your own words."),
            _ => Fault::too_long("words", &self.words, LONGEST_WORDS),
        }
    }
}

/// Why the fund ends somebody's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EndOfPlaceInPool)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// Why; whoever has the place reads it.
    pub reason: String,
}

impl Ending {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        Fault::of_text("reason", &self.reason, LONGEST_WORDS, "Say why. The assessor reads it.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(id: &str) -> Area {
        Area { id: id.into(), text: id.into(), of: String::new() }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn accepting() -> Acceptance {
        Acceptance {
            expertise: vec!["Housing".into()],
            least: 2,
            most: 8,
            from: day("2026-11-16"),
            until: day("2026-12-04"),
            away: vec![day("2026-11-20")],
            terms: None,
        }
    }

    #[track_caller]
    fn refused(change: impl FnOnce(&mut Acceptance), field: &str, code: &str) {
        let mut new = accepting();
        change(&mut new);
        let faults = new.faults(&[area("Housing")], false, 3);
        let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), &*fault.code)).collect();
        assert_eq!(found, [(field, code)]);
    }

    #[test]
    fn whoever_accepts_says_what_they_know_how_much_they_can_read_and_when() {
        assert_eq!(accepting().faults(&[area("Housing")], false, 8), []);
        refused(|new| new.expertise.clear(), "expertise", "missing");
        refused(|new| new.expertise.push("Fishing".into()), "expertise", "unknown_area");
        refused(|new| new.expertise.push("Housing".into()), "expertise", "unknown_area");
        refused(|new| new.most = 0, "most", "out_of_range");
        refused(|new| new.most = 1_001, "most", "out_of_range");
        refused(|new| new.least = 9, "most", "below_least");
        refused(|new| (new.least, new.most) = (1, 2), "most", "below_given");
        refused(|new| new.until = day("2026-11-15"), "until", "before_first");
        refused(|new| new.away.push(day("2026-11-20")), "away", "twice");
        refused(|new| new.away.push(day("2026-12-05")), "away", "outside");
        let mut nothing = accepting();
        nothing.expertise.clear();
        assert_eq!(nothing.faults(&[], false, 0), [], "where the round names no areas");
        assert_eq!(nothing.faults(&[], true, 0).first().map(|fault| fault.field.clone()), Some("terms".into()));
    }

    #[test]
    fn each_line_that_is_no_address_or_comes_twice_is_named() {
        let invitee = |email: &str| Invitee { email: email.into(), name: String::new() };
        let new = NewInvitations {
            people: ["jo@a.example", "jo", "JO@a.example "].map(invitee).to_vec(),
            areas: Vec::new(),
            least: None,
            most: None,
            answer_by: Moment::from_micros(2),
            message: String::new(),
        };
        let faults = new.faults(&[], Moment::from_micros(1));
        let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), &*fault.code)).collect();
        assert_eq!(found, [("people/1/email", "wrong_email"), ("people/2/email", "twice")]);
        assert!(faults.iter().all(|fault| fault.message.starts_with("Line ")), "{faults:?}");
    }

    #[test]
    fn another_reason_needs_words() {
        let why = |reason, words: &str| TurningDown { reason, words: words.into() }.fault().is_some();
        assert!(why(WhyNot::Other, " ") && !why(WhyNot::Other, "I move house.") && !why(WhyNot::NoTime, ""));
        assert!(why(WhyNot::NoTime, &"x".repeat(1_001)));
    }

    #[test]
    fn whoever_is_not_known_is_called_as_the_line_says_or_as_their_address_begins() {
        let called = |name: &str| Invitee { email: " jo.bloggs@a.example".into(), name: name.into() }.called();
        assert_eq!((called(" Jo\nBloggs "), called("")), ("Jo Bloggs".into(), "jo.bloggs".into()));
    }
}
