//! The two doors of the database: what fails fails alone, what is answered is committed, and nothing is lost in a race.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use diesel::{Connection, connection::SimpleConnection, prelude::*, sql_query, sql_types::Text};
use roundtable::{
    db::{Conn, Db, Engine as Kind, Settings, migrate_url, schema::chains},
    error::{AppError, Result},
    events::ChainKey,
    ids::Id,
};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{
    app::{ROUND, TestApp, Who},
    databases::{Engine, TestDatabase, fresh_database, on_each_database},
};

/// A database behind its doors, with a counter in it.
struct House {
    db: Db,
    runtime: tokio::runtime::Runtime,
    _kept: TestDatabase,
}

const COUNTER: Id<ChainKey> = Id::of(Uuid::nil());

impl House {
    fn start(engine: Engine) -> Self {
        let kept = fresh_database(engine, |url| migrate_url(url).unwrap());
        let db = Db::open(&Settings { url: kept.url.clone(), pool: 4, queue: 4 }).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let house = Self { db, runtime, _kept: kept };
        house.write(|conn| add(conn, COUNTER)).unwrap();
        house
    }

    fn write<T: Send + 'static>(&self, body: impl Fn(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        self.runtime.block_on(self.db.write(body))
    }

    /// Begins a write and does not wait for it.
    fn begin(&self, body: impl Fn(&mut Conn) -> Result<()> + Send + 'static) -> tokio::task::JoinHandle<Result<()>> {
        let db = self.db.clone();
        let begun = self.runtime.spawn(async move { db.write(body).await });
        self.runtime.block_on(async { tokio::time::sleep(Duration::from_millis(30)).await });
        begun
    }

    fn end(&self, begun: tokio::task::JoinHandle<Result<()>>) -> Result<()> {
        self.runtime.block_on(begun).unwrap()
    }

    fn count(&self) -> i64 {
        self.runtime.block_on(self.db.read(count)).unwrap()
    }

    fn subjects(&self) -> i64 {
        let body = |conn: &mut Conn| Ok(chains::table.count().get_result(conn)?);
        self.runtime.block_on(self.db.read(body)).unwrap()
    }
}

fn add(conn: &mut Conn, id: Id<ChainKey>) -> Result<()> {
    let row = (chains::subject.eq(id), chains::kind.eq("test"), chains::length.eq(0_i64), chains::head.eq(vec![0_u8]));
    diesel::insert_into(chains::table).values(row).execute(conn)?;
    Ok(())
}

fn numbered(number: u128) -> Id<ChainKey> {
    Id::of(Uuid::from_u128(number))
}

fn count(conn: &mut Conn) -> Result<i64> {
    Ok(chains::table.find(COUNTER).select(chains::length).first(conn)?)
}

/// Reads, then writes what it read: loses a count wherever two can interleave.
fn increment(conn: &mut Conn) -> Result<()> {
    let length = count(conn)?;
    diesel::update(chains::table.find(COUNTER)).set(chains::length.eq(length + 1)).execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

on_each_database! {
    fn a_write_that_panics_fails_alone_and_the_next_ones_work(house: &House) {
        for _ in 0..6 {
            let failed = house.write::<()>(|conn| { add(conn, numbered(1))?; panic!("on purpose") });
            assert!(matches!(failed, Err(AppError::Internal(_))), "{failed:?}");
            house.write(increment).unwrap();
        }
        assert_eq!((house.count(), house.subjects()), (6, 1));
    }

    fn a_write_that_fails_leaves_nothing_while_others_stay(house: &House) {
        let (open, gate) = mpsc::channel::<()>();
        let gate = std::sync::Mutex::new(gate);
        let first = house.begin(move |conn| {
            let _ = gate.lock().unwrap().recv_timeout(Duration::from_secs(20));
            add(conn, numbered(1))
        });
        let failing = house.begin(|conn| { add(conn, numbered(2))?; Err(AppError::NotFound) });
        let last = house.begin(|conn| add(conn, numbered(3)));
        open.send(()).unwrap();
        assert!(house.end(first).is_ok());
        assert!(matches!(house.end(failing), Err(AppError::NotFound)));
        assert!(house.end(last).is_ok());
        assert_eq!(house.subjects(), 3);
    }

    fn a_statement_that_the_database_refuses_spoils_only_its_own_write(house: &House) {
        let twice = house.write(|conn| { increment(conn)?; add(conn, COUNTER) });
        assert!(matches!(twice, Err(AppError::Database(_))), "{twice:?}");
        house.write(increment).unwrap();
        assert_eq!(house.count(), 1);
    }

    #[expect(clippy::disallowed_methods, reason = "that such a call does no harm is what this test shows")]
    fn a_transaction_within_a_write_belongs_to_it(house: &House) {
        let failed = house.write(|conn| {
            conn.transaction(increment)?;
            Err::<(), _>(AppError::NotFound)
        });
        assert!(matches!(failed, Err(AppError::NotFound)));
        assert_eq!(house.count(), 0);
        house.write(|conn| {
            let inner: Result<()> = conn.transaction(|conn| { increment(conn)?; Err(AppError::NotFound) });
            assert!(inner.is_err());
            conn.transaction(increment)
        }).unwrap();
        assert_eq!(house.count(), 1);
    }

    fn parallel_increments_lose_nothing(house: &House) {
        let tries = Arc::new(AtomicUsize::new(0));
        let counted = house.runtime.block_on(async {
            let mut running = Vec::new();
            for _ in 0..4 {
                let (db, tries) = (house.db.clone(), tries.clone());
                running.push(tokio::spawn(async move {
                    for _ in 0..10 {
                        let tries = tries.clone();
                        db.write(move |conn| { tries.fetch_add(1, Ordering::Relaxed); increment(conn) }).await.unwrap();
                    }
                }));
            }
            for one in running { one.await.unwrap(); }
            house.db.read(count).await.unwrap()
        });
        assert_eq!(counted, 40);
        assert!(tries.load(Ordering::Relaxed) >= 40);
    }

    fn a_reader_sees_one_snapshot_and_can_change_nothing(house: &House) {
        let refused = house.runtime.block_on(house.db.read(increment));
        assert!(matches!(refused, Err(AppError::Database(_))), "{refused:?}");
        house.write(increment).unwrap();
        assert_eq!(house.count(), 1);
    }

    fn a_commit_is_durable_before_it_is_answered(house: &House) {
        let (question, expected) = match house.db.engine() {
            Kind::Sqlite => (["SELECT CAST(synchronous AS TEXT) AS value FROM pragma_synchronous", "SELECT journal_mode AS value FROM pragma_journal_mode"], ["2", "wal"]),
            Kind::Postgres => (["SELECT current_setting('synchronous_commit') AS value", "SELECT current_setting('transaction_isolation') AS value"], ["on", "serializable"]),
        };
        for (question, expected) in question.into_iter().zip(expected) {
            let found: Setting = house.write(move |conn| Ok(sql_query(question).get_result(conn)?)).unwrap();
            assert_eq!(found.value, expected, "{question}");
        }
    }
}

#[test]
fn a_full_queue_answers_at_once_that_the_service_is_busy() {
    let house = House::start(Engine::Sqlite);
    let (open, gate) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    let mut waiting = vec![house.begin(move |conn| {
        let _ = gate.lock().unwrap().recv_timeout(Duration::from_secs(20));
        increment(conn)
    })];
    waiting.extend((0..4).map(|_| house.begin(increment)));
    assert!(matches!(house.write(increment), Err(AppError::Busy { .. })));
    open.send(()).unwrap();
    for write in waiting {
        house.end(write).unwrap();
    }
    assert_eq!(house.count(), 5, "what was taken in is done, what was refused is not");
}

#[test]
fn a_writer_on_sqlite_waits_for_another_program_rather_than_fail() {
    let house = House::start(Engine::Sqlite);
    let file = house._kept.file().unwrap();
    let mut other = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let waiting = house.begin(increment);
    other.batch_execute("COMMIT").unwrap();
    house.end(waiting).unwrap();
    assert_eq!(house.count(), 1);
}

on_each_database! {
    fn fifty_bids_started_at_once_have_fifty_references(app: &TestApp) {
        let client = app.client(Who::Officer);
        let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "All at once" });
        let references: BTreeSet<String> = std::thread::scope(|scope| {
            let begin = || scope.spawn(|| client.post("/api/v1/bids", start.clone()).expect(201).json()["reference"].to_string());
            let running: Vec<_> = (0..50).map(|_| begin()).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(references.len(), 50);
    }
}
