//! Comments on an answer: what the lead and the partners that have confirmed say to each other while they write it.
//!
//! Nobody else reads them: not the fund's staff, its assessors or the public. They are no part of the bid, of its hash or of
//! what is submitted, and they stand in no history, which staff read too. Those whom one concerns hear by mail that there is one.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
pub mod store;
