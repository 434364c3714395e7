//! Bids: starting, copying, writing alone and with others, taking them along on paper, and answering what the fund asks.

mod assignments;
mod at_once;
mod carried;
mod clarifications;
mod comments;
mod copying;
mod costs;
pub mod documents;
mod hours;
pub mod journey;
pub mod led;
mod pages;
pub mod paper;
mod receipts;
pub mod together;
mod writing;

pub use journey::written;
