//! How far the reading of a round is: by when its scores are wanted, who has begun and who has submitted, and reminders of what is
//! still to be scored, by themselves on the days that a manager chooses or by hand.
//!
//! The instant is a wish and no deadline: scores are taken until moderation opens. Nobody is reminded of a bid that a conflict of
//! interest hides from them, nor of one that takes no scores, and nobody twice on one day. How far somebody is tells how many
//! criteria they have scored, never what they gave.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
mod store;

pub use service::{REMINDER_JOB, reminder_handler};
