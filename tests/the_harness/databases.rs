//! Each test has a database of its own, migrated, on either engine.

use diesel::{Connection, PgConnection, SqliteConnection, connection::SimpleConnection};

use crate::harness::databases::{Engine, TestDatabase, fresh_database, on_each_database};

fn migrate(url: &str) {
    execute(url, "CREATE TABLE bids (title text)").unwrap();
}

fn execute(url: &str, statement: &str) -> diesel::QueryResult<()> {
    match url.strip_prefix("sqlite://") {
        Some(file) => SqliteConnection::establish(file).unwrap().batch_execute(statement),
        None => PgConnection::establish(url).unwrap().batch_execute(statement),
    }
}

/// What a test starts, as a TestApp is.
struct Two(TestDatabase, TestDatabase);

impl Two {
    fn start(engine: Engine) -> Self {
        Self(fresh_database(engine, migrate), fresh_database(engine, migrate))
    }
}

on_each_database! {
    /// What one test writes, another does not find.
    fn no_two_tests_share_a_database(two: &Two) {
        execute(&two.0.url, "INSERT INTO bids VALUES ('Ours'); CREATE TABLE only_here (x integer)").unwrap();
        execute(&two.0.url, "SELECT x FROM only_here").unwrap();
        execute(&two.1.url, "SELECT title FROM bids").unwrap();
        assert!(execute(&two.1.url, "SELECT x FROM only_here").is_err());
    }

    fn a_database_is_gone_with_its_test(two: &Two) {
        let gone = fresh_database(two.0.engine, migrate);
        let (url, file) = (gone.url.clone(), gone.file());
        drop(gone);
        match file {
            Some(file) => assert!(!file.exists()),
            None => assert!(PgConnection::establish(&url).is_err()),
        }
    }
}
