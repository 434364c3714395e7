//! Does the jobs: claims, runs the handler, finishes or puts back with a growing pause.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use serde::de::DeserializeOwned;

use super::store::{self, Begun, Job};
use crate::{
    clock::Clock,
    db::Db,
    error::{AppError, Result},
};

/// How long a job stays with a worker that says nothing of it any more. One that works on it renews the lease, however long
/// it takes; one that was killed leaves it to the others after this.
const LEASE: Duration = Duration::from_secs(15);
const RENEWAL: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(500);
const MOST_ATTEMPTS: i32 = 12;

/// Why a handler did not do its job.
#[derive(Debug)]
pub enum Refusal {
    /// It may work later.
    Later(String),
    /// It never will.
    Never(String),
}

impl From<AppError> for Refusal {
    fn from(fault: AppError) -> Self {
        Self::Later(fault.to_string())
    }
}

/// What a handler answers.
pub type Doing = Pin<Box<dyn Future<Output = Result<(), Refusal>>>>;
/// Does the jobs of one kind.
pub type Handler = Arc<dyn Fn(Job) -> Doing + Send + Sync>;
/// The handlers by kind, registered where the house is put together.
pub type Handlers = BTreeMap<&'static str, Handler>;

/// A handler of jobs whose payload is a `P`, by somebody who needs `context` for it. What cannot be read is never done.
pub fn handler<C, P, F>(context: &C, work: impl Fn(C, P) -> F + Copy + Send + Sync + 'static) -> Handler
where
    C: Clone + Send + Sync + 'static,
    P: DeserializeOwned + 'static,
    F: Future<Output = Result<()>> + 'static,
{
    let context = context.clone();
    Arc::new(move |job| {
        let context = context.clone();
        Box::pin(async move {
            let payload = serde_json::from_value(job.payload.0).map_err(|fault| Refusal::Never(fault.to_string()))?;
            work(context, payload).await.map_err(Refusal::from)
        })
    })
}

/// Works through the queue.
#[derive(Clone)]
pub struct Worker {
    /// Where the queue is.
    pub db: Db,
    /// What the time is.
    pub clock: Clock,
    /// Who does what.
    pub handlers: Arc<Handlers>,
}

impl Worker {
    /// Does jobs until it is told to stop; never leaves one half done.
    pub async fn run(self, mut stop: tokio::sync::watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(fault) = self.drain().await {
                tracing::error!(%fault, "the queue could not be read");
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Does every job that is due now and gives their number.
    pub async fn drain(&self) -> Result<usize> {
        let mut done = 0;
        while let Some(job) = self.claim().await? {
            self.work(job).await?;
            done += 1;
        }
        Ok(done)
    }

    async fn claim(&self) -> Result<Option<Job>> {
        let now = self.clock.now();
        // An idle worker must not keep the writer busy, so it looks before it claims.
        if !self.db.read(move |conn| store::any_due(conn, now)).await? {
            return Ok(None);
        }
        let (hopeless, job) = self.db.write(move |conn| store::claim(conn, now, LEASE, MOST_ATTEMPTS)).await?;
        if hopeless > 0 {
            tracing::error!(hopeless, "jobs were laid aside whose worker stopped each time");
        }
        Ok(job)
    }

    /// Waits for what a handler does and keeps the lease meanwhile. Once another worker has the job, its outcome is for the
    /// other to tell, and what is half done here comes to its own end.
    async fn hold(&self, (id, attempt): Begun, mut doing: Doing) -> Result<(), Refusal> {
        loop {
            tokio::select! {
                outcome = &mut doing => return outcome,
                () = tokio::time::sleep(RENEWAL) => {}
            }
            let until = self.clock.now().plus(LEASE);
            match self.db.write(move |conn| store::renew(conn, (id, attempt), until)).await {
                Ok(true) => {}
                Ok(false) => return doing.await,
                Err(fault) => tracing::warn!(job = %id, %fault, "the lease of a job could not be renewed"),
            }
        }
    }

    async fn work(&self, job: Job) -> Result<()> {
        let (id, kind, attempts) = (job.id, job.kind.clone(), job.attempts);
        let begun = (id, attempts + 1);
        let outcome = match self.handlers.get(kind.as_str()) {
            Some(handler) => self.hold(begun, handler(job)).await,
            None => Err(Refusal::Never(format!("nobody does jobs of kind {kind}"))),
        };
        let now = self.clock.now();
        let told = match outcome {
            Ok(()) => self.db.write(move |conn| store::finish(conn, begun)).await?,
            Err(refusal) => {
                let (why, again) = match refusal {
                    Refusal::Later(why) if attempts + 1 < MOST_ATTEMPTS => (why, Some(now.plus(pause_after(attempts)))),
                    Refusal::Later(why) | Refusal::Never(why) => (why, None),
                };
                tracing::warn!(job = %id, kind, why, again = again.is_some(), "a job was not done");
                self.db.write(move |conn| store::fail(conn, begun, &why, again)).await?
            }
        };
        if !told {
            tracing::warn!(job = %id, "another worker took a job over whose lease had ended");
        }
        Ok(())
    }
}

/// 5 seconds, then twice as long each time, up to an hour.
fn pause_after(attempts: i32) -> Duration {
    let doubled = 5_u64.saturating_mul(1 << attempts.clamp(0, 12));
    Duration::from_secs(doubled.min(3_600))
}
