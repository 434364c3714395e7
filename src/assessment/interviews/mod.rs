//! Interviews: when bids can be interviewed, by whom, what the panel scores there, and what that adds to the reading.
//!
//! A manager makes times with a panel for each. A bid that was invited, as its councils know by then, is offered every free time
//! whose panel is whole and has no conflict of interest with it; its lead chooses one, first come, first served. Nothing of times
//! reaches the councils of a bid before the invitation is out, because an invitation is an outcome.
//!
//! Each person of the panel scores the interview's own criteria as assessors score the reading: drafts, a justification and how sure
//! they are, blind until they have submitted, and what is submitted stays. From the first submission on nobody else who could read it
//! is named. A bid that is withdrawn lets its time go; whoever leaves the round's pool leaves the panels that have not met. The
//! councils of a bid bring slides to its interview until it begins, which the panel and the fund's staff download, and all of them take
//! its time into their calendars. [`Combining`](super::model::Combining) says how both make one figure. A conflict of interest is a wall
//! before the bid, the time that it has chosen, its slides and its scores.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
mod store;

pub(super) use service::{leave_panels, results, take_seats};
