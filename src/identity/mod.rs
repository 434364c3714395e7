//! People, organisations, memberships, conflicts, sign-in, tokens, and policy: who may do and see what.
//!
//! There are no passwords. A secret is kept as a hash, compared in constant time and never logged.

pub mod clients;
pub mod deputies;
pub mod import;
pub mod kept_forms;
pub mod keys;
pub mod model;
pub mod networks;
pub mod policy;
pub mod profiles;
pub mod rate;
mod secrets;
pub mod sessions;
pub mod sign_in;
pub mod store;
pub mod tokens;

pub use secrets::{Browser, NotATicket, Ticket};
