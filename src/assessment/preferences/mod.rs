//! Which bids assessors would like to read, and which they would rather not.
//!
//! Whoever has accepted to assess in a round may say so of the bids with which they can declare a conflict of interest, and is told
//! no more of them than there: title and organisations. Where they read without names no bid is listed before it is given to them,
//! and so there is nothing to prefer. A bid that a conflict hides is not there for them, whatever they have said of it before, and
//! no preference weighs anything against a conflict.
//!
//! What somebody has said counts in what a reading is worth to a [plan](super::plans). Those who lead the panel read it there, as
//! counts and in that worth; no other assessor and no council ever does.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
mod store;
