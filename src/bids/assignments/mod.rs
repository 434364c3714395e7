//! Who writes what: which council of a bid is asked to write which answer, until when, and how far each is.
//!
//! Assigning is the lead's. It asks and locks nothing: whoever may write an answer still may. A council that has left the bid is
//! asked for nothing any more. The people of a council are reminded once of what it is asked for by a day and has not finished.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
mod reminder;
pub mod service;
pub mod store;

pub use reminder::{REMINDER_JOB, reminder_handler};
