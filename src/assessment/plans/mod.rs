//! Plans of who reads what: the best assignment of a round's bids to those who have accepted to assess, with the proof that none
//! is better, made by the methods and given when somebody applies it.
//!
//! A plan is over all bids of the round, so that nobody makes one, pins, bans or applies who has a conflict of interest with one
//! of them. Such a person reads the plan of the bids that they may see, and no figure that follows from the others. The methods
//! compute between two transactions, never inside one: the first reads what the plan goes by in one snapshot, the second keeps
//! it if that is still the same. A plan gives nothing by itself; applying it goes by the same rules as giving by hand, and is
//! refused once what it goes by has changed.
//!
//! [`affinity`] says how good it would be that somebody reads a bid, by what they know and what they would like to read; `inputs`
//! what a plan goes by; `solve` puts it to the methods; and [`by_hand`] what one reading is worth to whoever gives or takes it. Whoever
//! has a plan's matrix, limits and wish gets its value from `roundtable assign`.

pub mod affinity;
pub mod api;
pub mod by_hand;
mod inputs;
pub(super) mod letters;
pub mod model;
pub mod pages;
pub mod service;
mod solve;
mod store;
mod view;
mod words;

pub(super) use store::is_banned;
