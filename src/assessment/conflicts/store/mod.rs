//! The SQL of conflicts of interest.

pub mod facts;

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*, update};

use super::model::{BidOrganisation, Colleague, Conflict, ConflictLine, Origin, Withheld};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, conflicts, fund_roles, organisations, partners, people, rounds},
    },
    error::{AppError, Result},
    identity::policy::{BidKind, Granted, Sight},
    ids::{BidKey, FundKey, Id, OrganisationKey, PersonKey, RoundKey, RowKey},
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
    /// How it came to be known.
    pub origin: Origin,
    /// Why.
    pub reason: &'a str,
    /// Until when it stands.
    pub until: Option<Moment>,
}

/// Puts a conflict in.
pub fn insert(conn: &mut Conn, _: &Sight, row: ConflictRow<'_>, (by, now): (Id<PersonKey>, Moment)) -> Result<()> {
    insert_into(conflicts::table)
        .values((
            conflicts::id.eq(row.id),
            conflicts::person_id.eq(row.person),
            conflicts::bid_id.eq(row.bid),
            conflicts::organisation_id.eq(row.organisation),
            conflicts::origin.eq(row.origin),
            conflicts::reason.eq(row.reason),
            conflicts::until_at.eq(row.until),
            conflicts::created_by.eq(by),
            conflicts::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether a conflict of a person with a bid or with an organisation came at this instant, whatever became of it.
pub fn came_at(conn: &mut Conn, bid: &Granted<BidKey>, (person, at): (Id<PersonKey>, Moment)) -> Result<bool> {
    let found: Option<Id<PersonKey>> = conflicts::table
        .filter(conflicts::person_id.eq(person))
        .filter(conflicts::created_at.eq(at))
        .filter(conflicts::bid_id.is_null().or(conflicts::bid_id.eq(Some(bid.id()))))
        .select(conflicts::person_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// What the person has said of themself, newest first; lifted ones too.
pub fn own(conn: &mut Conn, sight: &Sight) -> Result<Vec<Conflict>> {
    let mut found: Vec<Conflict> = conflicts::table
        .filter(conflicts::person_id.nullable().eq(sight.person))
        .order((conflicts::created_at.desc(), conflicts::id.desc()))
        .select(Conflict::as_select())
        .load(conn)?;
    found.retain(Conflict::is_own);
    Ok(found)
}

/// One conflict.
pub fn conflict(conn: &mut Conn, _: &Sight, id: Id<RowKey>) -> Result<Conflict> {
    let found = conflicts::table.find(id).select(Conflict::as_select()).first(conn).optional()?;
    found.ok_or(AppError::NotFound)
}

/// Lifts a conflict that was not lifted; whether it was so.
pub fn lift(
    conn: &mut Conn,
    _: &Sight,
    id: Id<RowKey>,
    (by, now): (Id<PersonKey>, Moment),
    because: Option<&str>,
) -> Result<bool> {
    let standing = conflicts::table.find(id).filter(conflicts::lifted_at.is_null());
    let change =
        (conflicts::lifted_at.eq(Some(now)), conflicts::lifted_by.eq(Some(by)), conflicts::lifted_because.eq(because));
    Ok(update(standing).set(change).execute(conn)? == 1)
}

type WithheldRow = (Conflict, Option<String>, Option<String>, Option<Id<RoundKey>>);

/// The lines that stand for what is withheld because the person has said so themself, of one round or of all, newest first.
pub fn withheld(conn: &mut Conn, sight: &Sight, round: Option<Id<RoundKey>>, now: Moment) -> Result<Vec<Withheld>> {
    let rows: Vec<WithheldRow> = conflicts::table
        .left_join(bids::table)
        .left_join(organisations::table.on(conflicts::organisation_id.eq(organisations::id.nullable())))
        .filter(conflicts::person_id.nullable().eq(sight.person))
        .filter(conflicts::lifted_at.is_null())
        .order((conflicts::created_at.desc(), conflicts::id.desc()))
        .select((
            Conflict::as_select(),
            bids::reference.nullable(),
            organisations::name.nullable(),
            bids::round_id.nullable(),
        ))
        .load(conn)?;
    let own = rows.into_iter().filter(|(conflict, ..)| conflict.is_own() && conflict.stands(now));
    let here = own.filter(|(.., of)| round.is_none() || of.is_none() || *of == round);
    let line = |(conflict, bid, organisation, _): WithheldRow| Withheld {
        conflict: conflict.id,
        bid,
        organisation,
        origin: conflict.origin,
        reason: conflict.reason,
        since: conflict.created_at,
        until: conflict.until_at,
    };
    Ok(here.map(line).collect())
}

/// The organisations of a bid, its lead first: what one may see of a bid in order to say that one has a conflict.
pub fn organisations_of(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<BidOrganisation>> {
    Ok(organisations_of_bids(conn, &[bid])?.remove(&bid).unwrap_or_default())
}

/// The same of several bids, by bid.
pub fn organisations_of_bids(
    conn: &mut Conn,
    ids: &[Id<BidKey>],
) -> Result<BTreeMap<Id<BidKey>, Vec<BidOrganisation>>> {
    let leads: Vec<(Id<BidKey>, String, String)> = bids::table
        .inner_join(organisations::table)
        .filter(bids::id.eq_any(ids))
        .select((bids::id, organisations::code, organisations::name))
        .load(conn)?;
    let mut partners: Vec<(Id<BidKey>, String, String)> = partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq_any(ids))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .select((partners::bid_id, organisations::code, organisations::name))
        .load(conn)?;
    // Databases order names each in their own way.
    partners.sort_by(|(_, one, name), (_, other, named)| (name, one).cmp(&(named, other)));
    let mut found: BTreeMap<Id<BidKey>, Vec<BidOrganisation>> = BTreeMap::new();
    for (bid, code, name) in leads.into_iter().chain(partners) {
        found.entry(bid).or_default().push(BidOrganisation { code, name });
    }
    Ok(found)
}

/// The round of a bid with which there is a conflict.
pub fn round_of(conn: &mut Conn, _: &Sight, bid: Id<BidKey>) -> Result<Id<RoundKey>> {
    Ok(bids::table.find(bid).select(bids::round_id).first(conn)?)
}

/// Who works for a fund in any role, by name.
pub fn staff(conn: &mut Conn, _: &Granted<RoundKey>, fund: Id<FundKey>) -> Result<Vec<Colleague>> {
    let mut found: Vec<(String, Id<PersonKey>)> = fund_roles::table
        .inner_join(people::table)
        .filter(fund_roles::fund_id.eq(fund))
        .filter(fund_roles::ended_at.is_null())
        .select((people::name, people::id))
        .load(conn)?;
    found.sort();
    found.dedup();
    Ok(found.into_iter().map(|(name, person)| Colleague { person, name }).collect())
}

/// The rounds, by slug and title, in which somebody who works for their fund sees bids that are read or may yet be: newest first.
pub fn rounds(conn: &mut Conn, sight: &Sight) -> Result<Vec<(String, String)>> {
    let funds: Vec<Id<FundKey>> = sight.assesses.iter().chain(&sight.funds).copied().collect();
    let mut found: Vec<(Id<RoundKey>, String, String)> = rounds::table
        .inner_join(bids::table)
        .filter(rounds::fund_id.eq_any(funds))
        .filter(rounds::cancelled_at.is_null())
        .filter(bids::kind.eq_any([BidKind::Waiting, BidKind::Review]))
        .filter(bids::submitted_at.is_not_null())
        .filter(bids::id.ne_all(&sight.hidden))
        .select((rounds::id, rounds::slug, rounds::title))
        .distinct()
        .load(conn)?;
    found.sort_by(|(one, ..), (other, ..)| other.cmp(one));
    Ok(found.into_iter().map(|(_, slug, title)| (slug, title)).collect())
}

/// The organisations that the reader works for or has a conflict with: of what others have with these they hear nothing.
pub fn walled_organisations(conn: &mut Conn, sight: &Sight, now: Moment) -> Result<Vec<Id<OrganisationKey>>> {
    let standing: Vec<Conflict> = conflicts::table
        .filter(conflicts::person_id.nullable().eq(sight.person))
        .filter(conflicts::organisation_id.is_not_null())
        .filter(conflicts::lifted_at.is_null())
        .select(Conflict::as_select())
        .load(conn)?;
    let with = standing.iter().filter(|conflict| conflict.stands(now)).filter_map(|conflict| conflict.organisation_id);
    Ok(with.chain(sight.organisations.iter().copied()).collect())
}

type LineRow = (Conflict, Option<(Id<RoundKey>, String, String)>, Option<String>);

/// The conflicts of some people that stand, with bids of one round or with organisations, newest first. What a conflict hides from
/// the reader is left out, and so are what others have with an organisation from which a wall keeps the reader, and what others
/// have said of the reader.
pub fn of_people(
    conn: &mut Conn,
    (round, sight): (&Granted<RoundKey>, &Sight),
    of: &[Colleague],
    now: Moment,
) -> Result<Vec<ConflictLine>> {
    let ids: Vec<Id<PersonKey>> = of.iter().map(|colleague| colleague.person).collect();
    let rows: Vec<LineRow> = conflicts::table
        .left_join(bids::table)
        .left_join(organisations::table.on(conflicts::organisation_id.eq(organisations::id.nullable())))
        .filter(conflicts::person_id.eq_any(ids))
        .filter(conflicts::lifted_at.is_null())
        .order((conflicts::created_at.desc(), conflicts::id.desc()))
        .select((
            Conflict::as_select(),
            (bids::round_id, bids::reference, bids::title).nullable(),
            organisations::name.nullable(),
        ))
        .load(conn)?;
    let walled = walled_organisations(conn, sight, now)?;
    let mut lines = Vec::new();
    for (conflict, bid, organisation) in rows {
        let about_reader = Some(conflict.person_id) == sight.person;
        let of_walled = conflict.organisation_id.is_some_and(|organisation| walled.contains(&organisation));
        let hidden = conflict.bid_id.is_some_and(|bid| sight.hidden.contains(&bid)) || (of_walled && !about_reader);
        let of_reader = about_reader && !conflict.is_own();
        let elsewhere = bid.as_ref().is_some_and(|(of, ..)| *of != round.id());
        if hidden || of_reader || elsewhere || !conflict.stands(now) {
            continue;
        }
        let name = of.iter().find(|colleague| colleague.person == conflict.person_id).map(|found| found.name.clone());
        let (bid, title) = bid.map(|(_, reference, title)| (reference, title)).unzip();
        lines.push(ConflictLine {
            id: conflict.id,
            person: conflict.person_id,
            name: name.unwrap_or_default(),
            bid,
            title,
            organisation,
            origin: conflict.origin,
            reason: conflict.reason,
            since: conflict.created_at,
            until: conflict.until_at,
            can_lift: !about_reader || conflict.origin == Origin::Declared,
        });
    }
    Ok(lines)
}
