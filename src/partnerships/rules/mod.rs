//! What a round asks of the councils of a bid: what of it holds and what is still missing, for those who write and for the
//! transaction that submits.

pub mod model;
mod store;

use std::collections::BTreeMap;

use super::model::Partner;
use crate::{
    bids,
    db::Conn,
    error::{AppError, Result},
    funds::{self, model::RoundInFull, rulebook::PartnershipRules},
    identity::{
        networks::{self, model::MemberState},
        policy::Granted,
    },
    ids::{BidKey, Id, OrganisationKey},
};
use model::{Asked, Member, Together, judge, outside};

type States = BTreeMap<String, BTreeMap<Id<OrganisationKey>, MemberState>>;

/// Everything that the round asks of the partnership of a bid, held or not.
///
/// # Errors
/// When the database fails.
pub fn asked(conn: &mut Conn, bid: &Granted<BidKey>, round: &RoundInFull) -> Result<Vec<Asked>> {
    let rules = &round.rulebook.partnership;
    if rules.is_none() {
        return Ok(Vec::new());
    }
    let members = store::members(conn, bid)?;
    let mut together = Together::default();
    if rules.most_joined.is_some() {
        together.joined = store::joined_beside(conn, bid, &members)?;
    }
    for other in &rules.excludes {
        together.excluded.extend(store::together_in(conn, &members, other)?);
    }
    together.states = states(conn, rules, &members)?;
    Ok(judge(rules, &members, &together))
}

/// How far the organisations of a bid are with the networks that the rules ask for.
fn states(conn: &mut Conn, rules: &PartnershipRules, members: &[Member]) -> Result<States> {
    let ids: Vec<Id<OrganisationKey>> = members.iter().map(|member| member.id).collect();
    let asked = rules.memberships.iter().map(|asked| &asked.network);
    asked.map(|network| Ok((network.clone(), networks::store::states(conn, network, &ids)?))).collect()
}

/// The organisations of a bid that must still join a network before an award to it is announced, by name.
///
/// # Errors
/// When the database fails.
pub fn not_yet_members(conn: &mut Conn, rules: &PartnershipRules, bid: Id<BidKey>) -> Result<Vec<String>> {
    if rules.memberships.is_empty() {
        return Ok(Vec::new());
    }
    let members = store::members_of(conn, bid)?;
    let together = Together { states: states(conn, rules, &members)?, ..Together::default() };
    let outside = rules.memberships.iter().flat_map(|asked| outside(asked, &members, &together));
    let mut names: Vec<String> = outside.map(|member| member.name.clone()).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// Refuses a partner of a bid that is submitted already who is in as many of the round's submitted bids as it can be.
///
/// # Errors
/// `Conflict` that says so.
pub fn refuse_one_too_many(conn: &mut Conn, bid: &Granted<BidKey>, partner: &Partner) -> Result<()> {
    let heading = bids::store::load(conn, bid)?;
    let round = funds::store::round_by_id(conn, heading.round_id)?;
    let round = funds::store::in_full(conn, round)?;
    let Some(most) = round.rulebook.partnership.most_joined else { return Ok(()) };
    let counts = bids::led::store::beside(conn, bid)?.iter().any(|led| led.id == heading.id && led.submitted);
    let joined = store::joined_by(conn, bid, partner.organisation_id)?;
    if !counts || joined < usize::try_from(most).unwrap_or(usize::MAX) {
        return Ok(());
    }
    let message = format!(
        "{} is a partner in {joined} submitted bids of this round, and can be in {most}. It can join this one only when it \
         leaves another.",
        partner.name
    );
    Err(AppError::conflict("joined_enough", message))
}
