//! The pages of a bid's way: its own page with what is left to do, checking and submitting, the receipt, its history, holds,
//! changes of its councils, more time and reopening; and those of its round: what waits for the fund, its dates, moving bids to another version of its workflow, one act on many bids.

pub mod act;
pub mod bid;
pub mod bulk;
pub mod check;
pub mod dates;
pub mod history;
pub mod holds;
pub mod more_time;
pub mod moves;
pub mod proposals;
pub mod reopen;
pub mod round;
pub mod staff;
pub mod tasks;
