//! Gateway checks: what a full application must pass before it is scored, by the round's rules.
//!
//! A fund manager marks each check of a bid as passed or failed, with a reason for a fail. Marks are only added to: the newest on a
//! check counts, the earlier ones can still be read, and one that was given for an earlier version of the bid counts for nothing until
//! it is confirmed for the version that stands. While a check is open or failed no assessment of the bid is submitted, though drafts are
//! kept; a bid that has failed is given to nobody, neither ranked nor listed, and awarded nothing. It is declined like any other bid,
//! and the reasons of its checks are where the feedback begins.
//!
//! A conflict of interest is a wall before all of it, also in the counts, and councils hear of it with the outcome alone.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
mod store;
