//! The bids that one organisation leads in a round, held against the most that the round lets it lead: counted when one is
//! submitted, shown to everybody who writes them, and chosen among by the organisation's administrator.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
pub mod store;
