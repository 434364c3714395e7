//! The slides of a bid's interview: documents of a kind of their own, which are no part of what the bid says. Who may bring them,
//! until when, and who reads them is said where interviews are.
//!
//! They are taken in, looked at by the scanner and swept away as all documents are. What was replaced or taken out stays on record,
//! with its hash, who brought it and who took it out; its bytes go.

pub mod model;
pub mod service;
mod store;

pub(super) use service::infected;
