//! The words of conflicts of interest, between a person and a bid or an organisation, and their pure rules.

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

pub use super::suggested::{ConflictGround, GroundKind};
use crate::{
    clock::Moment,
    db::schema::conflicts,
    error::{AppError, Fault, Result},
    funds::form::count_words,
    http::Listing,
    ids::{BidKey, Id, OrganisationKey, PersonKey, RowKey},
    words,
};

words! {
    /// How it came to be known that there is a conflict.
    pub enum Origin {
        /// The person said so; they may lift it again.
        Declared = "declared",
        /// A moderator or fund manager said so; only they may lift it.
        Pinned = "pinned",
        /// The program suggested it, and the person, a moderator or a fund manager has confirmed it; only the latter may lift it.
        Suggested = "suggested",
        /// The person found it while reading; only a moderator or fund manager may lift it.
        Recused = "recused",
    }
}

impl Origin {
    /// What a list says of it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Declared => "Declared",
            Self::Pinned => "Pinned",
            Self::Suggested => "Suggested and confirmed",
            Self::Recused => "Found while reading",
        }
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
    /// How it came to be known.
    pub origin: Origin,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub created_by: Id<PersonKey>,
    /// When it was said.
    pub created_at: Moment,
    /// Until when it stands, if it ends by itself.
    pub until_at: Option<Moment>,
    /// When it was lifted.
    pub lifted_at: Option<Moment>,
    /// Why, where a moderator or fund manager has lifted it.
    pub lifted_because: Option<String>,
}

impl Conflict {
    /// Whether it stands.
    pub fn stands(&self, now: Moment) -> bool {
        self.lifted_at.is_none() && self.until_at.is_none_or(|until| now <= until)
    }

    /// Whether the person has said so themself, so that their lists may say it.
    pub fn is_own(&self) -> bool {
        self.created_by == self.person_id
    }
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
    /// Until when it stands, if it ends by itself.
    #[serde(default)]
    pub until: Option<Moment>,
}

/// Why a conflict is lifted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifting {
    /// Why, in up to 200 words. Whoever takes back a conflict of somebody else gives a reason; for one's own it can be left out.
    #[serde(default)]
    pub reason: String,
}

/// That one has found a conflict of interest while reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recusal {
    /// What it is, in up to 200 words.
    pub reason: String,
}

words! {
    /// What somebody says of a possible conflict.
    pub enum Verdict {
        /// It is one.
        Confirm = "confirm",
        /// It is none.
        SetAside = "set_aside",
    }
}

/// An answer to a possible conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVerdict {
    /// Whether it is a conflict.
    pub verdict: Verdict,
    /// Why not, in up to 200 words; needed to set it aside.
    #[serde(default)]
    pub reason: String,
}

impl NewVerdict {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        let faults = match self.verdict {
            Verdict::SetAside => reason_fault(&self.reason, "Say why there is no conflict of interest."),
            Verdict::Confirm => too_long(&self.reason),
        };
        faults.into_iter().collect()
    }
}

/// An organisation as lists name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BidOrganisation {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// What one may see of a bid in order to say that one has a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ToDeclare {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its organisations, the lead first.
    pub organisations: Vec<BidOrganisation>,
    /// Why the program suggests that there is a conflict; empty where it does not.
    pub possible: Vec<ConflictGround>,
}

/// A line that stands for what is withheld because one has said so oneself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Withheld {
    /// The conflict.
    pub conflict: Id<RowKey>,
    /// The bid's reference, where it is one bid.
    pub bid: Option<String>,
    /// The name of the organisation, where it is every bid that this leads or joins.
    pub organisation: Option<String>,
    /// How it came to be known.
    pub origin: Origin,
    /// What one wrote.
    pub reason: String,
    /// Since when.
    pub since: Moment,
    /// Until when, if it ends by itself.
    pub until: Option<Moment>,
}

/// A round's bids as somebody sees them in order to say with which they have a conflict.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Declarations {
    /// The bids, the oldest first.
    #[serde(flatten)]
    pub bids: Listing<ToDeclare>,
    /// Whether the reader assesses without knowing whose bids they are: then no bid is listed, and one declares conflicts with
    /// organisations.
    pub without_names: bool,
    /// Then: every organisation that leads or joins a bid of the round, by name, whatever conflicts one has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organisations: Vec<BidOrganisation>,
    /// What is withheld, because one has said so.
    pub withheld: Vec<Withheld>,
}

/// A conflict as those who lead the panel see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConflictLine {
    /// The conflict.
    pub id: Id<RowKey>,
    /// Who has it.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// The bid's reference, where it is with one bid.
    pub bid: Option<String>,
    /// The bid's title, where it is with one bid.
    pub title: Option<String>,
    /// The name of the organisation, where it is with every bid that this leads or joins.
    pub organisation: Option<String>,
    /// How it came to be known.
    pub origin: Origin,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Moment,
    /// Until when, if it ends by itself.
    pub until: Option<Moment>,
    /// Whether the reader can lift it: one with an organisation only if they lead the panels of all funds for which the person
    /// works.
    pub can_lift: bool,
}

/// A possible conflict that somebody has set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SetAsideLine {
    /// Whose it would be.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// With which bid.
    pub bid: String,
    /// The bid's title.
    pub title: String,
    /// Why the program suggested it.
    pub grounds: Vec<ConflictGround>,
    /// Why it is none, as whoever set it aside wrote.
    pub reason: String,
    /// Who set it aside.
    pub by: Id<PersonKey>,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: Moment,
}

/// A possible conflict that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PossibleLine {
    /// Who may have it.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// With which bid.
    pub bid: String,
    /// The bid's title.
    pub title: String,
    /// Why the program suggests it.
    pub grounds: Vec<ConflictGround>,
}

/// Somebody who works for the fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Colleague {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
}

/// The conflicts of a round as those who lead the panel see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RoundConflicts {
    /// Those that stand, the newest first.
    pub standing: Vec<ConflictLine>,
    /// Those that wait for an answer, by name and bid.
    pub possible: Vec<PossibleLine>,
    /// Those that were set aside, by the person themself or by those who lead the panel, the newest first.
    pub set_aside: Vec<SetAsideLine>,
    /// Who works for the fund, by name.
    pub people: Vec<Colleague>,
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
    pub fn subject(&self, now: Moment) -> Result<Subject> {
        let subject = match (&self.bid, &self.organisation) {
            (Some(bid), None) => Ok(Subject::Bid(bid.clone())),
            (None, Some(code)) => Ok(Subject::Organisation(code.clone())),
            _ => Err(Fault::new("bid", "one_of_two", "Give the reference of a bid or the code of an organisation.")),
        };
        let reason = reason_fault(&self.reason, "Say what the conflict of interest is.");
        let faults: Vec<Fault> = reason.into_iter().chain(until_fault(self.until, now)).collect();
        match subject {
            Ok(subject) if faults.is_empty() => Ok(subject),
            subject => Err(AppError::Invalid(subject.err().into_iter().chain(faults).collect())),
        }
    }
}

fn until_fault(until: Option<Moment>, now: Moment) -> Option<Fault> {
    let over = until.is_some_and(|until| until <= now);
    over.then(|| Fault::new("until", "past", "Give an instant that is still to come, or leave it out."))
}

/// What is wrong with a reason that must be there; `missing` says what to write.
pub fn reason_fault(reason: &str, missing: &'static str) -> Option<Fault> {
    if count_words(reason) == 0 { Some(Fault::new("reason", "missing", missing)) } else { too_long(reason) }
}

fn too_long(reason: &str) -> Option<Fault> {
    let words = count_words(reason);
    let message = || format!("Use {MOST_REASON_WORDS} words or fewer, you have {words}.");
    (words > MOST_REASON_WORDS).then(|| Fault::new("reason", "too_long", message()))
}
