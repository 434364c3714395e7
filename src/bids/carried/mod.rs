//! What the answers of a full application said in the expression of interest before it, which documents it had, and what is
//! different since: for whoever reads the application, its councils, the fund's staff and its assessors alike.

pub mod api;
pub mod model;
pub mod service;
