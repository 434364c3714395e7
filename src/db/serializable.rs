//! The write door of PostgreSQL: a SERIALIZABLE transaction that runs again when it lost a race.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

use diesel::{
    PgConnection,
    connection::{AnsiTransactionManager, TransactionManager},
    result::{DatabaseErrorKind, Error},
};

use super::{Conn, Pool, conn::Opener};
use crate::error::{AppError, Result};

/// After so many lost races, which take some three seconds, the service is overloaded and says so.
const MOST_TRIES: u32 = 24;
/// Who lost a race waits from here to twice as long as the others, so that they do not all start again together.
static LOSER: AtomicU32 = AtomicU32::new(0);
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(10);
const COME_BACK: Duration = Duration::from_secs(5);

/// A connection of the pool, or [`AppError::Busy`] when none comes free.
pub fn check_out(pool: &Pool) -> Result<r2d2::PooledConnection<Opener>> {
    pool.get_timeout(WAIT_FOR_CONNECTION).map_err(|fault| {
        tracing::warn!(%fault, "no database connection came free");
        AppError::Busy { retry_after: COME_BACK }
    })
}

/// Runs `body` in a transaction until it is committed or fails for a reason of its own.
pub fn run<T>(pool: &Pool, body: &dyn Fn(&mut Conn) -> Result<T>) -> Result<T> {
    let mut conn = check_out(pool)?;
    for tried in 0..MOST_TRIES {
        match attempt(&mut conn, body) {
            Err(AppError::Database(fault)) if lost_a_race(&fault) => {
                let place = LOSER.fetch_add(1, Ordering::Relaxed) % 8;
                thread::sleep(Duration::from_millis(1 << tried.min(7)) * (8 + place) / 8);
            }
            answer => return answer,
        }
    }
    Err(AppError::Busy { retry_after: COME_BACK })
}

fn attempt<T>(conn: &mut Conn, body: &dyn Fn(&mut Conn) -> Result<T>) -> Result<T> {
    if let Conn::Pg(conn) = conn {
        AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN ISOLATION LEVEL SERIALIZABLE")?;
    }
    let answer = body(conn);
    let Conn::Pg(conn) = conn else { return answer };
    match answer {
        Ok(value) => {
            commit(conn)?;
            Ok(value)
        }
        Err(reason) => {
            AnsiTransactionManager::rollback_transaction(conn)?;
            Err(reason)
        }
    }
}

/// A commit that fails leaves Diesel's count of transactions where it was: roll back, so that the connection can go on.
fn commit(conn: &mut PgConnection) -> Result<()> {
    AnsiTransactionManager::commit_transaction(conn).map_err(|fault| {
        if let Err(second) = AnsiTransactionManager::rollback_transaction(conn) {
            tracing::debug!(fault = %second, "nothing was left to roll back");
        }
        AppError::Database(fault)
    })
}

/// 40001 is a serialization failure; 40P01, a deadlock, has no kind of its own in Diesel.
fn lost_a_race(fault: &Error) -> bool {
    match fault {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Error::DatabaseError(DatabaseErrorKind::Unknown, information) => {
            information.message().contains("deadlock detected")
        }
        Error::RollbackErrorOnCommit { rollback_error, commit_error } => {
            lost_a_race(commit_error) || lost_a_race(rollback_error)
        }
        _ => false,
    }
}
