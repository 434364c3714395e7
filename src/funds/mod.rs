//! Funds and their rounds: milestones, budget, and the rulebook that decides a round.
//!
//! A rulebook (forms, limits, eligibility, criteria, the sift, the ranking) is kept as exactly the text that is hashed.
//! When a round is published it is locked: a change is a new version with a reason, never an edit. What councils ask about it
//! is answered to everybody.

pub mod amending;
pub mod api;
pub mod assessing;
pub mod change;
pub mod deputies;
pub mod form;
pub mod making;
pub mod model;
pub mod pages;
pub mod partnership;
pub mod questions;
pub mod reminders;
pub mod reopening;
pub mod rulebook;
pub mod service;
pub mod store;
mod way_view;
