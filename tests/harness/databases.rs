//! A fresh, migrated database for each test, on either engine: a copy of a template that each run of the test program
//! migrates once. Never a database that two tests share.

use std::{
    collections::BTreeMap,
    path::Path,
    process,
    sync::{
        Arc, Mutex, Once, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
use tempfile::TempDir;
use url::Url;

use super::leave_out;

/// Migrates the database at the address, or panics.
pub type Migrate = fn(url: &str);

/// Where a test's data lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Whether tests can run on this engine here. Without a PostgreSQL server its half is left out loudly, or fails with
    /// CI set.
    pub fn available(self) -> bool {
        static SAID: Once = Once::new();
        let available = self == Engine::Sqlite || server().is_some();
        if !available {
            let say =
                || leave_out("every test on PostgreSQL", "TEST_DATABASE_URL names no server; script/test starts one");
            if std::env::var_os("CI").is_some() { say() } else { SAID.call_once(say) }
        }
        available
    }
}

/// A database that is gone when this is dropped.
pub struct TestDatabase {
    /// Its address, as DATABASE_URL takes it.
    pub url: String,
    pub engine: Engine,
    keeping: Keeping,
}

enum Keeping {
    Folder(TempDir),
    Server { name: String },
}

/// A fresh database, migrated by `migrate`.
pub fn fresh_database(engine: Engine, migrate: Migrate) -> TestDatabase {
    match engine {
        Engine::Sqlite => fresh_sqlite(migrate),
        Engine::Postgres => fresh_postgres(migrate),
    }
}

/// One template for each way of migrating, made by the first test that wants it.
type Templates<T> = Mutex<BTreeMap<usize, T>>;

fn template_of<T: Clone>(templates: &Templates<T>, migrate: Migrate, make: impl FnOnce() -> T) -> T {
    let mut templates = templates.lock().unwrap_or_else(PoisonError::into_inner);
    templates.entry(migrate as usize).or_insert_with(make).clone()
}

fn fresh_sqlite(migrate: Migrate) -> TestDatabase {
    static TEMPLATES: Templates<Arc<[u8]>> = Mutex::new(BTreeMap::new());
    let template = template_of(&TEMPLATES, migrate, || sqlite_template(migrate).into());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    std::fs::write(&file, template).unwrap();
    TestDatabase { url: sqlite_url(&file), engine: Engine::Sqlite, keeping: Keeping::Folder(folder) }
}

/// The bytes of a migrated file. Its write-ahead log must have been folded in, which happens when the last connection closes.
fn sqlite_template(migrate: Migrate) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("template.db");
    migrate(&sqlite_url(&file));
    let log = folder.path().join("template.db-wal");
    let left_in_log = std::fs::metadata(log).map_or(0, |log| log.len());
    assert_eq!(left_in_log, 0, "migrating must close its connections");
    std::fs::read(file).unwrap()
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

fn fresh_postgres(migrate: Migrate) -> TestDatabase {
    static TEMPLATES: Templates<String> = Mutex::new(BTreeMap::new());
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let template = template_of(&TEMPLATES, migrate, || postgres_template(migrate));
    let name = format!("rt_test_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    on_server(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
    TestDatabase { url: postgres_url(&name), engine: Engine::Postgres, keeping: Keeping::Server { name } }
}

fn postgres_template(migrate: Migrate) -> String {
    drop_what_dead_runs_left();
    let template = format!("rt_template_{}_{}", process::id(), migrate as usize);
    on_server(&format!("CREATE DATABASE {template} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"));
    migrate(&postgres_url(&template));
    template
}

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    datname: String,
}

/// A test program has no last moment of its own, so each run removes what earlier ones left: a database whose name holds
/// the number of a process that is no more. The server named in TEST_DATABASE_URL therefore serves this machine's tests only.
fn drop_what_dead_runs_left() {
    if !Path::new("/proc/self").exists() {
        return;
    }
    let ours = "SELECT datname::text AS datname FROM pg_database WHERE datname ~ '^rt_(template|test)_[0-9]+'";
    let found: Vec<Named> = sql_query(ours).load(&mut connect()).unwrap();
    for Named { datname } in found {
        let process = datname.split('_').nth(2).unwrap_or_default();
        if !Path::new("/proc").join(process).exists() {
            on_server(&format!("DROP DATABASE IF EXISTS {datname} WITH (FORCE)"));
        }
    }
}

fn server() -> Option<Url> {
    let text = std::env::var("TEST_DATABASE_URL").ok().filter(|text| !text.is_empty())?;
    Some(Url::parse(&text).expect("TEST_DATABASE_URL is an address like postgres://user:password@host/database"))
}

fn postgres_url(database: &str) -> String {
    let mut url = server().expect("TEST_DATABASE_URL names a server");
    url.set_path(database);
    url.into()
}

fn connect() -> PgConnection {
    let url = server().expect("TEST_DATABASE_URL names a server");
    PgConnection::establish(url.as_str()).expect("the server in TEST_DATABASE_URL answers")
}

fn on_server(statement: &str) {
    connect().batch_execute(statement).unwrap_or_else(|fault| panic!("{statement}: {fault}"));
}

impl TestDatabase {
    /// The file, where the database is one.
    pub fn file(&self) -> Option<std::path::PathBuf> {
        match &self.keeping {
            Keeping::Folder(folder) => Some(folder.path().join("test.db")),
            Keeping::Server { .. } => None,
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Keeping::Server { name } = &self.keeping {
            let dropped = connect().batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            if let Err(fault) = dropped {
                eprintln!("{name} stays behind: {fault}");
            }
        }
    }
}

/// Makes each function a test on either engine, named `its_name::sqlite` and `its_name::postgres`. The argument is
/// anything that starts on an engine: `fn start(engine: Engine) -> Self`.
///
/// ```ignore
/// on_each_database! {
///     fn a_partner_confirms_once(app: &TestApp) { … }
/// }
/// ```
macro_rules! on_each_database {
    ($( $(#[$note:meta])* fn $name:ident($app:ident: &$start:ty) $body:block )+) => { $(
        $(#[$note])*
        mod $name {
            use super::*;

            fn scenario($app: &$start) $body

            #[test]
            fn sqlite() {
                scenario(&<$start>::start($crate::harness::databases::Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                let engine = $crate::harness::databases::Engine::Postgres;
                if engine.available() {
                    scenario(&<$start>::start(engine));
                }
            }
        }
    )+ };
}
pub(crate) use on_each_database;
