//! The database: one enum over SQLite and PostgreSQL, and two doors. Nothing else touches a connection.
//!
//! - [`Db::read`]: one read-only snapshot on a pooled connection, on a blocking thread.
//! - [`Db::write`]: one transaction. On SQLite a single writer thread commits whatever is queued together; on PostgreSQL
//!   a pooled SERIALIZABLE transaction runs again when it lost a race.
//!
//! The answer of `write` comes only after the commit is durable. No mail, HTTP, slow hashing or rendering belongs inside
//! a closure, and a closure may run more than once: it must not change anything but the database.

use std::sync::Arc;

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};

use crate::error::{AppError, Result};

pub mod columns;
pub mod conn;
mod migrate;
pub mod schema;
mod serializable;
mod writer;

pub use columns::Doc;
pub use conn::{Conn, Engine};
pub use migrate::{empty, migrate_url};

use conn::{Opener, Use};
use writer::Writer;

type Pool = r2d2::Pool<Opener>;

/// How to open the database.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Connections in the pool: readers on SQLite, all on PostgreSQL.
    pub pool: u32,
    /// Writes that may wait on SQLite before `write` answers [`AppError::Busy`].
    pub queue: usize,
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL's scheme is not one of ours.
    #[error("DATABASE_URL must begin with sqlite:// or postgres://")]
    UnknownScheme,
    /// The folder of the SQLite file cannot be made.
    #[error("the folder of the database file cannot be made: {0}")]
    Folder(std::io::Error),
    /// No connection.
    #[error("cannot connect to the database: {0}")]
    Connection(#[from] diesel::ConnectionError),
    /// No pool of connections.
    #[error("cannot connect to the database: {0}")]
    Pool(#[from] r2d2::Error),
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Migration(Box<dyn std::error::Error + Send + Sync>),
    /// The writer's thread could not be started.
    #[error("the writer's thread could not be started: {0}")]
    Thread(std::io::Error),
}

/// The database and its two doors. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    door: Door,
}

#[derive(Clone)]
enum Door {
    Sqlite(Arc<Writer>),
    Postgres,
}

impl Db {
    /// Opens the database, making the folder and the file of SQLite where they are missing, and migrates it.
    ///
    /// # Errors
    /// In words that name the setting, see [`OpenError`].
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let engine = Engine::of(&settings.url).ok_or(OpenError::UnknownScheme)?;
        if engine == Engine::Sqlite {
            make_folder(&settings.url)?;
        }
        migrate_url(&settings.url)?;
        Self::connect(settings, engine)
    }

    fn connect(settings: &Settings, engine: Engine) -> Result<Self, OpenError> {
        let opener = |purpose| Opener { url: settings.url.clone(), purpose };
        let (door, purpose) = match engine {
            Engine::Sqlite => {
                let writer = Writer::start(opener(Use::Write).open()?, settings.queue)?;
                (Door::Sqlite(Arc::new(writer)), Use::Read)
            }
            Engine::Postgres => (Door::Postgres, Use::Write),
        };
        // Connections are opened when they are asked for, never beside that: a process that ends while another thread
        // opens one to PostgreSQL crashes in the clean-up of the TLS library.
        let pool = r2d2::Pool::builder()
            .max_size(settings.pool)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .build(opener(purpose))
            .map_err(OpenError::from)?;
        Ok(Self { pool, door })
    }

    /// Which database this is.
    pub const fn engine(&self) -> Engine {
        match self.door {
            Door::Sqlite(_) => Engine::Sqlite,
            Door::Postgres => Engine::Postgres,
        }
    }

    /// Reads from one snapshot.
    ///
    /// # Errors
    /// What `body` answers; [`AppError::Busy`] when no connection comes free in time.
    pub async fn read<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let pool = self.pool.clone();
        on_blocking_thread(move || {
            let mut conn = serializable::check_out(&pool)?;
            begin_snapshot(&mut conn)?;
            let answer = body(&mut conn);
            <Conn as Connection>::TransactionManager::rollback_transaction(&mut *conn)?;
            answer
        })
        .await
    }

    /// Writes in one transaction; answers only when the commit is durable.
    ///
    /// # Errors
    /// What `body` answers, and then nothing of it stays; [`AppError::Busy`] when the queue is full.
    pub async fn write<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T> + Send + 'static,
    {
        match &self.door {
            Door::Sqlite(writer) => writer.run(body).await,
            Door::Postgres => {
                let pool = self.pool.clone();
                on_blocking_thread(move || serializable::run(&pool, &body)).await
            }
        }
    }
}

fn begin_snapshot(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN DEFERRED")?,
        Conn::Pg(conn) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
    }
    Ok(())
}

async fn on_blocking_thread<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?
}

fn make_folder(url: &str) -> Result<(), OpenError> {
    let path = std::path::Path::new(url.trim_start_matches("sqlite://"));
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder).map_err(OpenError::Folder),
        _ => Ok(()),
    }
}
