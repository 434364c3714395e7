//! Declarations that organisations sign and networks that they belong to: who is how far, and since when.

pub mod import;
pub mod model;
pub mod store;
