//! A flag or question and what followed on it: each step is added, and the newest says where it stands.

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    db::schema::{queries, query_steps},
    error::{AppError, Fault, Result},
    ids::{BidKey, Id, PersonKey, RowKey},
    words,
};

/// The most characters of what is said in one step.
pub const LONGEST_WORDS: usize = 5_000;

words! {
    /// What an assessor comes with.
    pub enum QueryKind {
        /// A question.
        Question = "question",
        /// The bid may not be eligible.
        Eligibility = "eligibility",
        /// Something is missing or cannot be opened.
        Missing = "missing",
        /// It may duplicate other work.
        Duplicate = "duplicate",
        /// Its figures do not add up.
        Figures = "figures",
        /// A concern about conduct or fraud.
        Conduct = "conduct",
        /// Another reason to flag it.
        Other = "other",
    }
}

impl QueryKind {
    /// What whoever asks chooses.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Question => "I have a question",
            Self::Eligibility => "It may not be eligible",
            Self::Missing => "Something is missing or cannot be opened",
            Self::Duplicate => "It may duplicate other work",
            Self::Figures => "Its figures do not add up",
            Self::Conduct => "A concern about conduct or fraud",
            Self::Other => "Another reason to flag it",
        }
    }

    /// What it is called to the fund team.
    pub const fn to_staff(self) -> &'static str {
        match self {
            Self::Question => "An assessor’s question",
            flag => flag.title(),
        }
    }

    /// What it is called to whoever asked it, or to others who read the bid.
    pub const fn to_reader(self, mine: bool) -> &'static str {
        match self {
            Self::Question if mine => "Your question",
            Self::Question => "Another reader’s question",
            flag => flag.title(),
        }
    }

    /// Whether it flags the bid, and is no question.
    pub const fn is_flag(self) -> bool {
        !matches!(self, Self::Question)
    }
}

words! {
    /// What followed on a flag or question.
    pub enum QueryStepKind {
        /// The fund team has answered.
        Answered = "answered",
        /// Whoever asked wants to know more.
        FollowedUp = "followed_up",
        /// The fund team has closed it.
        Closed = "closed",
    }
}

words! {
    /// Where a flag or question stands.
    pub enum QueryState {
        /// It waits for the fund team.
        Open = "open",
        /// It is answered.
        Answered = "answered",
        /// It is closed.
        Closed = "closed",
    }
}

words! {
    /// Who reads what the fund team has said.
    pub enum Said {
        /// Whoever asked, alone.
        Asker = "asker",
        /// All who read the bid.
        Readers = "readers",
    }
}

/// A flag or question on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFundQuery)]
pub struct NewQuery {
    /// What it is.
    pub kind: QueryKind,
    /// In words.
    pub words: String,
}

impl NewQuery {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        let message = if self.kind.is_flag() { "Say what you have noticed." } else { "Write what you ask." };
        Fault::of_text("words", &self.words, LONGEST_WORDS, message)
    }
}

/// What somebody wants to know beyond an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FundQueryFollowUp)]
pub struct NewFollowUp {
    /// In words.
    pub words: String,
}

impl NewFollowUp {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        Fault::of_text("words", &self.words, LONGEST_WORDS, "Write what you want to know beyond the answer.")
    }
}

/// An answer of the fund team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FundQueryAnswer)]
pub struct NewAnswer {
    /// In words.
    pub words: String,
    /// Who reads it. With all readers of the bid the question is shared too, without the name of who asked.
    pub to: Said,
}

impl NewAnswer {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        Fault::of_text("answer", &self.words, LONGEST_WORDS, "Write the answer.")
    }
}

/// What was done about a flag or question, which closes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FundQueryClosing)]
pub struct NewClosing {
    /// In words; whoever asked reads them.
    pub words: String,
}

impl NewClosing {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        Fault::of_text("done", &self.words, LONGEST_WORDS, "Say what was done. Whoever asked reads it.")
    }
}

/// A flag or question as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = queries)]
pub struct QueryRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// The bid.
    pub bid_id: Id<BidKey>,
    /// Its place among those of the bid, from 1.
    pub number: i32,
    /// What it is.
    pub kind: QueryKind,
    /// In words.
    pub words: String,
    /// The salt of the hash that stands in the history.
    pub salt: String,
    /// Who asks.
    pub person_id: Id<PersonKey>,
    /// When.
    pub created_at: Moment,
}

/// A step as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = query_steps)]
pub struct StepRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// The flag or question.
    pub query_id: Id<RowKey>,
    /// Counts the steps, from 1.
    pub number: i32,
    /// What it is.
    pub step: QueryStepKind,
    /// In words.
    pub words: String,
    /// Who reads it.
    pub said_to: Said,
    /// The salt of the hash that stands in the history.
    pub salt: String,
    /// Who wrote it.
    pub person_id: Id<PersonKey>,
    /// When.
    pub created_at: Moment,
}

/// Where a flag or question stands after these steps.
pub fn state_of(steps: &[StepRow]) -> QueryState {
    match steps.last().map(|step| step.step) {
        None | Some(QueryStepKind::FollowedUp) => QueryState::Open,
        Some(QueryStepKind::Answered) => QueryState::Answered,
        Some(QueryStepKind::Closed) => QueryState::Closed,
    }
}

/// Counts the steps.
pub fn version_of(steps: &[StepRow]) -> i32 {
    steps.last().map_or(0, |step| step.number)
}

impl QueryStepKind {
    /// Refuses a step that has no sense where the flag or question stands.
    ///
    /// # Errors
    /// `Conflict` for a follow-up before there is an answer, and for an answer or a closing of what is closed.
    pub fn must_follow(self, state: QueryState) -> Result<()> {
        match (self, state) {
            (Self::FollowedUp, QueryState::Open) => {
                let message = "The fund team has not answered yet. You can follow up once it has.";
                Err(AppError::conflict("not_answered", message))
            }
            (Self::Answered | Self::Closed, QueryState::Closed) => {
                let message = "This is closed. Whoever asked can follow it up, which opens it again.";
                Err(AppError::conflict("closed_already", message))
            }
            _ => Ok(()),
        }
    }
}

/// What of a flag or question all readers of its bid may read: each answer that is for all of them, with the follow-up that it
/// answers. Nothing where none is.
pub fn shared_with_readers(steps: &[StepRow]) -> Vec<&StepRow> {
    let mut shared = Vec::new();
    let mut before: Option<&StepRow> = None;
    for step in steps {
        if step.step == QueryStepKind::Answered && step.said_to == Said::Readers {
            shared.extend(before.filter(|before| before.step == QueryStepKind::FollowedUp));
            shared.push(step);
        }
        before = Some(step);
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(number: i32, step: QueryStepKind, said_to: Said) -> StepRow {
        StepRow {
            id: Id::of(uuid::Uuid::nil()),
            query_id: Id::of(uuid::Uuid::nil()),
            number,
            step,
            words: "Words.".into(),
            said_to,
            salt: String::new(),
            person_id: Id::of(uuid::Uuid::nil()),
            created_at: Moment::from_micros(0),
        }
    }

    #[test]
    fn the_newest_step_says_where_a_query_stands_and_what_can_follow() {
        let mut steps = Vec::new();
        assert_eq!((state_of(&steps), version_of(&steps)), (QueryState::Open, 0));
        assert!(QueryStepKind::FollowedUp.must_follow(QueryState::Open).is_err());
        steps.push(step(1, QueryStepKind::Answered, Said::Asker));
        assert_eq!(state_of(&steps), QueryState::Answered);
        assert!(QueryStepKind::FollowedUp.must_follow(QueryState::Answered).is_ok());
        assert!(QueryStepKind::Answered.must_follow(QueryState::Answered).is_ok());
        steps.push(step(2, QueryStepKind::Closed, Said::Asker));
        assert_eq!(state_of(&steps), QueryState::Closed);
        for after in [QueryStepKind::Answered, QueryStepKind::Closed] {
            assert!(after.must_follow(QueryState::Closed).is_err());
        }
        steps.push(step(3, QueryStepKind::FollowedUp, Said::Asker));
        assert_eq!((state_of(&steps), version_of(&steps)), (QueryState::Open, 3));
    }

    #[test]
    fn readers_read_the_answers_that_are_for_all_of_them_and_what_these_answer_alone() {
        let numbers = |steps: &[StepRow]| shared_with_readers(steps).iter().map(|step| step.number).collect::<Vec<_>>();
        let mut steps = vec![step(1, QueryStepKind::Answered, Said::Asker)];
        assert_eq!(numbers(&steps), Vec::<i32>::new());
        steps.push(step(2, QueryStepKind::FollowedUp, Said::Asker));
        steps.push(step(3, QueryStepKind::Answered, Said::Asker));
        steps.push(step(4, QueryStepKind::FollowedUp, Said::Asker));
        steps.push(step(5, QueryStepKind::Answered, Said::Readers));
        steps.push(step(6, QueryStepKind::Closed, Said::Asker));
        assert_eq!(numbers(&steps), [4, 5]);
    }
}
