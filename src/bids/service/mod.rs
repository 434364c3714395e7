//! The use cases of bids: start, write, look.

mod agreeing;
mod board;
mod desk;
mod late;
mod look;
mod place;
mod profile;
mod put_back;
mod signing;
mod together;
mod version;
mod write;

pub use agreeing::{ToAgree, as_may_be_read, to_agree};
pub use board::{Board, board, export};
pub(in crate::bids) use desk::signed_in;
pub use desk::{Desk, Note, Own, Part, desk, own_desk, possible_leads};
pub(in crate::bids) use late::granted_to_write;
pub use late::{Late, Saved};
pub use look::is_applicant;
pub use look::{BidView, Completeness, bid, completeness, history, of_round, own, versions};
pub(in crate::bids) use look::{Seen, granted, granted_view};
pub use place::Place;
pub use profile::{begin_with_profile, statements};
pub use put_back::put_back;
pub use signing::Over;
pub use together::Together;
pub use version::{VersionInFull, VersionKey, version};
pub use write::{
    AnswerChange, HeadingChange, StartBid, change_heading, order_look, put_answer, put_costs, put_promises,
    reopening_of, start, writable_stage,
};

/// The job that says that the content of a bid changed: what was signed or approved may no longer be what stands.
pub const CONTENT_CHANGED_JOB: &str = "content-changed";
