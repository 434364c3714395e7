//! Bids: expressions of interest and full applications, their answers, costs, promises, submitted versions and holds, and what
//! the fund asks their councils once a stage has closed, what goes back to the version that stands when a bid is reopened, and
//! the bids that one organisation leads in a round, held against the cap.
//!
//! The row of a bid says only what everybody may know who may see it: decisions lie elsewhere until they are released.
//! This room never moves a bid: that is for `journey`.

pub mod api;
pub mod clarifications;
pub mod content;
pub mod holds;
pub mod led;
pub mod model;
pub mod pages;
pub mod put_back;
pub mod service;
pub mod store;
