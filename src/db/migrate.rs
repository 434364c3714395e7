//! Migrations: two folders with the same names, one for each database, run at start.

use diesel::{connection::SimpleConnection, prelude::*};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{
    OpenError,
    conn::{Conn, Opener, Use},
};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number that is ours: replicas that start at once queue up on it.
const MIGRATION_LOCK: i64 = 0x526f_756e_6474;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Brings the database at `url` up to date. Safe when several replicas start at once.
///
/// # Errors
/// When the database cannot be opened or a migration fails; what had been migrated before stays.
pub fn migrate_url(url: &str) -> Result<(), OpenError> {
    let mut conn = Opener { url: url.into(), purpose: Use::Write }.open()?;
    match &mut conn {
        Conn::Sqlite(conn) => migrate_sqlite(conn),
        Conn::Pg(conn) => migrate_postgres(conn),
    }
    .map_err(OpenError::Migration)
}

/// One writer at a time, by SQLite's own lock: whoever comes second finds nothing pending.
fn migrate_sqlite(conn: &mut SqliteConnection) -> Result<(), Fault> {
    conn.batch_execute("PRAGMA busy_timeout = 60000")?;
    conn.immediate_transaction(|conn| conn.run_pending_migrations(SQLITE).map(drop))
}

/// The lock belongs to the session, so it goes with the connection even when a migration fails.
fn migrate_postgres(conn: &mut PgConnection) -> Result<(), Fault> {
    conn.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
    conn.run_pending_migrations(POSTGRES)?;
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
    Ok(())
}

/// Deletes everything that the PostgreSQL database at `url` holds: for a demonstration that starts over.
///
/// # Errors
/// When the database cannot be reached or does not let us.
pub fn empty(url: &str) -> Result<(), OpenError> {
    let mut conn = Opener { url: url.into(), purpose: Use::Write }.open()?;
    conn.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        .map_err(|fault| OpenError::Migration(fault.into()))
}
