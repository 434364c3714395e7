//! The costs of a full application: who gets how much of what kind, every total, and what is put in beside the ask.

pub mod api;
pub mod model;
pub mod service;
