//! Forgets, at start and every hour, what has served its purpose. `RULES` says how long each thing is kept, and `files` how long
//! a file to which nothing refers; README and the privacy notice say the same to people.
//!
//! Any number of replicas may do so at once, and one that is killed leaves the rest to the next: what is old is forgotten
//! once, in small transactions, whoever comes first.

use std::time::Duration;

use crate::{
    clock::Moment,
    db::Conn,
    error::Result,
    files,
    http::{self, App},
    identity::{kept_forms, rate, sessions, sign_in},
    jobs, mail,
};

const EVERY: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// So many at once, so that nobody waits for it.
const AT_ONCE: i64 = 1_000;

/// What is forgotten.
struct Rule {
    what: &'static str,
    /// How long it is kept after it was of use last.
    kept_for: Duration,
    /// Forgets at most so many that are older than an instant.
    forget: fn(&mut Conn, Moment, i64) -> Result<usize>,
}

const fn rule(what: &'static str, kept_for: Duration, forget: fn(&mut Conn, Moment, i64) -> Result<usize>) -> Rule {
    Rule { what, kept_for, forget }
}

const RULES: [Rule; 7] = [
    rule("limits that limit nothing", Duration::ZERO, rate::forget_idle),
    rule("codes in messages", mail::outbox::DOOR_OPEN_FOR, mail::outbox::forget_codes),
    rule("sign-in links and codes", DAY, sign_in::forget_old),
    rule("kept forms", kept_forms::KEPT_FOR, kept_forms::forget_old),
    rule("jobs that are done", DAY.saturating_mul(7), jobs::forget_done),
    rule("idempotency keys", DAY.saturating_mul(7), http::forget_keys),
    rule("sessions", DAY.saturating_mul(90), sessions::forget_old),
];

/// Keeps house until it is ended.
pub async fn keep(app: App) {
    loop {
        if let Err(fault) = sweep(&app).await {
            tracing::error!(%fault, "what is old was not forgotten");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Forgets everything that is old enough now.
///
/// # Errors
/// When the database fails; what was forgotten before stays so.
pub async fn sweep(app: &App) -> Result<()> {
    for rule in &RULES {
        let count = forget_all(app, rule).await?;
        if count > 0 {
            tracing::info!(what = rule.what, count, "forgotten");
        }
    }
    let count = files::sweep(&app.db, &app.files, app.clock.now()).await?;
    if count > 0 {
        tracing::info!(what = "files that nothing refers to", count, "forgotten");
    }
    Ok(())
}

async fn forget_all(app: &App, rule: &Rule) -> Result<usize> {
    let (before, forget) = (app.clock.now().minus(rule.kept_for), rule.forget);
    let mut count = 0;
    loop {
        let some = app.db.write(move |conn| forget(conn, before, AT_ONCE)).await?;
        count += some;
        if i64::try_from(some).unwrap_or(i64::MAX) < AT_ONCE {
            return Ok(count);
        }
    }
}
