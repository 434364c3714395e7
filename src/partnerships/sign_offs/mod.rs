//! Sign-offs: the officer responsible for a council's money signs for the terms of a full application, as exactly one version
//! says them.
//!
//! A signature stands as long as its terms do, whatever else is written. Nobody signs for another council, and whoever asks
//! does not sign.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
mod store;
