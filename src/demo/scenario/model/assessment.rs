//! Assessors, the conflicts that they declare and their scores.

use serde::Deserialize;

/// `assessors.csv`: somebody who scores; made up, and named so that it shows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessor {
    /// Stable id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address, in a reserved domain.
    pub email: String,
    /// The code of the council that they belong to, if it is one.
    pub council: Option<String>,
    /// The body that they belong to.
    pub affiliation: String,
}

/// `conflicts.csv`: a conflict that an assessor declares.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// The assessor.
    pub assessor: String,
    /// The bid.
    pub bid: String,
    /// The reason.
    pub reason: String,
}

/// `scores.csv`: a score.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// The bid.
    pub bid: String,
    /// The assessor.
    pub assessor: String,
    /// The criterion's id.
    pub criterion: String,
    /// A value of the criterion's scale.
    pub score: i32,
    /// The justification.
    pub justification: String,
}
