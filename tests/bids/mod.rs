//! Bids: starting and writing.

pub mod journey;
mod pages;
mod writing;

pub use journey::written;
