//! The SQL of the queue.

use std::time::Duration;

use diesel::{delete, insert_into, prelude::*, update};
use serde_json::Value;

use crate::{
    clock::Moment,
    db::{Conn, Doc, schema::jobs},
    each,
    error::Result,
    ids::{Id, RowKey},
};

/// A job as a handler gets it.
#[derive(Debug, Clone, Queryable)]
pub struct Job {
    /// Its id.
    pub id: Id<RowKey>,
    /// Which handler does it.
    pub kind: String,
    /// What the handler needs.
    pub payload: Doc<Value>,
    /// How often it was begun before.
    pub attempts: i32,
}

/// A job on its way into the queue.
#[derive(Debug)]
pub struct Order {
    /// The id it shall have.
    pub id: Id<RowKey>,
    /// Which handler does it.
    pub kind: &'static str,
    /// What the handler needs.
    pub payload: Value,
    /// Not before.
    pub run_at: Moment,
    /// A second order with the same key is not queued.
    pub unique_key: Option<String>,
}

/// Queues a job in the transaction that asks for it.
pub fn enqueue(conn: &mut Conn, order: Order, now: Moment) -> Result<()> {
    let row = (
        jobs::id.eq(order.id),
        jobs::kind.eq(order.kind),
        jobs::payload.eq(Doc(order.payload)),
        jobs::run_at.eq(order.run_at),
        jobs::state.eq("queued"),
        jobs::attempts.eq(0),
        jobs::unique_key.eq(order.unique_key),
        jobs::created_at.eq(now),
    );
    each!(conn, |conn| insert_into(jobs::table).values(&row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// Whether a job is due.
pub(super) fn any_due(conn: &mut Conn, now: Moment) -> Result<bool> {
    let first: Option<Id<RowKey>> = jobs::table
        .filter(jobs::state.eq("queued"))
        .filter(jobs::run_at.le(now))
        .filter(jobs::lease_until.is_null().or(jobs::lease_until.lt(now)))
        .select(jobs::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// Claims the job that has waited longest, if one is due. One that was begun `most` times and of which no worker has told the
/// end is laid aside instead, since it may have killed each; gives the number of those too.
pub(super) fn claim(conn: &mut Conn, now: Moment, lease: Duration, most: i32) -> Result<(usize, Option<Job>)> {
    let mut hopeless = 0;
    while let Some(job) = longest_due(conn, now)? {
        let mine = jobs::table.find(job.id).filter(jobs::attempts.eq(job.attempts));
        if job.attempts < most {
            let begun = (jobs::lease_until.eq(now.plus(lease)), jobs::attempts.eq(job.attempts + 1));
            let claimed = update(mine).set(begun).execute(conn)?;
            return Ok((hopeless, (claimed == 1).then_some(job)));
        }
        let why = "Its worker stopped before the end each time that it was begun.";
        hopeless += update(mine).set((jobs::state.eq("failed"), jobs::error.eq(why))).execute(conn)?;
    }
    Ok((hopeless, None))
}

fn longest_due(conn: &mut Conn, now: Moment) -> Result<Option<Job>> {
    Ok(jobs::table
        .filter(jobs::state.eq("queued"))
        .filter(jobs::run_at.le(now))
        .filter(jobs::lease_until.is_null().or(jobs::lease_until.lt(now)))
        .order((jobs::run_at, jobs::id))
        .select((jobs::id, jobs::kind, jobs::payload, jobs::attempts))
        .first::<Job>(conn)
        .optional()?)
}

/// A job as a worker began it: which one, and which of its attempts.
pub(super) type Begun = (Id<RowKey>, i32);

/// Keeps a job with the worker that began it; says whether it is still its own, and no other has begun it again since.
pub(super) fn renew(conn: &mut Conn, (id, attempt): Begun, until: Moment) -> Result<bool> {
    let mine = jobs::table.find(id).filter(jobs::attempts.eq(attempt)).filter(jobs::state.eq("queued"));
    Ok(update(mine).set(jobs::lease_until.eq(until)).execute(conn)? == 1)
}

/// Marks a job as done; says whether it was still with the worker that began it.
pub(super) fn finish(conn: &mut Conn, (id, attempt): Begun) -> Result<bool> {
    let mine = jobs::table.find(id).filter(jobs::attempts.eq(attempt)).filter(jobs::state.eq("queued"));
    Ok(update(mine).set(jobs::state.eq("done")).execute(conn)? == 1)
}

/// Forgets at most so many jobs that were done and were due before an instant, and says how many. One that failed stays,
/// since somebody has to look at it.
///
/// # Errors
/// When the database fails.
pub fn forget_done(conn: &mut Conn, before: Moment, most: i64) -> Result<usize> {
    let done: Vec<Id<RowKey>> = jobs::table
        .filter(jobs::state.eq("done"))
        .filter(jobs::run_at.lt(before))
        .limit(most)
        .select(jobs::id)
        .load(conn)?;
    Ok(delete(jobs::table.filter(jobs::id.eq_any(done))).execute(conn)?)
}

/// Puts a job back for later, or lays it aside when `again_at` is `None`; says whether it was still with the worker that
/// began it.
pub(super) fn fail(conn: &mut Conn, (id, attempt): Begun, why: &str, again_at: Option<Moment>) -> Result<bool> {
    let none: Option<Moment> = None;
    let mine = jobs::table.find(id).filter(jobs::attempts.eq(attempt)).filter(jobs::state.eq("queued"));
    let changed = match again_at {
        Some(at) => {
            update(mine).set((jobs::run_at.eq(at), jobs::lease_until.eq(none), jobs::error.eq(why))).execute(conn)?
        }
        None => update(mine).set((jobs::state.eq("failed"), jobs::error.eq(why))).execute(conn)?,
    };
    Ok(changed == 1)
}
