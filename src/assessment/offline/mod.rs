//! Reading and scoring away from the network: all of one's bids with their documents and what stands beside them in one file, and a
//! form in plain text that is filled in anywhere and sent back. What it says is kept by the same rules as what is scored on a page.

pub mod api;
mod beside;
pub mod form;
pub mod model;
mod pack;
pub mod pages;
pub mod service;
