//! Bids: starting and writing.

mod journey;
mod pages;
mod writing;

pub use journey::written;
