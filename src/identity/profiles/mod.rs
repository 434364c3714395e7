//! What an organisation says in each of its bids, kept once: whom to ask, its senior sponsor and its standard statements.

pub mod model;
pub mod store;
