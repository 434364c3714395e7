//! What suggestions are computed from: who people are, whom bids name, and what was set aside.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{insert_into, prelude::*};
use serde::Deserialize;

use super::super::{
    model::SetAsideLine,
    suggested::{ConflictGround, Employer, Names, Party, Who},
};
use crate::{
    bids::model::{CostCategory, CostLine},
    clock::Moment,
    db::{
        Conn,
        columns::Doc,
        schema::{
            bid_versions, bids, memberships, organisation_names, organisations, partner_people, partners, people,
            sign_offs, suggestions_set_aside,
        },
    },
    error::Result,
    funds::rulebook::Stage,
    identity::{
        model::folded,
        policy::{Granted, Sight},
        store::{organisations::successor, people::names_of},
    },
    ids::{BidKey, Id, OrganisationKey, PersonKey, RoundKey, RowKey},
    mail::Address,
};

/// Who these people are.
pub fn people(conn: &mut Conn, _: &Sight, ids: &[Id<PersonKey>], now: Moment) -> Result<BTreeMap<Id<PersonKey>, Who>> {
    let rows: Vec<(Id<PersonKey>, Address, String)> =
        people::table.filter(people::id.eq_any(ids)).select((people::id, people::email, people::name)).load(conn)?;
    let who = |(id, mail, name): (Id<PersonKey>, Address, String)| {
        (id, Who { name: folded(&name), mail: mail.as_str().to_owned(), ..Who::default() })
    };
    let mut found: BTreeMap<Id<PersonKey>, Who> = rows.into_iter().map(who).collect();
    let worked: Vec<(Id<PersonKey>, Id<OrganisationKey>, Option<Moment>)> = memberships::table
        .filter(memberships::person_id.eq_any(ids))
        .select((memberships::person_id, memberships::organisation_id, memberships::ended_at))
        .load(conn)?;
    let mut successors: BTreeMap<Id<OrganisationKey>, Id<OrganisationKey>> = BTreeMap::new();
    let employers = employers(conn, worked.iter().map(|(_, organisation, _)| *organisation).collect())?;
    for (person, organisation, ended) in worked {
        let Some(who) = found.get_mut(&person) else { continue };
        if let Some(employer) = employers.get(&organisation) {
            who.employers.insert(organisation, employer.clone());
        }
        let next = match successors.get(&organisation) {
            Some(known) => *known,
            None => successor(conn, organisation, now.london_date())?.id,
        };
        successors.insert(organisation, next);
        if ended.is_some() {
            who.former.extend([organisation, next]);
        } else if next != organisation {
            who.successors.insert(next);
        }
    }
    Ok(found)
}

/// What organisations are called, now and before. Of what they were called besides, one word alone names too much.
fn employers(conn: &mut Conn, ids: BTreeSet<Id<OrganisationKey>>) -> Result<BTreeMap<Id<OrganisationKey>, Employer>> {
    let rows: Vec<(Id<OrganisationKey>, String)> = organisations::table
        .filter(organisations::id.eq_any(&ids))
        .select((organisations::id, organisations::name))
        .load(conn)?;
    let of = |(id, name): (Id<OrganisationKey>, String)| (id, Employer { called: [folded(&name)].into(), name });
    let mut found: BTreeMap<Id<OrganisationKey>, Employer> = rows.into_iter().map(of).collect();
    let names: Vec<(Id<OrganisationKey>, String)> = organisation_names::table
        .filter(organisation_names::organisation_id.eq_any(&ids))
        .select((organisation_names::organisation_id, organisation_names::folded))
        .load(conn)?;
    for (id, name) in names.into_iter().filter(|(_, name)| name.contains(' ')) {
        found.entry(id).or_default().called.insert(name);
    }
    Ok(found)
}

/// Whom these bids name.
pub fn names(conn: &mut Conn, _: &Sight, ids: &[Id<BidKey>]) -> Result<BTreeMap<Id<BidKey>, Names>> {
    let mut found: BTreeMap<Id<BidKey>, Names> = ids.iter().map(|id| (*id, Names::default())).collect();
    for (bid, party) in parties(conn, ids)? {
        found.entry(bid).or_default().parties.push(party);
    }
    for (bid, people, mail) in contacts(conn, ids)? {
        let names = found.entry(bid).or_default();
        people.iter().for_each(|name| names.add(name));
        names.mails.insert(mail.trim().to_lowercase());
    }
    for (bid, name) in signatories(conn, ids)? {
        found.entry(bid).or_default().add(&name);
    }
    for (bid, words) in supplies(conn, ids)? {
        found.entry(bid).or_default().supply(&words);
    }
    Ok(found)
}

/// Of a version that was submitted, what it pays for.
#[derive(Deserialize)]
struct Paid {
    costs: Vec<CostLine>,
}

/// What the lines for suppliers say in the versions that stand: nobody learns what a council writes before it is submitted.
fn supplies(conn: &mut Conn, ids: &[Id<BidKey>]) -> Result<Vec<(Id<BidKey>, String)>> {
    let texts: Vec<(Id<BidKey>, String)> = bid_versions::table
        .filter(bid_versions::bid_id.eq_any(ids))
        .filter(bid_versions::stage.eq(Stage::Full))
        .order(bid_versions::number)
        .select((bid_versions::bid_id, bid_versions::data))
        .load(conn)?;
    let mut found = Vec::new();
    for (bid, text) in texts.into_iter().collect::<BTreeMap<_, _>>() {
        let Paid { costs } = serde_json::from_str(&text)?;
        let paid = costs.into_iter().filter(|line| line.category == CostCategory::Supplier);
        found.extend(paid.map(|line| (bid, line.description)));
    }
    Ok(found)
}

type PartyRow = (Id<BidKey>, Id<OrganisationKey>, String, Option<String>);

fn parties(conn: &mut Conn, ids: &[Id<BidKey>]) -> Result<Vec<(Id<BidKey>, Party)>> {
    let mut rows: Vec<PartyRow> = bids::table
        .inner_join(organisations::table)
        .filter(bids::id.eq_any(ids))
        .select((bids::id, organisations::id, organisations::name, organisations::mail_domain))
        .load(conn)?;
    let partners: Vec<PartyRow> = partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq_any(ids))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .order(partners::id)
        .select((partners::bid_id, organisations::id, organisations::name, organisations::mail_domain))
        .load(conn)?;
    rows.extend(partners);
    let domain = |domain: Option<String>| domain.map(|domain| domain.to_lowercase());
    Ok(rows.into_iter().map(|(bid, id, name, mail)| (bid, Party { id, name, domain: domain(mail) })).collect())
}

/// The sponsors and contacts that a bid names for its partners, with the address of each contact.
fn contacts(conn: &mut Conn, ids: &[Id<BidKey>]) -> Result<Vec<(Id<BidKey>, [String; 2], String)>> {
    let rows: Vec<(Id<BidKey>, String, String, String)> = partner_people::table
        .inner_join(partners::table)
        .filter(partners::bid_id.eq_any(ids))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .select((
            partners::bid_id,
            partner_people::sponsor_name,
            partner_people::contact_name,
            partner_people::contact_email,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|(bid, sponsor, contact, mail)| (bid, [sponsor, contact], mail)).collect())
}

fn signatories(conn: &mut Conn, ids: &[Id<BidKey>]) -> Result<Vec<(Id<BidKey>, String)>> {
    Ok(sign_offs::table
        .inner_join(people::table.on(sign_offs::person_id.eq(people::id.nullable())))
        .filter(sign_offs::bid_id.eq_any(ids))
        .select((sign_offs::bid_id, people::name))
        .load(conn)?)
}

/// What was set aside of some people and bids: the keys of grounds by both.
pub fn set_aside(
    conn: &mut Conn,
    _: &Sight,
    (people, bids): (&[Id<PersonKey>], &[Id<BidKey>]),
) -> Result<BTreeMap<(Id<PersonKey>, Id<BidKey>), BTreeSet<String>>> {
    let rows: Vec<(Id<PersonKey>, Id<BidKey>, Doc<Vec<String>>)> = suggestions_set_aside::table
        .filter(suggestions_set_aside::person_id.eq_any(people))
        .filter(suggestions_set_aside::bid_id.eq_any(bids))
        .select((suggestions_set_aside::person_id, suggestions_set_aside::bid_id, suggestions_set_aside::grounds))
        .load(conn)?;
    let mut found: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for (person, bid, Doc(keys)) in rows {
        found.entry((person, bid)).or_default().extend(keys);
    }
    Ok(found)
}

type AsideRow = (Id<PersonKey>, (String, String), Doc<Vec<String>>, String, Id<PersonKey>, Moment);

/// What was set aside of the bids of a round, the newest first. What a conflict hides from the reader is left out, and so is what
/// others have said of the reader.
pub fn set_aside_of_round(conn: &mut Conn, (round, sight): (&Granted<RoundKey>, &Sight)) -> Result<Vec<SetAsideLine>> {
    let mut rows: Vec<AsideRow> = suggestions_set_aside::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::id.ne_all(&sight.hidden))
        .order((suggestions_set_aside::answered_at.desc(), suggestions_set_aside::id.desc()))
        .select((
            suggestions_set_aside::person_id,
            (bids::reference, bids::title),
            suggestions_set_aside::grounds,
            suggestions_set_aside::reason,
            suggestions_set_aside::answered_by,
            suggestions_set_aside::answered_at,
        ))
        .load(conn)?;
    rows.retain(|(person, .., by, _)| Some(*person) != sight.person || person == by);
    let ids: Vec<Id<PersonKey>> = rows.iter().flat_map(|(person, .., by, _)| [*person, *by]).collect();
    let names = names_of(conn, ids)?;
    let called = |person: Id<PersonKey>| names.get(&person).cloned().unwrap_or_default();
    let parties = parties_of_keys(conn, rows.iter().flat_map(|(_, _, keys, ..)| &keys.0))?;
    let line = |(person, (bid, title), Doc(keys), reason, by, at): AsideRow| SetAsideLine {
        grounds: keys.iter().filter_map(|key| ConflictGround::of_key(key, &parties)).collect(),
        name: called(person),
        by_name: called(by),
        person,
        bid,
        title,
        reason,
        by,
        at,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The names of the organisations that grounds are about.
fn parties_of_keys<'a>(
    conn: &mut Conn,
    keys: impl Iterator<Item = &'a String>,
) -> Result<BTreeMap<Id<OrganisationKey>, String>> {
    let ids: Vec<Id<OrganisationKey>> = keys.filter_map(|key| ConflictGround::organisation_of(key)).collect();
    let rows: Vec<(Id<OrganisationKey>, String)> = organisations::table
        .filter(organisations::id.eq_any(ids))
        .select((organisations::id, organisations::name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Sets grounds aside.
pub fn put_aside(
    conn: &mut Conn,
    _: &Sight,
    (id, person, bid): (Id<RowKey>, Id<PersonKey>, Id<BidKey>),
    (grounds, reason): (Vec<String>, &str),
    (by, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    insert_into(suggestions_set_aside::table)
        .values((
            suggestions_set_aside::id.eq(id),
            suggestions_set_aside::person_id.eq(person),
            suggestions_set_aside::bid_id.eq(bid),
            suggestions_set_aside::grounds.eq(Doc(grounds)),
            suggestions_set_aside::reason.eq(reason),
            suggestions_set_aside::answered_by.eq(by),
            suggestions_set_aside::answered_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
