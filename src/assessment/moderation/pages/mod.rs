//! The pages of moderation: the round's queue, and one bid as a meeting talks it over, projected.

mod bid;
mod queue;

pub use bid::{BidPage, bid, record};
pub use queue::{QueuePage, open, queue};
