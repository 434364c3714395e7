//! A bid's way through a round, across the rooms: what may happen next, submitting, withdrawing, and the timers that
//! record what a milestone brought. It holds the one transaction, and alone moves a bid.

pub mod amendments;
pub mod api;
pub mod pages;
pub mod service;
mod store;
