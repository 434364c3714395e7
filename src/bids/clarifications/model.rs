//! A question to one bid's councils with its answer, and the pure rules about them.

use std::time::Duration;

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    db::schema::clarifications,
    error::{AppError, Fault, Result},
    ids::{BidKey, Id, PersonKey, RowKey},
    words,
};

/// The most characters of a question.
pub const LONGEST_QUESTION: usize = 5_000;
/// The most characters of an answer.
pub const LONGEST_ANSWER: usize = 10_000;
/// The most characters of why a question is taken back.
const LONGEST_REASON: usize = 1_000;
/// Councils have at least so long to answer.
const LEAST_TIME: Duration = Duration::from_secs(3_600);
/// And at most so long.
const MOST_TIME: Duration = Duration::from_secs(60 * 24 * 3_600);

words! {
    /// How a clarification stands.
    pub enum ClarificationState {
        /// It can be answered.
        Open = "open",
        /// Its instant is over, and nobody has answered.
        Over = "over",
        /// It is answered, and nothing changes the answer.
        Answered = "answered",
        /// The fund needs no answer any more.
        TakenBack = "taken_back",
        /// Nobody needs an answer any more: the bid has gone on, or its round was cancelled.
        NotNeeded = "not_needed",
    }
}

/// A question to one bid's councils, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = clarifications, treat_none_as_default_value = false)]
pub struct Clarification {
    /// Its id.
    pub id: Id<RowKey>,
    /// The bid.
    pub bid_id: Id<BidKey>,
    /// Its place among the bid's clarifications, from 1.
    pub number: i32,
    /// What the fund asks.
    pub question: String,
    /// Who asked.
    pub asked_by: Id<PersonKey>,
    /// When.
    pub asked_at: Moment,
    /// Until when it can be answered: at this very instant is in time.
    pub until_at: Moment,
    /// What the lead has written; a draft until it is submitted.
    pub answer: String,
    /// Who submitted it.
    pub answered_by: Option<Id<PersonKey>>,
    /// When.
    pub answered_at: Option<Moment>,
    /// When the question was taken back.
    pub taken_back_at: Option<Moment>,
    /// Why.
    pub taken_back_because: Option<String>,
    /// Counts changes that everybody sees who reads it.
    pub version: i32,
    /// Counts how often a draft of the answer was written, which the lead's people alone see.
    pub drafts: i32,
    /// What the history's hash of the answer is salted with.
    pub salt: Option<String>,
}

impl Clarification {
    /// How it stands at `now`, where the bid's standing says whether it `takes_answers`.
    pub fn state(&self, now: Moment, takes_answers: bool) -> ClarificationState {
        match (self.answered_at, self.taken_back_at) {
            (Some(_), _) => ClarificationState::Answered,
            (None, Some(_)) => ClarificationState::TakenBack,
            (None, None) if now > self.until_at => ClarificationState::Over,
            (None, None) if takes_answers => ClarificationState::Open,
            (None, None) => ClarificationState::NotNeeded,
        }
    }

    /// The version as somebody sees it: drafts move it for those who write them and for nobody else.
    pub const fn version_for(&self, writes: bool) -> i32 {
        if writes { self.version + self.drafts } else { self.version }
    }

    /// Refuses what can be done only while nobody has answered and the fund still wants an answer.
    ///
    /// # Errors
    /// `Conflict`.
    pub fn must_wait(&self) -> Result<()> {
        if self.answered_at.is_some() {
            let message = "The answer is submitted already, and nothing changes it.";
            return Err(AppError::conflict("answered_already", message));
        }
        if self.taken_back_at.is_some() {
            let message = "The fund has taken this question back and needs no answer.";
            return Err(AppError::conflict("taken_back", message));
        }
        Ok(())
    }

    /// The same for whoever answers: what arrives after the instant is too late.
    ///
    /// # Errors
    /// `Conflict`.
    pub fn must_take_answers(&self, received: Moment) -> Result<()> {
        self.must_wait()?;
        if received <= self.until_at {
            return Ok(());
        }
        let message = format!(
            "This question could be answered until {}, so yours was not saved. Copy it, and ask the fund for more time.",
            self.until_at.in_words()
        );
        Err(AppError::conflict("deadline_passed", message))
    }

    /// As somebody reads it at `now`; the draft is for those who write it, in every state.
    pub fn view(self, now: Moment, takes_answers: bool, writes: bool) -> ClarificationView {
        let (state, version) = (self.state(now, takes_answers), self.version_for(writes));
        let submitted = self.answered_at.is_some();
        let (answer, draft) = if submitted { (Some(self.answer), None) } else { (None, Some(self.answer)) };
        ClarificationView {
            id: self.id,
            number: self.number,
            question: self.question,
            asked_at: self.asked_at,
            until: self.until_at,
            state,
            answer,
            answered_at: self.answered_at,
            draft: draft.filter(|draft| writes && !draft.is_empty()),
            taken_back_at: self.taken_back_at,
            taken_back_because: self.taken_back_because,
            version,
        }
    }
}

/// A question to one bid's councils with its answer, as somebody may read it who may read it at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClarificationView {
    /// Its id.
    pub id: Id<RowKey>,
    /// Its place among the bid's clarifications.
    pub number: i32,
    /// What the fund asks.
    pub question: String,
    /// When it was asked.
    pub asked_at: Moment,
    /// Until when it can be answered.
    pub until: Moment,
    /// How it stands.
    pub state: ClarificationState,
    /// What the lead authority answered.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<Moment>,
    /// What it has written and not submitted; only its own people see it.
    pub draft: Option<String>,
    /// When the fund took the question back.
    pub taken_back_at: Option<Moment>,
    /// Why.
    pub taken_back_because: Option<String>,
    /// Counts changes.
    pub version: i32,
}

/// A question to one bid's councils on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClarification {
    /// What the fund asks.
    pub question: String,
    /// Until when it can be answered: an hour to 60 days from now.
    pub until: Moment,
}

impl NewClarification {
    /// What is wrong with it.
    pub fn faults(&self, now: Moment) -> Vec<Fault> {
        let question = Fault::of_text("question", &self.question, LONGEST_QUESTION, "Write what you ask.");
        question.into_iter().chain(until_fault(self.until, now)).collect()
    }
}

/// More time to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClarificationTime {
    /// Until when it can be answered: an hour to 60 days from now, and later than before.
    pub until: Moment,
}

impl ClarificationTime {
    /// What is wrong with it.
    pub fn fault(self, before: Moment, now: Moment) -> Option<Fault> {
        let earlier = || {
            let message = format!("Give a later time than {}: it can only become more.", before.in_words());
            Fault::new("until", "not_later", message)
        };
        until_fault(self.until, now).or_else(|| (self.until <= before).then(earlier))
    }
}

fn until_fault(until: Moment, now: Moment) -> Option<Fault> {
    if until < now.plus(LEAST_TIME) {
        return Some(Fault::new("until", "too_early", "Leave the councils at least an hour."));
    }
    (until > now.plus(MOST_TIME)).then(|| Fault::new("until", "too_late", "Give a time within the next 60 days."))
}

/// An answer, whole or as far as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClarificationAnswer {
    /// The answer.
    pub answer: String,
    /// Whether it is submitted, after which nothing changes it; a draft if not said.
    #[serde(default)]
    pub submit: bool,
}

impl ClarificationAnswer {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        if self.submit {
            Fault::of_text("answer", &self.answer, LONGEST_ANSWER, "Write the answer.")
        } else {
            Fault::too_long("answer", &self.answer, LONGEST_ANSWER)
        }
    }
}

/// Why a question is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakenBackBecause {
    /// Why; the bid's councils read it.
    pub reason: String,
}

impl TakenBackBecause {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        Fault::of_text("reason", &self.reason, LONGEST_REASON, "Say why. The councils read it.")
    }
}
