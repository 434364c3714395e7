//! The page of a bid's documents, to upload, download and take out, and what the page of a question shows that is answered with
//! some.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{DocumentState, DocumentView, NewDocument, about, hashes},
    named::Asked,
    service,
};
use crate::{
    bids::{
        carried::model::{Carried, DOCUMENTS},
        pages::{Heading, onwards, question},
        service::{Desk, desk},
    },
    clock::Moment,
    error::{AppError, Fault},
    files::{self, FileKind},
    funds::{form::Question, reopening::Part},
    http::{Refused, in_address, respond},
    web::{Form, Page, Posted, PostedFile, SentFile, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The documents of a bid.
#[derive(Debug, Serialize)]
pub struct DocumentsPage {
    /// The bid.
    pub bid: Heading,
    /// Whether one of its own councils looks.
    pub own: bool,
    /// Whether whoever looks uploads and takes out.
    pub writes: bool,
    /// Those of the draft, or of the version that stands.
    pub documents: Vec<Line>,
    /// What the expression of interest had, for a full application.
    pub carried: Option<Carried>,
    /// Those in which a virus was found.
    pub infected: Vec<Line>,
    /// Those that are no longer part of the draft and are kept.
    pub earlier: Vec<Line>,
    /// Which files are taken, in words.
    pub taken: &'static str,
    /// The same for the field.
    pub accept: &'static str,
    /// How large one may be, in words.
    pub largest: String,
    /// How many there may be.
    pub most: usize,
}

impl Page for DocumentsPage {
    const TEMPLATE: &'static str = "bids/documents.html";
}

/// A document on the page.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is and how large, in words.
    pub about: String,
    /// Who uploaded it, in words.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Whether it can be downloaded.
    pub ready: bool,
    /// Whether somebody has looked for viruses in it, or will.
    pub scanned: bool,
    /// Whether a virus was found in it.
    pub infected: bool,
    /// Their SHA-256, in hexadecimal digits.
    pub hash: String,
    /// The questions that it answers.
    pub answers: Vec<String>,
}

impl Line {
    /// The same with the questions whose answers name it.
    fn answering(self, desk: &Desk) -> Self {
        let asked = desk.round.rulebook.form(desk.view.stage).questions().map(|(_, question)| question);
        let names = |question: &&Question| {
            let answer = desk.view.content.answers.get(&question.id).filter(|_| question.asks_for_documents());
            answer.is_some_and(|answer| hashes(answer).any(|hash| hash == self.hash))
        };
        let answers = asked.filter(names).map(|question| question.title.clone()).collect();
        Self { answers, ..self }
    }
}

impl From<DocumentView> for Line {
    fn from(view: DocumentView) -> Self {
        Self {
            id: view.id.to_string(),
            about: about(&view.name, view.bytes),
            by: match (view.by, view.organisation) {
                (Some(person), Some(council)) => format!("{person} of {council}"),
                (person, council) => person.or(council).unwrap_or_else(|| "a program".into()),
            },
            at: view.at,
            ready: view.state == DocumentState::Ready,
            scanned: view.scanned,
            infected: view.state == DocumentState::Infected,
            hash: view.hash,
            answers: Vec::new(),
            name: view.name,
        }
    }
}

/// GET `/bids/{reference}/documents`
pub async fn show(visit: Visit, reference: Path<String>) -> Answer {
    let page = page(&visit, reference.into_inner()).await?;
    visit.page(&page).await
}

async fn page(visit: &Visit, reference: String) -> Result<DocumentsPage, Refused> {
    let (app, call) = (&visit.app, &visit.call);
    let desk: Desk = desk(app, call, reference.clone()).await?;
    let shelf = service::shelf(app, call, reference).await?;
    let lines = |views: Vec<DocumentView>| -> Vec<Line> { views.into_iter().map(Line::from).collect() };
    let settings = &app.config.files;
    Ok(DocumentsPage {
        bid: Heading::of(&desk),
        own: desk.applicant,
        writes: desk.writes(Part::Documents),
        documents: lines(shelf.documents).into_iter().map(|line| line.answering(&desk)).collect(),
        carried: desk.carried.get(DOCUMENTS).map(Carried::from),
        infected: lines(shelf.infected),
        earlier: lines(shelf.earlier),
        taken: FileKind::TAKEN,
        accept: FileKind::ACCEPT,
        largest: files::in_words(i64::try_from(settings.largest).unwrap_or(i64::MAX)),
        most: settings.most,
    })
}

/// POST `/bids/{reference}/documents`: what is wrong is said beside the field, where the file is chosen again.
pub async fn add(visit: Visit, reference: Path<String>, posted: PostedFile) -> Answer {
    let reference = reference.into_inner();
    let added = match posted.file {
        Some(file) => service::add(&visit.app, &visit.call, reference.clone(), file.into()).await,
        None => Err(nothing_selected()),
    };
    match added {
        Ok(document) => Ok(visit.see_with_success(&path_of(&reference), &uploaded(&document))),
        Err(AppError::Invalid(faults)) => {
            let faults: Vec<Fault> = faults.into_iter().map(|fault| Fault { field: "file".into(), ..fault }).collect();
            visit.page_with_faults(&page(&visit, reference).await?, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// GET `/bids/{reference}/documents/{id}/file`
pub async fn file(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let (document, bytes) = service::download(&visit.app, &visit.call, reference, in_address(&id)?).await?;
    Ok(respond::sandboxed(&document.name, &document.media_type, bytes.to_vec()))
}

/// POST `/bids/{reference}/documents/{id}/take-out`
pub async fn take_out(visit: Visit, path: Path<(String, String)>, _: Posted) -> Answer {
    let (reference, id) = path.into_inner();
    service::take_out(&visit.app, &visit.call, reference.clone(), in_address(&id)?).await?;
    Ok(visit.see_with_success(&path_of(&reference), "The document is taken out."))
}

fn path_of(reference: &str) -> String {
    format!("/bids/{reference}/documents")
}

fn nothing_selected() -> AppError {
    AppError::invalid("file", "missing", "Select a file.")
}

/// That a document is uploaded, and what it waits for.
pub fn uploaded(document: &DocumentView) -> String {
    match document.state {
        DocumentState::BeingChecked => {
            format!("“{}” is uploaded. It can be downloaded once it is checked for viruses.", document.name)
        }
        _ => format!("“{}” is uploaded.", document.name),
    }
}

impl From<SentFile> for NewDocument {
    fn from(file: SentFile) -> Self {
        Self { name: file.name, bytes: file.bytes }
    }
}

/// What answers a question that asks for documents, and what more it takes.
#[derive(Debug, Serialize)]
pub struct Papers {
    /// Those that the answer names, in the order in which they came.
    pub named: Vec<Line>,
    /// How many it takes.
    pub most: usize,
    /// Whether it takes one more.
    pub room: bool,
    /// Which files are taken, in words.
    pub taken: String,
    /// The same for the field.
    pub accept: String,
    /// How large one may be, in words.
    pub largest: String,
}

impl Papers {
    /// Those of a question, if it is answered with documents.
    ///
    /// # Errors
    /// As for the documents of the bid.
    pub async fn of(visit: &Visit, desk: &Desk, question: &Question) -> Result<Option<Self>, AppError> {
        let Some(asked) = Asked::of(question) else { return Ok(None) };
        let shelf = service::shelf(&visit.app, &visit.call, desk.view.reference.clone()).await?;
        let all: Vec<DocumentView> = shelf.documents.into_iter().chain(shelf.infected).collect();
        let answer = desk.notes.get(&question.id).map(|note| &note.value);
        let named = answer.into_iter().flat_map(hashes).filter_map(|hash| all.iter().find(|view| view.hash == hash));
        let named: Vec<Line> = named.cloned().map(Line::from).collect();
        let there = named.iter().filter(|line| !line.infected).count();
        Ok(Some(Self {
            room: there < asked.most,
            named,
            most: asked.most,
            taken: FileKind::in_words(asked.types),
            accept: FileKind::accept(asked.types),
            largest: files::in_words(i64::try_from(visit.app.config.files.largest).unwrap_or(i64::MAX)),
        }))
    }
}

/// POST `/bids/{reference}/questions/{question}/documents`: a file that was chosen is never lost, whichever button was pressed.
pub async fn answer(visit: Visit, path: Path<(String, String)>, posted: PostedFile) -> Answer {
    let (reference, id) = path.into_inner();
    let PostedFile { form, file } = posted;
    let stays = form.text("then") == "upload";
    let at = (reference.clone(), id.clone());
    let answered = match file {
        Some(file) => service::answer(&visit.app, &visit.call, at, file.into()).await.map(Some),
        None if stays => Err(nothing_selected()),
        None if form.text("then") == "continue" => service::finish(&visit.app, &visit.call, at).await.map(|()| None),
        None => Ok(None),
    };
    match answered {
        Ok(document) => {
            let next =
                if stays { path_of_question(&reference, &id) } else { next(&visit, &form, reference, &id).await? };
            Ok(match document {
                Some(document) => visit.see_with_success(&next, &uploaded(&document)),
                None => visit.see(&next),
            })
        }
        Err(AppError::Invalid(faults)) => {
            let page = question::page(&visit, reference, &id).await?;
            let faults: Vec<Fault> =
                faults.into_iter().map(|fault| Fault { field: page.field.clone(), ..fault }).collect();
            visit.page_with_faults(&page, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Where a form leads that stands on the page of a question.
async fn next(visit: &Visit, form: &Form, reference: String, id: &str) -> Result<String, Refused> {
    let desk = desk(&visit.app, &visit.call, reference).await?.to_write(Part::Answer(id))?;
    let (_, asked) = question::find(&desk, id)?;
    Ok(onwards(form, &desk.view.reference, question::after(&desk, &asked)))
}

/// POST `/bids/{reference}/questions/{question}/documents/{id}/take-out`
pub async fn take_out_of_answer(visit: Visit, path: Path<(String, String, String)>, _: Posted) -> Answer {
    let (reference, question, id) = path.into_inner();
    let at = (reference.clone(), question.clone());
    service::take_out_of_answer(&visit.app, &visit.call, at, in_address(&id)?).await?;
    Ok(visit.see_with_success(&path_of_question(&reference, &question), "The document is taken out."))
}

fn path_of_question(reference: &str, question: &str) -> String {
    format!("/bids/{reference}/questions/{question}")
}
