//! Members of a network from a CSV file: read whole, checked whole, and only then written. A file with a fault changes nothing.
//!
//! Columns: `organisation, state, from`. The first is a code, an ONS code, an org-id or a name; the state is `member` or
//! `in_process`, and `member` where it is empty; the day, like 2026-09-01, may be missing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::model::{MemberState, NewMembership};
use crate::{
    db::Conn,
    error::{AppError, Fault},
    identity::store::organisations,
    ids::{Id, OrganisationKey},
};

/// The most lines of a file: there are under 500 councils.
const MOST_LINES: usize = 5_000;

/// A line as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    organisation: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    from: String,
}

/// Reads a file.
///
/// # Errors
/// `Invalid` with the first line that is not CSV of these columns, or for a file without lines.
pub fn parse(file: &[u8]) -> Result<Vec<Line>, AppError> {
    let text = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
    let mut lines = Vec::new();
    for line in reader.deserialize() {
        let line = line.map_err(|fault: csv::Error| {
            let number = fault.position().map_or(1, csv::Position::line);
            let message =
                format!("Line {number}: give the columns organisation, state and from as CSV, and no others.");
            AppError::invalid(format!("lines/{number}"), "broken", message)
        })?;
        lines.push(line);
    }
    match lines.len() {
        0 => Err(AppError::invalid("", "empty", "The file has no lines under its headings.")),
        1..=MOST_LINES => Ok(lines),
        _ => Err(AppError::invalid("", "too_long", format!("Give at most {MOST_LINES} lines at once."))),
    }
}

/// What the lines say of which organisation, held against the organisations that there are.
///
/// # Errors
/// `Invalid` with every fault and its line.
pub fn resolve(
    conn: &mut Conn,
    lines: &[Line],
    today: NaiveDate,
) -> Result<BTreeMap<Id<OrganisationKey>, NewMembership>, AppError> {
    let (mut found, mut faults) = (BTreeMap::new(), Vec::new());
    for (number, line) in (2..).zip(lines) {
        let mut fault = |column: &str, code, what: String| {
            faults.push(Fault::new(format!("lines/{number}/{column}"), code, format!("Line {number}: {what}")));
        };
        let organisation = organisations::find(conn, &line.organisation)?;
        let (state, from) = (line.state(), line.from());
        if organisation.is_none() {
            fault("organisation", "unknown_organisation", format!("there is no organisation “{}”.", line.organisation));
        }
        if state.is_none() {
            fault("state", "wrong_word", "write member or in_process.".into());
        }
        match &from {
            Err(_) => fault("from", "wrong_day", "write the day like 2026-09-01.".into()),
            Ok(Some(day)) if *day > today => fault("from", "not_yet", "give a day that is not after today.".into()),
            Ok(_) => {}
        }
        if let (Some(organisation), Some(state), Ok(from)) = (organisation, state, from)
            && found.insert(organisation.id, NewMembership { state, from }).is_some()
        {
            fault("organisation", "duplicate", format!("{} stands there twice.", organisation.name));
        }
    }
    AppError::unless_empty(faults)?;
    Ok(found)
}

impl Line {
    fn state(&self) -> Option<MemberState> {
        if self.state.is_empty() { Some(MemberState::Member) } else { MemberState::from_word(&self.state) }
    }

    fn from(&self) -> Result<Option<NaiveDate>, chrono::ParseError> {
        if self.from.is_empty() { Ok(None) } else { self.from.parse().map(Some) }
    }
}
