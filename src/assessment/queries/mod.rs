//! Flags and questions to the fund team: what an assessor notices of a bid or wants to know about it, and what the team says.
//!
//! An assessor flags a bid, with a reason from a list and in words, or asks a question. The fund's managers are told, answer in words,
//! and say whether the answer is for this assessor alone or for all who read the bid: those read the question without the name of who
//! asked it. An answer can be followed up, and what is settled is closed with what was done. Nothing is changed or taken away: every
//! step is added, and the newest says where the query stands.
//!
//! Councils never hear of any of it. A conflict of interest is a wall before it, also in counts and mails.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod service;
mod store;
