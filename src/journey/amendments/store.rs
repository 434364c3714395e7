//! The SQL of what stands against a change of a published round, and of who hears of it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{dsl::exists, prelude::*, select};

use crate::{
    awards::model::Gate,
    clock::Moment,
    db::{
        Conn,
        schema::{bid_versions, bids, decisions, fund_roles, memberships, partners, people, scores, sift_marks},
    },
    error::Result,
    funds::{
        amending::Relied,
        model::{Milestone, Round},
        rulebook::Stage,
    },
    ids::{Id, OrganisationKey, PersonKey, RoundKey},
    mail::Address,
    money::Pence,
    partnerships::model::PartnerState,
    workflow::State,
};

/// When the first full application of a round came in, if one has; it counts for good, also when it was withdrawn.
pub fn first_full(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<Moment>> {
    Ok(bid_versions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(bid_versions::stage.eq(Stage::Full))
        .order(bid_versions::submitted_at)
        .select(bid_versions::submitted_at)
        .first(conn)
        .optional()?)
}

/// What has happened in a round under its rules.
pub fn relied(conn: &mut Conn, round: Id<RoundKey>) -> Result<Relied> {
    let phases: Vec<Option<String>> =
        bids::table.filter(bids::round_id.eq(round)).select(bids::phase).distinct().load(conn)?;
    let marks = sift_marks::table.inner_join(bids::table).filter(bids::round_id.eq(round));
    let marked = select(exists(marks)).get_result(conn)?;
    let given = scores::table.inner_join(bids::table).filter(bids::round_id.eq(round));
    let scored = select(exists(given)).get_result(conn)?;
    Ok(Relied { phases: phases.into_iter().flatten().collect(), marked, scored })
}

/// An award to a bid of a round.
#[derive(Debug, Queryable)]
pub struct Award {
    /// How much.
    pub amount: Pence,
    /// When it shows, if not at once.
    pub release: Option<Milestone>,
    /// When it moved the bid, with which it is out for good.
    pub recorded_at: Option<Moment>,
}

/// The awards to a round's bids that were not withdrawn; what is decided there without an amount awards nothing. They are
/// read row by row and added up by the caller: what was read counts for PostgreSQL's check that a decision and a smaller
/// budget do not pass one another.
pub fn awards(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Award>> {
    Ok(decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(bids::state.ne(State::WITHDRAWN))
        .filter(decisions::gate.eq_any(Gate::AWARDING))
        .filter(decisions::amount_pence.is_not_null())
        .select((decisions::amount_pence.assume_not_null(), decisions::release, decisions::recorded_at))
        .load(conn)?)
}

/// Somebody who is told.
pub type Reader = (Id<PersonKey>, Address, String);

/// Everybody whom a change of a round concerns, each once: the people of the councils that lead a bid or draft in it, take
/// part or were asked to, and the fund's own.
pub fn concerned(conn: &mut Conn, round: &Round) -> Result<Vec<Reader>> {
    let of_round = || bids::table.filter(bids::round_id.eq(round.id)).filter(bids::state.ne(State::WITHDRAWN));
    let mut councils: BTreeSet<Id<OrganisationKey>> =
        of_round().select(bids::lead_id).load(conn)?.into_iter().collect();
    let parties: Vec<Id<OrganisationKey>> = partners::table
        .filter(partners::bid_id.eq_any(of_round().select(bids::id)))
        .filter(partners::state.eq_any([PartnerState::Invited, PartnerState::Confirmed]))
        .select(partners::organisation_id)
        .distinct()
        .load(conn)?;
    councils.extend(parties);
    let members: Vec<Reader> = memberships::table
        .inner_join(people::table)
        .filter(memberships::organisation_id.eq_any(councils))
        .filter(memberships::ended_at.is_null())
        .select((people::id, people::email, people::name))
        .load(conn)?;
    let staff: Vec<Reader> = fund_roles::table
        .inner_join(people::table)
        .filter(fund_roles::fund_id.eq(round.fund_id))
        .filter(fund_roles::ended_at.is_null())
        .select((people::id, people::email, people::name))
        .load(conn)?;
    let each_once: BTreeMap<Id<PersonKey>, Reader> =
        members.into_iter().chain(staff).map(|reader| (reader.0, reader)).collect();
    Ok(each_once.into_values().collect())
}
