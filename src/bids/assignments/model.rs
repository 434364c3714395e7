//! Who is asked to write which answer, and the pure rules about it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    bids::content::Party,
    db::schema::question_assignments,
    error::Fault,
    funds::form::{Form, Question},
    ids::{Id, OrganisationKey},
    words,
};

words! {
    /// How far an answer is.
    pub enum Progress {
        /// Nobody has written anything.
        NotStarted = "not_started",
        /// Something is written.
        InProgress = "in_progress",
        /// Its writers call it finished, and nothing is wrong with it.
        Done = "done",
    }
}

impl Progress {
    /// How far an answer is that stands so.
    pub fn of(question: &Question, answer: Option<(&Value, bool)>) -> Self {
        match answer.filter(|(value, _)| Question::is_answered(value)) {
            None => Self::NotStarted,
            Some((value, true)) if question.faults(value).is_empty() => Self::Done,
            Some(_) => Self::InProgress,
        }
    }
}

/// Who is asked to write an answer, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = question_assignments)]
pub struct Assignment {
    /// The question.
    pub question: String,
    /// The council; none where nobody is asked any more.
    pub organisation_id: Option<Id<OrganisationKey>>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The version of the whole at which this was changed last.
    pub version: i32,
}

/// Who shall be asked to write an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// The question's id.
    pub question: String,
    /// The council: the lead or a partner that has confirmed; null for nobody.
    pub organisation: Option<Id<OrganisationKey>>,
    /// By when, if that is said.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
}

/// Who writes what, on its way in: of the questions that it does not name nobody is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWriting {
    /// One for each question that somebody is asked to answer.
    pub assignments: Vec<Asking>,
}

impl NewWriting {
    /// What is wrong with it, where these stand and today is this day: a day that has passed is refused only where it is new.
    pub fn faults(&self, form: &Form, councils: &[Party], (standing, today): (&[Asking], NaiveDate)) -> Vec<Fault> {
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for (place, asking) in self.assignments.iter().enumerate() {
            let mut wrong = |field: &str, code, message: String| {
                faults.push(Fault::new(format!("assignments/{place}/{field}"), code, message));
            };
            if form.question(&asking.question).is_none() {
                wrong("question", "unknown_question", format!("The form has no question “{}”.", asking.question));
            } else if !seen.insert(asking.question.as_str()) {
                wrong("question", "named_twice", format!("The question “{}” is named twice.", asking.question));
            }
            match asking.organisation {
                Some(council) if councils.iter().all(|party| party.id != council) => {
                    let names: Vec<&str> = councils.iter().map(|party| party.name.as_str()).collect();
                    wrong("organisation", "not_of_the_bid", format!("Choose one of: {}.", names.join(", ")));
                }
                None if asking.due_on.is_some() => {
                    wrong("organisation", "missing", "Choose who writes it, or empty the date.".into());
                }
                _ => {}
            }
            if asking.due_on.is_some_and(|due| due < today) && !standing.contains(asking) {
                wrong("due_on", "in_the_past", "Give a day that has not passed.".into());
            }
        }
        faults
    }

    /// What is asked for a question.
    pub fn of(&self, question: &str) -> (Option<Id<OrganisationKey>>, Option<NaiveDate>) {
        let asking = self.assignments.iter().find(|asking| asking.question == question);
        asking.map_or((None, None), |asking| (asking.organisation, asking.due_on))
    }
}

/// An answer and who is asked to write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ToWrite {
    /// The question's id.
    pub question: String,
    /// The question.
    pub title: String,
    /// Which council is asked to answer it.
    pub organisation: Option<Id<OrganisationKey>>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// How far the answer is.
    pub progress: Progress,
    /// How many comments on it are open.
    pub open_comments: usize,
}

impl ToWrite {
    /// As it came in, if somebody is asked.
    pub fn asking(&self) -> Asking {
        Asking { question: self.question.clone(), organisation: self.organisation, due_on: self.due_on }
    }

    /// Its question, and by when it is asked for.
    pub fn in_words(&self) -> String {
        let due = self.due_on.map(|due| due.format(", by %-d %B %Y").to_string()).unwrap_or_default();
        format!("{}{due}", self.title)
    }
}

/// What a council is asked to write and has not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Owed {
    /// The council.
    pub council: Party,
    /// The answers, in the form's order.
    pub answers: Vec<ToWrite>,
}

impl Owed {
    /// The answers, a line each.
    pub fn lines(&self) -> Vec<String> {
        self.answers.iter().map(ToWrite::in_words).collect()
    }
}

/// Who writes what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WritingView {
    /// The lead and the partners that have confirmed.
    pub councils: Vec<Party>,
    /// The questions of the form, in its order.
    pub questions: Vec<ToWrite>,
    /// Counts changes of who is asked.
    pub version: i32,
}

impl WritingView {
    /// What each council still owes, those left out that owe nothing.
    pub fn owed(&self) -> Vec<Owed> {
        let of = |council: &Party| {
            let theirs = self.questions.iter().filter(|row| row.organisation == Some(council.id));
            let answers: Vec<ToWrite> = theirs.filter(|row| row.progress != Progress::Done).cloned().collect();
            (!answers.is_empty()).then(|| Owed { council: council.clone(), answers })
        };
        self.councils.iter().filter_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Form {
        let question = |id: &str| json!({ "id": id, "title": id, "answer": { "type": "text", "most_words": 2 } });
        let section = json!({ "id": "s", "title": "S", "questions": [question("a"), question("b")] });
        serde_json::from_value(json!({ "sections": [section] })).expect("a form")
    }

    fn council(number: u128) -> Party {
        Party { id: Id::of(uuid::Uuid::from_u128(number)), code: "C".into(), name: format!("Council {number}") }
    }

    fn asking(question: &str, council: Option<u128>, due: Option<&str>) -> Asking {
        Asking {
            question: question.into(),
            organisation: council.map(|number| Id::of(uuid::Uuid::from_u128(number))),
            due_on: due.map(|due| due.parse().expect("a day")),
        }
    }

    #[test]
    fn everything_wrong_with_who_is_asked_is_said() {
        let today = "2026-09-02".parse().expect("a day");
        let standing = [asking("a", Some(1), Some("2026-09-01"))];
        let codes = |assignments: Vec<Asking>| -> Vec<String> {
            let faults = NewWriting { assignments }.faults(&form(), &[council(1)], (&standing, today));
            faults.into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect()
        };
        let wrong = vec![
            asking("c", Some(1), None),
            asking("a", Some(2), None),
            asking("a", None, Some("2026-09-02")),
            asking("b", Some(1), Some("2026-09-01")),
        ];
        assert_eq!(
            codes(wrong),
            [
                "assignments/0/question unknown_question",
                "assignments/1/organisation not_of_the_bid",
                "assignments/2/question named_twice",
                "assignments/2/organisation missing",
                "assignments/3/due_on in_the_past",
            ]
        );
        assert!(
            codes(vec![standing[0].clone(), asking("b", None, None)]).is_empty(),
            "a day that stands may have passed"
        );
    }

    #[test]
    fn an_answer_is_done_when_it_is_called_so_and_nothing_is_wrong_with_it() {
        let form = form();
        let question = form.question("a").expect("the question");
        for (answer, expected) in [
            (None, Progress::NotStarted),
            (Some((&json!(" "), true)), Progress::NotStarted),
            (Some((&json!("Words."), false)), Progress::InProgress),
            (Some((&json!("Three words here"), true)), Progress::InProgress),
            (Some((&json!("Words."), true)), Progress::Done),
        ] {
            assert_eq!(Progress::of(question, answer), expected, "{answer:?}");
        }
    }
}
