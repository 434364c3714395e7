//! The SQL of what stands against a change of a published round, and of who hears of it.

use std::collections::BTreeMap;

use diesel::{dsl::exists, prelude::*, select};

use crate::{
    awards::model::Gate,
    clock::Moment,
    db::{
        Conn,
        schema::{bid_versions, bids, decisions, scores, sift_marks},
    },
    error::Result,
    funds::{
        amending::Relied,
        model::{Milestone, Round},
        rulebook::Stage,
    },
    identity::{
        model::{FundRole, Person},
        store::readers,
    },
    ids::{BidKey, Id, OrganisationKey, PersonKey, RoundKey},
    money::Pence,
    partnerships::{self, model::PartnerState},
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

/// Everybody whom a change of a round concerns, each once: the people of the councils that lead a bid or draft in it, take
/// part or were asked to, and the fund's own.
pub fn concerned(conn: &mut Conn, round: &Round) -> Result<Vec<Person>> {
    let of_round: Vec<(Id<BidKey>, Id<OrganisationKey>)> = bids::table
        .filter(bids::round_id.eq(round.id))
        .filter(bids::state.ne(State::WITHDRAWN))
        .select((bids::id, bids::lead_id))
        .load(conn)?;
    let councils = partnerships::councils_of(conn, &of_round, PartnerState::STANDING)?;
    let members = readers::of_organisations(conn, councils.into_values().flatten())?;
    let staff = readers::of_fund(conn, round.fund_id, FundRole::ALL)?;
    let each_once: BTreeMap<Id<PersonKey>, Person> =
        members.into_iter().chain(staff).map(|reader| (reader.id, reader)).collect();
    Ok(each_once.into_values().collect())
}
