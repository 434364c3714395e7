//! What the answers of a full application said in the expression of interest before it, and what is different since: for
//! whoever reads the application, its councils, the fund's staff and its assessors alike.

pub mod api;
pub mod model;
pub mod service;
