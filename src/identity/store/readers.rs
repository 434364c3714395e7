//! To whom mail goes: the people of organisations and funds, and those who assess a bid; each once, by id. What they are
//! told is for the room that writes to them to say, which has policy's yes for it.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::{
    db::{
        Conn,
        schema::{assignments, fund_roles, memberships, people},
    },
    error::Result,
    identity::model::{FundRole, Person},
    ids::{BidKey, FundKey, Id, OrganisationKey},
};

/// The people of some organisations.
///
/// # Errors
/// When the database fails.
pub fn of_organisations(
    conn: &mut Conn,
    organisations: impl IntoIterator<Item = Id<OrganisationKey>>,
) -> Result<Vec<Person>> {
    let mut found: Vec<Person> = by_organisation(conn, organisations)?.into_iter().map(|(_, person)| person).collect();
    found.dedup_by_key(|person| person.id);
    Ok(found)
}

/// The same, each once with every one of the organisations that they work for.
///
/// # Errors
/// When the database fails.
pub fn by_organisation(
    conn: &mut Conn,
    organisations: impl IntoIterator<Item = Id<OrganisationKey>>,
) -> Result<Vec<(Id<OrganisationKey>, Person)>> {
    let organisations: BTreeSet<Id<OrganisationKey>> = organisations.into_iter().collect();
    let mut found: Vec<(Id<OrganisationKey>, Person)> = memberships::table
        .inner_join(people::table)
        .filter(memberships::organisation_id.eq_any(organisations))
        .filter(memberships::ended_at.is_null())
        .order((people::id, memberships::organisation_id))
        .select((memberships::organisation_id, people::all_columns))
        .load(conn)?;
    // A person can have several roles in one organisation.
    found.dedup_by_key(|(organisation, person)| (*organisation, person.id));
    Ok(found)
}

/// The people who hold one of these roles for a fund.
///
/// # Errors
/// When the database fails.
pub fn of_fund(conn: &mut Conn, fund: Id<FundKey>, roles: &[FundRole]) -> Result<Vec<Person>> {
    let mut found: Vec<Person> = fund_roles::table
        .inner_join(people::table)
        .filter(fund_roles::fund_id.eq(fund))
        .filter(fund_roles::role.eq_any(roles))
        .filter(fund_roles::ended_at.is_null())
        .order(people::id)
        .select(people::all_columns)
        .load(conn)?;
    found.dedup_by_key(|person| person.id);
    Ok(found)
}

/// The managers of a fund.
///
/// # Errors
/// When the database fails.
pub fn managers(conn: &mut Conn, fund: Id<FundKey>) -> Result<Vec<Person>> {
    of_fund(conn, fund, &[FundRole::FundManager])
}

/// Those who were given a bid to assess.
///
/// # Errors
/// When the database fails.
pub fn assessors(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<Person>> {
    Ok(assignments::table
        .inner_join(people::table.on(people::id.eq(assignments::person_id)))
        .filter(assignments::bid_id.eq(bid))
        .filter(assignments::ended_at.is_null())
        .order(people::id)
        .select(people::all_columns)
        .load(conn)?)
}
