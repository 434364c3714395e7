//! The workflow room: what a bid's way through a round looks like, whether that way is sound, and what may happen next and why.
//!
//! A workflow is data (a [`Definition`]). This room reads it, proves it sound ([`check::check`]), answers what a person may do
//! ([`plan::plan`], [`plan::choose`]), draws it ([`picture`]), says what a newer version changes ([`diff::diff`]) and where a bid
//! lands that is moved to it ([`landing`]). It is pure: it must never know SQL, HTTP, the clock or
//! another room. What it needs to know of a bid is handed in as [`Facts`], what it needs to know of time as a [`Timetable`].

pub mod act;
mod ahead;
pub mod approvals;
pub mod check;
pub mod definitions;
pub mod diff;
mod edit;
pub mod fault;
mod interviews;
pub mod landing;
pub mod model;
pub mod picture;
pub mod place;
pub mod plan;
mod read;
pub mod role;
pub mod rules;
pub mod schema;
pub mod timetable;

pub use act::Act;
pub use approvals::Wanted;
pub use fault::Fault;
pub use model::{Change, Definition, Effect, Form, Gate, Kind, Outcome, State, Transition};
pub use place::Place;
pub use plan::{Choice, Refusal, Situation, Standing, ask, choose, plan};
pub use read::MAX_BYTES;
pub use role::Role;
pub use rules::{BidFacts, Facts, PartnerFacts, Rule, Verdict, Vocabulary};
pub use timetable::Timetable;
