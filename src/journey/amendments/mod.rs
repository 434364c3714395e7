//! What fund managers change about a round once it is published: its rules, its budget, or that it takes place at all.
//!
//! One manager proposes it with a reason, a second stands behind it, and everybody concerned hears of it. What exactly they
//! stand behind is hashed with what it changes, so that an approval is void once something else is in force.

pub mod api;
mod checks;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
mod store;

pub use letters::told_handler;

/// The job that tells everybody concerned of what was changed.
pub const TOLD_JOB: &str = "round_amended";
