//! A deputy and the days on which they act, and the pure rules about them: one who approves for a fund, or who signs for an
//! organisation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    error::{AppError, Fault, Result},
    ids::{Id, PersonKey, RowKey},
};

/// The most characters of a reason.
const LONGEST_REASON: usize = 500;
/// Whoever is away for longer has a successor, not a deputy.
const MOST_DAYS: i64 = 366;

/// Somebody who acts in the place of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Deputy {
    /// Its id.
    pub id: Id<RowKey>,
    /// In whose place.
    pub principal: Id<PersonKey>,
    /// What they are called.
    pub principal_name: String,
    /// Who acts.
    pub deputy: Id<PersonKey>,
    /// What they are called.
    pub deputy_name: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
}

/// A deputy who is to be named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeputy {
    /// In whose place; oneself if not said. Only fund managers and administrators name deputies of others.
    #[serde(default)]
    pub principal: Option<Id<PersonKey>>,
    /// Who acts.
    pub deputy: Id<PersonKey>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
}

impl NewDeputy {
    /// What is wrong with it by itself.
    pub fn faults(&self, principal: Id<PersonKey>, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.deputy == principal {
            faults.push(Fault::new("deputy", "same_person", "Name somebody else: nobody is their own deputy."));
        }
        let days = self.until.signed_duration_since(self.from).num_days();
        if days < 0 || self.until < today {
            faults.push(Fault::new(
                "until",
                "too_early",
                "Give a last day that is not over, and not before the first.",
            ));
        } else if days >= MOST_DAYS {
            faults.push(Fault::new("until", "too_late", format!("Name a deputy for at most {MOST_DAYS} days.")));
        }
        faults.extend(Fault::of_text("reason", &self.reason, LONGEST_REASON, "Say why, such as “on leave”."));
        faults
    }

    /// Refuses what would make it unclear for whom somebody acts: a deputy acts for one person at a time, and has none of
    /// their own.
    ///
    /// # Errors
    /// `Conflict` that names the other deputy.
    pub fn refuse_beside(&self, principal: Id<PersonKey>, others: &[Deputy]) -> Result<()> {
        let overlapping = others.iter().filter(|other| other.from <= self.until && self.from <= other.until);
        for other in overlapping {
            let is_twice = other.deputy == self.deputy;
            let is_chain = other.principal == self.deputy || other.deputy == principal;
            if is_twice || is_chain {
                let message = format!(
                    "{} acts for {} on some of these days. A deputy acts for one person at a time and has no deputy.",
                    other.deputy_name, other.principal_name
                );
                return Err(AppError::conflict("deputy_already", message));
            }
        }
        Ok(())
    }
}
