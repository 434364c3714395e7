//! The SQL of organisations to check.

use std::collections::BTreeMap;

use diesel::{delete, insert_into, prelude::*, update};

use super::model::{AlsoSaid, NewOrganisation, OrganisationRequest, RequestState, Said, Terms, Unchecked};
use crate::{
    clock::Moment,
    db::{
        Conn, Doc,
        schema::{bids, organisation_request_bids, organisation_requests, organisations},
    },
    error::{AppError, Result},
    identity::{
        model::{Nation, OrganisationKind},
        policy::Granted,
    },
    ids::{BidKey, FundKey, Id, OrganisationKey, PersonKey, RowKey},
};

/// A bid that waits for an organisation.
#[derive(Debug, Queryable)]
pub struct Waiting {
    /// The bid.
    pub bid: Id<BidKey>,
    /// What the organisation is to be in it.
    pub terms: Doc<Terms>,
    /// What it says of the organisation; where that is not known, it says what was said first.
    pub said: Option<Doc<Said>>,
    /// Who asked.
    pub asked_by: Id<PersonKey>,
}

impl Waiting {
    /// What the bid calls the organisation.
    pub fn name<'a>(&'a self, request: &'a OrganisationRequest) -> &'a str {
        self.said.as_ref().map_or(&request.organisation.name, |Doc(said)| &said.name)
    }
}

/// The request about this address that nobody has answered.
pub fn waiting_for(conn: &mut Conn, fund: Id<FundKey>, email: &str) -> Result<Option<Id<RowKey>>> {
    Ok(organisation_requests::table
        .filter(organisation_requests::fund_id.eq(fund))
        .filter(organisation_requests::contact_email.eq(email))
        .filter(organisation_requests::state.eq(RequestState::Waiting))
        .select(organisation_requests::id)
        .first(conn)
        .optional()?)
}

/// Puts a request in.
pub fn insert(
    conn: &mut Conn,
    (id, fund): (Id<RowKey>, Id<FundKey>),
    new: &NewOrganisation,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    insert_into(organisation_requests::table)
        .values((
            organisation_requests::id.eq(id),
            organisation_requests::fund_id.eq(fund),
            organisation_requests::name.eq(&new.name),
            organisation_requests::kind.eq(new.kind),
            organisation_requests::nation.eq(new.nation),
            organisation_requests::about.eq(&new.about),
            organisation_requests::contact_name.eq(&new.contact_name),
            organisation_requests::contact_email.eq(&new.contact_email),
            organisation_requests::website.eq(&new.website),
            organisation_requests::state.eq(RequestState::Waiting),
            organisation_requests::asked_by.eq(by),
            organisation_requests::asked_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Lets a bid wait for it.
pub fn insert_bid(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    request: Id<RowKey>,
    (terms, said): (&Terms, &Said),
    (by, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    insert_into(organisation_request_bids::table)
        .values((
            organisation_request_bids::request_id.eq(request),
            organisation_request_bids::bid_id.eq(bid.id()),
            organisation_request_bids::terms.eq(Doc(terms.clone())),
            organisation_request_bids::said.eq(Some(Doc(said.clone()))),
            organisation_request_bids::asked_by.eq(by),
            organisation_request_bids::asked_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Lets a bid wait no longer; says whether it did.
pub fn remove_bid(conn: &mut Conn, bid: &Granted<BidKey>, request: Id<RowKey>) -> Result<bool> {
    Ok(delete(organisation_request_bids::table.find((request, bid.id()))).execute(conn)? == 1)
}

/// What a bid waits for, by name.
pub fn unchecked_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Unchecked>> {
    type Row = (Id<RowKey>, String, OrganisationKind, Doc<Terms>, Moment, Option<Doc<Said>>);
    let rows: Vec<Row> = organisation_request_bids::table
        .inner_join(organisation_requests::table)
        .filter(organisation_request_bids::bid_id.eq(bid.id()))
        .filter(organisation_requests::state.eq(RequestState::Waiting))
        .select((
            organisation_requests::id,
            organisation_requests::name,
            organisation_requests::kind,
            organisation_request_bids::terms,
            organisation_request_bids::asked_at,
            organisation_request_bids::said,
        ))
        .load(conn)?;
    let unchecked = |(id, name, kind, terms, asked_at, said): Row| {
        let (name, kind) = said.map_or((name, kind), |Doc(said)| (said.name, said.kind));
        Unchecked { id, name, kind, terms: terms.0, asked_at }
    };
    let mut waiting: Vec<Unchecked> = rows.into_iter().map(unchecked).collect();
    waiting.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(waiting)
}

/// The bids that wait for it, by reference.
pub fn bids_of(conn: &mut Conn, _fund: &Granted<FundKey>, request: Id<RowKey>) -> Result<Vec<Waiting>> {
    Ok(organisation_request_bids::table
        .inner_join(bids::table)
        .filter(organisation_request_bids::request_id.eq(request))
        .order(bids::reference)
        .select((
            organisation_request_bids::bid_id,
            organisation_request_bids::terms,
            organisation_request_bids::said,
            organisation_request_bids::asked_by,
        ))
        .load(conn)?)
}

/// Whether a bid waits for it.
pub fn is_wanted(conn: &mut Conn, request: Id<RowKey>) -> Result<bool> {
    let waiting: i64 = organisation_request_bids::table
        .filter(organisation_request_bids::request_id.eq(request))
        .count()
        .get_result(conn)?;
    Ok(waiting > 0)
}

/// Answers a request that nobody has answered, and forgets who the contact was; says whether that was so.
pub fn answer(
    conn: &mut Conn,
    request: Id<RowKey>,
    (state, now): (RequestState, Moment),
    (organisation, reason): (Option<Id<OrganisationKey>>, Option<&str>),
) -> Result<bool> {
    let waiting = organisation_requests::table.find(request);
    let changed = update(waiting.filter(organisation_requests::state.eq(RequestState::Waiting)))
        .set((
            organisation_requests::state.eq(state),
            organisation_requests::answered_at.eq(Some(now)),
            organisation_requests::organisation_id.eq(organisation),
            organisation_requests::reason.eq(reason),
            organisation_requests::contact_name.eq(""),
            organisation_requests::contact_email.eq(""),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

type Row = (
    Id<RowKey>,
    (String, OrganisationKind, Nation, String),
    (String, String, String),
    RequestState,
    Moment,
    Option<Moment>,
    Option<String>,
    Option<Id<OrganisationKey>>,
);

/// The requests of a fund, those that wait first, then the newest.
pub fn of_fund(conn: &mut Conn, fund: &Granted<FundKey>) -> Result<Vec<OrganisationRequest>> {
    let rows: Vec<Row> = organisation_requests::table
        .filter(organisation_requests::fund_id.eq(fund.id()))
        .order((organisation_requests::answered_at.is_not_null(), organisation_requests::id.desc()))
        .select((
            organisation_requests::id,
            (
                organisation_requests::name,
                organisation_requests::kind,
                organisation_requests::nation,
                organisation_requests::about,
            ),
            (organisation_requests::contact_name, organisation_requests::contact_email, organisation_requests::website),
            organisation_requests::state,
            organisation_requests::asked_at,
            organisation_requests::answered_at,
            organisation_requests::reason,
            organisation_requests::organisation_id,
        ))
        .load(conn)?;
    let mut leads = leads_of(conn, fund)?;
    Ok(rows.into_iter().map(|row| request_of(row, &mut leads)).collect())
}

/// One of them.
pub fn of_fund_by_id(conn: &mut Conn, fund: &Granted<FundKey>, id: Id<RowKey>) -> Result<OrganisationRequest> {
    of_fund(conn, fund)?.into_iter().find(|request| request.id == id).ok_or(AppError::NotFound)
}

fn request_of(row: Row, leads: &mut BTreeMap<Id<RowKey>, Vec<Lead>>) -> OrganisationRequest {
    let (
        id,
        (name, kind, nation, about),
        (contact_name, contact_email, website),
        state,
        asked_at,
        answered_at,
        reason,
        organisation_id,
    ) = row;
    let organisation = NewOrganisation { name, kind, nation, about, contact_name, contact_email, website };
    let wanted_by = leads.remove(&id).unwrap_or_default();
    let first = Said::from(&organisation);
    let also = |(lead, said): &Lead| {
        let said = said.clone().filter(|said| *said != first)?;
        Some(AlsoSaid { lead: lead.clone(), said })
    };
    let also_said = wanted_by.iter().filter_map(also).collect();
    let mut leads: Vec<String> = wanted_by.into_iter().map(|(lead, _)| lead).collect();
    leads.dedup();
    OrganisationRequest {
        id,
        organisation,
        state,
        asked_at,
        leads,
        also_said,
        answered_at,
        reason,
        organisation_id,
        in_list: None,
    }
}

/// A lead authority's name, and what its bid says of the organisation.
type Lead = (String, Option<Said>);

fn leads_of(conn: &mut Conn, fund: &Granted<FundKey>) -> Result<BTreeMap<Id<RowKey>, Vec<Lead>>> {
    let rows: Vec<(Id<RowKey>, String, Option<Doc<Said>>)> = organisation_request_bids::table
        .inner_join(organisation_requests::table)
        .inner_join(bids::table.inner_join(organisations::table))
        .filter(organisation_requests::fund_id.eq(fund.id()))
        .order((organisations::name, bids::id))
        .select((organisation_request_bids::request_id, organisations::name, organisation_request_bids::said))
        .load(conn)?;
    let mut leads: BTreeMap<Id<RowKey>, Vec<Lead>> = BTreeMap::new();
    for (request, lead, said) in rows {
        leads.entry(request).or_default().push((lead, said.map(|said| said.0)));
    }
    Ok(leads)
}
