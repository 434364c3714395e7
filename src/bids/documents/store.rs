//! The SQL of a bid's documents.

use diesel::{insert_into, prelude::*, update};

use super::model::Document;
use crate::{
    clock::Moment,
    db::{Conn, schema::documents},
    error::{AppError, Result},
    funds::rulebook::Stage,
    identity::policy::Granted,
    ids::{BidKey, Id, RowKey},
};

/// Puts a document in.
pub fn insert(conn: &mut Conn, bid: &Granted<BidKey>, new: &Document) -> Result<()> {
    insert_into(documents::table)
        .values((
            documents::id.eq(new.id),
            documents::bid_id.eq(bid.id()),
            documents::stage.eq(new.stage),
            documents::name.eq(&new.name),
            documents::media_type.eq(&new.media_type),
            documents::bytes.eq(new.bytes),
            documents::hash.eq(&new.hash),
            documents::uploaded_by.eq(new.uploaded_by),
            documents::organisation_id.eq(new.organisation_id),
            documents::uploaded_at.eq(new.uploaded_at),
            documents::taken_out_at.eq(new.taken_out_at),
            documents::kept.eq(new.kept),
        ))
        .execute(conn)?;
    Ok(())
}

/// All that a bid ever had at a stage, by name.
pub fn of_stage(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<Vec<Document>> {
    let mut all: Vec<Document> = documents::table
        .filter(documents::bid_id.eq(bid.id()))
        .filter(documents::stage.eq(stage))
        .select(Document::as_select())
        .load(conn)?;
    // The databases sort letters differently, and what a bid says is hashed.
    all.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(all)
}

/// Those that a bid has now at a stage, by name.
pub fn current(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<Vec<Document>> {
    let mut all = of_stage(conn, bid, stage)?;
    all.retain(|document| document.taken_out_at.is_none());
    Ok(all)
}

/// One that a bid has or had.
///
/// # Errors
/// `NotFound`.
pub fn one(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>) -> Result<Document> {
    let found = documents::table
        .find(id)
        .filter(documents::bid_id.eq(bid.id()))
        .select(Document::as_select())
        .first(conn)
        .optional()?;
    found.ok_or(AppError::NotFound)
}

/// Takes a document out, or puts it back where `at` is none.
pub fn take_out(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>, at: Option<Moment>) -> Result<()> {
    update(documents::table.find(id).filter(documents::bid_id.eq(bid.id())))
        .set(documents::taken_out_at.eq(at))
        .execute(conn)?;
    Ok(())
}

/// Keeps the bytes of all that a bid has now at a stage, whatever becomes of the draft.
pub fn keep(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<()> {
    let current = documents::table
        .filter(documents::bid_id.eq(bid.id()))
        .filter(documents::stage.eq(stage))
        .filter(documents::taken_out_at.is_null());
    update(current).set(documents::kept.eq(true)).execute(conn)?;
    Ok(())
}

/// The bids of whose drafts or versions a file is part, with its document in each. For the scanner alone, which asks for
/// no bid.
pub fn with_hash(conn: &mut Conn, hash: &str) -> Result<Vec<(Id<BidKey>, Document)>> {
    Ok(documents::table
        .filter(documents::hash.eq(hash))
        .filter(documents::taken_out_at.is_null().or(documents::kept.eq(true)))
        .order(documents::id)
        .select((documents::bid_id, Document::as_select()))
        .load(conn)?)
}
