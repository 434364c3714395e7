//! The pages of decisions and of what is published.

mod partnerships;
mod public;
mod scores;
mod staff;

pub use partnerships::{PartnershipsPage, partnerships};
pub use public::{AwardsPage, EoiPage, EoisPage, awards, eoi, eois};
pub use scores::{ScoresPage, scores};
pub use staff::{
    DecisionPage, DecisionsPage, decide, decision, decisions, recall, record_outside, refuse, release, take_back,
};
