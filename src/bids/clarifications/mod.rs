//! Clarifications: once a stage has closed, the fund asks one bid's councils a question that can be answered until an instant.
//!
//! The answer stands beside the bid for its councils, the fund's staff and the bid's assessors, and is never public. It
//! changes nothing of the bid: no version, hash, tag or signature. Once it is submitted nothing changes it either.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
mod reminder;
pub mod service;
mod store;

pub use reminder::{REMINDER_JOB, reminder_handler};
pub use store::to_answer;
