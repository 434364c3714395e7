//! What a partnership is held against: its own councils, and what they do in other bids. Only bids that were submitted and not
//! withdrawn count.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::Member;
use crate::{
    bids::partner::PartnerKind,
    db::{
        Conn,
        schema::{bids, organisations, partners, rounds, withdrawals},
    },
    error::Result,
    funds::partnership::ExcludedRound,
    identity::{model::OrganisationKind, policy::Granted},
    ids::{BidKey, Id, OrganisationKey, RoundKey},
};

/// The lead authority of a bid and the organisations that were invited or have confirmed.
pub fn members(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Member>> {
    members_of(conn, bid.id())
}

/// The same for the room that has policy's yes to the bid's round.
pub fn members_of(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<Member>> {
    type Row = (Id<OrganisationKey>, String, OrganisationKind);
    let lead: Row = bids::table
        .inner_join(organisations::table)
        .filter(bids::id.eq(bid))
        .select((organisations::id, organisations::name, organisations::kind))
        .first(conn)?;
    let others: Vec<(Row, String, Option<PartnerKind>)> = partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq(bid))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .order(organisations::code)
        .select(((organisations::id, organisations::name, organisations::kind), partners::state, partners::kind))
        .load(conn)?;
    let (id, name, kind) = lead;
    let lead = Member { id, name, kind, leads: true, part: PartnerKind::PartnerCouncil, confirmed: true };
    let partner = |((id, name, kind), state, part): (Row, String, Option<PartnerKind>)| {
        let part = part.unwrap_or(PartnerKind::of_itself(kind));
        Member { id, name, kind, leads: false, part, confirmed: state == "confirmed" }
    };
    let members = std::iter::once(lead).chain(others.into_iter().map(partner)).collect();
    Ok(members)
}

/// In how many other submitted bids of the same round each of these organisations is a partner.
pub fn joined_beside(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    members: &[Member],
) -> Result<BTreeMap<Id<OrganisationKey>, usize>> {
    let partners = members.iter().filter(|member| !member.leads);
    partners.map(|member| Ok((member.id, joined_by(conn, bid, member.id)?))).collect()
}

/// In how many other submitted bids of the same round an organisation is a partner.
pub fn joined_by(conn: &mut Conn, bid: &Granted<BidKey>, organisation: Id<OrganisationKey>) -> Result<usize> {
    let round: Id<RoundKey> = bids::table.find(bid.id()).select(bids::round_id).first(conn)?;
    let joined: i64 = partners::table
        .inner_join(bids::table.left_join(withdrawals::table))
        .filter(partners::organisation_id.eq(organisation))
        .filter(partners::state.eq("confirmed"))
        .filter(bids::id.ne(bid.id()))
        .filter(bids::round_id.eq(round))
        .filter(bids::submitted_at.is_not_null())
        .filter(withdrawals::bid_id.is_null())
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(joined).unwrap_or(usize::MAX))
}

/// The partners with whom the lead authority has bid in another round: partner, reference of the bid, and name of the round.
pub fn together_in(
    conn: &mut Conn,
    members: &[Member],
    other: &ExcludedRound,
) -> Result<Vec<(String, String, String)>> {
    let lead = members.iter().find(|member| member.leads);
    let partners = members.iter().filter(|member| !member.leads && member.confirmed);
    let round: Option<Id<RoundKey>> =
        rounds::table.filter(rounds::slug.eq(&other.round)).select(rounds::id).first(conn).optional()?;
    let (Some(lead), Some(round)) = (lead, round) else { return Ok(Vec::new()) };
    let of_lead = bids_of(conn, round, lead.id)?;
    let mut found = Vec::new();
    for partner in partners {
        let of_partner = bids_of(conn, round, partner.id)?;
        let both = of_lead.iter().find(|bid| of_partner.contains(bid));
        found.extend(both.map(|reference| (partner.name.clone(), reference.clone(), other.name.clone())));
    }
    Ok(found)
}

/// The references of the submitted bids of a round that an organisation leads or has joined.
fn bids_of(conn: &mut Conn, round: Id<RoundKey>, organisation: Id<OrganisationKey>) -> Result<Vec<String>> {
    let joined = partners::table
        .filter(partners::organisation_id.eq(organisation))
        .filter(partners::state.eq("confirmed"))
        .select(partners::bid_id);
    Ok(bids::table
        .left_join(withdrawals::table)
        .filter(bids::round_id.eq(round))
        .filter(bids::submitted_at.is_not_null())
        .filter(withdrawals::bid_id.is_null())
        .filter(bids::lead_id.eq(organisation).or(bids::id.eq_any(joined)))
        .order(bids::reference)
        .select(bids::reference)
        .load(conn)?)
}
