//! The table of policy, pure: which capacity allows which action on a bid in which kind of state.

mod action;
mod capacity;
mod refusal;
mod table;

pub use action::Action;
pub use capacity::{BidKind, Capacity};
pub use table::allows;
