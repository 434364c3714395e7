//! Filling a bid with what an earlier one of one's own says, when it is started and at whichever stage it is written later: answers to
//! the same questions with the documents that they name, the costs of its lead and the promised outcomes.
//!
//! Only what is still empty is filled, and it is for whoever writes the bid to read it and call it finished. The earlier bid stays as it
//! is. Of a bid that another council leads nothing is copied but what was submitted: its draft is written in confidence.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
