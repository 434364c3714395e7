//! What scenarios share: the councils and the register of earlier work.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::identity::model::{Nation, OrganisationKind};

/// `councils.csv`: a real council, current or abolished.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Council {
    /// Its code, e.g. `OXO`.
    pub code: String,
    /// Its official name.
    pub name: String,
    /// What kind of body it is.
    pub kind: OrganisationKind,
    /// Its code in the register of the Office for National Statistics.
    pub ons_code: String,
    /// Its org-id, e.g. `GB-LAE-OXO`.
    pub org_id: String,
    /// Where it is.
    pub nation: Nation,
    /// Its first day, where it is known.
    pub starts_on: Option<NaiveDate>,
    /// The day from which it no longer exists.
    pub ends_on: Option<NaiveDate>,
    /// The council that took over from it, where it is one.
    pub replaced_by: Option<String>,
}

impl Council {
    /// Whether the council existed on a day.
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.starts_on.is_none_or(|first| first <= day) && self.ends_on.is_none_or(|gone| day < gone)
    }

    /// A mail address of the council for the demonstration, in a domain that is reserved and reaches nobody.
    pub fn mailbox(&self, name: &str) -> String {
        format!("{name}@{}.example", self.code.to_lowercase())
    }
}

/// `register.csv`: earlier or outside work.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Stable key.
    pub entry_key: String,
    /// What it is called.
    pub title: String,
    /// What it is or did.
    pub summary: String,
    /// Who made it.
    pub organisations: String,
    /// platform, data, library, programme, network, standard, code, project or bid.
    pub kind: String,
    /// What became of it.
    pub status: String,
    /// Where it can be seen.
    pub url: Option<String>,
    /// Where the statement comes from.
    pub source: String,
    /// The year in which it began.
    pub started: Option<String>,
}
