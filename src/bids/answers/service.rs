//! Reading what an answer has said: all of it, as a history, and where two people wrote at once.

use serde_json::Value;

use super::{
    model::{AnswerVersion, Author, Names, Span, Version, spans},
    store,
};
use crate::{
    bids::{
        documents::{self, model::Attached},
        model::Bid,
        service::{Place, granted},
    },
    clock::Moment,
    db::Conn,
    error::Result,
    funds::form::Question,
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action, Granted},
    ids::BidKey,
};

/// How many spans of work one page of an answer's history shows.
const SPANS: usize = 10;

/// For whom the actor writes: the lead where they work for it, otherwise their own council among the partners.
///
/// # Errors
/// When the database fails.
pub fn author(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, bid: &Bid) -> Result<Author> {
    let organisation = if granted.standing().leads() {
        Some(bid.lead_id)
    } else {
        let sight = policy::sight(conn, &scene.actor)?;
        store::partner_of(conn, granted, &sight)?
    };
    Ok(Author { person: scene.actor.person(), organisation })
}

/// The versions of an answer, newest first.
///
/// # Errors
/// As policy says; `NotFound` for an unknown question; `Invalid` for a wrong cursor or limit.
pub async fn versions(
    app: &App,
    call: &Call,
    (reference, question): (String, String),
    page: PageRequest,
) -> Result<Listing<AnswerVersion>> {
    let (limit, after) = (page.limit()?, page.after()?);
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadWriting)?;
        let place = Place::of(conn, &granted)?;
        let asked = (place.stage, place.question(&question)?.id.as_str());
        let rows = store::page(conn, &granted, asked, (after, limit + 1))?;
        let authors: Vec<Author> = rows.iter().map(|row| row.saved.author).collect();
        let names = store::names(conn, &authors)?;
        let listing = Listing::of(rows, limit, |row| row.id);
        Ok(Listing { items: listing.items.into_iter().map(|row| view(row, &names)).collect(), next: listing.next })
    })
    .await
}

fn view(row: Version, names: &Names) -> AnswerVersion {
    let author = row.saved.author;
    AnswerVersion {
        id: Some(row.id),
        number: row.saved.number,
        value: row.value.0,
        complete: row.complete,
        by: names.person(author),
        organisation: names.organisation(author),
        at: row.saved.written_at,
    }
}

/// A piece of work on an answer: what it said before, and what it says after.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Who wrote.
    pub by: String,
    /// When it was saved last.
    pub at: Moment,
    /// What it said before, and whether it was called finished.
    pub before: (Value, bool),
    /// The same after.
    pub after: (Value, bool),
}

/// How an answer came to be.
#[derive(Debug, Clone)]
pub struct AnswerHistory {
    /// The question.
    pub question: Question,
    /// The documents that it has named, if it names any.
    pub documents: Vec<Attached>,
    /// The pieces of work, newest first.
    pub changes: Vec<Change>,
    /// The version from which an older page goes on.
    pub older: Option<i32>,
}

/// How an answer came to be, newest first; where `before` is given, what was written before that version.
///
/// # Errors
/// As policy says; `NotFound` for an unknown question.
pub async fn history(
    app: &App,
    call: &Call,
    (reference, question): (String, String),
    before: Option<i32>,
) -> Result<AnswerHistory> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadWriting)?;
        let place = Place::of(conn, &granted)?;
        let question = place.question(&question)?.clone();
        let asked = (place.stage, question.id.as_str());
        let mut saves = store::saves(conn, &granted, asked)?;
        saves.retain(|save| before.is_none_or(|before| save.number < before));
        let mut shown: Vec<Span> = spans(&saves);
        shown.reverse();
        let older = (shown.len() > SPANS).then(|| shown.get(SPANS - 1).map(|span| span.first)).flatten();
        shown.truncate(SPANS);
        let changes = changes(conn, &granted, asked, &shown)?;
        let documents = documents::named::ever(conn, &granted, place.stage, &question)?;
        Ok(AnswerHistory { question, documents, changes, older })
    })
    .await
}

fn changes(conn: &mut Conn, granted: &Granted<BidKey>, asked: store::Asked<'_>, shown: &[Span]) -> Result<Vec<Change>> {
    let numbers: Vec<i32> = shown.iter().flat_map(|span| [span.first - 1, span.last]).collect();
    let texts = store::texts(conn, granted, asked, &numbers)?;
    let authors: Vec<Author> = shown.iter().map(|span| span.author).collect();
    let names = store::names(conn, &authors)?;
    let text = |number| texts.get(&number).cloned().unwrap_or((Value::Null, false));
    let change = |span: &Span| Change {
        by: names.of(span.author),
        at: span.at,
        before: text(span.first - 1),
        after: text(span.last),
    };
    Ok(shown.iter().map(change).collect())
}

/// Two people have written the same answer from the same start.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// What both started from.
    pub started: Value,
    /// What stands now.
    pub now: Value,
    /// Its version.
    pub version: i32,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// The documents that it has named, if it names any.
    pub documents: Vec<Attached>,
}

/// What somebody meets whose answer was refused because another had written it since version `from`, which is the start of
/// both; nothing where nobody has.
///
/// # Errors
/// As policy says; `NotFound` for an unknown question.
pub async fn meeting(
    app: &App,
    call: &Call,
    (reference, question): (String, String),
    from: i32,
) -> Result<Option<Meeting>> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadWriting)?;
        let place = Place::of(conn, &granted)?;
        let asked = (place.stage, place.question(&question)?.id.as_str());
        let documents = documents::named::ever(conn, &granted, place.stage, place.question(&question)?)?;
        let Some(last) = store::saves(conn, &granted, asked)?.pop() else { return Ok(None) };
        let names = store::names(conn, &[last.author])?;
        let mut texts = store::texts(conn, &granted, asked, &[from, last.number])?;
        let mut text = |number| texts.remove(&number).map(|(value, _)| value).unwrap_or_default();
        Ok(Some(Meeting {
            now: text(last.number),
            started: text(from),
            version: last.number,
            by: names.of(last.author),
            at: last.written_at,
            documents,
        }))
    })
    .await
}
