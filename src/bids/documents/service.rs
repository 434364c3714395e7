//! Uploading a document, taking one out, and reading those of a bid.

use std::collections::BTreeSet;

use actix_web::web::{self, Bytes};
use serde_json::json;

use super::{
    model::{Document, DocumentState, DocumentView, NewDocument, fault_beside, fault_of_name},
    scanning, store,
};
use crate::{
    bids::{
        answers, content,
        content::Content,
        service::{Place, granted, is_applicant, order_look, writable_stage},
        store as bid_store,
    },
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    files::{self, FileState, Kind},
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
        let granted = granted(conn, scene, &reference, Action::ReadBid)?;
        let stage = Place::of(conn, &granted)?.stage;
        let all = store::of_stage(conn, &granted, stage)?;
        if !is_applicant(&granted) {
            let named = named_by(content::standing(conn, &granted, stage)?);
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
    match document.state {
        DocumentState::Ready => {
            let bytes = app.files.get(&document.hash).await?;
            Ok((document, bytes))
        }
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
        named_by(content::standing(conn, granted, stage)?).contains(&id)
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
    let authors: Vec<_> = rows.iter().map(Document::author).collect();
    let mut names = answers::store::names(conn, &authors)?;
    if !is_applicant(granted) {
        names.people.clear();
    }
    let hashes: Vec<&str> = rows.iter().map(|row| row.hash.as_str()).collect();
    let states = files::states(conn, &hashes)?;
    Ok(rows.into_iter().map(|row| row.view(&names, &states)).collect())
}

fn view(conn: &mut Conn, granted: &Granted<BidKey>, row: Document) -> Result<DocumentView> {
    views(conn, granted, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// Uploads a document. The same file under the same name is there once, however often it is uploaded.
///
/// # Errors
/// As policy says; `Invalid` with what is wrong with the file; `Conflict` once the stage has closed.
pub async fn add(app: &App, call: &Call, reference: String, new: NewDocument) -> Result<DocumentView> {
    refuse_early(app, call, reference.clone()).await?;
    AppError::unless_empty(fault_of_name(&new.name).into_iter().collect())?;
    let (name, bytes, most) = (files::clean_name(&new.name), new.bytes, app.config.files.most);
    refuse_large(app, &bytes)?;
    let (kind, hash) = inspected(name.clone(), bytes.clone()).await?;
    let length = i64::try_from(bytes.len()).map_err(AppError::internal)?;
    let (begun, now) = (hash.clone(), call.received);
    if app.db.write(move |conn| files::begin(conn, &begun, length, now)).await? {
        app.files.put(&hash, bytes).await?;
    }
    let call = Call { key: call.key.as_ref().map(|key| key.also(&new.name)), ..call.clone() };
    let scans = app.files.scans();
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let (bid, _, stage) = writable_stage(conn, scene, &granted, Part::Documents)?;
        let there = store::current(conn, &granted, stage)?;
        if let Some(same) = there.iter().find(|other| other.name == name && other.hash == hash) {
            return view(conn, &granted, same.clone());
        }
        AppError::unless_empty(fault_beside(&name, &there, most).into_iter().collect())?;
        let by = answers::service::author(conn, scene, &granted, &bid)?;
        let document = Document {
            id: scene.fresh(),
            stage,
            name: name.clone(),
            media_type: kind.media_type().into(),
            bytes: length,
            hash: hash.clone(),
            uploaded_by: by.person,
            organisation_id: by.organisation,
            uploaded_at: scene.now,
            taken_out_at: None,
            kept: false,
        };
        if files::arrived(conn, &hash, scans)? == FileState::Quarantined {
            scanning::order(conn, scene, &hash)?;
        }
        store::insert(conn, &granted, &document)?;
        tell(conn, scene, &granted, ("document.added", &document))?;
        order_look(conn, scene, granted.id())?;
        view(conn, &granted, document)
    })
    .await
}

/// Nothing is stored for somebody who may not upload, or not now. Of a request that is repeated under its key only whether they
/// may know of the bid is asked: its first answer may be that of a time at which they could.
async fn refuse_early(app: &App, call: &Call, reference: String) -> Result<()> {
    let repeated = call.key.is_some();
    call.read(app, move |conn, scene| {
        if repeated {
            return granted(conn, scene, &reference, Action::ReadBid).map(drop);
        }
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        writable_stage(conn, scene, &granted, Part::Documents).map(drop)
    })
    .await
}

fn refuse_large(app: &App, bytes: &Bytes) -> Result<()> {
    let largest = app.config.files.largest;
    if bytes.len() <= largest {
        return Ok(());
    }
    let most = files::in_words(i64::try_from(largest).unwrap_or(i64::MAX));
    Err(AppError::Invalid(vec![Fault::new(
        "file",
        "too_large",
        format!("The selected file must be smaller than {most}."),
    )]))
}

/// Looking into an office file takes a while, in which its thread would answer nobody else.
async fn inspected(name: String, bytes: Bytes) -> Result<(Kind, String)> {
    let look = move || files::inspect(&name, &bytes).map(|kind| (kind, files::hash_of(&bytes)));
    let found = web::block(look).await.map_err(AppError::internal)?;
    found.map_err(|fault| AppError::Invalid(vec![fault]))
}

/// Takes a document out of the draft. Versions that were submitted keep it.
///
/// # Errors
/// As policy says; `NotFound`; `Conflict` once the stage has closed.
pub async fn take_out(app: &App, call: &Call, reference: String, id: Id<RowKey>) -> Result<()> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let (_, _, stage) = writable_stage(conn, scene, &granted, Part::Documents)?;
        let there = store::current(conn, &granted, stage)?;
        let document = there.into_iter().find(|document| document.id == id).ok_or(AppError::NotFound)?;
        store::take_out(conn, &granted, id, Some(scene.now))?;
        tell(conn, scene, &granted, ("document.taken_out", &document))?;
        order_look(conn, scene, granted.id())
    })
    .await
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
