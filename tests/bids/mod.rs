//! Bids: starting, writing, and answering what the fund asks.

mod clarifications;
mod costs;
pub mod journey;
pub mod led;
mod pages;
mod writing;

pub use journey::written;
