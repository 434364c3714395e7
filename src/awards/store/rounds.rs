//! The SQL of a round's decisions taken together: the queue and the check before a release.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    awards::model::{Decision, Gate},
    db::{
        Conn,
        schema::{bid_versions, bids, decisions, organisations},
    },
    error::Result,
    funds::model::Milestone,
    identity::policy::{Granted, Sight},
    ids::{BidKey, Id, OrganisationKey, RoundKey, WorkflowKey},
    money::Pence,
    workflow::State,
};

/// A submitted bid of a round, as the queue of decisions needs it.
#[derive(Debug, Clone, Queryable)]
pub struct RoundBid {
    /// Its id.
    pub id: Id<BidKey>,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its lead authority.
    pub lead_id: Id<OrganisationKey>,
    /// The lead authority's name.
    pub lead: String,
    /// The state that everybody may know.
    pub state: String,
    /// The workflow that it is pinned to.
    pub workflow_id: Id<WorkflowKey>,
    /// What it asks for.
    pub ask_pence: Option<Pence>,
}

/// Every bid of a round that was submitted and not withdrawn, by reference. A conflict of interest is the caller's to
/// take out of what is shown; the check before a release is over all.
pub fn bids_of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<RoundBid>> {
    Ok(bids::table
        .inner_join(organisations::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::kind.ne("draft"))
        .filter(bids::submitted_at.is_not_null())
        .filter(bids::state.ne(State::WITHDRAWN))
        .order(bids::reference)
        .select((
            bids::id,
            bids::reference,
            bids::title,
            bids::lead_id,
            organisations::name,
            bids::state,
            bids::workflow_id,
            bids::ask_pence,
        ))
        .load(conn)?)
}

/// Where every bid of a round that was submitted stands as everybody may know it, without those that are hidden.
pub fn states_of_round(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    sight: &Sight,
) -> Result<Vec<(Id<BidKey>, String, Id<WorkflowKey>)>> {
    Ok(bids::table
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::submitted_at.is_not_null())
        .filter(bids::id.ne_all(&sight.hidden))
        .select((bids::id, bids::state, bids::workflow_id))
        .load(conn)?)
}

/// The transitions that the decisions on a round's bids take, bid by bid and gate by gate.
pub fn steps_of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeMap<Id<BidKey>, Vec<String>>> {
    let mut rows: Vec<(Gate, Id<BidKey>, String)> = decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::state.ne(State::WITHDRAWN))
        .select((decisions::gate, decisions::bid_id, decisions::transition))
        .load(conn)?;
    rows.sort();
    let mut steps: BTreeMap<Id<BidKey>, Vec<String>> = BTreeMap::new();
    for (_, bid, transition) in rows {
        steps.entry(bid).or_default().push(transition);
    }
    Ok(steps)
}

/// Every decision on a round's bids, gate by gate.
pub fn decisions_of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<Decision>> {
    let mut rows: Vec<Decision> = decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::state.ne(State::WITHDRAWN))
        .select(Decision::as_select())
        .load(conn)?;
    rows.sort_by_key(|decision| decision.gate);
    Ok(rows)
}

/// The decisions that show at a milestone and have not moved their bids yet, bid by bid and gate by gate: what the release
/// approves. That a bid is withdrawn meanwhile by its own councils changes nothing that was approved.
pub fn decisions_at(conn: &mut Conn, round: Id<RoundKey>, milestone: Milestone) -> Result<Vec<Decision>> {
    let mut rows: Vec<Decision> = decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(decisions::release.eq(milestone))
        .filter(decisions::recorded_at.is_null())
        .select(Decision::as_select())
        .load(conn)?;
    rows.sort_by_key(|decision| (decision.bid_id, decision.gate));
    Ok(rows)
}

/// The hashes of the versions of bids that stand: those submitted last.
pub fn standing_versions(conn: &mut Conn, bids: Vec<Id<BidKey>>) -> Result<BTreeMap<Id<BidKey>, Vec<u8>>> {
    let rows: Vec<(Id<BidKey>, Vec<u8>)> = bid_versions::table
        .filter(bid_versions::bid_id.eq_any(bids))
        .order((bid_versions::submitted_at, bid_versions::number))
        .select((bid_versions::bid_id, bid_versions::hash))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The workflows that bids of a round follow.
pub fn workflows_of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Id<WorkflowKey>>> {
    Ok(bids::table.filter(bids::round_id.eq(round)).select(bids::workflow_id).distinct().load(conn)?)
}
