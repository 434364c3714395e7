//! Deputies of an organisation's signatories: who signs in the place of whom, for some days.
//!
//! A deputy works for the organisation already and gets no rights from this but to sign what the other could sign, on these
//! days alone. Who is one today is asked when somebody signs; a signature says for whom it was given.

pub mod api;
pub mod pages;
pub mod service;
mod store;

pub use store::{Seat, seat_of, seats};
