//! The faces of networks and declarations: who belongs to which, for rules of rounds to ask for. Funds' managers and whoever
//! runs the instance record it.

pub mod api;
pub mod pages;
pub mod service;
