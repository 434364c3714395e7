//! The SQL of partners and sign-offs. Each change names the state that it starts from, so that of two at once one wins.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{insert_into, prelude::*, update};

use super::model::{Partner, PartnerState, SignOff, SignOffState};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{organisations, partners, sign_offs},
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

/// Takes an invitation back or a partner out that stands at `version`; says whether it did.
pub fn withdraw(conn: &mut Conn, bid: &Granted<BidKey>, partner: Id<RowKey>, version: i32) -> Result<bool> {
    let row = partners::table.find(partner).filter(partners::bid_id.eq(bid.id())).filter(partners::version.eq(version));
    let changed = update(row.filter(partners::state.eq_any(PartnerState::STANDING)))
        .set((partners::state.eq(PartnerState::Withdrawn), partners::version.eq(version + 1)))
        .execute(conn)?;
    Ok(changed == 1)
}

/// The sign-off of a bid that counts: the one that is asked for or signed, otherwise the last that came to nothing.
pub fn sign_off_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Option<SignOff>> {
    type Row = (
        Id<RowKey>,
        Vec<u8>,
        SignOffState,
        Id<PersonKey>,
        Moment,
        Option<Id<PersonKey>>,
        Option<Moment>,
        Option<String>,
    );
    let came_to_nothing = sign_offs::state.eq_any([SignOffState::ChangesWanted, SignOffState::Void]);
    let row: Option<Row> = sign_offs::table
        .filter(sign_offs::bid_id.eq(bid.id()))
        .order((came_to_nothing, sign_offs::requested_at.desc(), sign_offs::id.desc()))
        .select((
            sign_offs::id,
            sign_offs::hash,
            sign_offs::state,
            sign_offs::requested_by,
            sign_offs::requested_at,
            sign_offs::person_id,
            sign_offs::answered_at,
            sign_offs::words,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, hash, state, requested_by, requested_at, person_id, answered_at, words)| SignOff {
        id,
        hash: hex::encode(hash),
        state,
        requested_by,
        requested_at,
        person_id,
        answered_at,
        words,
    }))
}

/// Asks for a sign-off of the version with this hash.
pub fn request(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
    (lead, hash): (Id<OrganisationKey>, &[u8]),
    (by, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    insert_into(sign_offs::table)
        .values((
            sign_offs::id.eq(id),
            sign_offs::bid_id.eq(bid.id()),
            sign_offs::organisation_id.eq(lead),
            sign_offs::hash.eq(hash),
            sign_offs::state.eq(SignOffState::Requested),
            sign_offs::requested_by.eq(by),
            sign_offs::requested_at.eq(now),
            sign_offs::version.eq(1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Makes a request that has no answer one for another version.
pub fn request_for(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>, hash: &[u8]) -> Result<()> {
    let row = sign_offs::table.find(id).filter(sign_offs::bid_id.eq(bid.id()));
    update(row.filter(sign_offs::state.eq(SignOffState::Requested)))
        .set((sign_offs::hash.eq(hash), sign_offs::version.eq(sign_offs::version + 1)))
        .execute(conn)?;
    Ok(())
}

/// What a signatory says of a version.
pub struct Answer<'a> {
    /// Signed, or changes are wanted.
    pub state: SignOffState,
    /// The version.
    pub hash: &'a [u8],
    /// The changes.
    pub words: Option<&'a str>,
    /// Who says so.
    pub by: Id<PersonKey>,
    /// When.
    pub at: Moment,
}

/// Answers a request that has no answer; says whether that was so.
pub fn answer_request(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>, answer: &Answer) -> Result<bool> {
    let row = sign_offs::table.find(id).filter(sign_offs::bid_id.eq(bid.id()));
    let changed = update(row.filter(sign_offs::state.eq(SignOffState::Requested)))
        .set((
            sign_offs::state.eq(answer.state),
            sign_offs::hash.eq(answer.hash),
            sign_offs::words.eq(answer.words),
            sign_offs::person_id.eq(Some(answer.by)),
            sign_offs::answered_at.eq(Some(answer.at)),
            sign_offs::version.eq(sign_offs::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Makes a signature void.
pub fn make_void(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>) -> Result<()> {
    let row = sign_offs::table.find(id).filter(sign_offs::bid_id.eq(bid.id()));
    update(row.filter(sign_offs::state.eq(SignOffState::Signed)))
        .set((sign_offs::state.eq(SignOffState::Void), sign_offs::version.eq(sign_offs::version + 1)))
        .execute(conn)?;
    Ok(())
}
