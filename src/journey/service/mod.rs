//! The use cases of the way through a round.

mod against;
pub mod bulk;
mod closing;
pub mod dates;
mod effects;
mod history;
pub mod holds;
pub(super) mod letters;
mod moves;
mod plan;
pub mod proposals;
mod requests;
mod situation;
mod take;
mod timers;
mod watch;
mod way;

pub use closing::closing_handler;
pub use history::{Told, history};
pub use moves::{LandedBid, MadeMove, MovedBids, WorkflowMove, move_bids, moves, undo_move};
pub use plan::{Choice, Plan, plan};
pub use requests::{Awaited, approve, refuse, requests, take_back};
pub use take::{DRAFT_IS_KEPT, Done, Taken, take};
pub use timers::{decision_handler, milestone_handler, milestone_passed};
pub use watch::{approvers_handler, content_handler};
pub use way::{BidsWay, RoundsWay, way_of_bid, way_of_round};
