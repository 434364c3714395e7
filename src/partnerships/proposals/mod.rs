//! What councils propose about their partnership: another lead, a council that joins, two bids that become one. Who has to
//! agree, who has, and what the partnership is afterwards.
//!
//! Everybody agrees to the same terms: whoever agreed before they changed is asked again. What is done with the last consent
//! reaches across the rooms, so that `journey` does it.

mod lead;
mod merge;
pub mod model;
pub mod put;
pub mod store;

pub use lead::{led_by, with};
pub use merge::merged;
