//! One submitted version.

use serde::{Deserialize, Serialize};

use super::look::granted;
use crate::{
    bids::{content::Content, model::VersionInfo, store},
    error::{AppError, Result},
    funds::rulebook::Stage,
    http::{App, Call},
    identity::policy::Action,
};

/// Which version of a bid is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionKey {
    /// The bid's reference.
    pub reference: String,
    /// The stage.
    pub stage: Stage,
    /// The version's number, from 1.
    pub number: i32,
}

impl VersionKey {
    /// The version that an address names.
    ///
    /// # Errors
    /// `NotFound` when it names none.
    pub fn of_path((reference, stage, number): (String, String, String)) -> Result<Self> {
        let stage = Stage::from_word(&stage).ok_or(AppError::NotFound)?;
        let number = number.parse().map_err(|_no_number| AppError::NotFound)?;
        Ok(Self { reference, stage, number })
    }
}

/// A submitted version with what it says.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VersionInFull {
    /// Which version it is.
    #[serde(flatten)]
    pub version: VersionInfo,
    /// What it says: its text is what was hashed.
    pub content: Content,
}

/// A submitted version.
///
/// # Errors
/// `NotFound` when there is none, or one may not know of the bid.
pub async fn version(app: &App, call: &Call, key: VersionKey) -> Result<VersionInFull> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &key.reference, Action::ReadHistory)?;
        let found = store::version(conn, &granted, key.stage, key.number)?;
        let (version, text) = found.ok_or(AppError::NotFound)?;
        Ok(VersionInFull { version, content: serde_json::from_str(&text)? })
    })
    .await
}
