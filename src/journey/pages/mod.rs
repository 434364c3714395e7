//! The pages of a bid's way: its own page with what is left to do, checking and submitting, the receipt, its history; and the page of its round
//! and of moving bids to another version of its workflow.

pub mod act;
pub mod bid;
pub mod check;
pub mod dates;
pub mod history;
pub mod more_time;
pub mod moves;
pub mod round;
pub mod tasks;
