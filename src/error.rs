//! What can go wrong, free of HTTP: a public message and an internal source are kept apart.
//!
//! Two renderers turn it into an answer, a page and problem+json, both in `http`. The text of an unknown error goes to
//! the log and to nobody else.

use std::{borrow::Cow, time::Duration};

use serde::{Deserialize, Serialize};

/// The result of everything that can fail for a reason a caller should hear.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// One thing wrong with what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Fault {
    /// The field as a path with `/` between names (`costs/2/pence`), or empty for the whole.
    pub field: String,
    /// A stable code, e.g. `too_long`.
    pub code: Cow<'static, str>,
    /// What is wrong and what to do, for the person who filled the field in.
    pub message: String,
}

impl Fault {
    /// A fault of one field.
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: Cow::Borrowed(code), message: message.into() }
    }

    /// What is wrong with a text that must be there, blanks not counted, in at most so many characters; `missing` says what
    /// to write.
    pub fn of_text(field: &str, text: &str, most: usize, missing: &str) -> Option<Self> {
        if text.trim().is_empty() {
            Some(Self::new(field, "missing", missing))
        } else {
            Self::too_long(field, text, most)
        }
    }

    /// What is wrong with a text of more than so many characters.
    pub fn too_long(field: &str, text: &str, most: usize) -> Option<Self> {
        let length = text.chars().count();
        (length > most)
            .then(|| Self::new(field, "too_long", format!("Use {most} characters or fewer, you have {length}.")))
    }
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no such thing, or the actor may not know that there is.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, and somebody must be.
    #[error("sign in first")]
    Unauthenticated,
    /// The actor may know of it and may not do it.
    #[error("{message}")]
    Forbidden {
        /// A stable code.
        code: &'static str,
        /// Why, and who can.
        message: String,
    },
    /// What was sent is wrong, every fault at once, in the form's order.
    #[error("{} faults in what was sent", .0.len())]
    Invalid(Vec<Fault>),
    /// It could be right another time: the state of things does not allow it now.
    #[error("{message}")]
    Conflict {
        /// A stable code, e.g. `deadline_passed`.
        code: &'static str,
        /// Why, and what to do.
        message: String,
    },
    /// Somebody else changed it meanwhile.
    #[error("it was changed meanwhile; now at version {current}")]
    Stale {
        /// The version that stands now.
        current: i32,
    },
    /// What somebody has read and answers is no longer what stands.
    #[error("it has changed since it was read")]
    Changed,
    /// A change was sent without saying which version it changes.
    #[error("say which version you change")]
    VersionNeeded,
    /// The body is larger than we read.
    #[error("too large")]
    TooLarge {
        /// How many bytes we read.
        limit: usize,
    },
    /// Too many tries.
    #[error("too many tries")]
    RateLimited {
        /// When to come back.
        retry_after: Duration,
    },
    /// The queue is full.
    #[error("busy")]
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// The database refused.
    #[error("database: {0}")]
    Database(#[from] diesel::result::Error),
    /// Anything else that is our fault.
    #[error("internal: {0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl AppError {
    /// One field is wrong.
    pub fn invalid(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::new(field, code, message)])
    }

    /// The state of things does not allow it.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into() }
    }

    /// The actor may know of it and may not do it.
    pub fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::Forbidden { code, message: message.into() }
    }

    /// Our own fault, with its source for the log.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// Nothing if `faults` is empty, otherwise all of them at once.
    pub fn unless_empty(faults: Vec<Fault>) -> Result<()> {
        if faults.is_empty() { Ok(()) } else { Err(Self::Invalid(faults)) }
    }
}

impl From<serde_json::Error> for AppError {
    fn from(fault: serde_json::Error) -> Self {
        Self::internal(fault)
    }
}
