//! What an actor may see in lists, searches, exports and counts.

use diesel::prelude::*;

use super::{
    conflicts::{self, Conflict},
    facts::{belongings, of_person},
};
use crate::{
    actor::Actor,
    clock::Moment,
    db::{
        Conn,
        schema::{assignments, bids, partners},
    },
    error::Result,
    ids::{BidKey, FundKey, Id, OrganisationKey, PersonKey},
};

/// Policy's answer for lists. Made here alone; store functions filter by it.
#[derive(Debug, Clone, Default)]
#[expect(clippy::manual_non_exhaustive, reason = "no other module of the crate may make one either")]
pub struct Sight {
    /// The person, if one looks.
    pub person: Option<Id<PersonKey>>,
    /// Sees everything: the service itself.
    pub everything: bool,
    /// Runs the instance.
    pub service_admin: bool,
    /// Whose bids are seen as their own.
    pub organisations: Vec<Id<OrganisationKey>>,
    /// Funds whose submitted bids are seen as staff.
    pub funds: Vec<Id<FundKey>>,
    /// Funds that the person manages.
    pub managed: Vec<Id<FundKey>>,
    /// Funds for which the person assesses.
    pub assesses: Vec<Id<FundKey>>,
    /// Bids given to the person to score.
    pub assigned: Vec<Id<BidKey>>,
    /// Bids that a conflict of interest hides in the staff's and assessors' lists.
    pub hidden: Vec<Id<BidKey>>,
    /// Bids with which the person has said that there is a conflict: their lists say that these are withheld. Of what hides
    /// other bids nothing is said.
    pub withheld: Vec<Id<BidKey>>,
    /// Organisations with which the person has said so.
    pub withheld_with: Vec<Id<OrganisationKey>>,
    _made_by_policy: (),
}

/// Reads what an actor may see.
///
/// # Errors
/// When the database fails.
pub fn sight(conn: &mut Conn, actor: &Actor) -> Result<Sight> {
    let belongings = belongings(conn, actor)?;
    let with_role = |roles: &[&str]| {
        let mut funds: Vec<_> =
            belongings.funds.iter().filter(|(_, role)| roles.contains(&role.as_str())).map(|(id, _)| *id).collect();
        funds.sort_unstable();
        funds.dedup();
        funds
    };
    let mut organisations: Vec<_> = belongings.organisations.iter().map(|(id, _)| *id).collect();
    organisations.sort_unstable();
    organisations.dedup();
    let mut sight = Sight {
        person: belongings.person,
        everything: belongings.system,
        service_admin: belongings.service_admin,
        funds: with_role(&["fund_manager", "moderator", "observer"]),
        managed: with_role(&["fund_manager"]),
        assesses: with_role(&["assessor"]),
        organisations,
        ..Sight::default()
    };
    if let (Actor::Person(signed_in), false) = (actor, belongings.funds.is_empty()) {
        let standing = conflicts::standing(conn, signed_in.person, signed_in.at)?;
        sight.hidden = hidden(conn, &standing, &sight.organisations)?;
        sight.assigned = assigned(conn, signed_in.person, &sight.hidden)?;
        let own = standing.iter().filter(|conflict| conflict.own);
        sight.withheld = own.clone().filter_map(|conflict| conflict.bid).collect();
        sight.withheld_with = own.filter_map(|conflict| conflict.organisation).collect();
    }
    Ok(sight)
}

fn hidden(conn: &mut Conn, standing: &[Conflict], own: &[Id<OrganisationKey>]) -> Result<Vec<Id<BidKey>>> {
    let mut organisations = own.to_vec();
    organisations.extend(standing.iter().filter_map(|conflict| conflict.organisation));
    let mut hidden: Vec<Id<BidKey>> = standing.iter().filter_map(|conflict| conflict.bid).collect();
    hidden.extend(bids::table.filter(bids::lead_id.eq_any(&organisations)).select(bids::id).load::<Id<BidKey>>(conn)?);
    hidden.extend(
        partners::table
            .filter(partners::organisation_id.eq_any(&organisations))
            .filter(partners::state.eq_any(["invited", "confirmed"]))
            .select(partners::bid_id)
            .load::<Id<BidKey>>(conn)?,
    );
    hidden.sort_unstable();
    hidden.dedup();
    Ok(hidden)
}

/// The bids with which a person has a conflict of interest at an instant, whoever asks.
///
/// # Errors
/// When the database fails.
pub fn conflicted_bids(conn: &mut Conn, person: Id<PersonKey>, now: Moment) -> Result<Vec<Id<BidKey>>> {
    let own: Vec<_> = of_person(conn, person)?.organisations.into_iter().map(|(id, _)| id).collect();
    let standing = conflicts::standing(conn, person, now)?;
    hidden(conn, &standing, &own)
}

fn assigned(conn: &mut Conn, person: Id<PersonKey>, hidden: &[Id<BidKey>]) -> Result<Vec<Id<BidKey>>> {
    let mut assigned: Vec<Id<BidKey>> = assignments::table
        .filter(assignments::person_id.eq(person))
        .filter(assignments::ended_at.is_null())
        .select(assignments::bid_id)
        .load(conn)?;
    assigned.retain(|bid| !hidden.contains(bid));
    Ok(assigned)
}
