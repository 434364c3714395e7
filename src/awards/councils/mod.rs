//! The bids of one council, led and joined, past and present: for its people all of them, for everybody else what is published.
//!
//! What a council has left, declined or was taken out of it may name, and no more: what the bid says since then is for others.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
mod store;
