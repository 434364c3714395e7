//! A question about a round, what is published of it, and the pure rules about both.

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    db::schema::{round_answers, round_questions},
    error::{AppError, Fault, Result},
    funds::{
        model::{RoundInFull, RoundState, Status},
        rulebook::Stage,
    },
    ids::{Id, OrganisationKey, PersonKey, RoundKey, RowKey},
    words,
};

/// The most characters of a question, as it is asked and as it is published.
pub const LONGEST_QUESTION: usize = 2_000;
/// The most characters of an answer.
pub const LONGEST_ANSWER: usize = 5_000;
/// The most characters of why a question is not published.
const LONGEST_REASON: usize = 1_000;
/// So many questions of one organisation in a round may wait for an answer.
pub const MOST_OPEN: i64 = 20;

words! {
    /// How a question stands.
    pub enum QuestionState {
        /// It waits for an answer.
        Open = "open",
        /// It is published with its answer.
        Answered = "answered",
        /// The fund has said why it does not publish it.
        Refused = "refused",
    }
}

/// A question as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = round_questions, treat_none_as_default_value = false)]
pub struct QuestionRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// The round.
    pub round_id: Id<RoundKey>,
    /// For whom it was asked.
    pub organisation_id: Id<OrganisationKey>,
    /// Its place among the round's questions, from 1.
    pub number: i32,
    /// What was asked, word for word.
    pub asked: String,
    /// Who asked.
    pub asked_by: Id<PersonKey>,
    /// When.
    pub asked_at: Moment,
    /// How it stands.
    pub state: QuestionState,
    /// Why it is not published.
    pub refused_because: Option<String>,
    /// Counts changes.
    pub version: i32,
}

/// What was published of a question at one time.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = round_answers, treat_none_as_default_value = false)]
pub struct AnswerRow {
    /// The question.
    pub question_id: Id<RowKey>,
    /// From 1; a correction has the next.
    pub number: i32,
    /// The question in the fund's words.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Who answered.
    pub answered_by: Id<PersonKey>,
    /// When.
    pub answered_at: Moment,
}

/// A question with its answer, as everybody reads them: nothing tells who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublishedQuestion {
    /// Its place among the round's questions.
    pub number: i32,
    /// The question in the fund's words.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Since when it says so.
    pub answered_at: Moment,
    /// What was published before it was corrected, newest first.
    pub earlier: Vec<EarlierAnswer>,
}

/// A question with its answer, before it was corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EarlierAnswer {
    /// The question in the fund's words.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Since when it said so.
    pub answered_at: Moment,
}

impl PublishedQuestion {
    /// What is published, from its answers in the order of their numbers; nothing where there is none.
    pub fn of(number: i32, answers: Vec<AnswerRow>) -> Option<Self> {
        let mut newest_first = answers.into_iter().rev();
        let newest = newest_first.next()?;
        let earlier = newest_first.map(|row| EarlierAnswer {
            question: row.question,
            answer: row.answer,
            answered_at: row.answered_at,
        });
        Some(Self {
            number,
            question: newest.question,
            answer: newest.answer,
            answered_at: newest.answered_at,
            earlier: earlier.collect(),
        })
    }
}

/// A question as whoever asked it and the fund's staff read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AskedQuestion {
    /// Its place among the round's questions.
    pub number: i32,
    /// What was asked, word for word.
    pub asked: String,
    /// When.
    pub asked_at: Moment,
    /// For whom; the fund's staff alone see it.
    pub organisation: Option<String>,
    /// How it stands.
    pub state: QuestionState,
    /// Why it is not published.
    pub refused_because: Option<String>,
    /// What is published.
    pub published: Option<PublishedQuestion>,
    /// Counts changes.
    pub version: i32,
}

/// A question on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuestion {
    /// What is asked.
    pub question: String,
    /// For whom; not needed where one belongs to one organisation alone.
    #[serde(default)]
    pub organisation: Option<Id<OrganisationKey>>,
}

impl NewQuestion {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        Fault::of_text("question", &self.question, LONGEST_QUESTION, "Write your question.")
    }
}

/// An answer on its way to everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// The question as it is published: it may be shorter or in other words than it was asked.
    pub question: String,
    /// The answer.
    pub answer: String,
}

impl NewAnswer {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        let question = Fault::of_text(
            "question",
            &self.question,
            LONGEST_QUESTION,
            "Write the question as everybody is to read it.",
        );
        let answer = Fault::of_text("answer", &self.answer, LONGEST_ANSWER, "Write the answer.");
        question.into_iter().chain(answer).collect()
    }
}

/// Why a question is not published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionRefusal {
    /// Why; whoever asked reads it.
    pub reason: String,
}

impl QuestionRefusal {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        Fault::of_text("reason", &self.reason, LONGEST_REASON, "Say why. Whoever asked reads it.")
    }
}

/// Until when questions about a round can be asked: the closing of its last stage. A question that arrives at that very
/// instant is in time. None where no stage closes.
pub fn closes(round: &RoundInFull) -> Option<Moment> {
    round.timetable.closes(Stage::Full).or_else(|| round.timetable.closes(Stage::Eoi))
}

/// Whether a question about a round can be asked that arrives at `received`.
///
/// # Errors
/// `Conflict` that says why not.
pub fn refuse_unless_asked_in_time(round: &RoundInFull, received: Moment) -> Result<()> {
    if let Some(words) = round.round.cancellation() {
        return Err(AppError::conflict("round_cancelled", format!("No questions can be asked any more: {words}.")));
    }
    if round.round.state != RoundState::Published {
        return Err(AppError::conflict("not_published", "Questions can be asked while the round is published."));
    }
    let message = match closes(round) {
        Some(closes) if received <= closes => return Ok(()),
        Some(closes) => format!("Questions could be asked until {}.", closes.in_words()),
        None if round.status(received) != Status::Ended => return Ok(()),
        None => "The round has ended, so no questions can be asked any more.".into(),
    };
    Err(AppError::conflict("deadline_passed", message))
}
