//! The SQL of partners. Each change names the state that it starts from, so that of two at once one wins.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{delete, insert_into, prelude::*, update};

use super::model::{Partner, PartnerState};
use crate::{
    bids::{
        self,
        partner::{PartnerKind, PartnerPeople, TakingPart},
    },
    clock::Moment,
    db::{
        Conn,
        schema::{organisations, partner_parts, partner_people, partners},
    },
    error::{AppError, Result},
    identity::{
        model::{OrganisationKind, Person},
        policy::Granted,
        store::readers,
    },
    ids::{BidKey, Id, OrganisationKey, PersonKey, RowKey},
    money::Pence,
};

type PartnerColumns = (
    partners::id,
    partners::organisation_id,
    (organisations::code, organisations::name, organisations::kind),
    (partners::kind, partners::role, partners::share_pence, partners::sponsor),
    (partners::state, partners::reason, partners::replaced_by),
    (partners::invited_by, partners::invited_at, partners::answered_at),
    partners::version,
);
const PARTNER: PartnerColumns = (
    partners::id,
    partners::organisation_id,
    (organisations::code, organisations::name, organisations::kind),
    (partners::kind, partners::role, partners::share_pence, partners::sponsor),
    (partners::state, partners::reason, partners::replaced_by),
    (partners::invited_by, partners::invited_at, partners::answered_at),
    partners::version,
);
/// What of it is in its own row and its organisation's.
type Row = (
    Id<RowKey>,
    Id<OrganisationKey>,
    (String, String, OrganisationKind),
    (Option<PartnerKind>, String, Pence, String),
    (PartnerState, Option<String>, Option<Id<RowKey>>),
    (Id<PersonKey>, Moment, Option<Moment>),
    i32,
);

/// Every council that was ever invited to a bid, by code.
pub fn partners_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Partner>> {
    let of_bid = partners::table.inner_join(organisations::table).filter(partners::bid_id.eq(bid.id()));
    let rows: Vec<Row> = of_bid.order(organisations::code).select(PARTNER).load(conn)?;
    let mut parts = bids::store::parts_of_partners(conn, bid.id())?;
    let mut people = people_of(conn, bid)?;
    let whole = |row: Row| {
        let of_row = (parts.remove(&row.0).unwrap_or_default(), people.remove(&row.0).unwrap_or_default());
        partner_of(row, of_row)
    };
    Ok(rows.into_iter().map(whole).collect())
}

fn partner_of(row: Row, (part, people): (TakingPart, PartnerPeople)) -> Partner {
    let (id, organisation_id, (code, name, body), (kind, role, share_pence, sponsor), stands, invited, version) = row;
    let (state, reason, replaced_by) = stands;
    let (invited_by, invited_at, answered_at) = invited;
    Partner {
        id,
        organisation_id,
        code,
        name,
        kind: kind.unwrap_or(PartnerKind::of_itself(body)),
        role,
        state,
        share_pence,
        part,
        sponsor,
        people,
        reason,
        replaced_by,
        invited_by,
        invited_at,
        answered_at,
        version,
    }
}

fn people_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<BTreeMap<Id<RowKey>, PartnerPeople>> {
    let rows: Vec<(Id<RowKey>, PartnerPeople)> = partner_people::table
        .inner_join(partners::table)
        .filter(partners::bid_id.eq(bid.id()))
        .select((
            partner_people::partner_id,
            (partner_people::sponsor_name, partner_people::contact_name, partner_people::contact_email),
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
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
            partners::kind.eq(Some(partner.kind)),
            partners::invited_by.eq(partner.invited_by),
            partners::invited_at.eq(partner.invited_at),
            partners::answered_at.eq(partner.answered_at),
            partners::version.eq(partner.version),
        ))
        .execute(conn)?;
    put_rest(conn, partner)
}

/// When it takes part, what it puts in, and its people.
fn put_rest(conn: &mut Conn, partner: &Partner) -> Result<()> {
    delete(partner_parts::table.find(partner.id)).execute(conn)?;
    let part = &partner.part;
    if !part.is_none() {
        insert_into(partner_parts::table)
            .values((
                partner_parts::partner_id.eq(partner.id),
                partner_parts::from_on.eq(part.from_on),
                partner_parts::to_on.eq(part.to_on),
                partner_parts::cash_pence.eq(part.cash_pence),
                partner_parts::in_kind_pence.eq(part.in_kind_pence),
                partner_parts::in_kind.eq(&part.in_kind),
            ))
            .execute(conn)?;
    }
    forget_people(conn, partner.id)?;
    if partner.people == PartnerPeople::default() {
        return Ok(());
    }
    let people = &partner.people;
    insert_into(partner_people::table)
        .values((
            partner_people::partner_id.eq(partner.id),
            partner_people::sponsor_name.eq(&people.sponsor_name),
            partner_people::contact_name.eq(&people.contact_name),
            partner_people::contact_email.eq(&people.contact_email),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets who answers for a partner and whom to ask there: nobody needs to know of one that does not take part.
fn forget_people(conn: &mut Conn, partner: Id<RowKey>) -> Result<()> {
    delete(partner_people::table.find(partner)).execute(conn)?;
    Ok(())
}

/// Says what kind of partner it is. Where nobody says it, nothing is written: what was signed before there were kinds stands.
pub fn put_kind(conn: &mut Conn, bid: &Granted<BidKey>, partner: Id<RowKey>, kind: PartnerKind) -> Result<()> {
    let row = partners::table.find(partner).filter(partners::bid_id.eq(bid.id()));
    update(row).set(partners::kind.eq(Some(kind))).execute(conn)?;
    Ok(())
}

/// Writes a partner over the version before, but for its kind; says whether that stood.
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
            partners::replaced_by.eq(partner.replaced_by),
            partners::invited_by.eq(partner.invited_by),
            partners::invited_at.eq(partner.invited_at),
            partners::answered_at.eq(partner.answered_at),
            partners::version.eq(partner.version),
        ))
        .execute(conn)?;
    if partner.state == PartnerState::Invited {
        update(partners::table.find(partner.id)).set(partners::answered_by.eq(nobody)).execute(conn)?;
    }
    if changed == 1 {
        put_rest(conn, partner)?;
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
    if !state.stands() {
        forget_people(conn, partner)?;
    }
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
    forget_people(conn, partner)?;
    Ok(changed == 1)
}

/// Takes an invitation back or a partner out that stands at `version`; says whether it did.
pub fn withdraw(conn: &mut Conn, bid: &Granted<BidKey>, partner: Id<RowKey>, version: i32) -> Result<bool> {
    take_out(conn, bid, (partner, version), None)
}

/// The same for one in whose place another comes, which is there already, and why.
pub fn replace(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    at: (Id<RowKey>, i32),
    (by, reason): (Id<RowKey>, &str),
) -> Result<bool> {
    take_out(conn, bid, at, Some((by, reason)))
}

fn take_out(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (partner, version): (Id<RowKey>, i32),
    replaced: Option<(Id<RowKey>, &str)>,
) -> Result<bool> {
    let row = partners::table.find(partner).filter(partners::bid_id.eq(bid.id())).filter(partners::version.eq(version));
    let changed = update(row.filter(partners::state.eq_any(PartnerState::STANDING)))
        .set((
            partners::state.eq(PartnerState::Withdrawn),
            partners::replaced_by.eq(replaced.map(|(by, _)| by)),
            partners::reason.eq(replaced.map(|(_, reason)| reason)),
            partners::version.eq(version + 1),
        ))
        .execute(conn)?;
    if changed == 1 {
        forget_people(conn, partner)?;
    }
    Ok(changed == 1)
}
