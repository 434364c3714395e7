//! A comment on an answer.

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    bids::answers::model::{Author, Names},
    clock::Moment,
    db::schema::answer_comments,
    error::Fault,
    ids::{Id, OrganisationKey, PersonKey, RowKey},
};

/// The most characters of a comment.
pub const LONGEST_COMMENT: usize = 2_000;

/// A comment, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = answer_comments)]
pub struct Comment {
    /// Its id.
    pub id: Id<RowKey>,
    /// The question on whose answer it is.
    pub question: String,
    /// What it says.
    pub words: String,
    /// Who wrote it.
    pub written_by: Id<PersonKey>,
    /// For which council.
    pub organisation_id: Id<OrganisationKey>,
    /// When.
    pub written_at: Moment,
    /// Who called it resolved.
    pub resolved_by: Option<Id<PersonKey>>,
    /// When.
    pub resolved_at: Option<Moment>,
}

impl Comment {
    /// Who wrote it.
    pub const fn author(&self) -> Author {
        Author { person: Some(self.written_by), organisation: Some(self.organisation_id) }
    }

    /// Who called it resolved, of whom the council is not kept.
    pub fn resolver(&self) -> Option<Author> {
        self.resolved_by.map(|person| Author { person: Some(person), organisation: None })
    }

    /// As the councils of the bid read it.
    pub fn view(self, names: &Names) -> CommentView {
        let author = self.author();
        CommentView {
            by: names.person(author).unwrap_or_default(),
            organisation: names.organisation(author).unwrap_or_default(),
            resolved_by: self.resolver().and_then(|resolver| names.person(resolver)),
            id: self.id,
            question: self.question,
            words: self.words,
            at: self.written_at,
            resolved_at: self.resolved_at,
        }
    }
}

/// A comment, as the councils of the bid read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CommentView {
    /// Its id.
    pub id: Id<RowKey>,
    /// The question on whose answer it is.
    pub question: String,
    /// What it says.
    pub words: String,
    /// Who wrote it.
    pub by: String,
    /// For which council.
    pub organisation: String,
    /// When.
    pub at: Moment,
    /// Who called it resolved.
    pub resolved_by: Option<String>,
    /// When; null while it is open.
    pub resolved_at: Option<Moment>,
}

/// A comment on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// What it says.
    pub words: String,
}

impl NewComment {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<Fault> {
        Fault::of_text("words", &self.words, LONGEST_COMMENT, "Write your comment.")
    }
}
