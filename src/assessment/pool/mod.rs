//! The pool of a round: who is asked to assess in it, what work that would be, and what each has said: what they know of, how many
//! bids they can read, when they are away, and which terms they have agreed to.
//!
//! A round without a pool goes by the fund's roles, as it always did: whoever assesses for the fund can be given its bids. The first
//! invitation, or what a manager settles for the pool, opens one, and from then on a bid of the round is given to nobody who has not
//! accepted. Whoever accepts gets the role of assessor for the fund if they lack it, and loses it with their last place, if it came
//! with one.
//!
//! Where the terms change, whoever had agreed to others is asked once by mail: they keep what they read, and are given nothing more
//! until they have agreed to these. By the fingerprint of the words managers see who has agreed to what.
//!
//! What an invited person reads of a round follows from its rules and from what everybody may know of its bids, never from a
//! decision.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
mod store;

pub use service::{REMINDER_JOB, reminder_handler};
