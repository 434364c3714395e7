//! The profile of an organisation: its administrators keep it, its people read it, and its bids begin with it.

pub mod api;
pub mod pages;
pub mod service;
