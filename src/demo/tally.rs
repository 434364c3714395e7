//! What a replay came to, counted by SQL after the fact.

use std::collections::BTreeSet;

use diesel::{dsl::count, prelude::*};
use serde::Serialize;

use crate::{
    db::{
        Conn,
        schema::{bid_versions, bids, decisions, events, partners, rounds},
    },
    error::{AppError, Result},
    funds::rulebook::Stage,
    ids::{BidKey, Id, OrganisationKey, RoundKey},
    money::Pence,
};

/// The figures of one round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Expressions of interest that were in time.
    pub eoi: i64,
    /// Expressions of interest that came too late.
    pub late_refused: i64,
    /// Organisations that led them.
    pub organisations: i64,
    /// Expressions of interest that were invited, alone or to merge.
    pub invited: i64,
    /// Full applications.
    pub full: i64,
    /// Bids on the shortlist.
    pub shortlisted: i64,
    /// Bids funded.
    pub funded: i64,
    /// The sum of the awards, in pence.
    pub awarded_pence: Pence,
    /// Different organisations in the funded bids, leads and confirmed partners.
    pub councils_funded: usize,
    /// Events in the whole history.
    pub events: i64,
}

/// Counts a round.
///
/// # Errors
/// `NotFound` when there is no such round.
pub fn tally(conn: &mut Conn, slug: &str) -> Result<Tally> {
    let round: Option<Id<RoundKey>> =
        rounds::table.filter(rounds::slug.eq(slug)).select(rounds::id).first(conn).optional()?;
    let round = round.ok_or(AppError::NotFound)?;
    let funded = decided(conn, round, &["fund", "fund_reserve"])?;
    Ok(Tally {
        eoi: submitted(conn, round, Stage::Eoi)?,
        late_refused: count_in_state(conn, round, "eoi_lapsed")?,
        organisations: leads(conn, round)?,
        invited: as_count(&decided(conn, round, &["invite", "invite_to_merge"])?),
        full: submitted(conn, round, Stage::Full)?,
        shortlisted: as_count(&decided(conn, round, &["shortlist"])?),
        funded: as_count(&funded),
        awarded_pence: awarded(conn, &funded)?,
        councils_funded: councils(conn, &funded)?.len(),
        events: events::table.count().get_result(conn)?,
    })
}

fn as_count(bids: &[Id<BidKey>]) -> i64 {
    i64::try_from(bids.len()).unwrap_or(i64::MAX)
}

fn submitted(conn: &mut Conn, round: Id<RoundKey>, stage: Stage) -> Result<i64> {
    Ok(bid_versions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(bid_versions::stage.eq(stage))
        .select(count(bid_versions::bid_id).aggregate_distinct())
        .first(conn)?)
}

fn count_in_state(conn: &mut Conn, round: Id<RoundKey>, state: &str) -> Result<i64> {
    Ok(bids::table.filter(bids::round_id.eq(round)).filter(bids::state.eq(state)).count().get_result(conn)?)
}

fn leads(conn: &mut Conn, round: Id<RoundKey>) -> Result<i64> {
    Ok(bids::table
        .filter(bids::round_id.eq(round))
        .filter(bids::submitted_at.is_not_null())
        .select(count(bids::lead_id).aggregate_distinct())
        .first(conn)?)
}

fn decided(conn: &mut Conn, round: Id<RoundKey>, transitions: &[&str]) -> Result<Vec<Id<BidKey>>> {
    Ok(decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(decisions::transition.eq_any(transitions.to_vec()))
        .filter(decisions::recorded_at.is_not_null())
        .select(bids::id)
        .load(conn)?)
}

fn awarded(conn: &mut Conn, funded: &[Id<BidKey>]) -> Result<Pence> {
    let amounts: Vec<Option<Pence>> = decisions::table
        .filter(decisions::bid_id.eq_any(funded.to_vec()))
        .select(decisions::amount_pence)
        .load(conn)?;
    Ok(amounts.into_iter().flatten().sum())
}

fn councils(conn: &mut Conn, funded: &[Id<BidKey>]) -> Result<BTreeSet<Id<OrganisationKey>>> {
    let leads: Vec<Id<OrganisationKey>> =
        bids::table.filter(bids::id.eq_any(funded.to_vec())).select(bids::lead_id).load(conn)?;
    let partners: Vec<Id<OrganisationKey>> = partners::table
        .filter(partners::bid_id.eq_any(funded.to_vec()))
        .filter(partners::state.eq("confirmed"))
        .select(partners::organisation_id)
        .load(conn)?;
    Ok(leads.into_iter().chain(partners).collect())
}
