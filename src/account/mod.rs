//! The faces of identity: signing in, one's own account, API clients, organisations, and the outbox for staff.
//!
//! Must never answer in a way that tells whether an address is known, and never lead from a sign-in to another site.

pub mod api;
pub mod pages;
pub mod service;
