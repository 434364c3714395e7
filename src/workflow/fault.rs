//! What is wrong with a definition or a rule, said so that the person who wrote it can mend it: the place, the reason, a suggestion.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is wrong in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = WorkflowFault)]
pub struct Fault {
    /// The place, as a JSON Pointer (RFC 6901) into the document; empty for the whole.
    pub pointer: String,
    /// What is wrong there.
    pub reason: String,
    /// What to do about it.
    pub suggestion: String,
}

impl Fault {
    /// A fault at a place.
    pub fn at(place: &Pointer, reason: impl Into<String>, suggestion: impl Into<String>) -> Self {
        Self { pointer: place.to_string(), reason: reason.into(), suggestion: suggestion.into() }
    }

    /// The same fault of a part, seen from the document that holds the part at `place`.
    #[must_use]
    pub fn within(mut self, place: &Pointer) -> Self {
        self.pointer.insert_str(0, &place.to_string());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the document" } else { &self.pointer };
        write!(f, "{place}: {}; {}", self.reason, self.suggestion)
    }
}

/// A JSON Pointer that grows as a document is walked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// The member `key` of the place.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let escaped = key.replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{escaped}", self.0))
    }

    /// The item `index` of the place.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
