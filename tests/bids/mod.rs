//! Bids: starting, copying, writing, taking them along on paper, and answering what the fund asks.

mod clarifications;
mod copying;
pub mod journey;
mod pages;
mod paper;
mod receipts;
mod writing;

pub use journey::written;
