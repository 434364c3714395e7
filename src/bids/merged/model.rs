//! An answer of a bid that became part of another.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An answer of a bid that became part of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MergedAnswer {
    /// The reference of that bid.
    pub reference: String,
    /// The council that led it.
    pub lead: String,
    /// The question's id.
    pub question: String,
    /// What was answered.
    pub value: Value,
}
