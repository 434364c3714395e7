//! The ranking of record: what a round's submitted scores say about the order of its bids, and how sure that is, computed when
//! somebody asks for it and kept word for word with what it was computed from.
//!
//! It is over all bids of the round, so that nobody makes it who has a conflict of interest with one of them. Such a person
//! reads the ranking of the bids that they may see, computed from those alone: no place stays empty and no figure follows from a
//! bid that is hidden. Whoever assesses for the round too reads none of it until moderation is open and their own scores are submitted.
//! Nobody chooses the chance in it: the seed follows from the rules and the scores. Whoever has the scores
//! without names, which can be downloaded, gets the same figures from `roundtable rank`.

pub mod api;
mod basis;
mod figures;
pub mod model;
pub mod open;
pub mod pages;
mod pictures;
pub mod service;
mod store;
mod why;
mod worth;

pub(super) use basis::decimal;
pub use worth::{OfRecord, Worth, of_record};
