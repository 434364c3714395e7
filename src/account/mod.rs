//! The faces of identity: signing in, one's own account, API clients, organisations, their people, who signs in whose place
//! and what stands in each of their bids, and the outbox for staff.
//!
//! Must never tell whether an address is known to anybody who has not signed in, and never lead from a sign-in to another
//! site.

pub mod api;
pub mod deputies;
pub mod networks;
pub mod pages;
pub mod profiles;
pub mod service;
