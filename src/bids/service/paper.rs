//! One submitted version, and a version or the draft on paper.

use serde::{Deserialize, Serialize};

use super::look::{Seen, granted, is_applicant, view};
use crate::{
    bids::{
        content::{self, Content},
        model::VersionInfo,
        paper::Paper,
        store,
    },
    error::{AppError, Result},
    funds::{self, rulebook::Stage},
    http::{App, Call},
    identity::policy::{self, Action},
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

/// A submitted version on paper.
///
/// # Errors
/// As [`version`].
pub async fn version_on_paper(app: &App, call: &Call, key: VersionKey) -> Result<Paper> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &key.reference, Action::ReadHistory)?;
        let found = store::version(conn, &granted, key.stage, key.number)?;
        let (version, text) = found.ok_or(AppError::NotFound)?;
        let bid = store::load(conn, &granted)?;
        let round = funds::store::round_by_id(conn, bid.round_id)?;
        let round = funds::store::in_full_for(conn, round, bid.id)?;
        Ok(Paper::submitted(&round, &serde_json::from_str(&text)?, &version))
    })
    .await
}

/// The draft on paper, as it stands now: for the bid's own councils.
///
/// # Errors
/// `NotFound` when one may not know of the bid, or does not work for one of its councils.
pub async fn draft_on_paper(app: &App, call: &Call, reference: String) -> Result<Paper> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadBid)?;
        if !is_applicant(&granted) {
            return Err(policy::hidden_from(&scene.actor));
        }
        let Seen { view, round, .. } = view(conn, &granted)?;
        let sealed = content::sealed(conn, &granted, view.stage)?;
        Ok(Paper::draft(&round, &sealed, scene.now))
    })
    .await
}
