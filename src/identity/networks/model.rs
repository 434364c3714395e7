//! A network, and how far an organisation is with it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    error::Fault,
    ids::{Id, OrganisationKey},
    words,
};

/// The declaration that an organisation's own mark has stood for from the beginning: the two are kept alike.
pub const DECLARATION: &str = "local-digital-declaration";
/// The most characters of a name.
const LONGEST_NAME: usize = 200;

words! {
    /// How far an organisation is.
    pub enum MemberState {
        /// It has begun to join, for example sent the declaration to be signed.
        InProcess = "in_process",
        /// It belongs.
        Member = "member",
    }
}

/// A declaration or a network.
#[derive(Debug, Clone, PartialEq, Eq, diesel::Queryable, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Network {
    /// Its code in small letters, which rules name it by.
    pub code: String,
    /// What it is called.
    pub name: String,
}

/// An organisation of a network.
#[derive(Debug, Clone, PartialEq, Eq, diesel::Queryable, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NetworkMember {
    /// The organisation.
    pub organisation_id: Id<OrganisationKey>,
    /// The organisation's code.
    pub code: String,
    /// The organisation's name.
    pub name: String,
    /// How far it is.
    pub state: MemberState,
    /// Since which day, where that is known.
    pub from: Option<NaiveDate>,
}

/// How far an organisation is, on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMembership {
    /// How far it is.
    pub state: MemberState,
    /// Since which day, where that is known.
    #[serde(default)]
    pub from: Option<NaiveDate>,
}

impl NewMembership {
    /// What is wrong with it on a day.
    pub fn faults(&self, today: NaiveDate) -> Vec<Fault> {
        let early = self
            .from
            .filter(|from| *from > today)
            .map(|_| Fault::new("from", "not_yet", "Give a day that is not after today: record it when it has come."));
        early.into_iter().collect()
    }
}

impl Network {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let good = (1..=80).contains(&self.code.len()) && self.code.bytes().all(fits);
        let code = (!good).then(|| Fault::new("code", "wrong_code", "Use 1 to 80 small letters, digits and hyphens."));
        let name = Fault::of_text("name", &self.name, LONGEST_NAME, "Say what it is called.");
        code.into_iter().chain(name).collect()
    }
}
