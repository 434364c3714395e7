//! What moderation speaks of, and its pure rules.

mod grounds;
mod line;
mod step;
mod views;

pub use grounds::{Ground, ModerationGround, Spread, differing, spread_of};
pub use line::KnownAtLine;
pub use step::{
    AgreedScore, Counting, LONGEST_REASON, ModerationState, NewStep, StepKind, StepRow, counting, moderated,
};
pub use views::{
    BidModeration, Given, ModeratedCriterion, NewOpening, Opening, OtherReading, Others, Participant, Queue, QueuedBid,
    ReadBy, StepView, Unfinished,
};
