//! What a bid's own page tells of what was done: who leads it since when, and which bids became one.

use serde::{Deserialize, Serialize};

use super::sides::{if_allowed, is_of_its_councils};
use crate::{
    bids::{
        self,
        content::{self, Party},
    },
    clock::Moment,
    error::Result,
    http::{App, Call},
    identity::policy::{self, Action},
    ids::{BidKey, Id},
    partnerships::proposals::{
        model::{Proposal, ProposalKind, ProposalState},
        store,
    },
};

/// What was done about the councils of a bid.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Changed {
    /// Who leads the bid now, and since when, if it was led by another.
    pub led_since: Option<(Party, Moment)>,
    /// The bid that it became part of.
    pub into: Option<Merged>,
    /// The bids that became part of it.
    pub of: Vec<Merged>,
    /// How many proposals wait for somebody, of those that the reader may know of.
    pub open: usize,
}

/// A bid with which it became one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// When.
    pub at: Moment,
    /// Whether the reader may open it.
    pub readable: bool,
}

/// The same, for whoever reads the bid's history.
///
/// # Errors
/// `NotFound` when one may not know of the bid.
pub async fn changed(app: &App, call: &Call, reference: String) -> Result<Changed> {
    call.read(app, move |conn, scene| {
        let id = bids::store::id_of(conn, &reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
        let granted = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
        let mut changed = Changed::default();
        if !granted.standing().may(Action::ReadHistory) {
            return Ok(changed);
        }
        let all = store::of_bid(conn, id)?;
        for proposal in all.iter().filter(|proposal| proposal.is_open()) {
            changed.open += usize::from(super::look::view(conn, scene, proposal.clone())?.is_some());
        }
        let done = |proposal: &&Proposal| proposal.state == ProposalState::Done;
        for proposal in all.iter().filter(done) {
            let at = proposal.ended_at.unwrap_or(proposal.proposed_at);
            // To its councils the other bid is named although they may not open it; to whoever has a conflict of interest with it
            // it is not there.
            let merged = |conn: &mut _, bid: Id<BidKey>| -> Result<Option<Merged>> {
                let service = scene.by_itself();
                let other = policy::bid(conn, &service.actor, Action::ReadBid, bid)?;
                let readable = if_allowed(policy::bid(conn, &scene.actor, Action::ReadBid, bid))?.is_some();
                if !readable && !is_of_its_councils(&granted) {
                    return Ok(None);
                }
                let bid = bids::store::load(conn, &other)?;
                Ok(Some(Merged { reference: bid.reference, title: bid.title, at, readable }))
            };
            match (proposal.kind, proposal.other_bid_id) {
                (ProposalKind::Lead, _) if changed.led_since.is_none() => {
                    changed.led_since = Some((content::party(conn, proposal.organisation_id)?, at));
                }
                (ProposalKind::Merge, Some(ended)) if ended == id => changed.into = merged(conn, proposal.bid_id)?,
                (ProposalKind::Merge, Some(ended)) => changed.of.extend(merged(conn, ended)?),
                _ => {}
            }
        }
        Ok(changed)
    })
    .await
}
