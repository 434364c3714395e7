//! The one enum over both databases, and how a connection of each is opened.
#![expect(missing_docs, reason = "the derive of MultiConnection makes items without documentation")]

use std::{thread, time::Duration};

use diesel::{
    Connection, ConnectionError, ConnectionResult, PgConnection, QueryResult, SqliteConnection,
    connection::SimpleConnection, r2d2,
};

/// A connection to whichever database this instance runs on.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// SQLite, inside the program.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Pg(PgConnection),
}

/// Runs one Diesel expression typed for the database that is open: for the few things that the derive of
/// `MultiConnection` does not offer (several rows in one insert, `on_conflict`, set operations).
#[macro_export]
macro_rules! each {
    ($conn:expr, |$inner:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($inner) => $body,
            $crate::db::Conn::Pg($inner) => $body,
        }
    };
}

/// Adds a row to a table unless one stands under the same key, and says whether it was added: whoever comes second hears of it,
/// and no unique violation ends their transaction.
#[macro_export]
macro_rules! added {
    ($conn:expr, $table:ident($($key:ident),+), $row:expr) => {
        $crate::each!($conn, |conn| ::diesel::insert_into($table::table)
            .values($row)
            .on_conflict(($($table::$key,)+))
            .do_nothing()
            .execute(conn))
        .map(|rows| rows == 1)
    };
}

/// Of rows that count up, the one of a number; the newest where none is said.
#[macro_export]
macro_rules! numbered {
    ($conn:expr, $rows:expr, $number:expr, $wanted:expr) => {
        match $wanted {
            Some(wanted) => $rows.filter($number.eq(wanted)).first($conn),
            None => $rows.order($number.desc()).first($conn),
        }
        .optional()
    };
}

/// Which database an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// `sqlite://path`
    Sqlite,
    /// `postgres://…` or `postgresql://…`
    Postgres,
}

impl Engine {
    /// Reads the scheme of a database URL; anything unknown is refused, so that a misspelt scheme never opens a file.
    pub fn of(url: &str) -> Option<Self> {
        match url.split_once("://")? {
            ("sqlite", path) if !path.is_empty() => Some(Self::Sqlite),
            ("postgres" | "postgresql", _) => Some(Self::Postgres),
            _ => None,
        }
    }
}

/// What a connection is for: readers of SQLite may not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Snapshots only.
    Read,
    /// Reads and writes.
    Write,
}

/// Opens connections for the pool. Chooses by the scheme itself, since the derived `establish` tries one database after
/// the other and hides the real error.
#[derive(Debug, Clone)]
pub struct Opener {
    /// The database URL.
    pub url: String,
    /// What the connections are for.
    pub purpose: Use,
}

impl Opener {
    /// Opens one connection.
    pub fn open(&self) -> ConnectionResult<Conn> {
        match Engine::of(&self.url) {
            Some(Engine::Postgres) => open_postgres(&self.url).map(Conn::Pg),
            Some(Engine::Sqlite) => open_sqlite(&self.url, self.purpose).map(Conn::Sqlite),
            None => Err(ConnectionError::InvalidConnectionUrl("neither sqlite:// nor postgres://".into())),
        }
    }
}

fn open_postgres(url: &str) -> ConnectionResult<PgConnection> {
    let mut conn = PgConnection::establish(url)?;
    conn.batch_execute("SET synchronous_commit = on; SET timezone = 'UTC'; SET client_min_messages = warning")
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// The busy timeout comes first, as migrations of several replicas wait for each other by it. FULL, because the receipt for a
/// submitted bid must survive a power cut; group commit makes it cheap.
fn open_sqlite(url: &str, purpose: Use) -> ConnectionResult<SqliteConnection> {
    let path = url.trim_start_matches("sqlite://");
    let mut conn = SqliteConnection::establish(path)?;
    set_up_sqlite(&mut conn, purpose).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

fn set_up_sqlite(conn: &mut SqliteConnection, purpose: Use) -> QueryResult<()> {
    conn.batch_execute("PRAGMA busy_timeout = 5000;")?;
    switch_to_wal(conn)?;
    conn.batch_execute(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA mmap_size = 268435456; \
         PRAGMA temp_store = MEMORY;",
    )?;
    if purpose == Use::Read { conn.batch_execute("PRAGMA query_only = ON") } else { Ok(()) }
}

/// SQLite does not wait by the busy timeout for the lock that makes a new file one with a write-ahead log, so where several
/// replicas open it at once, those that come second ask again for as long as the busy timeout is.
fn switch_to_wal(conn: &mut SqliteConnection) -> QueryResult<()> {
    for _ in 1..100 {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(locked) if locked.to_string().contains("locked") => thread::sleep(Duration::from_millis(50)),
            other => return other,
        }
    }
    conn.batch_execute("PRAGMA journal_mode = WAL")
}

impl ::r2d2::ManageConnection for Opener {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        self.open().map_err(r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        r2d2::R2D2Connection::ping(conn).map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || r2d2::R2D2Connection::is_broken(conn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_name_a_database() {
        let cases = [
            ("sqlite://data/a.db", Some(Engine::Sqlite)),
            ("postgres://u@h/d", Some(Engine::Postgres)),
            ("postgresql://u@h/d", Some(Engine::Postgres)),
            ("postgre://u@h/d", None),
            ("mysql://u@h/d", None),
            ("data/a.db", None),
            ("sqlite://", None),
        ];
        for (url, engine) in cases {
            assert_eq!(Engine::of(url), engine, "{url}");
        }
    }
}
