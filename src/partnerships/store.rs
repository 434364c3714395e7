//! The SQL of partners. Each change names the state that it starts from, so that of two at once one wins.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{insert_into, prelude::*, update};

use super::model::{Partner, PartnerState};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{organisations, partners},
    },
    error::{AppError, Result},
    identity::{model::Person, policy::Granted, store::readers},
    ids::{BidKey, Id, OrganisationKey, PersonKey, RowKey},
};

type PartnerColumns = (
    partners::id,
    partners::organisation_id,
    organisations::code,
    organisations::name,
    partners::role,
    partners::state,
    partners::share_pence,
    partners::sponsor,
    partners::reason,
    partners::invited_by,
    partners::invited_at,
    partners::answered_at,
    partners::version,
);
const PARTNER: PartnerColumns = (
    partners::id,
    partners::organisation_id,
    organisations::code,
    organisations::name,
    partners::role,
    partners::state,
    partners::share_pence,
    partners::sponsor,
    partners::reason,
    partners::invited_by,
    partners::invited_at,
    partners::answered_at,
    partners::version,
);

/// Every council that was ever invited to a bid, by code.
pub fn partners_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Partner>> {
    let of_bid = partners::table.inner_join(organisations::table).filter(partners::bid_id.eq(bid.id()));
    Ok(of_bid.order(organisations::code).select(PARTNER).load(conn)?)
}

/// One of them.
pub fn partner(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>) -> Result<Partner> {
    let found = partners_of(conn, bid)?.into_iter().find(|partner| partner.id == id);
    found.ok_or(AppError::NotFound)
}

/// The councils of some bids, each of which is named with its lead: the lead, and the partners that stand in one of these
/// states.
///
/// # Errors
/// When the database fails.
pub fn councils_of(
    conn: &mut Conn,
    bids: &[(Id<BidKey>, Id<OrganisationKey>)],
    states: &[PartnerState],
) -> Result<BTreeMap<Id<BidKey>, BTreeSet<Id<OrganisationKey>>>> {
    let partners: Vec<(Id<BidKey>, Id<OrganisationKey>)> = partners::table
        .filter(partners::bid_id.eq_any(bids.iter().map(|(bid, _)| *bid)))
        .filter(partners::state.eq_any(states))
        .select((partners::bid_id, partners::organisation_id))
        .load(conn)?;
    let mut councils: BTreeMap<Id<BidKey>, BTreeSet<Id<OrganisationKey>>> = BTreeMap::new();
    for (bid, council) in bids.iter().copied().chain(partners) {
        councils.entry(bid).or_default().insert(council);
    }
    Ok(councils)
}

/// Somebody who reads the mail about a bid.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The person.
    pub person: Person,
    /// Whether they work for the lead authority.
    pub leads: bool,
}

/// The people of a bid's councils, each once, by id; whoever works for the lead and for a partner reads as the lead.
///
/// # Errors
/// When the database fails.
pub fn readers_of(
    conn: &mut Conn,
    (bid, lead): (Id<BidKey>, Id<OrganisationKey>),
    states: &[PartnerState],
) -> Result<Vec<Reader>> {
    let councils = councils_of(conn, &[(bid, lead)], states)?;
    let mut found: Vec<Reader> = Vec::new();
    for (council, person) in readers::by_organisation(conn, councils.into_values().flatten())? {
        let leads = council == lead;
        match found.last_mut().filter(|last| last.person.id == person.id) {
            Some(known) => known.leads |= leads,
            None => found.push(Reader { person, leads }),
        }
    }
    Ok(found)
}

/// Adds an invitation.
pub fn insert(conn: &mut Conn, bid: &Granted<BidKey>, partner: &Partner) -> Result<()> {
    insert_into(partners::table)
        .values((
            partners::id.eq(partner.id),
            partners::bid_id.eq(bid.id()),
            partners::organisation_id.eq(partner.organisation_id),
            partners::role.eq(&partner.role),
            partners::state.eq(partner.state),
            partners::share_pence.eq(partner.share_pence),
            partners::sponsor.eq(&partner.sponsor),
            partners::invited_by.eq(partner.invited_by),
            partners::invited_at.eq(partner.invited_at),
            partners::answered_at.eq(partner.answered_at),
            partners::version.eq(partner.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a partner over the version before; says whether that stood.
pub fn overwrite(conn: &mut Conn, bid: &Granted<BidKey>, before: i32, partner: &Partner) -> Result<bool> {
    let nobody: Option<Id<PersonKey>> = None;
    let row = partners::table.find(partner.id).filter(partners::bid_id.eq(bid.id()));
    let changed = update(row.filter(partners::version.eq(before)))
        .set((
            partners::role.eq(&partner.role),
            partners::state.eq(partner.state),
            partners::share_pence.eq(partner.share_pence),
            partners::sponsor.eq(&partner.sponsor),
            partners::reason.eq(&partner.reason),
            partners::invited_by.eq(partner.invited_by),
            partners::invited_at.eq(partner.invited_at),
            partners::answered_at.eq(partner.answered_at),
            partners::version.eq(partner.version),
        ))
        .execute(conn)?;
    if partner.state == PartnerState::Invited {
        update(partners::table.find(partner.id)).set(partners::answered_by.eq(nobody)).execute(conn)?;
    }
    Ok(changed == 1)
}

/// Answers an invitation that has no answer; says whether that was so.
pub fn answer(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    partner: Id<RowKey>,
    (state, reason): (PartnerState, Option<&str>),
    (by, now): (Option<Id<PersonKey>>, Moment),
) -> Result<bool> {
    let row = partners::table.find(partner).filter(partners::bid_id.eq(bid.id()));
    let changed = update(row.filter(partners::state.eq(PartnerState::Invited)))
        .set((
            partners::state.eq(state),
            partners::reason.eq(reason),
            partners::answered_by.eq(by),
            partners::answered_at.eq(Some(now)),
            partners::version.eq(partners::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Lets a partner go that takes part; says whether it did.
pub fn leave(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    partner: Id<RowKey>,
    reason: &str,
    (by, now): (Option<Id<PersonKey>>, Moment),
) -> Result<bool> {
    let row = partners::table.find(partner).filter(partners::bid_id.eq(bid.id()));
    let changed = update(row.filter(partners::state.eq(PartnerState::Confirmed)))
        .set((
            partners::state.eq(PartnerState::Left),
            partners::reason.eq(Some(reason)),
            partners::answered_by.eq(by),
            partners::answered_at.eq(Some(now)),
            partners::version.eq(partners::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Takes an invitation back or a partner out that stands at `version`; says whether it did.
pub fn withdraw(conn: &mut Conn, bid: &Granted<BidKey>, partner: Id<RowKey>, version: i32) -> Result<bool> {
    let row = partners::table.find(partner).filter(partners::bid_id.eq(bid.id())).filter(partners::version.eq(version));
    let changed = update(row.filter(partners::state.eq_any(PartnerState::STANDING)))
        .set((partners::state.eq(PartnerState::Withdrawn), partners::version.eq(version + 1)))
        .execute(conn)?;
    Ok(changed == 1)
}
