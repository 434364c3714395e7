//! The receipt of a version, and whether what a receipt says still stands.

use super::model::{Receipt, SignedReceipt};
use crate::{
    bids::{
        service::{self, VersionKey},
        store,
    },
    error::Result,
    http::{App, Call},
    identity::policy::{self, Action},
};

/// The receipt of a submitted version.
///
/// # Errors
/// `NotFound` when there is no such version, or one may not know of the bid.
pub async fn receipt(app: &App, call: &Call, key: VersionKey) -> Result<SignedReceipt> {
    let reference = key.reference.clone();
    let found = service::version(app, call, key).await?;
    Ok(Receipt::of(&reference, &found.version).signed(app.keys.checkpoints()))
}

/// Whether this service signed a receipt. It says nothing of what stands in the database.
pub fn is_genuine(app: &App, receipt: &SignedReceipt) -> bool {
    receipt.is_genuine(&app.keys.checkpoints().verifying_key())
}

/// Whether the database holds the version that a receipt names, received then and with this hash; for the operator.
///
/// # Errors
/// When the database fails.
pub async fn still_stands(app: &App, call: &Call, receipt: Receipt) -> Result<bool> {
    call.read(app, move |conn, scene| {
        let Ok(bid) = store::id_of(conn, &receipt.reference) else { return Ok(false) };
        let granted = policy::bid(conn, &scene.actor, Action::ReadHistory, bid)?;
        let kept = store::version(conn, &granted, receipt.stage, receipt.number)?;
        Ok(kept.is_some_and(|(version, _)| Receipt::of(&receipt.reference, &version) == receipt))
    })
    .await
}
