//! The list under a budget: which bids of the newest ranking are to be awarded money within the rules of the round.
//!
//! The [plain line](crate::assessment::money_rule) down the ranking stands beside the exact choice under the rules, with how far
//! any better list can be, what each rule costs and whom it moves. What if the budget, the number of awards or a rule were
//! another is computed and never kept. A fund manager makes the list of record from the rules in force and changes it by hand
//! where the rules allow that; whatever departs from the ranking has a written reason. Decisions follow it: who decides otherwise
//! says why, and the reason is published with the award.
//!
//! The list is over all bids of the round, so that nobody makes or reads it who has a conflict of interest with one of them, or
//! assesses one and reads it blind still. The search runs between two transactions, never inside one, and within a time, so that
//! it may come out differently: whoever makes the list of record says by its hash which list they have read, and no other is
//! kept. Whoever has the problem, which can be downloaded, gets the same list from `roundtable portfolio`.

pub mod api;
mod basis;
mod choice;
pub mod follow;
pub mod model;
pub mod pages;
mod rules;
pub mod service;
mod shown;
mod store;
