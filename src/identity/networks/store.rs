//! The SQL of networks. Who belongs to one is for everybody to know; writing it demands policy's yes.

use std::collections::BTreeMap;

use diesel::{delete, insert_into, prelude::*, update};

use super::model::{DECLARATION, MemberState, Network, NetworkMember, NewMembership};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{network_members, networks, organisations},
    },
    error::{AppError, Result},
    identity::policy::GrantedService,
    ids::{Id, OrganisationKey, PersonKey},
};

/// Every network, by name.
pub fn every(conn: &mut Conn) -> Result<Vec<Network>> {
    Ok(networks::table.order(networks::name).load(conn)?)
}

/// One of them.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, code: &str) -> Result<Network> {
    networks::table.find(code).first(conn).optional()?.ok_or(AppError::NotFound)
}

/// Makes a network, or gives it another name.
pub fn put(conn: &mut Conn, _: &GrantedService, network: &Network) -> Result<()> {
    let renamed =
        update(networks::table.find(&network.code)).set(networks::name.eq(network.name.trim())).execute(conn)?;
    if renamed == 0 {
        let row = (networks::code.eq(&network.code), networks::name.eq(network.name.trim()));
        insert_into(networks::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The organisations of a network, by name.
pub fn members(conn: &mut Conn, network: &str) -> Result<Vec<NetworkMember>> {
    Ok(network_members::table
        .inner_join(organisations::table)
        .filter(network_members::network.eq(network))
        .order((organisations::name, organisations::code))
        .select((
            organisations::id,
            organisations::code,
            organisations::name,
            network_members::state,
            network_members::from_day,
        ))
        .load(conn)?)
}

/// How far some organisations are with a network; those that are not there have not begun.
pub fn states(
    conn: &mut Conn,
    network: &str,
    of: &[Id<OrganisationKey>],
) -> Result<BTreeMap<Id<OrganisationKey>, MemberState>> {
    let rows: Vec<(Id<OrganisationKey>, MemberState)> = network_members::table
        .filter(network_members::network.eq(network))
        .filter(network_members::organisation_id.eq_any(of))
        .select((network_members::organisation_id, network_members::state))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Records how far an organisation is, in the place of what was recorded before.
pub fn record(
    conn: &mut Conn,
    granted: &GrantedService,
    (network, organisation): (&str, Id<OrganisationKey>),
    membership: &NewMembership,
    (by, now): (Option<Id<PersonKey>>, Moment),
) -> Result<()> {
    take_out(conn, granted, (network, organisation))?;
    let row = (
        network_members::network.eq(network),
        network_members::organisation_id.eq(organisation),
        network_members::state.eq(membership.state),
        network_members::from_day.eq(membership.from),
        network_members::recorded_by.eq(by),
        network_members::recorded_at.eq(Some(now)),
    );
    insert_into(network_members::table).values(row).execute(conn)?;
    mark(conn, (network, organisation), membership.state == MemberState::Member)
}

/// Takes an organisation out of a network; says whether it was there.
pub fn take_out(
    conn: &mut Conn,
    _: &GrantedService,
    (network, organisation): (&str, Id<OrganisationKey>),
) -> Result<bool> {
    let gone = delete(network_members::table.find((network, organisation))).execute(conn)?;
    mark(conn, (network, organisation), false)?;
    Ok(gone == 1)
}

/// Rules of eligibility ask for the organisation's own mark of the declaration.
fn mark(conn: &mut Conn, (network, organisation): (&str, Id<OrganisationKey>), signed: bool) -> Result<()> {
    if network == DECLARATION {
        update(organisations::table.find(organisation))
            .set(organisations::signed_declaration.eq(signed))
            .execute(conn)?;
    }
    Ok(())
}
