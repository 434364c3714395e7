//! Reminders before a round's closings: on which working days they go out, and the jobs that wait for those days.
//!
//! Who is reminded of what is for [`journey`](crate::journey) to say, which does the jobs.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
pub mod store;
