//! Uploading a document, taking one out, and reading those of a bid.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::web::Bytes;
use serde_json::json;

use super::{
    model::{Document, DocumentState, DocumentView, NewDocument, fault_beside},
    named::{self, Asked},
    receiving, store,
};
use crate::{
    bids::{
        answers::{
            self,
            model::{Author, Names},
        },
        content,
        content::Content,
        model::{Answer, Bid},
        service::{Place, Seen, granted, granted_view, is_applicant, order_look, writable_stage},
        store as bid_store,
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    files::{self, FileState},
    funds::{reopening::Part, rulebook::Stage},
    http::{App, Call, Scene},
    identity::policy::{Action, Granted},
    ids::{BidKey, Id, RowKey},
};

/// The documents of a bid, as whoever looks reads the bid.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// Those of the draft, or of the version that stands.
    pub documents: Vec<DocumentView>,
    /// Those of the draft in which a virus was found, for the bid's own councils.
    pub infected: Vec<DocumentView>,
    /// Those that are no longer part of the draft and are kept, for the bid's own councils.
    pub earlier: Vec<DocumentView>,
}

/// The documents of a bid, by name.
///
/// # Errors
/// As policy says.
pub async fn shelf(app: &App, call: &Call, reference: String) -> Result<Shelf> {
    call.read(app, move |conn, scene| {
        let (granted, Seen { view, .. }) = granted_view(conn, scene, &reference)?;
        let all = store::of_stage(conn, &granted, view.stage)?;
        if !is_applicant(&granted) {
            let named = named_by(Some(view.content));
            let documents = all.into_iter().filter(|document| named.contains(&document.id)).collect();
            return Ok(Shelf { documents: views(conn, &granted, documents)?, ..Shelf::default() });
        }
        let (current, gone): (Vec<_>, Vec<_>) = all.into_iter().partition(|document| document.taken_out_at.is_none());
        let gone = views(conn, &granted, gone.into_iter().filter(|document| is_told_of(document, &current)).collect())?;
        let (infected, earlier) = gone.into_iter().partition(|view| view.state == DocumentState::Infected);
        let earlier = if granted.standing().may(Action::ReadHistory) { earlier } else { Vec::new() };
        let earlier = earlier.into_iter().filter(|view: &DocumentView| view.state != DocumentState::Gone).collect();
        Ok(Shelf { documents: views(conn, &granted, current)?, infected, earlier })
    })
    .await
}

/// One that was taken out is not told of any more once another has taken its name.
fn is_told_of(document: &Document, current: &[Document]) -> bool {
    document.kept || current.iter().all(|other| other.name != document.name)
}

/// One document.
///
/// # Errors
/// As policy says; `NotFound`.
pub async fn show(app: &App, call: &Call, reference: String, id: Id<RowKey>) -> Result<DocumentView> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadBid)?;
        let document = readable(conn, &granted, id)?;
        view(conn, &granted, document)
    })
    .await
}

/// What a document holds.
///
/// # Errors
/// As policy says; `NotFound`; `Conflict` while it is being checked, and where a virus was found in it.
pub async fn download(app: &App, call: &Call, reference: String, id: Id<RowKey>) -> Result<(DocumentView, Bytes)> {
    let document = show(app, call, reference, id).await?;
    let bytes = bytes_of(app, &document.hash, document.state).await?;
    Ok((document, bytes))
}

/// The bytes of a document that whoever asks may read.
///
/// # Errors
/// `NotFound` when it is gone; `Conflict` while it is being checked, and where a virus was found in it.
pub async fn bytes_of(app: &App, hash: &str, state: DocumentState) -> Result<Bytes> {
    match state {
        DocumentState::Ready => app.files.get(hash).await,
        DocumentState::BeingChecked => {
            let message = "This document is being checked for viruses. Try again in a few minutes.";
            Err(AppError::conflict("being_checked", message))
        }
        DocumentState::Infected => {
            Err(AppError::conflict("infected", "A virus was found in this document, so it was deleted."))
        }
        DocumentState::Gone => Err(AppError::NotFound),
    }
}

/// A document that whoever looks may read. Its councils read those of the draft and what is kept of it; everybody else what a
/// submitted version names that they may read.
fn readable(conn: &mut Conn, granted: &Granted<BidKey>, id: Id<RowKey>) -> Result<Document> {
    let document = store::one(conn, granted, id)?;
    let reads_history = granted.standing().may(Action::ReadHistory);
    let seen = if is_applicant(granted) {
        document.taken_out_at.is_none() || (document.kept && reads_history)
    } else if reads_history {
        named_by_any(conn, granted, document.stage)?.contains(&id)
    } else {
        let stage = Place::of(conn, granted)?.stage;
        // Until there is a full application, its expression of interest is what is read.
        let standing = match content::standing(conn, granted, stage)? {
            Some(standing) => Some(standing),
            None => content::standing(conn, granted, document.stage)?,
        };
        named_by(standing).contains(&id)
    };
    if seen { Ok(document) } else { Err(AppError::NotFound) }
}

fn named_by(content: Option<Content>) -> BTreeSet<Id<RowKey>> {
    content.into_iter().flat_map(|content| content.documents).map(|document| document.id).collect()
}

fn named_by_any(conn: &mut Conn, granted: &Granted<BidKey>, stage: Stage) -> Result<BTreeSet<Id<RowKey>>> {
    let mut named = BTreeSet::new();
    for version in bid_store::versions(conn, granted)?.into_iter().filter(|version| version.stage == stage) {
        if let Some((_, text)) = bid_store::version(conn, granted, stage, version.number)? {
            named.extend(named_by(Some(serde_json::from_str(&text)?)));
        }
    }
    Ok(named)
}

fn views(conn: &mut Conn, granted: &Granted<BidKey>, rows: Vec<Document>) -> Result<Vec<DocumentView>> {
    let files: Vec<_> = rows.iter().map(|row| (row.author(), row.hash.as_str())).collect();
    let (names, states) = around(conn, granted, &files)?;
    Ok(rows.into_iter().map(|row| row.view(&names, &states)).collect())
}

/// Who uploaded files, each given with its SHA-256, and how far they are checked. People's names are for the bid's own councils.
pub(super) fn around(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    files: &[(Author, &str)],
) -> Result<(Names, BTreeMap<String, FileState>)> {
    let (authors, hashes): (Vec<Author>, Vec<&str>) = files.iter().copied().unzip();
    let mut names = answers::store::names(conn, &authors)?;
    if !is_applicant(granted) {
        names.people.clear();
    }
    Ok((names, files::states(conn, &hashes)?))
}

fn view(conn: &mut Conn, granted: &Granted<BidKey>, row: Document) -> Result<DocumentView> {
    views(conn, granted, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// Uploads a document. The same file under the same name is there once, however often it is uploaded.
///
/// # Errors
/// As policy says; `Invalid` with what is wrong with the file; `Conflict` once the stage has closed.
pub async fn add(app: &App, call: &Call, reference: String, new: NewDocument) -> Result<DocumentView> {
    upload(app, call, (reference, None), new).await
}

/// Uploads a document as the answer to a question, or as one of those that answer it. The same file is there once, whatever its
/// name.
///
/// # Errors
/// As [`add`]; `NotFound` for an unknown question; `Conflict` for one that is not answered with documents; `Invalid` where it takes
/// no more, or none of this kind.
pub async fn answer(
    app: &App,
    call: &Call,
    (reference, question): (String, String),
    new: NewDocument,
) -> Result<DocumentView> {
    upload(app, call, (reference, Some(question)), new).await
}

async fn upload(
    app: &App,
    call: &Call,
    (reference, question): (String, Option<String>),
    new: NewDocument,
) -> Result<DocumentView> {
    let most = app.config.files.most;
    refuse_early(app, call, (reference.clone(), question.clone()), files::clean_name(&new.name)).await?;
    let call = receiving::keyed(call, &new.name);
    let file = receiving::receive(app, &call, new).await?;
    let scans = app.files.scans();
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let (bid, round, stage) = writable_stage(conn, scene, &granted, part_of(question.as_deref()))?;
        let asked = question.as_deref().map(|id| Asked::in_form(&round, stage, id)).transpose()?;
        AppError::unless_empty(asked.and_then(|asked| asked.fault_of_type(&file.name)).into_iter().collect())?;
        let there = store::current(conn, &granted, stage)?;
        let is_same = |other: &&Document| {
            other.hash == file.hash && (other.name == file.name || asked.is_some_and(|asked| asked.takes(&other.name)))
        };
        let same = there.iter().find(is_same).cloned();
        let is_new = same.is_none();
        let document = match same {
            Some(same) => same,
            None => {
                let names: Vec<&str> = there.iter().map(|document| document.name.as_str()).collect();
                let fault = fault_beside(&file.name, &names, (most, "This bid has", "documents"));
                AppError::unless_empty(fault.into_iter().collect())?;
                let by = answers::service::author(conn, scene, &granted, &bid)?;
                Document {
                    id: scene.fresh(),
                    stage,
                    name: file.name.clone(),
                    media_type: file.kind.media_type().into(),
                    bytes: file.bytes,
                    hash: file.hash.clone(),
                    uploaded_by: by.person,
                    organisation_id: by.organisation,
                    uploaded_at: scene.now,
                    taken_out_at: None,
                    kept: false,
                }
            }
        };
        if is_new {
            insert(conn, scene, &granted, &document, scans)?;
        }
        if let Some(asked) = asked {
            named::name(conn, scene, &granted, (&bid, stage, asked), &document)?;
        }
        if is_new || asked.is_some() {
            order_look(conn, scene, granted.id())?;
        }
        view(conn, &granted, document)
    })
    .await
}

fn insert(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, new: &Document, scans: bool) -> Result<()> {
    receiving::arrive(conn, scene, &new.hash, scans)?;
    store::insert(conn, granted, new)?;
    tell(conn, scene, granted, ("document.added", new))
}

/// What answers a question is part of its answer; what answers none is one of the documents.
fn part_of(question: Option<&str>) -> Part<'_> {
    question.map_or(Part::Documents, Part::Answer)
}

/// Nothing is stored for somebody who may not upload, or not now. Of a request that is repeated under its key only whether they
/// may know of the bid is asked: its first answer may be that of a time at which they could.
async fn refuse_early(
    app: &App,
    call: &Call,
    (reference, question): (String, Option<String>),
    name: String,
) -> Result<()> {
    let repeated = call.key.is_some();
    call.read(app, move |conn, scene| {
        if repeated {
            return granted(conn, scene, &reference, Action::ReadBid).map(drop);
        }
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let (_, round, stage) = writable_stage(conn, scene, &granted, part_of(question.as_deref()))?;
        let asked = question.as_deref().map(|id| Asked::in_form(&round, stage, id)).transpose()?;
        AppError::unless_empty(asked.and_then(|asked| asked.fault_of_type(&name)).into_iter().collect())
    })
    .await
}

/// Says that the documents which answer a question are those that are meant: they may have been brought along.
///
/// # Errors
/// As policy says; `NotFound` for an unknown question; `Conflict` for one that is not answered with documents, and once the stage has
/// closed.
pub async fn finish(app: &App, call: &Call, (reference, question): (String, String)) -> Result<()> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let (bid, round, stage) = writable_stage(conn, scene, &granted, Part::Answer(&question))?;
        named::finish(conn, scene, &granted, (&bid, stage, Asked::in_form(&round, stage, &question)?))
    })
    .await
}

/// Takes a document out of the draft, and out of the answers that name it. Versions that were submitted keep it.
///
/// # Errors
/// As policy says; `NotFound`; `Conflict` once the stage has closed.
pub async fn take_out(app: &App, call: &Call, reference: String, id: Id<RowKey>) -> Result<()> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let (bid, stage) = writable(conn, scene, &granted, id)?;
        let there = store::current(conn, &granted, stage)?;
        let document = there.iter().find(|document| document.id == id).ok_or(AppError::NotFound)?;
        for answer in naming(conn, &granted, document, &there)? {
            named::no_longer_name(conn, scene, &granted, (&bid, stage, &answer), &document.hash)?;
        }
        take(conn, scene, &granted, document)
    })
    .await
}

/// The bid and its stage, where a document can be taken out: as part of the answers that name it, and otherwise by itself.
fn writable(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, id: Id<RowKey>) -> Result<(Bid, Stage)> {
    let (bid, _, stage) = writable_stage(conn, scene, granted, Part::Nothing)?;
    let there = store::current(conn, granted, stage)?;
    let naming = match there.iter().find(|document| document.id == id) {
        Some(document) => naming(conn, granted, document, &there)?,
        None => Vec::new(),
    };
    if naming.is_empty() {
        writable_stage(conn, scene, granted, Part::Documents)?;
    }
    for answer in &naming {
        writable_stage(conn, scene, granted, Part::Answer(&answer.question))?;
    }
    Ok((bid, stage))
}

/// The answers that would name nothing without this document.
fn naming(conn: &mut Conn, granted: &Granted<BidKey>, document: &Document, there: &[Document]) -> Result<Vec<Answer>> {
    let has_another = there.iter().any(|other| other.hash == document.hash && other.id != document.id);
    if has_another { Ok(Vec::new()) } else { named::naming(conn, granted, document.stage, &document.hash) }
}

/// Takes a document out of the answer to a question, and out of the draft where it answers no other.
///
/// # Errors
/// As [`take_out`]; `NotFound` where the answer does not name it.
pub async fn take_out_of_answer(
    app: &App,
    call: &Call,
    (reference, question): (String, String),
    id: Id<RowKey>,
) -> Result<()> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let (bid, _, stage) = writable_stage(conn, scene, &granted, Part::Answer(&question))?;
        let document = store::one(conn, &granted, id)?;
        let naming = named::naming(conn, &granted, stage, &document.hash)?;
        let answer = naming.iter().find(|answer| answer.question == question).ok_or(AppError::NotFound)?;
        named::no_longer_name(conn, scene, &granted, (&bid, stage, answer), &document.hash)?;
        let is_there = document.stage == stage && document.taken_out_at.is_none();
        if is_there && naming.len() == 1 {
            return take(conn, scene, &granted, &document);
        }
        order_look(conn, scene, granted.id())
    })
    .await
}

fn take(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, document: &Document) -> Result<()> {
    store::take_out(conn, granted, document.id, Some(scene.now))?;
    tell(conn, scene, granted, ("document.taken_out", document))?;
    order_look(conn, scene, granted.id())
}

/// The history holds what came and went, and no name, which may be somebody's.
pub(super) fn tell(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (kind, document): (&'static str, &Document),
) -> Result<()> {
    let detail = json!({
        "document": document.id, "stage": document.stage, "media_type": document.media_type, "bytes": document.bytes
    });
    scene.tell(conn, Chain::Bid(granted.id()), kind, detail)
}
