//! Places at the funding line drawn by lot, where the rulebook said so beforehand.
//!
//! A fund manager commits to a draw from the ranking of record: the bids whose interval crosses the line, how many of them are
//! drawn, and a public value that nobody can know yet. Nothing of that changes afterwards; a commitment is withdrawn with a reason
//! and stays on record. Once the value is known, one manager enters it and another confirms it, and the service draws by the methods
//! that `roundtable draw` draws by. Decisions follow the draw: who decides otherwise says why, and the reason is published.
//!
//! Where the rules say so, everybody reads at once that there is a commitment, its hash, the rule, the number of places and the value
//! that will decide, and never which bids are in it: the hash is salted, since whoever knows all references could else try which of
//! them it stands for. Salt, list, value and result are published with the awards, as a file that `roundtable draw verify` takes; of
//! a commitment that was withdrawn, salt and list, so that everybody can compute what it would have drawn.
//! A draw is over all bids of the round, so that nobody makes or reads it who has a conflict of interest with one of them.

pub mod api;
mod basis;
pub mod follow;
pub mod model;
pub mod pages;
pub mod public;
pub mod service;
mod store;
