//! Who can stand behind something, and as whom they count.

use diesel::prelude::*;

use crate::{
    actor::{Actor, SignedIn},
    approvals::model::{Able, Thing},
    clock::Moment,
    db::{Conn, schema::bids},
    error::Result,
    funds::deputies,
    identity::{
        model::{FundRole, Person},
        policy::{self, Capacity},
        store::{people, readers},
    },
    ids::{Id, PersonKey},
    partnerships::{self, model::PartnerState},
};

/// Everybody who can approve a thing now, and whoever acts in the place of one of them. A deputy counts as the principal,
/// also where they could approve by themselves; whose principal could not approve it counts as themselves.
pub(super) fn able(conn: &mut Conn, thing: &Thing) -> Result<Vec<Able>> {
    let holders = holders(conn, thing)?;
    let in_force = deputies::in_force(conn, thing.fund, thing.now.london_date())?;
    let holds = |person: Id<PersonKey>| holders.iter().any(|holder| holder.id == person);
    let seat = |person: Id<PersonKey>| {
        let acts = in_force.iter().find(|(of, deputy)| *deputy == person && holds(*of));
        acts.map_or(person, |(of, _)| *of)
    };
    let mut able = Vec::new();
    for (_, deputy) in in_force.iter().filter(|(of, deputy)| holds(*of) && !holds(*deputy)) {
        if reads(conn, thing, *deputy)? {
            able.push(people::person(conn, *deputy)?);
        }
    }
    able.extend(holders.iter().cloned());
    able.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    able.dedup_by_key(|person| person.id);
    Ok(able.into_iter().map(|person| Able { seat: seat(person.id), person }).collect())
}

/// Whether a deputy may read what is approved: a role was taken from them, or they have a conflict of interest.
fn reads(conn: &mut Conn, thing: &Thing, deputy: Id<PersonKey>) -> Result<bool> {
    let actor = acting(deputy, thing.now);
    let standing = match thing.bid {
        Some(bid) => policy::standing_on_bid(conn, &actor, bid)?,
        None if is_barred(conn, thing, deputy)? => return Ok(false),
        None => policy::standing_on_fund(conn, &actor, thing.fund)?,
    };
    Ok([Capacity::FundManager, Capacity::Moderator, Capacity::Observer].iter().any(|capacity| standing.is(*capacity)))
}

/// Whoever holds one of the roles: of a bid, whom policy gives it there, so that a conflict of interest or an end of the
/// partnership takes them out; of a list, whoever has no conflict of interest with a bid on it.
fn holders(conn: &mut Conn, thing: &Thing) -> Result<Vec<Person>> {
    let roles: Vec<&str> = thing.wanted.roles.iter().map(|role| role.word()).collect();
    let of_fund: Vec<FundRole> = roles.iter().filter_map(|role| FundRole::from_word(role)).collect();
    let mut asked = readers::of_fund(conn, thing.fund, &of_fund)?;
    let mut found = Vec::new();
    let Some(bid) = thing.bid else {
        for person in asked {
            if !is_barred(conn, thing, person.id)? {
                found.push(person);
            }
        }
        return Ok(found);
    };
    if thing.wanted.roles.iter().any(|role| role.is_applicant()) {
        let lead = bids::table.find(bid).select(bids::lead_id).first(conn)?;
        let of_councils = partnerships::readers_of(conn, (bid, lead), PartnerState::TAKING_PART)?;
        asked.extend(of_councils.into_iter().map(|reader| reader.person));
    }
    for person in asked {
        let standing = policy::standing_on_bid(conn, &acting(person.id, thing.now), bid)?;
        if standing.capacities.iter().any(|capacity| roles.contains(&capacity.word())) {
            found.push(person);
        }
    }
    Ok(found)
}

/// Whether a conflict of interest keeps somebody from a thing: from its bid, or from one that it covers.
pub(super) fn is_barred(conn: &mut Conn, thing: &Thing, person: Id<PersonKey>) -> Result<bool> {
    if let Some(bid) = thing.bid {
        return Ok(policy::standing_on_bid(conn, &acting(person, thing.now), bid)?.conflicted);
    }
    let conflicted = policy::conflicted_bids(conn, person, thing.now)?;
    Ok(conflicted.iter().any(|bid| thing.covers.contains(bid)))
}

/// Somebody in whose place policy is asked: of no session, and with no code to show.
pub fn acting(person: Id<PersonKey>, now: Moment) -> Actor {
    Actor::Person(SignedIn { person, session: person.cast(), fresh_at: now, at: now })
}
