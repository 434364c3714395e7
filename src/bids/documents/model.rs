//! A document of a bid, and what is wrong with one on its way in.

use std::collections::BTreeMap;

use actix_web::web::Bytes;
use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    bids::answers::model::{Author, Names},
    clock::Moment,
    db::schema::documents,
    error::Fault,
    files::{FileKind, FileState, clean_name, in_words},
    funds::rulebook::Stage,
    ids::{Id, OrganisationKey, PersonKey, RowKey},
    words,
};

/// A document, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = documents)]
pub struct Document {
    /// Its id.
    pub id: Id<RowKey>,
    /// The stage at which it was uploaded.
    pub stage: Stage,
    /// What it is called.
    pub name: String,
    /// Its media type, by its content.
    pub media_type: String,
    /// How many bytes it has.
    pub bytes: i64,
    /// Their SHA-256, by which they are stored.
    pub hash: String,
    /// Who uploaded it; none for a program.
    pub uploaded_by: Option<Id<PersonKey>>,
    /// For which council.
    pub organisation_id: Option<Id<OrganisationKey>>,
    /// When.
    pub uploaded_at: Moment,
    /// When it was taken out of the draft.
    pub taken_out_at: Option<Moment>,
    /// Whether its bytes stay although it is taken out: a submitted version names it, or a reopening set it aside.
    pub kept: bool,
}

impl Document {
    /// Who uploaded it.
    pub const fn author(&self) -> Author {
        Author { person: self.uploaded_by, organisation: self.organisation_id }
    }

    /// As a version names it.
    pub fn attached(self) -> Attached {
        Attached { id: self.id, name: self.name, media_type: self.media_type, bytes: self.bytes, hash: self.hash }
    }

    /// As people read it who may read it.
    pub fn view(self, names: &Names, states: &BTreeMap<String, FileState>) -> DocumentView {
        let (author, at) = (self.author(), self.uploaded_at);
        DocumentView::of(self.attached(), (author, at), names, states)
    }
}

/// A document as what a bid says names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Attached {
    /// Its id.
    pub id: Id<RowKey>,
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// How many bytes it has.
    pub bytes: i64,
    /// Their SHA-256, in hexadecimal digits.
    pub hash: String,
}

impl Attached {
    /// What it is and how large.
    pub fn about(&self) -> String {
        about(&self.name, self.bytes)
    }

    /// What it is called, what it is, and what tells its bytes from all others.
    pub fn in_words(&self) -> String {
        format!("{} ({}, SHA-256 {})", self.name, self.about(), self.hash)
    }
}

/// What a file of this name is and how large, in words.
pub fn about(name: &str, bytes: i64) -> String {
    let kind = FileKind::of_name(name).map_or("file", FileKind::title);
    format!("{kind}, {}", in_words(bytes))
}

/// The hashes by which an answer names documents; none where it is no such answer.
pub fn hashes(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The documents that an answer names, each in words.
pub fn named_in_words(value: &Value, documents: &[Attached]) -> Vec<String> {
    let words = |hash: &str| match documents.iter().find(|document| document.hash == hash) {
        Some(document) => document.in_words(),
        None => format!("A document that is not there any more (SHA-256 {hash})"),
    };
    hashes(value).map(words).collect()
}

words! {
    /// Whether a document can be downloaded.
    pub enum DocumentState {
        /// It can.
        Ready = "ready",
        /// Not before somebody has looked for viruses in it.
        BeingChecked = "being_checked",
        /// Never: a virus was found in it.
        Infected = "infected",
        /// No more: it was taken out, and nothing named it.
        Gone = "gone",
    }
}

impl DocumentState {
    /// What the state of its file means for whoever wants it.
    pub const fn of(state: FileState) -> Self {
        match state {
            FileState::Unscanned | FileState::Clean => Self::Ready,
            FileState::Quarantined | FileState::Arriving => Self::BeingChecked,
            FileState::Infected => Self::Infected,
            FileState::Leaving | FileState::Gone => Self::Gone,
        }
    }
}

/// A document, as whoever may read it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentView {
    /// Its id.
    pub id: Id<RowKey>,
    /// What it is called.
    pub name: String,
    /// Its media type, by its content.
    pub media_type: String,
    /// How many bytes it has.
    pub bytes: i64,
    /// Their SHA-256, in hexadecimal digits.
    pub hash: String,
    /// Whether it can be downloaded.
    pub state: DocumentState,
    /// Whether somebody has looked for viruses in it, or will.
    pub scanned: bool,
    /// Who uploaded it, for the bid's own councils; null for a program.
    pub by: Option<String>,
    /// For which council.
    pub organisation: Option<String>,
    /// When.
    pub at: Moment,
}

impl DocumentView {
    /// What somebody uploaded at an instant.
    pub fn of(
        file: Attached,
        (author, at): (Author, Moment),
        names: &Names,
        states: &BTreeMap<String, FileState>,
    ) -> Self {
        let state = states.get(&file.hash).copied().unwrap_or(FileState::Gone);
        Self {
            by: names.person(author),
            organisation: names.organisation(author),
            state: DocumentState::of(state),
            scanned: state != FileState::Unscanned,
            id: file.id,
            name: file.name,
            media_type: file.media_type,
            bytes: file.bytes,
            hash: file.hash,
            at,
        }
    }
}

/// A document on its way in.
#[derive(Debug, Clone)]
pub struct NewDocument {
    /// What it is called on its sender's machine.
    pub name: String,
    /// What it holds.
    pub bytes: Bytes,
}

/// What is wrong with a name, if it names no file.
pub fn fault_of_name(name: &str) -> Option<Fault> {
    let message = "Give the file’s name with its ending, such as plan.pdf.";
    clean_name(name).is_empty().then(|| Fault::new("name", "missing", message))
}

/// What is wrong with a file of this name beside those that are there, of which there may be `most`; `whose` has so many of `what`.
pub fn fault_beside(name: &str, there: &[&str], (most, whose, what): (usize, &str, &str)) -> Option<Fault> {
    if there.len() >= most {
        // Those of two bids that became one are all there, however many they are.
        let there = there.len();
        let message = format!("{whose} {there} {what}, and it can have {most}. Take one out first.");
        return Some(Fault::new("file", "too_many", message));
    }
    let wanted = name.to_lowercase();
    there.iter().any(|other| other.to_lowercase() == wanted).then(|| {
        let message =
            format!("There is a document called “{name}” already. Take it out first, or give yours another name.");
        Fault::new("name", "name_taken", message)
    })
}

/// What is wrong with the name of a file that must be of one of these kinds; none stands for all.
pub fn fault_of_kind(name: &str, kinds: &[FileKind]) -> Option<Fault> {
    let message = || format!("The selected file must be a {}.", FileKind::in_words(kinds));
    (!is_of_kind(name, kinds)).then(|| Fault::new("file", "wrong_type", message()))
}

/// Whether a name says one of these kinds; none stands for all.
pub fn is_of_kind(name: &str, kinds: &[FileKind]) -> bool {
    kinds.is_empty() || FileKind::of_name(name).is_some_and(|kind| kinds.contains(&kind))
}
