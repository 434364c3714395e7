//! The SQL of the register. Entries are public; what a bid names belongs to the bid.

use diesel::{insert_into, prelude::*, update};

use super::{
    model::{Entry, NewEntry, PriorWork},
    search::{DocumentKey, Hit},
};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, organisations, prior_work, register_entries, rounds},
    },
    error::Result,
    identity::policy::{Granted, GrantedService},
    ids::{BidKey, EntryKey, Id, RowKey},
};

/// An entry by its key.
pub fn by_key(conn: &mut Conn, key: &str) -> Result<Option<Entry>> {
    let found = register_entries::table.filter(register_entries::entry_key.eq(key));
    Ok(found.select(Entry::as_select()).first(conn).optional()?)
}

/// The entries with these ids, in no order.
pub fn by_ids(conn: &mut Conn, ids: &[Id<EntryKey>]) -> Result<Vec<Entry>> {
    let found = register_entries::table.filter(register_entries::id.eq_any(ids.to_vec()));
    Ok(found.select(Entry::as_select()).load(conn)?)
}

/// Entries in the order of their titles, of `among` alone if given.
pub fn listed(
    conn: &mut Conn,
    among: Option<Vec<Id<EntryKey>>>,
    after: Option<Id<EntryKey>>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let order = (register_entries::title, register_entries::id);
    let mut query = register_entries::table.select(Entry::as_select()).order(order).limit(limit).into_boxed();
    if let Some(among) = among {
        query = query.filter(register_entries::id.eq_any(among));
    }
    if let Some((title, id)) = after.map(|after| place_of(conn, after)).transpose()?.flatten() {
        let further = register_entries::title.eq(title.clone()).and(register_entries::id.gt(id));
        query = query.filter(register_entries::title.gt(title).or(further));
    }
    Ok(query.load(conn)?)
}

fn place_of(conn: &mut Conn, id: Id<EntryKey>) -> Result<Option<(String, Id<EntryKey>)>> {
    let place = register_entries::table.find(id).select((register_entries::title, register_entries::id));
    Ok(place.first(conn).optional()?)
}

/// Adds an entry.
pub fn insert(conn: &mut Conn, _: &GrantedService, id: Id<EntryKey>, entry: &NewEntry, now: Moment) -> Result<()> {
    insert_into(register_entries::table)
        .values((register_entries::id.eq(id), entry, register_entries::added_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// Makes an entry say something else; its key stays.
pub fn overwrite(conn: &mut Conn, _: &GrantedService, id: Id<EntryKey>, entry: &NewEntry) -> Result<()> {
    update(register_entries::table.find(id)).set(entry).execute(conn)?;
    Ok(())
}

/// Reference, lead authority and round of bids that a search has found, and which therefore are public.
pub fn published(conn: &mut Conn, hits: &[Hit]) -> Result<Vec<(Id<DocumentKey>, [String; 3])>> {
    type Row = (Id<BidKey>, String, String, String);
    let ids: Vec<Id<BidKey>> = hits.iter().map(|hit| hit.id.cast()).collect();
    let rows: Vec<Row> = bids::table
        .inner_join(organisations::table)
        .inner_join(rounds::table)
        .filter(bids::id.eq_any(ids))
        .select((bids::id, bids::reference, organisations::name, rounds::title))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, reference, lead, round)| (id.cast(), [reference, lead, round])).collect())
}

/// The earlier work that a bid names, in the order in which it was chosen.
pub fn prior_work_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<PriorWork>> {
    let rows: Vec<(Entry, String)> = prior_work::table
        .inner_join(register_entries::table)
        .filter(prior_work::bid_id.eq(bid.id()))
        .order((prior_work::created_at, register_entries::title))
        .select((Entry::as_select(), prior_work::why))
        .load(conn)?;
    Ok(rows.into_iter().map(|(entry, why)| PriorWork { entry, why }).collect())
}

/// Adds an entry to the earlier work that a bid names.
pub fn pick(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
    (entry, why): (Id<EntryKey>, &str),
    now: Moment,
) -> Result<()> {
    insert_into(prior_work::table)
        .values((
            prior_work::id.eq(id),
            prior_work::bid_id.eq(bid.id()),
            prior_work::entry_id.eq(entry),
            prior_work::why.eq(why),
            prior_work::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives another reason for an entry that a bid names.
pub fn change_why(conn: &mut Conn, bid: &Granted<BidKey>, entry: Id<EntryKey>, why: &str) -> Result<()> {
    update(prior_work::table.filter(prior_work::bid_id.eq(bid.id())).filter(prior_work::entry_id.eq(entry)))
        .set(prior_work::why.eq(why))
        .execute(conn)?;
    Ok(())
}

/// Takes an entry out of the earlier work that a bid names.
pub fn unpick(conn: &mut Conn, bid: &Granted<BidKey>, entry: Id<EntryKey>) -> Result<()> {
    diesel::delete(prior_work::table.filter(prior_work::bid_id.eq(bid.id())).filter(prior_work::entry_id.eq(entry)))
        .execute(conn)?;
    Ok(())
}
