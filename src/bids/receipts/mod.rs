//! Receipts of submitted versions, signed by this service, so that a council can prove years later what was received when.
//!
//! The key is the one that signs checkpoints of the history. A receipt holds no personal data and nothing of what the bid
//! says but its hash.

pub mod api;
mod model;
pub mod pages;
pub mod service;

pub use model::{Receipt, SignedReceipt};
