//! Work to do later, kept in the database: queued in the transaction that asks for it, done by a worker of any replica.
//!
//! A job is claimed by a conditional update and a lease, so that two replicas never do the same one at once and one that
//! was killed gives its job back when the lease ends. A handler may therefore run twice: it must not mind.

mod store;
mod worker;

pub use store::{Job, Order, enqueue, forget_done};
pub use worker::{Handler, Handlers, Refusal, Worker, handler};
