//! Assessment: the sift of expressions of interest, the [pool] of assessors, the [conflicts of interest](conflicts) of everybody
//! who assesses or decides, which bids assessors would [like to read](preferences), the [gateway] that a full application passes
//! first, [plans] of who reads what, their [documents], scores, given on pages or [offline], by when they are wanted and how far their
//! givers [are](progress), [interviews], [moderation], and the ranking, of which one is kept as the [record](rankings) that decisions
//! go by.
//!
//! While they read, assessors send [flags and questions](queries) to the fund team.
//!
//! Marks and scores are only added to: the newest counts. An assessor reads blind and sees another's scores only once [moderation]
//! is open and their own are submitted, when neither can be changed any more; what the fund's staff see never includes a bid with
//! which they have a conflict. This room decides nothing: it suggests an outcome of the sift and orders the bids, and the rooms
//! above record decisions.
//!
//! What happens here stands in the round's chain of history, not in the bid's: the councils of a bid may read the
//! bid's, and must not learn from it that it was marked, given to assessors or scored.

pub mod api;
pub mod conflicts;
pub mod documents;
pub mod gateway;
pub mod interviews;
pub mod model;
pub mod moderation;
pub mod money_rule;
pub mod offline;
pub mod pages;
pub mod plans;
pub mod pool;
pub mod preferences;
pub mod progress;
pub mod queries;
pub mod rankings;
pub mod service;
pub mod store;

pub use rankings::service::places;
pub use service::{must_not_read_round_blind, readers, reads_blind, scores_complete, sift_results};
