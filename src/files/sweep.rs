//! Deletes the bytes that nothing refers to: of documents that were taken out, and of uploads that were broken off.

use std::time::Duration;

use super::{Files, store};
use crate::{clock::Moment, db::Db, error::Result};

/// Longer than any upload takes, and long enough to take back that a document was taken out by uploading it again.
const KEPT_FOR: Duration = Duration::from_secs(86_400);
const AT_ONCE: i64 = 100;

/// Sweeps once; says how many files are gone. A replica that stops half way leaves the rest to the next.
///
/// # Errors
/// When the database or the place fails.
pub async fn sweep(db: &Db, files: &Files, now: Moment) -> Result<usize> {
    let before = now.minus(KEPT_FOR);
    let mut count = 0;
    loop {
        let leaving = db.write(move |conn| store::let_go(conn, (before, now), AT_ONCE)).await?;
        if leaving.is_empty() {
            return Ok(count);
        }
        for hash in &leaving {
            files.delete(hash).await?;
        }
        count += leaving.len();
        db.write(move |conn| store::gone(conn, &leaving)).await?;
    }
}
