//! A sign-off, what it covers, and whose are needed.

use serde::{Deserialize, Serialize};

use crate::{
    bids::{content::Sealed, terms::Terms},
    clock::Moment,
    error::Result,
    ids::{Id, OrganisationKey, PersonKey, RowKey},
    words,
};

words! {
    /// Where a sign-off stands.
    pub enum SignOffState {
        /// The signatory has been asked.
        Requested = "requested",
        /// The terms were signed, as exactly one version says them.
        Signed = "signed",
        /// The signatory wants changes first.
        ChangesWanted = "changes_wanted",
        /// The terms that were signed have changed since.
        Void = "void",
    }
}

/// A council's sign-off of one version of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignOff {
    /// Its id.
    pub id: Id<RowKey>,
    /// The council for which it is.
    pub organisation_id: Id<OrganisationKey>,
    /// The hash of the version, in hexadecimal digits.
    pub hash: String,
    /// The hash of the terms in it; sign-offs of before these were kept have none.
    pub terms: Option<String>,
    /// Where it stands.
    pub state: SignOffState,
    /// Who asked for it.
    pub requested_by: Id<PersonKey>,
    /// When.
    pub requested_at: Moment,
    /// The signatory who answered, or a deputy of theirs.
    pub person_id: Option<Id<PersonKey>>,
    /// In whose place, if it was a deputy.
    pub signed_for: Option<Id<PersonKey>>,
    /// When.
    pub answered_at: Option<Moment>,
    /// The changes that the signatory wants.
    pub words: Option<String>,
}

impl SignOff {
    /// Whether it is a signature of the terms as they are now.
    ///
    /// # Errors
    /// When the content cannot be written as JSON, which never happens.
    pub fn covers(&self, now: &Sealed) -> Result<bool> {
        Ok(self.state == SignOffState::Signed && self.is_of(now)?)
    }

    /// Whether it was a signature of these terms, whatever became of it. One of before terms were kept goes by everything that
    /// was said.
    ///
    /// # Errors
    /// When the content cannot be written as JSON, which never happens.
    pub fn is_of(&self, says: &Sealed) -> Result<bool> {
        if !matches!(self.state, SignOffState::Signed | SignOffState::Void) {
            return Ok(false);
        }
        let Some(terms) = &self.terms else { return Ok(self.hash == hex::encode(says.hash_without_roles()?)) };
        if *terms == hex::encode(&says.terms) {
            return Ok(true);
        }
        for before in Terms::as_before(&says.content) {
            if *terms == hex::encode(before.hash()?) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What a signatory signs.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    /// The hash of the version that was read, in hexadecimal digits.
    pub hash: String,
    /// For which council; only whoever signs for several needs to say.
    #[serde(default)]
    pub organisation: Option<Id<OrganisationKey>>,
}

/// What a signatory wants first.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangesWanted {
    /// The changes, in words.
    pub words: String,
    /// For which council; only whoever signs for several needs to say.
    #[serde(default)]
    pub organisation: Option<Id<OrganisationKey>>,
}
