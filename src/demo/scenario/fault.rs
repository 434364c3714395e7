//! What is wrong with a scenario: which file, which line, which field, and what to do.

use std::fmt;

/// One thing wrong with a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file within the scenario's folder.
    pub file: String,
    /// The line, where one line is to blame; a header is line 1.
    pub line: Option<u64>,
    /// The column or the path of the field, where one is to blame.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", {field}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A scenario that cannot be used, with every fault found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Unsound(pub Vec<Fault>);

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The scenario cannot be used:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n- {fault}"))
    }
}
