//! The use cases of the way through a round.

mod effects;
mod plan;
mod situation;
mod take;
mod timers;

pub use plan::{Plan, plan};
pub use take::{Taken, take};
pub use timers::{milestone_handler, milestone_passed};
