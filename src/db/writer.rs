//! The write door of SQLite: one thread that commits whatever is queued together (group commit).
//!
//! Each job has a savepoint of its own, so that it can fail alone; a panic fails its own job. The answers are sent after
//! the one COMMIT, and when that fails every job of the batch hears of it. A full queue answers at once.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use diesel::connection::{AnsiTransactionManager, TransactionManager, TransactionManagerStatus};
use tokio::sync::oneshot;

use super::{Conn, OpenError};
use crate::error::{AppError, Result};

const LARGEST_BATCH: usize = 128;
const LONGEST_BATCH: Duration = Duration::from_millis(5);
const COME_BACK: Duration = Duration::from_secs(2);

type Manager = <Conn as diesel::Connection>::TransactionManager;
/// Whether the batch's transaction began, or was committed; otherwise the database's words.
type Step = std::result::Result<(), String>;
/// Sends a job's answer once it is known whether the batch is committed.
type Answer = Box<dyn FnOnce(Step) + Send>;
/// Does a job's work, or nothing where there is no transaction to do it in.
type Job = Box<dyn FnOnce(Option<&mut Conn>) -> Answer + Send>;

enum Failure {
    NotBegun,
    Refused(AppError),
    Panicked(String),
}

/// The queue of the writer thread, which ends when the last handle is dropped.
pub struct Writer(SyncSender<Job>);

impl Writer {
    /// Starts the thread on its connection, with room for `queue` waiting jobs.
    pub fn start(conn: Conn, queue: usize) -> Result<Self, OpenError> {
        let (sender, receiver) = sync_channel(queue);
        thread::Builder::new()
            .name("database-writer".into())
            .spawn(move || work(conn, &receiver))
            .map_err(OpenError::Thread)?;
        Ok(Self(sender))
    }

    /// Queues `body` and waits until it is committed.
    pub async fn run<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let outcome = conn.ok_or(Failure::NotBegun).and_then(|conn| in_savepoint(conn, body));
            Box::new(move |committed| {
                // Whoever asked may have gone; the work is done all the same.
                drop(sender.send(conclude(committed, outcome)));
            })
        });
        self.0.try_send(job).map_err(|fault| match fault {
            TrySendError::Full(_) => AppError::Busy { retry_after: COME_BACK },
            TrySendError::Disconnected(_) => AppError::internal("the writer thread has ended"),
        })?;
        receiver.await.map_err(AppError::internal)?
    }
}

fn conclude<T>(committed: Step, outcome: Result<T, Failure>) -> Result<T> {
    match (committed, outcome) {
        (_, Err(Failure::Refused(reason))) => Err(reason),
        (_, Err(Failure::Panicked(words))) => Err(AppError::internal(format!("a write panicked: {words}"))),
        (Err(fault), _) => Err(AppError::internal(format!("the batch was not committed: {fault}"))),
        (Ok(()), Err(Failure::NotBegun)) => Err(AppError::internal("the batch never began")),
        (Ok(()), Ok(value)) => Ok(value),
    }
}

fn work(mut conn: Conn, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let (committed, answers) = batch(&mut conn, first, queue);
        if let Err(fault) = &committed {
            tracing::error!(%fault, jobs = answers.len(), "a batch of writes was not committed");
        }
        for answer in answers {
            answer(committed.clone());
        }
    }
}

fn batch(conn: &mut Conn, first: Job, queue: &Receiver<Job>) -> (Step, Vec<Answer>) {
    let begun = Instant::now();
    if let Err(fault) = begin(conn) {
        return (Err(fault), vec![first(None)]);
    }
    let mut answers = vec![first(Some(conn))];
    while answers.len() < LARGEST_BATCH && begun.elapsed() < LONGEST_BATCH {
        let Ok(job) = queue.try_recv() else { break };
        answers.push(job(Some(conn)));
    }
    (commit(conn), answers)
}

fn begin(conn: &mut Conn) -> Step {
    match conn {
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
        Conn::Pg(conn) => AnsiTransactionManager::begin_transaction(conn),
    }
    .map_err(|fault| fault.to_string())
}

fn commit(conn: &mut Conn) -> Step {
    Manager::commit_transaction(conn).map_err(|fault| {
        unwind_to(conn, 0);
        fault.to_string()
    })
}

/// Runs one job so that it can be undone alone.
fn in_savepoint<T>(conn: &mut Conn, body: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T, Failure> {
    let outside = depth(conn);
    Manager::begin_transaction(conn).map_err(|fault| Failure::Refused(fault.into()))?;
    let outcome = match catch_unwind(AssertUnwindSafe(|| body(conn))) {
        Ok(answer) => answer.map_err(Failure::Refused),
        Err(panic) => Err(Failure::Panicked(words_of(panic.as_ref()))),
    };
    let value = outcome.inspect_err(|_| unwind_to(conn, outside))?;
    Manager::commit_transaction(conn).map_err(|fault| {
        unwind_to(conn, outside);
        Failure::Refused(fault.into())
    })?;
    Ok(value)
}

fn depth(conn: &mut Conn) -> u32 {
    match Manager::transaction_manager_status_mut(conn) {
        TransactionManagerStatus::Valid(status) => status.transaction_depth().map_or(0, std::num::NonZero::get),
        TransactionManagerStatus::InError => 0,
    }
}

/// Rolls back what a job or a panic left open.
fn unwind_to(conn: &mut Conn, outside: u32) {
    while depth(conn) > outside {
        if let Err(fault) = Manager::rollback_transaction(conn) {
            tracing::error!(%fault, "a roll back failed");
            return;
        }
    }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into())
}
