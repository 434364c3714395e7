//! What the answers say of bids that became part of another: kept as they were, and read beside the questions of the bid that
//! stays by those who write it.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
mod store;
