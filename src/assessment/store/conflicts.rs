//! The SQL of conflicts of interest.

use diesel::{insert_into, prelude::*, update};

use super::super::model::{Conflict, Origin};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, conflicts, organisations, partners},
    },
    error::{AppError, Result},
    identity::policy::{Granted, Sight},
    ids::{BidKey, Id, OrganisationKey, PersonKey, RoundKey, RowKey},
};

/// The columns of a new conflict.
#[derive(Debug, Clone, Copy)]
pub struct ConflictRow<'a> {
    /// Its id.
    pub id: Id<RowKey>,
    /// Who has it.
    pub person: Id<PersonKey>,
    /// With which bid.
    pub bid: Option<Id<BidKey>>,
    /// With which organisation.
    pub organisation: Option<Id<OrganisationKey>>,
    /// Who said so.
    pub origin: Origin,
    /// Why.
    pub reason: &'a str,
}

/// Puts a conflict in.
pub fn insert_conflict(
    conn: &mut Conn,
    _: &Sight,
    row: ConflictRow<'_>,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    insert_into(conflicts::table)
        .values((
            conflicts::id.eq(row.id),
            conflicts::person_id.eq(row.person),
            conflicts::bid_id.eq(row.bid),
            conflicts::organisation_id.eq(row.organisation),
            conflicts::origin.eq(row.origin),
            conflicts::reason.eq(row.reason),
            conflicts::created_by.eq(by),
            conflicts::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// One's own conflicts, newest first.
pub fn own_conflicts(conn: &mut Conn, sight: &Sight) -> Result<Vec<Conflict>> {
    Ok(conflicts::table
        .filter(conflicts::person_id.nullable().eq(sight.person))
        .order((conflicts::created_at.desc(), conflicts::id.desc()))
        .select(Conflict::as_select())
        .load(conn)?)
}

/// One conflict.
pub fn conflict(conn: &mut Conn, _: &Sight, id: Id<RowKey>) -> Result<Conflict> {
    let found = conflicts::table.find(id).select(Conflict::as_select()).first(conn).optional()?;
    found.ok_or(AppError::NotFound)
}

/// Lifts a conflict; whether it stood.
pub fn lift(conn: &mut Conn, _: &Sight, id: Id<RowKey>, now: Moment) -> Result<bool> {
    let standing = conflicts::table.find(id).filter(conflicts::lifted_at.is_null());
    Ok(update(standing).set(conflicts::lifted_at.eq(Some(now))).execute(conn)? == 1)
}

/// The organisations of a bid, its lead first: what one may see of a bid in order to say that one has a conflict.
pub fn organisations_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<(String, String)>> {
    let mut found: Vec<(String, String)> = bids::table
        .inner_join(organisations::table)
        .filter(bids::id.eq(bid.id()))
        .select((organisations::code, organisations::name))
        .load(conn)?;
    let partners: Vec<(String, String)> = partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq(bid.id()))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .order(organisations::name)
        .select((organisations::code, organisations::name))
        .load(conn)?;
    found.extend(partners);
    Ok(found)
}

/// The round of a bid with which there is a conflict.
pub fn round_of(conn: &mut Conn, _: &Sight, bid: Id<BidKey>) -> Result<Id<RoundKey>> {
    Ok(bids::table.find(bid).select(bids::round_id).first(conn)?)
}
