//! The mail room: messages, their templates and how they leave.
//!
//! A message is a row of the outbox, written in the transaction of the use case that wants it told. It is rendered and
//! sent later, by a job. No message ever has two recipients. A round can put the mails of its workflow into its own words
//! ([`texts`]); a message is written with the words of then.

mod address;
mod compose;
mod language;
pub mod outbox;
pub mod render;
mod sending;
pub mod texts;
pub mod transport;

pub use address::{Address, NotAnAddress};
pub use language::Language;
pub use sending::{KIND, Sender, with_service};
