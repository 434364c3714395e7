//! The use cases of decisions, their release and what is published of them.

mod advice;
mod decide;
mod desk;
mod eois;
mod hours;
mod letters;
mod many;
mod measured;
mod outcomes;
mod place;
mod published;
mod queue;
mod readiness;
mod release;
mod retract;
mod scores;
mod situation;
mod support;
mod together;
mod wall;

pub use decide::{Decided, DecisionBody, Requested, decide, decide_approved, decision};
pub use desk::{Desk, DeskChoice, desk};
pub(in crate::awards) use eois::closed_of;
pub use eois::{eoi, eoi_list};
pub use hours::bidding_hours;
pub use letters::{outcome_data, outcome_letter, template_sent};
pub use many::{ItemAnswer, ItemBody, decide_many};
pub use outcomes::{BidOutcome, outcomes};
pub use place::counts;
pub(in crate::awards) use place::{taken, unknown_state};
pub(in crate::awards) use published::{announced_of, announced_round, public_round, published_round};
pub use published::{announcement, award_list, open_rounds};
pub use queue::{Queue, QueueRow, queue};
pub use readiness::readiness;
pub use release::{Approval, Approved, recall, record_outside, refuse, release};
pub use retract::take_back;
pub use scores::{published_scores, scores_are_published};
pub use support::{ask_newcomers, version_changed};
pub(in crate::awards) use together::if_published;
pub use together::partnerships;
pub(in crate::awards) use wall::{barred, hides_any, is_withheld, refuse_barred, submitted};

/// The job that moves a bid about which something was decided that shows at once.
pub const DECISION_JOB: &str = "decision";
