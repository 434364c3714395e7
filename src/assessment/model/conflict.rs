//! Conflicts of interest: between a person and a bid, or a person and an organisation.

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    db::schema::conflicts,
    error::{AppError, Fault, Result},
    funds::form::count_words,
    ids::{BidKey, Id, OrganisationKey, PersonKey, RowKey},
    words,
};

words! {
    /// Who said that there is a conflict.
    pub enum Origin {
        /// The person; they may lift it again.
        Declared = "declared",
        /// A moderator or fund manager; only they may lift it.
        Pinned = "pinned",
    }
}

/// A conflict of interest. What follows from working for an organisation needs no row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize, utoipa::ToSchema)]
#[diesel(table_name = conflicts)]
pub struct Conflict {
    /// Its id.
    pub id: Id<RowKey>,
    /// Who has it.
    pub person_id: Id<PersonKey>,
    /// With which bid.
    pub bid_id: Option<Id<BidKey>>,
    /// With which organisation, and so with every bid that it leads or joins.
    pub organisation_id: Option<Id<OrganisationKey>>,
    /// Who said so.
    pub origin: Origin,
    /// Why.
    pub reason: String,
    /// When it was said.
    pub created_at: Moment,
    /// When it was lifted.
    pub lifted_at: Option<Moment>,
}

/// A conflict on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConflict {
    /// The reference of the bid; give this or the organisation.
    #[serde(default)]
    pub bid: Option<String>,
    /// The code of the organisation; give this or the bid.
    #[serde(default)]
    pub organisation: Option<String>,
    /// Whose conflict it is, when a moderator or fund manager pins it; your own if not said.
    #[serde(default)]
    pub person: Option<Id<PersonKey>>,
    /// Why, in up to 200 words.
    pub reason: String,
}

/// What a conflict is with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A bid, by its reference.
    Bid(String),
    /// An organisation, by its code.
    Organisation(String),
}

const MOST_REASON_WORDS: usize = 200;

impl NewConflict {
    /// What it is with, if the whole is well formed.
    ///
    /// # Errors
    /// `Invalid` with every fault.
    pub fn subject(&self) -> Result<Subject> {
        let subject = match (&self.bid, &self.organisation) {
            (Some(bid), None) => Ok(Subject::Bid(bid.clone())),
            (None, Some(code)) => Ok(Subject::Organisation(code.clone())),
            _ => Err(Fault::new("bid", "one_of_two", "Give the reference of a bid or the code of an organisation.")),
        };
        match (subject, self.reason_fault()) {
            (Ok(subject), None) => Ok(subject),
            (subject, reason) => Err(AppError::Invalid(subject.err().into_iter().chain(reason).collect())),
        }
    }

    fn reason_fault(&self) -> Option<Fault> {
        match count_words(&self.reason) {
            0 => Some(Fault::new("reason", "missing", "Say what the conflict of interest is.")),
            words if words > MOST_REASON_WORDS => {
                let message = format!("Use {MOST_REASON_WORDS} words or fewer, you have {words}.");
                Some(Fault::new("reason", "too_long", message))
            }
            _ => None,
        }
    }
}
