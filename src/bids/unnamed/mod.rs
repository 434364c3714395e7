//! A bid without the names of its councils, for assessors who read without knowing whose it is; and what its councils are told of
//! names that they left in it.
//!
//! What councils wrote is never changed by this: only what the service itself says of them is.

pub mod api;
pub mod model;
pub mod service;
