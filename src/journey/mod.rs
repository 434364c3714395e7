//! A bid's way through a round, across the rooms: what may happen next, submitting, withdrawing, holding, one act on
//! many bids, and the timers that record what a milestone brought. It holds the one transaction, and alone moves a bid.

pub mod amendments;
pub mod api;
pub mod mails;
pub mod pages;
pub mod service;
mod store;
