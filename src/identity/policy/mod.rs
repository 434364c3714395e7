//! Policy: who may do and see what. The only place that says yes.
//!
//! A use case asks for one action on one thing and gets a [`Granted`], or asks what a person may see at all and gets a
//! [`Sight`]. Both are made here alone, from memberships, roles and conflicts read in the same transaction, so that a
//! revocation works at once. Store functions on private data demand one of them.
//!
//! Whoever may not know that a thing exists hears [`AppError::NotFound`] ([`AppError::Unauthenticated`] when nobody is
//! signed in); whoever may see it and not do this hears [`AppError::Forbidden`]. A conflict of interest takes away the
//! assessing and deciding capacities on that bid and leaves those of a council member or the public as they are.

mod anonymous;
mod conflicts;
mod facts;
mod rules;
mod sight;

pub use anonymous::is_anonymous;
pub use facts::{has_conflict, standing_on_bid, standing_on_fund};
pub use rules::{Action, BidKind, Capacity, allows};
pub use sight::{Sight, conflicted_bids, sight};

use std::collections::BTreeSet;

use crate::{
    actor::Actor,
    db::Conn,
    error::{AppError, Result},
    ids::{BidKey, FundKey, Id, OrganisationKey, RoundKey},
};

/// In which capacities an actor stands to a thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// What the actor is there.
    pub capacities: BTreeSet<Capacity>,
    /// Whether a conflict of interest took capacities away.
    pub conflicted: bool,
    /// The kind of state that the bid is in, when it is a bid.
    pub kind: Option<BidKind>,
    /// Whether it is a bid of a round that was called off.
    pub cancelled: bool,
    /// Whether it is a bid that ended before it was ever submitted: to all but its own councils it is a draft for ever.
    pub never_submitted: bool,
}

impl Standing {
    /// Whether the actor has this capacity.
    pub fn is(&self, capacity: Capacity) -> bool {
        self.capacities.contains(&capacity)
    }

    /// Whether one of the capacities allows it, and the round has not been called off before it was done.
    pub fn may(&self, action: Action) -> bool {
        self.is_allowed(action) && !self.is_over_for(action)
    }

    fn is_allowed(&self, action: Action) -> bool {
        self.capacities.iter().any(|capacity| allows(*capacity, action, self.kind_for(*capacity)))
    }

    /// The kind of state that the bid is in for somebody in this capacity.
    fn kind_for(&self, capacity: Capacity) -> Option<BidKind> {
        if self.never_submitted && capacity.works_for_the_fund() { Some(BidKind::Draft) } else { self.kind }
    }

    /// Whether the actor reads the bid without learning whose it is.
    pub fn reads_without_names(&self) -> bool {
        self.is(Capacity::BlindAssessor)
    }

    /// Whether an answer to what the fund asked about the bid is still of use: it is read, and its round was not called off.
    pub const fn takes_answers(&self) -> bool {
        matches!(self.kind, Some(BidKind::Waiting | BidKind::Review)) && !self.cancelled
    }

    /// Whether the actor works for the lead authority.
    pub fn leads(&self) -> bool {
        [Capacity::LeadMember, Capacity::LeadSignatory, Capacity::LeadAdministrator].iter().any(|lead| self.is(*lead))
    }

    /// The service itself still records what had come to pass before the round was called off.
    fn is_over_for(&self, action: Action) -> bool {
        self.cancelled && action.ends_with_the_round() && !self.is(Capacity::System)
    }
}

/// Policy's yes to one action on one thing. Made here alone; it cannot be cloned, and belongs to its transaction.
#[derive(Debug)]
pub struct Granted<T: 'static> {
    id: Id<T>,
    action: Action,
    standing: Standing,
}

impl<T> Granted<T> {
    /// The thing.
    pub const fn id(&self) -> Id<T> {
        self.id
    }

    /// What was allowed.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// In which capacities the actor stands to the thing.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }
}

/// Policy's yes to something that concerns the service as a whole.
#[derive(Debug)]
pub struct GrantedService(());

/// Asks for an action on a bid.
///
/// # Errors
/// As the module says.
pub fn bid(conn: &mut Conn, actor: &Actor, action: Action, id: Id<BidKey>) -> Result<Granted<BidKey>> {
    let standing = facts::standing_on_bid(conn, actor, id)?;
    decide(actor, action, id, standing, Action::ReadBid)
}

/// Asks to read what somebody has before them for an action on a bid. That stays readable in a round that was called off,
/// although the action itself is refused there: [`Standing::may`] says so.
///
/// # Errors
/// As the module says.
pub fn bid_to_read(conn: &mut Conn, actor: &Actor, action: Action, id: Id<BidKey>) -> Result<Granted<BidKey>> {
    let standing = facts::standing_on_bid(conn, actor, id)?;
    if standing.is_allowed(action) {
        return Ok(Granted { id, action, standing });
    }
    decide(actor, action, id, standing, Action::ReadBid)
}

/// Asks for an action on a round: what one is there follows from its fund.
///
/// # Errors
/// As the module says.
pub fn round(conn: &mut Conn, actor: &Actor, action: Action, id: Id<RoundKey>) -> Result<Granted<RoundKey>> {
    let standing = facts::standing_on_round(conn, actor, id)?;
    decide(actor, action, id, standing, Action::ReadRound)
}

/// Asks for an action on a fund.
///
/// # Errors
/// As the module says.
pub fn fund(conn: &mut Conn, actor: &Actor, action: Action, id: Id<FundKey>) -> Result<Granted<FundKey>> {
    let standing = facts::standing_on_fund(conn, actor, id)?;
    decide(actor, action, id, standing, Action::ReadRound)
}

/// Asks for an action on an organisation.
///
/// # Errors
/// As the module says.
pub fn organisation(
    conn: &mut Conn,
    actor: &Actor,
    action: Action,
    id: Id<OrganisationKey>,
) -> Result<Granted<OrganisationKey>> {
    let standing = facts::standing_on_organisation(conn, actor, id)?;
    decide(actor, action, id, standing, Action::ReadOrganisation)
}

/// Asks for an action on the service as a whole.
///
/// # Errors
/// As the module says; nobody need know of the staff's pages, so it is never `Forbidden`.
pub fn service(conn: &mut Conn, actor: &Actor, action: Action) -> Result<GrantedService> {
    let standing = facts::standing_on_service(conn, actor)?;
    if standing.may(action) { Ok(GrantedService(())) } else { Err(hidden_from(actor)) }
}

fn decide<T>(actor: &Actor, action: Action, id: Id<T>, standing: Standing, seeing: Action) -> Result<Granted<T>> {
    if standing.may(action) {
        return Ok(Granted { id, action, standing });
    }
    if !standing.may(seeing) || (standing.conflicted && action.assesses_or_decides()) {
        return Err(hidden_from(actor));
    }
    if standing.is_allowed(action) {
        let message = "This round was cancelled, so nothing in it changes any more. Its page says why.";
        return Err(AppError::conflict("round_cancelled", message));
    }
    if standing.is(Capacity::InvitedMember) && allows(Capacity::PartnerMember, action, standing.kind) {
        return Err(AppError::forbidden("not_allowed", "Accept the invitation first: partners can do this."));
    }
    Err(AppError::forbidden("not_allowed", action.refusal(standing.kind)))
}

/// What somebody hears who may not know of a thing, whether or not there is one.
pub fn hidden_from(actor: &Actor) -> AppError {
    if *actor == Actor::Public { AppError::Unauthenticated } else { AppError::NotFound }
}
