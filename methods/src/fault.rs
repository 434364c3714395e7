//! What is wrong with an input, where, and what to do about it.

use std::fmt;

use serde::Serialize;

/// How many faults are told one by one; a file of the wrong kind has as many as rows.
const TOLD: usize = 20;

/// One fault of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The line of the file, from 1, where the input is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The column's name, or its number from 0 where columns have no names; or the field of a JSON document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Fault {
    /// A fault of the whole input.
    pub fn of_all(message: impl Into<String>) -> Self {
        Self { row: None, column: None, message: message.into() }
    }

    /// A fault of one line, from 1.
    pub fn of_row(row: usize, message: impl Into<String>) -> Self {
        Self { row: Some(row), ..Self::of_all(message) }
    }

    /// A fault of one cell.
    pub fn of_cell(row: usize, column: impl ToString, message: impl Into<String>) -> Self {
        Self { row: Some(row), column: Some(column.to_string()), message: message.into() }
    }

    /// A fault of one field of a document or setting.
    pub fn of_field(field: impl ToString, message: impl Into<String>) -> Self {
        Self { row: None, column: Some(field.to_string()), message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, &self.column) {
            (Some(row), Some(column)) => write!(f, "row {row}, column {column}: {}", self.message),
            (Some(row), None) => write!(f, "row {row}: {}", self.message),
            (None, Some(field)) => write!(f, "{field}: {}", self.message),
            (None, None) => f.write_str(&self.message),
        }
    }
}

/// All faults of an input, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Nothing, when there is no fault.
    ///
    /// # Errors
    /// With the faults, when there are any.
    pub fn none_or(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self(faults)) }
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().take(TOLD).enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        match self.0.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Faults {}

/// A number of things: `1 bid`, `2 bids`.
pub(crate) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}
