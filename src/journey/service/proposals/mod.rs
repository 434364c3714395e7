//! Another lead, a council that joins, two bids that become one: proposed, agreed to by everybody concerned, and done with the
//! last consent in the same transaction.
//!
//! Until then nothing of a bid changes, and everything can be taken back. What is agreed to is the terms of the bid as they
//! will be; who agreed before they changed is asked again.
//!
//! # What a change of lead is to a version that was submitted
//!
//! A version is what officers signed and what a receipt vouches for, so that none is rewritten and none is made that nobody
//! signed. After submission the change is an act of its own beside the version: both leads and a manager of the fund agree to
//! it, the bid's history and this room keep who did, and from then on the fund deals with the new lead (its mail, its conflicts
//! of interest, its place among the bids that it may lead, its project). Whoever reads the version is told above it who leads
//! now. The live terms name the new lead, so that every signature of them becomes void and is asked for again; where the stage
//! is still open, a newer version that was signed replaces the one that stands.

mod against;
mod answer;
mod case;
mod execute;
mod lapse;
mod letters;
mod look;
mod propose;
mod published;
mod sides;
mod told;
mod waiting;

pub use answer::{Answering, agree, refuse, take_back};
pub(super) use lapse::lapse_after;
pub use look::{Agreed, OtherBid, ProposalView, proposal, proposals};
pub use propose::{Starting, propose, starting};
pub use published::{Joining, joining};
pub use told::{Changed, Merged, changed};
pub use waiting::{counted, waiting};
