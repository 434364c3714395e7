//! Versions of an answer, and who wrote them.

use std::{collections::BTreeMap, time::Duration};

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    clock::Moment,
    db::{Doc, schema::answer_versions},
    ids::{Id, OrganisationKey, PersonKey, RowKey},
};

/// Saves of one person that are no further apart are one piece of work to whoever reads the history.
const PAUSE: Duration = Duration::from_secs(600);

/// Who wrote something: a person or a program of a council, or the service itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = answer_versions)]
pub struct Author {
    /// The person; none for a program or the service itself.
    #[diesel(column_name = written_by)]
    pub person: Option<Id<PersonKey>>,
    /// The council; none for the service itself.
    #[diesel(column_name = organisation_id)]
    pub organisation: Option<Id<OrganisationKey>>,
}

impl Author {
    /// The service itself.
    pub const SERVICE: Self = Self { person: None, organisation: None };
}

/// The names of those who wrote.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// People's.
    pub people: BTreeMap<Id<PersonKey>, String>,
    /// Councils'.
    pub organisations: BTreeMap<Id<OrganisationKey>, String>,
}

impl Names {
    /// The person's name.
    pub fn person(&self, author: Author) -> Option<String> {
        self.people.get(&author.person?).cloned()
    }

    /// The council's name.
    pub fn organisation(&self, author: Author) -> Option<String> {
        self.organisations.get(&author.organisation?).cloned()
    }

    /// Who it is, as people say it.
    pub fn of(&self, author: Author) -> String {
        match (self.person(author), self.organisation(author)) {
            (Some(person), Some(council)) => format!("{person} of {council}"),
            (Some(person), None) => person,
            (None, Some(council)) => format!("A program of {council}"),
            (None, None) => "Roundtable".into(),
        }
    }
}

/// That an answer was saved: by whom and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = answer_versions)]
pub struct Saved {
    /// The answer's version, from 1.
    pub number: i32,
    /// Who wrote it.
    #[diesel(embed)]
    pub author: Author,
    /// When.
    pub written_at: Moment,
}

/// A version of an answer with its text.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = answer_versions)]
pub struct Version {
    /// Its id.
    pub id: Id<RowKey>,
    /// Who saved it, and when.
    #[diesel(embed)]
    pub saved: Saved,
    /// What was answered.
    pub value: Doc<Value>,
    /// Whether its author said that it is finished.
    pub complete: bool,
}

/// A version of an answer, as the councils of the bid read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AnswerVersion {
    /// Its id.
    #[serde(skip)]
    pub id: Option<Id<RowKey>>,
    /// The answer's version, from 1.
    pub number: i32,
    /// What was answered.
    pub value: Value,
    /// Whether its author said that it is finished.
    pub complete: bool,
    /// Who wrote it; null for a program and for the service itself.
    pub by: Option<String>,
    /// For which council; null for the service itself.
    pub organisation: Option<String>,
    /// When.
    pub at: Moment,
}

/// Saves of one author that follow one another closely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first version of it.
    pub first: i32,
    /// The last.
    pub last: i32,
    /// Who wrote.
    pub author: Author,
    /// When the last was saved.
    pub at: Moment,
}

/// Gathers saves, which stand oldest first, into spans, oldest first.
pub fn spans(saves: &[Saved]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for save in saves {
        match spans.last_mut() {
            Some(span) if span.author == save.author && save.written_at <= span.at.plus(PAUSE) => {
                span.last = save.number;
                span.at = save.written_at;
            }
            _ => spans.push(Span { first: save.number, last: save.number, author: save.author, at: save.written_at }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saves(of: &[(i64, i64)]) -> Vec<Saved> {
        let save = |(number, (author, minute)): (i32, &(i64, i64))| Saved {
            number,
            author: Author { person: None, organisation: Some(Id::of(uuid::Uuid::from_u128(*author as u128))) },
            written_at: Moment::from_micros(minute * 60_000_000),
        };
        (1..).zip(of).map(save).collect()
    }

    #[test]
    fn the_saves_of_one_writer_are_one_span_until_another_writes_or_time_has_passed() {
        let gathered = |of: &[(i64, i64)]| -> Vec<(i32, i32)> {
            spans(&saves(of)).into_iter().map(|span| (span.first, span.last)).collect()
        };
        assert_eq!(gathered(&[(1, 0), (1, 9), (1, 19)]), [(1, 3)]);
        assert_eq!(gathered(&[(1, 0), (1, 11)]), [(1, 1), (2, 2)]);
        assert_eq!(gathered(&[(1, 0), (2, 1), (1, 2), (1, 3)]), [(1, 1), (2, 2), (3, 4)]);
        assert!(gathered(&[]).is_empty());
    }
}
