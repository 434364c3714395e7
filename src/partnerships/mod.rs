//! Lead and partners of a bid: invitation, confirmation in the partner's own account, shares, and the sign-off of the
//! exact version by the lead's section 151 officer.
//!
//! Nobody confirms for another council, and nothing but the text that was hashed counts as signed. This room must never
//! move a bid through its workflow.

pub mod api;
pub mod model;
pub mod pages;
pub mod rules;
pub mod service;
mod store;
