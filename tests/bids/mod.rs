//! Bids: starting and writing.

mod journey;
mod pages;
mod writing;
