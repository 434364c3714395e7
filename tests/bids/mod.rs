//! Bids: starting, copying, writing, and answering what the fund asks.

mod clarifications;
mod copying;
pub mod journey;
mod pages;
mod writing;

pub use journey::written;
