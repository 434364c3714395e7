//! Bids: starting and writing.

mod journey;
mod writing;
