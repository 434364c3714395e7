//! An open proposal with everything that it would change, read in one transaction.

use super::super::situation::Known;
use crate::{
    bids::{
        content::{self, Content},
        terms::Terms,
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds::rulebook::Stage,
    http::Scene,
    identity::policy::{self, Action, BidKind, Granted},
    ids::{BidKey, Id, OrganisationKey},
    partnerships::proposals::{
        self,
        model::{Consent, Proposal, ProposalKind, Side},
    },
};

/// A bid of a proposal, with policy's yes for the service itself: who may look and agree is asked before.
pub(super) struct Place {
    pub granted: Granted<BidKey>,
    pub known: Known,
}

/// An open proposal and what it would change.
pub(super) struct Case {
    pub proposal: Proposal,
    pub consents: Vec<Consent>,
    /// The bid that it is about.
    pub place: Place,
    /// The bid that ends by it.
    pub other: Option<Place>,
    /// What the bid says now.
    pub before: Content,
    /// What the bid that ends says now.
    pub ends: Option<Content>,
    /// What the bid would say.
    pub after: Content,
    /// The hash of the terms that it would have: what is agreed to.
    pub terms: String,
}

impl Place {
    pub fn of(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>) -> Result<Self> {
        let service = scene.by_itself();
        let granted = policy::bid(conn, &service.actor, Action::ReadBid, bid)?;
        let known = Known::of(conn, &service, &granted)?;
        Ok(Self { granted, known })
    }

    pub fn reference(&self) -> &str {
        &self.known.bid.reference
    }

    pub fn lead(&self) -> Id<OrganisationKey> {
        self.known.bid.lead_id
    }

    /// The stage for which the bid is written, or will be next.
    pub fn stage(&self) -> Stage {
        self.known.stage.unwrap_or(Stage::Full)
    }

    /// Whether a version of that stage lies with the fund.
    pub fn is_submitted(&self) -> bool {
        let Known { definition, bid, .. } = &self.known;
        definition.stands_in(&bid.state) || bid.kind == BidKind::Review
    }
}

impl Case {
    /// What a proposal would change now.
    pub fn of(conn: &mut Conn, scene: &Scene, proposal: Proposal) -> Result<Self> {
        let consents = proposals::store::consents(conn, proposal.id)?;
        let place = Place::of(conn, scene, proposal.bid_id)?;
        let other = proposal.other_bid_id.map(|bid| Place::of(conn, scene, bid)).transpose()?;
        let before = content::current(conn, &place.granted, Stage::Full)?;
        let ends = other.as_ref().map(|other| content::current(conn, &other.granted, Stage::Full)).transpose()?;
        let after = match (proposal.kind, &ends) {
            (ProposalKind::Lead, _) => proposals::led_by(&before, proposal.organisation_id, &proposal.terms),
            (ProposalKind::Join, _) => {
                let organisation = content::party(conn, proposal.organisation_id)?;
                proposals::with(&before, &organisation, &proposal.terms)
            }
            (ProposalKind::Merge, Some(ends)) => proposals::merged(&before, ends),
            (ProposalKind::Merge, None) => return Err(AppError::internal("a merger with no bid")),
        };
        let terms = hex::encode(Terms::of(&after).hash()?);
        Ok(Self { proposal, consents, place, other, before, ends, after, terms })
    }

    /// Whether the fund has to agree as well.
    pub fn is_submitted(&self) -> bool {
        self.places().any(Place::is_submitted)
    }

    /// The bid, and the one that ends.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        std::iter::once(&self.place).chain(&self.other)
    }

    /// Whose turn it is.
    pub fn awaited(&self) -> Vec<Side> {
        self.proposal.awaited(&self.consents, self.is_submitted(), &self.terms)
    }

    /// Which organisation a side is; none for the fund.
    pub fn organisation(&self, side: Side) -> Option<Id<OrganisationKey>> {
        match side {
            Side::Lead => Some(self.place.lead()),
            Side::NewLead => Some(self.proposal.organisation_id),
            Side::OtherLead => self.other.as_ref().map(Place::lead),
            Side::Fund => None,
        }
    }

    /// The side that proposed it, if that side has to agree too; whoever asks to join is none.
    pub fn proposer(&self) -> Option<Side> {
        let sides = self.proposal.turns(false).into_iter().flatten();
        sides.into_iter().find(|side| self.organisation(*side) == Some(self.proposal.proposed_for))
    }

    /// Whether somebody has agreed to terms that are others by now.
    pub fn has_stale_consent(&self) -> bool {
        self.consents.iter().any(|consent| consent.agreed_at.is_some() && !consent.covers(&self.terms))
    }

    /// What was said of a side, if anything.
    pub fn consent(&self, side: Side) -> Option<&Consent> {
        self.consents.iter().find(|consent| consent.side == side)
    }

    /// A side that is asked now and has not answered.
    pub fn asked(&self, side: Side, now: Moment) -> Consent {
        let organisation_id = self.organisation(side);
        Consent { side, organisation_id, asked_at: now, agreed_at: None, person_id: None, seen: None }
    }
}
