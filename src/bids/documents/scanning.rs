//! Looking for viruses in what was uploaded, as a job, and what follows when one is found.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    letters::{self, Found},
    named,
    service::tell,
    slides, store,
};
use crate::{
    actor::Actor,
    bids::service::order_look,
    db::Conn,
    error::Result,
    files::{self, FileState, Verdict},
    http::{App, Call, Scene},
    identity::policy::{self, Action},
    jobs::{self, Handler},
};

/// The job that asks the scanner.
pub const SCAN_JOB: &str = "scan-document";
/// A scanner that does not answer is asked again after so long, then after twice as long, and never less often than that.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Scan {
    hash: String,
    /// How often the scanner was asked and did not answer.
    tries: u32,
}

/// Orders that the scanner is asked about a file in quarantine.
///
/// # Errors
/// When the database fails.
pub fn order(conn: &mut Conn, scene: &Scene, hash: &str) -> Result<()> {
    enqueue(conn, scene, &Scan { hash: hash.into(), tries: 0 }, Duration::ZERO)
}

fn enqueue(conn: &mut Conn, scene: &Scene, scan: &Scan, pause: Duration) -> Result<()> {
    let order = jobs::Order {
        id: scene.fresh(),
        kind: SCAN_JOB,
        payload: serde_json::to_value(scan)?,
        run_at: scene.now.plus(pause),
        unique_key: None,
    };
    jobs::enqueue(conn, order, scene.now)
}

/// Asks the scanner. A job that cannot be done is laid aside in the end, and with it a document would stay in quarantine: so
/// the scanner that does not answer is no failure of the job, which orders the next instead.
pub fn handler(app: &App) -> Handler {
    jobs::handler(app, |app: App, scan: Scan| async move {
        let hash = scan.hash.clone();
        match app.db.read(move |conn| files::state(conn, &hash)).await? {
            Some(FileState::Quarantined) => look(&app, scan).await,
            Some(FileState::Infected) => app.files.delete(&scan.hash).await,
            _ => Ok(()),
        }
    })
}

fn pause_after(tries: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << tries.min(10)).min(LONGEST_PAUSE)
}

async fn look(app: &App, scan: Scan) -> Result<()> {
    let call = Call::by(Actor::System, app.clock.now());
    let said = app.files.scan(&scan.hash).await;
    let verdict = match said {
        Ok(verdict) => verdict,
        Err(fault) => {
            tracing::error!(%fault, tries = scan.tries, "the scanner of CLAMD did not answer; the document stays in quarantine");
            let pause = pause_after(scan.tries);
            let next = Scan { tries: scan.tries.saturating_add(1), ..scan };
            return call.write(app, move |conn, scene| enqueue(conn, scene, &next, pause)).await;
        }
    };
    let hash = scan.hash.clone();
    call.write(app, move |conn, scene| found(conn, scene, &hash, verdict)).await?;
    // Only now: a file of this hash is never stored again, so that nobody misses the bytes if this fails and is done anew.
    if verdict == Verdict::Infected { app.files.delete(&scan.hash).await } else { Ok(()) }
}

fn found(conn: &mut Conn, scene: &Scene, hash: &str, verdict: Verdict) -> Result<()> {
    if files::state(conn, hash)? != Some(FileState::Quarantined) {
        return Ok(());
    }
    files::mark(conn, hash, verdict, scene.now)?;
    if verdict == Verdict::Infected { take_out(conn, scene, hash) } else { Ok(()) }
}

/// The document is no longer part of any draft, nor among the slides of an interview; versions that were submitted go on naming it.
fn take_out(conn: &mut Conn, scene: &Scene, hash: &str) -> Result<()> {
    for (bid, document) in store::with_hash(conn, hash)? {
        let granted = policy::bid(conn, &scene.actor, Action::ReadBid, bid)?;
        if document.taken_out_at.is_none() {
            store::take_out(conn, &granted, document.id, Some(scene.now))?;
            named::reopen(conn, scene, &granted, &document)?;
            order_look(conn, scene, bid)?;
        }
        tell(conn, scene, &granted, ("document.infected", &document))?;
        let found = Found {
            id: document.id,
            name: &document.name,
            by: document.author(),
            submitted: document.kept,
            slides: false,
        };
        letters::infected(conn, scene, &granted, &found)?;
    }
    slides::infected(conn, scene, hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_that_is_silent_is_asked_at_least_every_five_minutes() {
        assert_eq!([0, 1, 5, 6, 40].map(|tries| pause_after(tries).as_secs()), [5, 10, 160, 300, 300]);
    }
}
