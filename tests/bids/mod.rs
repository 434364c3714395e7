//! Bids: starting, writing alone and with others, and answering what the fund asks.

mod assignments;
mod at_once;
mod clarifications;
mod comments;
pub mod journey;
mod pages;
pub mod together;
mod writing;

pub use journey::written;
