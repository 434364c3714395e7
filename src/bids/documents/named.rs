//! Documents that answer a question. The answer names each by its hash; the document itself lies among the others of the bid.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    model::{Attached, Document, fault_of_kind, hashes, is_of_kind},
    store,
};
use crate::{
    bids::{
        answers::{self, model::Author},
        model::{Answer, Bid},
        store as bid_store,
    },
    db::{Conn, Doc},
    error::{AppError, Fault, Result},
    files::{self, FileKind, FileState},
    funds::{
        form::{Kind, Question},
        model::RoundInFull,
        rulebook::Stage,
    },
    http::Scene,
    identity::policy::Granted,
    ids::BidKey,
};

/// A question that is answered with documents.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The question.
    pub question: &'a Question,
    /// How many it takes.
    pub most: usize,
    /// Which kinds of file; none means every kind.
    pub types: &'a [FileKind],
}

impl<'a> Asked<'a> {
    /// The question, if it is such a one.
    pub fn of(question: &'a Question) -> Option<Self> {
        let Kind::Document { most, types } = &question.answer else { return None };
        Some(Self { question, most: *most, types })
    }

    /// The question of this id in the form of a stage.
    ///
    /// # Errors
    /// `NotFound` where the form has none; `Conflict` for one that is answered otherwise.
    pub fn in_form(round: &'a RoundInFull, stage: Stage, id: &str) -> Result<Self> {
        let question = round.rulebook.form(stage).question(id).ok_or(AppError::NotFound)?;
        let refusal = || AppError::conflict("no_documents", "This question is not answered with documents.");
        Self::of(question).ok_or_else(refusal)
    }

    /// Whether it takes a file of this name.
    pub fn takes(&self, name: &str) -> bool {
        is_of_kind(name, self.types)
    }

    /// What is wrong with a file of this name on its way in.
    pub fn fault_of_type(&self, name: &str) -> Option<Fault> {
        fault_of_kind(name, self.types)
    }

    fn fault(&self, code: &'static str, message: String) -> Fault {
        Fault::new(["answers", &self.question.id].join("/"), code, message)
    }
}

/// What is wrong with an answer on its way in, of a bid that has these documents.
pub fn faults(question: &Question, value: &Value, there: &[Document]) -> Vec<Fault> {
    let mut faults = question.faults(value);
    let Some(asked) = Asked::of(question) else { return faults };
    let title = &question.title;
    for hash in hashes(value) {
        let of_hash: Vec<&Document> = there.iter().filter(|document| document.hash == hash).collect();
        match of_hash.first() {
            None => faults.push(asked.fault(
                "unknown_document",
                format!("{title}: the bid has no document with the SHA-256 {hash}. Upload it first"),
            )),
            Some(document) if !of_hash.iter().any(|document| asked.takes(&document.name)) => {
                let wanted = FileKind::in_words(asked.types);
                faults.push(asked.fault("wrong_type", format!("{title}: “{}” must be a {wanted}", document.name)));
            }
            Some(_) => {}
        }
    }
    faults
}

/// All that a bid ever had at a stage, as far as its form asks for documents, and how far each file is.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    all: Vec<Document>,
    states: BTreeMap<String, FileState>,
}

impl Papers {
    /// Those of a bid.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(conn: &mut Conn, granted: &Granted<BidKey>, round: &RoundInFull, stage: Stage) -> Result<Self> {
        if !round.rulebook.form(stage).questions().any(|(_, question)| question.asks_for_documents()) {
            return Ok(Self::default());
        }
        let all = store::of_stage(conn, granted, stage)?;
        let hashes: Vec<&str> = all.iter().map(|document| document.hash.as_str()).collect();
        let states = files::states(conn, &hashes)?;
        Ok(Self { all, states })
    }

    /// What keeps the documents of an answer from being submitted. One that may be left out waits for no scanner.
    pub fn faults(&self, question: &Question, value: &Value) -> Vec<Fault> {
        let Some(asked) = Asked::of(question) else { return Vec::new() };
        hashes(value).filter_map(|hash| self.fault(asked, hash)).collect()
    }

    fn fault(&self, asked: Asked<'_>, hash: &str) -> Option<Fault> {
        let title = &asked.question.title;
        let of_hash: Vec<&Document> = self.all.iter().filter(|document| document.hash == hash).collect();
        let Some(any) = of_hash.first() else {
            let message = format!("Upload the document for “{title}” again: it is no longer part of the bid");
            return Some(asked.fault("missing", message));
        };
        let (name, is_there) = (&any.name, of_hash.iter().any(|document| document.taken_out_at.is_none()));
        match self.states.get(hash).copied().unwrap_or(FileState::Gone) {
            FileState::Infected => {
                let message = format!("Upload another document for “{title}”: a virus was found in “{name}”");
                Some(asked.fault("infected", message))
            }
            _ if !is_there => {
                let message = format!("Upload a document for “{title}”: “{name}” was taken out");
                Some(asked.fault("missing", message))
            }
            _ if !of_hash.iter().any(|document| asked.takes(&document.name)) => {
                let wanted = FileKind::in_words(asked.types);
                let message = format!("Upload another document for “{title}”: “{name}” must be a {wanted}");
                Some(asked.fault("wrong_type", message))
            }
            FileState::Quarantined | FileState::Arriving if asked.question.required => {
                let message = format!("Wait until “{name}” is checked for viruses, which answers “{title}”");
                Some(asked.fault("being_checked", message))
            }
            _ => None,
        }
    }
}

/// Every document that an answer can ever have named; none for an answer that is no document.
///
/// # Errors
/// When the database fails.
pub fn ever(conn: &mut Conn, granted: &Granted<BidKey>, stage: Stage, question: &Question) -> Result<Vec<Attached>> {
    if !question.asks_for_documents() {
        return Ok(Vec::new());
    }
    Ok(store::of_stage(conn, granted, stage)?.into_iter().map(Document::attached).collect())
}

/// Adds a document to those that an answer names. What it names and is no longer there makes room.
///
/// # Errors
/// `Invalid` where the question takes no more.
pub fn name(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (bid, stage, asked): (&Bid, Stage, Asked<'_>),
    new: &Document,
) -> Result<()> {
    let there = store::current(conn, granted, stage)?;
    let stands = bid_store::answer(conn, granted, stage, &asked.question.id)?;
    let mut named: Vec<String> = stands.iter().flat_map(|stands| hashes(&stands.value.0)).map(str::to_owned).collect();
    if named.contains(&new.hash) {
        return Ok(());
    }
    named.retain(|hash| there.iter().any(|document| document.hash == *hash));
    if named.len() >= asked.most {
        let message: String = match asked.most {
            1 => "This question takes one document. Take out the one that is there first.".into(),
            most => format!("This question takes {most} documents. Take one out first."),
        };
        return Err(AppError::invalid("file", "too_many", message));
    }
    named.push(new.hash.clone());
    let before = stands.map_or(0, |stands| stands.version);
    write(conn, scene, granted, (bid, stage), (&asked.question.id, before, json!(named)))
}

/// Calls an answer finished that was brought along with its documents, all of which are there.
///
/// # Errors
/// When the database fails.
pub fn finish(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (bid, stage, asked): (&Bid, Stage, Asked<'_>),
) -> Result<()> {
    let there = store::current(conn, granted, stage)?;
    let is_there = |hash: &str| there.iter().any(|document| document.hash == hash);
    match bid_store::answer(conn, granted, stage, &asked.question.id)? {
        Some(stands) if !stands.complete && hashes(&stands.value.0).all(is_there) => {
            write(conn, scene, granted, (bid, stage), (&stands.question, stands.version, stands.value.0))
        }
        _ => Ok(()),
    }
}

/// Takes a document out of what an answer names.
///
/// # Errors
/// When the database fails.
pub fn no_longer_name(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (bid, stage, stands): (&Bid, Stage, &Answer),
    hash: &str,
) -> Result<()> {
    let left: Vec<&str> = hashes(&stands.value.0).filter(|named| *named != hash).collect();
    write(conn, scene, granted, (bid, stage), (&stands.question, stands.version, json!(left)))
}

/// Calls the answers unfinished that name a document which is no longer there. They go on naming it, so that their writers
/// read which it was.
///
/// # Errors
/// When the database fails.
pub fn reopen(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, gone: &Document) -> Result<()> {
    for stands in naming(conn, granted, gone.stage, &gone.hash)?.into_iter().filter(|stands| stands.complete) {
        let unfinished = Answer { complete: false, version: stands.version + 1, updated_at: scene.now, ..stands };
        bid_store::put_answer(conn, granted, scene.fresh(), gone.stage, (&unfinished, Author::SERVICE))?;
    }
    Ok(())
}

/// The answers of a stage that name a document.
///
/// # Errors
/// When the database fails.
pub fn naming(conn: &mut Conn, granted: &Granted<BidKey>, stage: Stage, hash: &str) -> Result<Vec<Answer>> {
    let mut answers = bid_store::answers(conn, granted, stage)?;
    answers.retain(|answer| hashes(&answer.value.0).any(|named| named == hash));
    Ok(answers)
}

fn write(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (bid, stage): (&Bid, Stage),
    (question, before, value): (&str, i32, Value),
) -> Result<()> {
    let by = answers::service::author(conn, scene, granted, bid)?;
    let answer = Answer {
        question: question.into(),
        complete: Question::is_answered(&value),
        value: Doc(value),
        version: before + 1,
        updated_by: by.person.unwrap_or(bid.created_by),
        updated_at: scene.now,
    };
    bid_store::put_answer(conn, granted, scene.fresh(), stage, (&answer, by))
}
