//! For whom somebody speaks of those whom a proposal concerns, and how much of it they may read.

use std::collections::BTreeSet;

use super::case::Case;
use crate::{
    bids,
    db::Conn,
    error::{AppError, Result},
    http::Scene,
    identity::policy::{self, Action, Capacity, Granted},
    ids::{BidKey, Id},
    partnerships::proposals::model::{Consent, Proposal, ProposalKind, ProposalState, Side},
};

/// What policy allows, or nothing where it refuses; what goes wrong otherwise goes on.
pub(super) fn if_allowed<T>(asked: Result<T>) -> Result<Option<T>> {
    match asked {
        Ok(granted) => Ok(Some(granted)),
        Err(
            AppError::NotFound | AppError::Unauthenticated | AppError::Forbidden { .. } | AppError::Conflict { .. },
        ) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The sides of a proposal for which the actor can agree, whether or not it is their turn.
pub(super) fn sides_of(conn: &mut Conn, scene: &Scene, proposal: &Proposal) -> Result<BTreeSet<Side>> {
    let own = policy::sight(conn, &scene.actor)?.organisations;
    let mut sides = BTreeSet::new();
    let council = |conn: &mut Conn, bid| if_allowed(policy::bid(conn, &scene.actor, Action::ChangePartnership, bid));
    if let Some(bid) = council(conn, proposal.bid_id)? {
        if bid.standing().leads() {
            sides.insert(Side::Lead);
        }
        if proposal.kind == ProposalKind::Lead && own.contains(&proposal.organisation_id) {
            sides.insert(Side::NewLead);
        }
    }
    if let Some(other) = proposal.other_bid_id
        && let Some(other) = council(conn, other)?
        && other.standing().leads()
    {
        sides.insert(Side::OtherLead);
    }
    if manages(conn, scene, proposal)? {
        sides.insert(Side::Fund);
    }
    Ok(sides)
}

/// Whether the actor decides for the fund on every bid of a proposal.
fn manages(conn: &mut Conn, scene: &Scene, proposal: &Proposal) -> Result<bool> {
    for bid in std::iter::once(proposal.bid_id).chain(proposal.other_bid_id) {
        let asked = if_allowed(policy::bid(conn, &scene.actor, Action::DecideBid, bid))?;
        if !asked.is_some_and(|bid| bid.standing().is(Capacity::FundManager)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether the actor reads a bid as one of its councils that takes part.
pub(super) fn is_of_its_councils(bid: &Granted<BidKey>) -> bool {
    let standing = bid.standing();
    standing.leads() || standing.is(Capacity::PartnerMember) || standing.is(Capacity::PartnerSignatory)
}

/// How much of a proposal somebody may read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reader {
    /// A council of the bid.
    pub of_bid: bool,
    /// A council of the bid that ends.
    pub of_other: bool,
    /// Works for the council that asks to join.
    pub asks: bool,
    /// Works for the fund.
    pub of_fund: bool,
}

impl Reader {
    pub fn of(conn: &mut Conn, scene: &Scene, proposal: &Proposal) -> Result<Self> {
        let mut reader = Self::default();
        let own = policy::sight(conn, &scene.actor)?.organisations;
        reader.asks = proposal.kind == ProposalKind::Join && own.contains(&proposal.organisation_id);
        let read = |conn: &mut Conn, bid| if_allowed(policy::bid(conn, &scene.actor, Action::ReadHistory, bid));
        let bid = read(conn, proposal.bid_id)?;
        reader.of_bid = bid.as_ref().is_some_and(is_of_its_councils);
        let other = proposal.other_bid_id.map(|other| read(conn, other)).transpose()?.flatten();
        reader.of_other = other.as_ref().is_some_and(is_of_its_councils);
        reader.of_fund = bid.is_some() && !reader.of_bid && (proposal.other_bid_id.is_none() || other.is_some());
        Ok(reader)
    }

    /// Whether they may know of it at all. What councils have not agreed among themselves is nothing for the fund, until it is
    /// asked.
    pub fn may_read(self, proposal: &Proposal, consents: &[Consent]) -> bool {
        let concerns_the_fund =
            proposal.state == ProposalState::Done || consents.iter().any(|consent| consent.side == Side::Fund);
        self.of_bid || self.of_other || self.asks || (self.of_fund && concerns_the_fund)
    }

    /// Whether they may read what the bid would say. Of two bids that become one, neither reads the other's costs before the
    /// other's lead has agreed to show them.
    pub fn may_read_terms(self, case: &Case) -> bool {
        let first = case.proposal.turns(false).into_iter().flatten().next();
        let shown = first.and_then(|side| case.consent(side)).is_some_and(|consent| consent.agreed_at.is_some());
        match (case.proposal.kind, first) {
            (ProposalKind::Merge, Some(Side::Lead)) => self.of_bid || (shown && (self.of_other || self.of_fund)),
            (ProposalKind::Merge, _) => self.of_other || (shown && (self.of_bid || self.of_fund)),
            _ => self.of_bid || self.of_fund,
        }
    }
}

/// A bid of a reference for whoever may know of it: as one who reads it, or because its expression of interest is published.
pub(super) fn known_bid(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Id<BidKey>> {
    let hidden = || policy::hidden_from(&scene.actor);
    let id = if_allowed(bids::store::id_of(conn, reference))?.ok_or_else(hidden)?;
    let read = if_allowed(policy::bid(conn, &scene.actor, Action::ReadBid, id))?;
    let public =
        policy::sight(conn, &scene.actor)?.person.is_some() && super::published::is_published(conn, scene, id)?;
    if read.is_some() || public { Ok(id) } else { Err(hidden()) }
}
