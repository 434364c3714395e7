//! The mail room: messages, their templates and how they leave.
//!
//! A message is a row of the outbox, written in the transaction of the use case that wants it told. It is rendered and
//! sent later, by a job. No message ever has two recipients.

mod address;
mod compose;
pub mod outbox;
pub mod render;
mod sending;
pub mod transport;

pub use address::{Address, NotAnAddress};
pub use sending::{KIND, Sender, with_service};
