//! The SQL of decisions, releases and what is public of them.
//!
//! What may be seen before its release is handed out against a [`Granted`](crate::identity::policy::Granted) alone;
//! [`public`] knows released decisions only.

mod audience;
mod decisions;
pub mod public;
mod releases;
mod rounds;

pub use audience::Audience;
pub use decisions::{
    Stakes, at_gate, award_of, awards_beside, insert, of_bid, remove, replace, responsible_person, stakes,
};
pub use releases::{
    approve, due, is_released, is_silent, mark_recorded, mark_release_recorded, recall, release_of, shown_on,
    shown_timetable, shown_timetable_of, silent_releases, unrecorded,
};
pub use rounds::{
    RoundBid, bids_of_round, decisions_at, decisions_of_round, standing_versions, states_of_round, steps_of_round,
    workflows_of_round,
};
