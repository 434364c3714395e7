//! Requests for approval, what stands behind them, and the pure rule of when that is enough.

use std::collections::BTreeSet;

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    clock::Moment,
    db::{Doc, schema::approval_requests},
    error::Fault,
    events::Chain,
    identity::model::Person,
    ids::{BidKey, FundKey, Id, PersonKey, RoundKey, RowKey},
    words,
    workflow::Wanted,
};

/// The most characters of a reason.
const LONGEST_REASON: usize = 2_000;

/// What people stand behind, and what it takes.
#[derive(Debug, Clone)]
pub struct Thing {
    /// The round.
    pub round: Id<RoundKey>,
    /// The round's fund, whose people are asked.
    pub fund: Id<FundKey>,
    /// The bid, unless it is about a whole round.
    pub bid: Option<Id<BidKey>>,
    /// The milestone whose outcomes are released, the transition that is taken, or what is changed of a round.
    pub subject: String,
    /// The history that tells of it: the round's, which staff alone read, where it would tell an outcome.
    pub chain: Chain,
    /// Who is needed.
    pub wanted: Wanted,
    /// The bids on a round's list: whoever has a conflict of interest with one of them has no part in it.
    pub covers: BTreeSet<Id<BidKey>>,
    /// The hash of what exactly would be approved now.
    pub hash: Vec<u8>,
    /// When that is.
    pub now: Moment,
}

/// The same for whoever reads a message.
#[derive(Debug, Clone)]
pub struct Words {
    /// What it is.
    pub what: String,
    /// The path of the page on which one approves.
    pub page: String,
}

impl Words {
    /// The same for something of which nobody is told by mail.
    #[must_use]
    pub fn without_mail(self) -> Self {
        Self { what: format!("{}, and no email is sent", self.what), ..self }
    }
}

words! {
    /// How a request ended.
    pub enum Ending {
        /// Enough people stood behind it.
        Approved = "approved",
        /// Somebody refused.
        Refused = "refused",
        /// It was taken back by those who asked.
        TakenBack = "taken_back",
        /// The bid has moved on another way, or its round was called off.
        Overtaken = "overtaken",
    }
}

/// Somebody asks others to stand behind something.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = approval_requests)]
pub struct Request {
    /// Its id.
    pub id: Id<RowKey>,
    /// The milestone or the transition.
    pub subject: String,
    /// The terms of a decision, if it is one.
    pub body: Option<Doc<Value>>,
    /// Who asks.
    pub requested_by: Id<PersonKey>,
    /// When it ended, if it has.
    pub ended_at: Option<Moment>,
    /// Who ended it.
    pub ended_by: Option<Id<PersonKey>>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// Why, if it was refused.
    pub reason: Option<String>,
}

/// A request that is open, its round, and its bid if it is about one.
pub type Open = (Request, Id<RoundKey>, Option<Id<BidKey>>);

/// An approval as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Approval {
    /// Its id.
    pub id: Id<RowKey>,
    /// Who approved.
    pub person: Id<PersonKey>,
    /// As whom they count: themselves, or the one in whose place they acted.
    pub seat: Id<PersonKey>,
    /// What they are called.
    pub name: String,
    /// The hash of what they approved.
    pub hash: Vec<u8>,
    /// When.
    pub at: Moment,
}

/// Somebody who can approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Able {
    /// The person.
    pub person: Person,
    /// As whom they count: themselves, or the one in whose place they act.
    pub seat: Id<PersonKey>,
}

/// A person by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Named {
    /// The person.
    pub person: Id<PersonKey>,
    /// What they are called.
    pub name: String,
}

impl From<&Person> for Named {
    fn from(person: &Person) -> Self {
        Self { person: person.id, name: person.name.clone() }
    }
}

/// An approval, and whether it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Given {
    /// Who approved.
    pub by: Named,
    /// In whose place, if they acted as a deputy: the two count as one.
    pub in_place_of: Option<Named>,
    /// When.
    pub at: Moment,
    /// Whether it counts. It does not once what was approved has changed, nor when its giver could not give it now, as the
    /// same person: they have lost the role, have a conflict of interest, or act for somebody else.
    pub counts: bool,
}

impl Given {
    /// As whom its giver counts.
    pub fn seat(&self) -> Id<PersonKey> {
        self.in_place_of.as_ref().map_or(self.by.person, |principal| principal.person)
    }
}

/// The last answer, if it was no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Refused {
    /// Who refused.
    pub by: Named,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
}

/// Who stands behind something, and who is still wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Support {
    /// Names what exactly would be approved now and, while it is open, the request for it. Whoever approves or refuses
    /// sends it back, so that nobody stands behind what they have not read.
    pub tag: String,
    /// How many different people have to stand behind it.
    pub needed: u32,
    /// How many different people can, those included who have: whoever has a conflict of interest cannot.
    pub able: u32,
    /// Who asked for it, while it is open.
    pub asked_by: Option<Named>,
    /// The approvals, oldest first.
    pub given: Vec<Given>,
    /// Who can still approve. While it is open they have been asked by mail.
    pub wanted: Vec<Named>,
    /// Who refused it last, if nobody has asked again since.
    pub refused: Option<Refused>,
}

impl Support {
    /// What is told of it to somebody who may not know of all that would be approved: how many people it takes, and no more.
    pub const fn withheld(needed: u32) -> Self {
        Self {
            tag: String::new(),
            needed,
            able: needed,
            asked_by: None,
            given: Vec::new(),
            wanted: Vec::new(),
            refused: None,
        }
    }

    /// How many people stand behind it.
    pub fn people(&self) -> usize {
        let people: BTreeSet<_> = self.given.iter().filter(|given| given.counts).map(Given::seat).collect();
        people.len()
    }

    /// How many more people it takes.
    pub fn still_needed(&self) -> usize {
        usize::try_from(self.needed).unwrap_or(usize::MAX).saturating_sub(self.people())
    }

    /// Whether this person can still approve it.
    pub fn wants(&self, person: Option<Id<PersonKey>>) -> bool {
        self.wanted.iter().any(|named| Some(named.person) == person)
    }
}

/// A refusal as it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefusalBody {
    /// Why; whoever asked reads it.
    pub reason: String,
}

/// What is wrong with a reason.
pub fn reason_fault(reason: &str) -> Option<Fault> {
    Fault::of_text("reason", reason, LONGEST_REASON, "Say why you refuse: whoever asked reads it.")
}
