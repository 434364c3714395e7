//! Partners that a bid wants and that are not known here yet: the fund's managers check each before it counts.
//!
//! Until then there is an address and no organisation, so that nobody of it reads the bid, confirms or is counted. One address
//! is checked once, however many bids wait for it.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
pub(in crate::partnerships) mod store;
