//! Making a round: begun with little but a ready workflow or an earlier round, written while it is a draft, and published
//! once nothing is missing.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
mod store;
