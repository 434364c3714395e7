//! The queue: of a job only the worker tells that began it last, and one that stops its workers is laid aside in the end.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use diesel::prelude::*;
use roundtable::{
    db::schema::jobs,
    http::App,
    ids::{Id, RowKey},
    jobs::{Handler, Order, Refusal, Worker, enqueue},
};
use serde_json::json;
use tokio::sync::Notify;

use crate::harness::{app::TestApp, databases::on_each_database};

const KIND: &str = "a job of a test";
/// Longer than a worker keeps a job of which it says nothing.
const LEASE_IS_OVER: Duration = Duration::from_secs(16);
const MOST_ATTEMPTS: i32 = 12;

type Outcome = fn() -> Result<(), Refusal>;

fn ordered(app: &TestApp) -> Id<RowKey> {
    app.work();
    let now = app.clock.now();
    app.block_on(|app| async move {
        let id = app.ids.fresh(now);
        let order = move |conn: &mut roundtable::db::Conn| {
            enqueue(conn, Order { id, kind: KIND, payload: json!({}), run_at: now, unique_key: None }, now)
        };
        app.db.write(order).await.unwrap();
        id
    })
}

fn worker(app: &App, handler: Handler) -> Worker {
    let handlers = Arc::new(BTreeMap::from([(KIND, handler)]));
    Worker { db: app.db.clone(), clock: app.clock.clone(), handlers }
}

/// Does a job while its lease ends and another worker, which begins it again meanwhile, comes to its end before.
fn overtaken(app: &App, own: Outcome, of_other: Outcome) -> Handler {
    let app = app.clone();
    Arc::new(move |_| {
        let app = app.clone();
        Box::pin(async move {
            app.clock.set(app.clock.now().plus(LEASE_IS_OVER));
            let other: Handler = Arc::new(move |_| Box::pin(async move { of_other() }));
            worker(&app, other).drain().await.unwrap();
            own()
        })
    })
}

/// The job's state, how often it was begun, and why it was not done.
fn standing(app: &TestApp, id: Id<RowKey>) -> (String, i32, Option<String>) {
    app.block_on(|app| async move {
        let read = app.db.read(move |conn| {
            Ok(jobs::table.find(id).select((jobs::state, jobs::attempts, jobs::error)).first(conn)?)
        });
        read.await.unwrap()
    })
}

on_each_database! {
    fn a_worker_whose_job_another_has_taken_over_tells_nothing_of_it(app: &TestApp) {
        let done: Outcome = || Ok(());
        let later: Outcome = || Err(Refusal::Later("not yet".into()));
        let never: Outcome = || Err(Refusal::Never("not at all".into()));
        for (own, of_other, state) in [(done, later, "queued"), (never, done, "done"), (later, never, "failed")] {
            let id = ordered(app);
            app.block_on(|app| async move { worker(&app, overtaken(&app, own, of_other)).drain().await.unwrap() });
            let (found, begun, _) = standing(app, id);
            assert_eq!((found.as_str(), begun), (state, 2));
        }
    }

    fn a_job_whose_worker_is_killed_each_time_is_laid_aside(app: &TestApp) {
        let id = ordered(app);
        for _ in 0..MOST_ATTEMPTS {
            app.block_on(|app| async move {
                let begun = Arc::new(Notify::new());
                let tells = begun.clone();
                let endless: Handler = Arc::new(move |_| {
                    tells.notify_one();
                    Box::pin(pending())
                });
                let worker = worker(&app, endless);
                tokio::select! {
                    _ = worker.drain() => panic!("it never ends"),
                    () = begun.notified() => {}
                }
            });
            app.clock.set(app.clock.now().plus(LEASE_IS_OVER));
        }
        let begun_again = Arc::new(Mutex::new(false));
        let tells = begun_again.clone();
        app.block_on(|app| async move {
            let handler: Handler = Arc::new(move |_| {
                *tells.lock().unwrap() = true;
                Box::pin(async { Ok(()) })
            });
            worker(&app, handler).drain().await.unwrap();
        });
        let (state, begun, why) = standing(app, id);
        assert_eq!((state.as_str(), begun, *begun_again.lock().unwrap()), ("failed", MOST_ATTEMPTS, false));
        assert!(why.unwrap().contains("stopped before the end"));
    }
}
