//! What an actor may see in lists, searches, exports and counts.

use diesel::prelude::*;

use super::facts::{belongings, of_person};
use crate::{
    actor::Actor,
    db::{
        Conn,
        schema::{assignments, bids, conflicts, partners},
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
    /// Whether the person assesses for a fund.
    pub assesses: bool,
    /// Bids given to the person to score.
    pub assigned: Vec<Id<BidKey>>,
    /// Bids that a conflict of interest hides in the staff's and assessors' lists.
    pub hidden: Vec<Id<BidKey>>,
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
        assesses: !with_role(&["assessor"]).is_empty(),
        organisations,
        ..Sight::default()
    };
    if let (Some(person), false) = (belongings.person, belongings.funds.is_empty()) {
        sight.hidden = hidden(conn, person, &sight.organisations)?;
        sight.assigned = assigned(conn, person, &sight.hidden)?;
    }
    Ok(sight)
}

fn hidden(conn: &mut Conn, person: Id<PersonKey>, own: &[Id<OrganisationKey>]) -> Result<Vec<Id<BidKey>>> {
    let declared: Vec<(Option<Id<BidKey>>, Option<Id<OrganisationKey>>)> = conflicts::table
        .filter(conflicts::person_id.eq(person))
        .filter(conflicts::lifted_at.is_null())
        .select((conflicts::bid_id, conflicts::organisation_id))
        .load(conn)?;
    let mut organisations = own.to_vec();
    organisations.extend(declared.iter().filter_map(|(_, organisation)| *organisation));
    let mut hidden: Vec<Id<BidKey>> = declared.iter().filter_map(|(bid, _)| *bid).collect();
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

/// The bids with which a person has a conflict of interest, whoever asks.
///
/// # Errors
/// When the database fails.
pub fn conflicted_bids(conn: &mut Conn, person: Id<PersonKey>) -> Result<Vec<Id<BidKey>>> {
    let own: Vec<_> = of_person(conn, person)?.organisations.into_iter().map(|(id, _)| id).collect();
    hidden(conn, person, &own)
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
