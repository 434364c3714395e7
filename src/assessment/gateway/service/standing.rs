//! Where bids stand at the gateway, for everything that follows from it. A round without checks asks for nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    assessment::gateway::{
        model::{self, GatewayStanding, MarkRow},
        store,
    },
    db::Conn,
    error::Result,
    funds::{self, assessing::Check, model::RoundInFull},
    identity::policy::Granted,
    ids::{BidKey, Id, RoundKey},
};

/// Where a bid stands; nothing in a round without checks.
///
/// # Errors
/// When the database fails.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>, round: &RoundInFull) -> Result<Option<GatewayStanding>> {
    let checks = &round.rulebook.assessment.gateway;
    if checks.is_empty() {
        return Ok(None);
    }
    let (marks, version) = (store::of_bid(conn, bid)?, store::version_of(conn, bid)?);
    Ok(GatewayStanding::of(checks, &marks, version))
}

/// Where feedback begins to the councils of a bid that has failed; empty for another.
///
/// # Errors
/// When the database fails.
pub fn feedback_of(conn: &mut Conn, bid: &Granted<BidKey>, round: &RoundInFull) -> Result<String> {
    let checks = &round.rulebook.assessment.gateway;
    if checks.is_empty() {
        return Ok(String::new());
    }
    let (marks, version) = (store::of_bid(conn, bid)?, store::version_of(conn, bid)?);
    Ok(model::feedback(checks, &marks, version))
}

/// Where all bids of a round stand.
#[derive(Debug, Default)]
pub struct Standings {
    checks: Vec<Check>,
    marks: BTreeMap<Id<BidKey>, Vec<MarkRow>>,
    versions: BTreeMap<Id<BidKey>, i32>,
}

impl Standings {
    /// Where one of them stands; nothing in a round without checks.
    pub fn on(&self, bid: Id<BidKey>) -> Option<GatewayStanding> {
        GatewayStanding::of(&self.checks, self.marks_of(bid), self.version_of(bid))
    }

    pub(super) fn marks_of(&self, bid: Id<BidKey>) -> &[MarkRow] {
        self.marks.get(&bid).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn version_of(&self, bid: Id<BidKey>) -> i32 {
        self.versions.get(&bid).copied().unwrap_or(0)
    }
}

/// Where the bids of a round stand. Those that a conflict hides from somebody are for the caller to leave out.
///
/// # Errors
/// When the database fails.
pub fn of_round(conn: &mut Conn, round: &Granted<RoundKey>, checks: &[Check]) -> Result<Standings> {
    if checks.is_empty() {
        return Ok(Standings::default());
    }
    let (marks, versions) = (store::of_round(conn, round)?, store::versions_of(conn, round)?);
    Ok(Standings { checks: checks.to_vec(), marks, versions })
}

/// The same for whoever has not read the round's rules.
///
/// # Errors
/// When the database fails.
pub fn standings(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Standings> {
    let full = funds::store::round_by_id(conn, round.id())?;
    let checks = funds::store::in_full(conn, full)?.rulebook.assessment.gateway;
    of_round(conn, round, &checks)
}

/// The bids of a round that have failed.
///
/// # Errors
/// When the database fails.
pub fn failed(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeSet<Id<BidKey>>> {
    let standings = standings(conn, round)?;
    let bids: Vec<Id<BidKey>> = standings.marks.keys().copied().collect();
    Ok(bids.into_iter().filter(|bid| standings.on(*bid).is_some_and(|standing| standing.is_failed())).collect())
}
