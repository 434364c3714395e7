//! Moderation: once bids are read, those about which assessors differ, or whose place at the funding line is unsure, are talked
//! over, and what is agreed stands beside what each assessor gave by themselves, which stays for ever.
//!
//! Whoever leads the panel opens it for a round. From then on nobody changes the scores that they gave before, and whoever has
//! submitted their own reads those of the others. What is done about a bid is added, with its reason and who was in the room, and
//! the newest counts; nothing is overwritten. Which bids are talked over follows from the round's rules, and the chair asks for
//! others or passes one over, with a reason, and says which of those that wait is next. Nothing is decided here: where the round
//! ranks by the moderated mean, the ranking takes the agreed scores.
//!
//! A conflict of interest is a wall before all of it: the bid is in no queue, in no count, and nobody with one is in the room.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
pub(super) mod store;
