//! The register of what already exists: earlier and outside work, and the bids that have been published.
//!
//! Beside a draft it shows what is like it, and it keeps the answer to "what exists already, and why is it not enough?".
//! It must never show a bid that is not public yet, whoever asks.

pub mod api;
pub mod import;
pub mod model;
pub mod pages;
pub mod search;
pub mod service;
mod store;
