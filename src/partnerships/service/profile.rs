//! What a partner takes from the profile of its own organisation when it confirms: who answers for it, and whom to ask there. What
//! somebody has named for this bid stands.

use crate::{
    actor::Actor,
    bids::partner::PartnerPeople,
    db::Conn,
    error::{AppError, Result},
    identity::{
        policy::{self, Action, Granted},
        profiles::{self, model::Profile},
    },
    ids::{BidKey, Id, OrganisationKey},
    partnerships::{model::Partner, store},
};

/// What an organisation says in each of its bids. Whoever confirms for it may be a program, which reads no profile: the service
/// does.
///
/// # Errors
/// When the database fails.
pub fn of(conn: &mut Conn, organisation: Id<OrganisationKey>) -> Result<Profile> {
    let granted = policy::organisation(conn, &Actor::System, Action::ReadOrganisation, organisation)?;
    Ok(profiles::store::of(conn, &granted)?.profile)
}

/// The partner with the sponsor and the contact of its organisation's profile, where none is named.
///
/// # Errors
/// When the database fails.
pub fn named(conn: &mut Conn, partner: &Partner) -> Result<Partner> {
    Ok(filled(partner, of(conn, partner.organisation_id)?))
}

fn filled(partner: &Partner, profile: Profile) -> Partner {
    let mut filled = partner.clone();
    if partner.sponsor.is_empty() && partner.people.sponsor_name.is_empty() {
        filled.sponsor = profile.sponsor;
    }
    if partner.people.contact_name.is_empty() && partner.people.contact_email.is_empty() {
        let (contact_name, contact_email) = (profile.contact.name, profile.contact.email);
        filled.people = PartnerPeople { contact_name, contact_email, ..filled.people };
    }
    filled
}

/// Keeps that of a partner that has just confirmed; the change counts as one with its answer.
///
/// # Errors
/// When the database fails.
pub(super) fn take(conn: &mut Conn, bid: &Granted<BidKey>, confirmed: Partner) -> Result<Partner> {
    let filled = named(conn, &confirmed)?;
    if filled != confirmed && !store::overwrite(conn, bid, confirmed.version, &filled)? {
        return Err(AppError::Stale { current: confirmed.version });
    }
    Ok(filled)
}
