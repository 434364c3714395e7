//! Questions about a round: councils ask, and the fund answers to everybody.
//!
//! What is published never tells who asked or for which council, so that no council learns from a question who else bids.
//! What was asked and what was answered before a correction are kept as they were.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
mod store;

pub use store::{newest_answers, waiting};
