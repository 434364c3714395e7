//! What becomes of slides, for those who may change or read them.

use serde_json::json;

use super::{
    model::{EarlierSlides, SlidesRow},
    store,
};
use crate::{
    bids::{
        answers::{self, model::Author},
        documents::{
            letters::{self, Found},
            model::{DocumentView, fault_beside},
            receiving::{self, Received},
            service::around,
        },
        service::is_applicant,
        store as bid_store,
    },
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    http::Scene,
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RowKey},
};

/// The slides that a bid has, by name. People's names are for its own councils.
///
/// # Errors
/// When the database fails.
pub fn current(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<Vec<DocumentView>> {
    let rows = store::current(conn, granted)?;
    views(conn, granted, rows)
}

/// Those that were replaced or taken out, the latest first, for the bid's own councils alone.
///
/// # Errors
/// When the database fails.
pub fn earlier(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<Vec<EarlierSlides>> {
    if !is_applicant(granted) {
        return Ok(Vec::new());
    }
    let mut rows = store::all(conn, granted)?;
    rows.retain(|row| row.taken_out_at.is_some());
    rows.sort_by_key(|row| (row.taken_out_at, row.id));
    rows.reverse();
    let takers: Vec<Author> = rows.iter().map(|row| Author { person: row.taken_out_by, organisation: None }).collect();
    let names = answers::store::names(conn, &takers)?;
    let views = views(conn, granted, rows.clone())?;
    let both = rows.into_iter().zip(takers).zip(views);
    let one = |((row, taker), slides): ((SlidesRow, Author), DocumentView)| EarlierSlides {
        taken_out_at: row.taken_out_at.unwrap_or(row.uploaded_at),
        taken_out_by: names.person(taker),
        replaced_by: row.replaced_by,
        slides,
    };
    Ok(both.map(one).collect())
}

fn views(conn: &mut Conn, granted: &Granted<BidKey>, rows: Vec<SlidesRow>) -> Result<Vec<DocumentView>> {
    let files: Vec<_> = rows.iter().map(|row| (row.author(), row.hash.as_str())).collect();
    let (names, states) = around(conn, granted, &files)?;
    Ok(rows.into_iter().map(|row| row.view(&names, &states)).collect())
}

/// Brings slides whose bytes are stored, beside the others or in the place of some. The same file under the same name is there once,
/// however often it is brought.
///
/// # Errors
/// `Invalid` where there are as many as there may be, or others of this name, and where those that it replaces are not there; `Busy`
/// when the bytes were swept away meanwhile.
pub fn put(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (file, replaces): (&Received, Option<Id<RowKey>>),
    (most, scans): (usize, bool),
) -> Result<DocumentView> {
    let there = store::current(conn, granted)?;
    let same = there.iter().find(|other| other.hash == file.hash && other.name == file.name);
    if let Some(same) = same.filter(|same| replaces.is_none_or(|replaced| replaced == same.id)) {
        return view(conn, granted, same.clone());
    }
    if replaces.is_some_and(|replaced| there.iter().all(|other| other.id != replaced)) {
        let message = "The slides that yours were to replace are not there any more. Upload yours beside the others.";
        return Err(AppError::invalid("replaces", "not_there", message));
    }
    let others = there.iter().filter(|other| Some(other.id) != replaces);
    let names: Vec<&str> = others.map(|other| other.name.as_str()).collect();
    let fault: Option<Fault> = fault_beside(&file.name, &names, (most, "The interview has", "files of slides"));
    AppError::unless_empty(fault.into_iter().collect())?;
    let bid = bid_store::load(conn, granted)?;
    let by = answers::service::author(conn, scene, granted, &bid)?;
    let new = SlidesRow {
        id: scene.fresh(),
        bid_id: granted.id(),
        name: file.name.clone(),
        media_type: file.kind.media_type().into(),
        bytes: file.bytes,
        hash: file.hash.clone(),
        uploaded_by: by.person,
        organisation_id: by.organisation,
        uploaded_at: scene.now,
        taken_out_at: None,
        taken_out_by: None,
        replaced_by: None,
    };
    receiving::arrive(conn, scene, &new.hash, scans)?;
    store::insert(conn, granted, &new)?;
    if let Some(replaced) = replaces {
        store::take_out(conn, granted, replaced, (scene.actor.person(), scene.now, Some(new.id)))?;
    }
    tell(conn, scene, granted, ("slides.added", &new, replaces))?;
    view(conn, granted, new)
}

fn view(conn: &mut Conn, granted: &Granted<BidKey>, row: SlidesRow) -> Result<DocumentView> {
    views(conn, granted, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// Takes slides out.
///
/// # Errors
/// `NotFound` where they are not there.
pub fn take_out(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, id: Id<RowKey>) -> Result<()> {
    let there = store::current(conn, granted)?;
    let row = there.iter().find(|row| row.id == id).ok_or(AppError::NotFound)?;
    if !store::take_out(conn, granted, id, (scene.actor.person(), scene.now, None))? {
        return Err(AppError::NotFound);
    }
    tell(conn, scene, granted, ("slides.taken_out", row, None))
}

/// Takes out the slides, of whichever bids, that are a file in which a virus was found, and tells whoever uploaded them.
///
/// # Errors
/// When the database fails.
pub fn infected(conn: &mut Conn, scene: &Scene, hash: &str) -> Result<()> {
    for row in store::with_hash(conn, hash)? {
        let granted = policy::bid(conn, &scene.actor, Action::ReadBid, row.bid_id)?;
        store::take_out(conn, &granted, row.id, (None, scene.now, None))?;
        tell(conn, scene, &granted, ("slides.infected", &row, None))?;
        let found = Found { id: row.id, name: &row.name, by: row.author(), submitted: false, slides: true };
        letters::infected(conn, scene, &granted, &found)?;
    }
    Ok(())
}

/// The history holds what came and went with its hash, and no name, which may be somebody's.
fn tell(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (kind, row, replaces): (&'static str, &SlidesRow, Option<Id<RowKey>>),
) -> Result<()> {
    let detail = json!({
        "slides": row.id, "media_type": row.media_type, "bytes": row.bytes, "hash": row.hash, "in_place_of": replaces
    });
    scene.tell(conn, Chain::Bid(granted.id()), kind, detail)
}
