//! The use cases of organisations that are not known yet: a lead wants one, the fund's managers check it.

mod ask;
mod check;

pub use ask::{ask, take_back, unchecked};
pub use check::{Desk, accept, desk, is_known, refuse};
