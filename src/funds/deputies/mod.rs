//! Deputies: who acts in approvals in the place of whom, for some days.
//!
//! A deputy works for the fund already and gets no rights from this but to approve what the other could approve. The two
//! count as one person, so that nobody can be two of those who are needed.

pub mod api;
pub mod pages;
pub mod service;
mod store;

pub use store::in_force;
