//! Organisations from a CSV file: read whole, checked whole, and only then written. A file with a fault changes nothing.
//!
//! Columns: `code, name, kind, nation, ons_code, org_id, mail_domain, starts_on, ends_on, replaced_by, other_names`. The
//! first four are needed; `other_names` has `;` between names; `replaced_by` is a code of the file or of ours.

mod apply;
mod read;

pub use apply::{Imported, apply};
pub use read::parse;

use chrono::NaiveDate;

use super::model::{Nation, OrganisationKind};
use crate::error::{AppError, Fault, Result};

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line's number in the file, from 1.
    pub number: u64,
    code: String,
    name: String,
    kind: OrganisationKind,
    nation: Nation,
    ons_code: Option<String>,
    org_id: Option<String>,
    mail_domain: Option<String>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    replaced_by: Option<String>,
    other_names: Vec<String>,
}

impl Line {
    /// The names that find the organisation, as they are kept.
    fn names(&self) -> Vec<String> {
        let mut names = self.other_names.clone();
        names.push(self.name.clone());
        names
    }
}

/// What is wrong with a file, place by place.
#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, line: u64, column: &str, code: &'static str, what: &str) {
        let (field, place) = match (line, column) {
            (0, "") => (String::new(), String::new()),
            (line, "") => (format!("lines/{line}"), format!("Line {line}: ")),
            (line, column) => (format!("lines/{line}/{column}"), format!("Line {line}, {column}: ")),
        };
        self.0.push(Fault::new(field, code, format!("{place}{what}")));
    }

    fn none(self) -> Result<()> {
        AppError::unless_empty(self.0)
    }
}
