//! The use cases of the account room.
//!
//! What makes a secret never goes through [`Call::write`](crate::http::Call::write): its stored answers would hold it.

pub mod clients;
pub mod kept_forms;
pub mod members;
pub mod organisations;
pub mod outbox;
pub mod own;
pub mod roles;
pub mod sign_in;
