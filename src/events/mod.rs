//! What happened: append-only history per bid, round, fund and organisation, made tamper-evident by a hash chain.
//!
//! An event's `data` is exactly the text that is hashed: `hash = SHA-256(previous hash ‖ data)`. It holds ids and words
//! of the workflow, never personal data, so that a person can be erased and the chain stays whole. There is no update
//! and no delete here. [`verify`](verify::verify) finds what was changed behind our back.

pub mod checkpoint;
mod store;
pub mod verify;

pub use store::{append, history, newest, of_chain};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    actor::{Actor, Recorded},
    clock::Moment,
    ids::{BidKey, FundKey, Id, OrganisationKey, RoundKey},
};

/// Names the chains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainKey {}

/// Which chain an event stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// A bid's.
    Bid(Id<BidKey>),
    /// A round's.
    Round(Id<RoundKey>),
    /// A fund's: people's roles and the making of rounds.
    Fund(Id<FundKey>),
    /// An organisation's: people's roles.
    Organisation(Id<OrganisationKey>),
}

impl Chain {
    /// The id of the chain: that of its subject.
    pub const fn id(self) -> Id<ChainKey> {
        match self {
            Self::Bid(id) => id.cast(),
            Self::Round(id) => id.cast(),
            Self::Fund(id) => id.cast(),
            Self::Organisation(id) => id.cast(),
        }
    }

    /// `bid`, `round`, `fund` or `organisation`.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Bid(_) => "bid",
            Self::Round(_) => "round",
            Self::Fund(_) => "fund",
            Self::Organisation(_) => "organisation",
        }
    }
}

/// Something that happened, on its way into the history.
#[derive(Debug, Clone)]
pub struct Happened<'a> {
    /// Whose history it belongs to.
    pub chain: Chain,
    /// A stable word, e.g. `bid.submitted`.
    pub kind: &'static str,
    /// When.
    pub at: Moment,
    /// By whom.
    pub actor: &'a Actor,
    /// Ids, states and hashes; never a name or an address.
    pub detail: Value,
}

/// The text that is hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The place in the chain, from 1.
    pub seq: i64,
    /// The stable word.
    pub kind: String,
    /// When.
    pub at: Moment,
    /// By whom.
    pub actor: Recorded,
    /// What exactly.
    pub detail: Value,
}
