//! The use cases of gateway checks.

mod bid;
mod mark;
mod round;
mod standing;

pub use bid::{ToCheck, bid, to_check};
pub use mark::mark;
pub use round::{round, table};
pub use standing::{Standings, failed, feedback_of, of_bid, of_round, standings};
