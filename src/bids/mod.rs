//! Bids: expressions of interest and full applications, their answers, documents, costs, promises, submitted versions and holds, how
//! several councils write one draft, what is different since the expression of interest, what the fund asks their councils once
//! a stage has closed, the bids that one organisation leads in a round, held against the cap, and how many hours they took.
//! A bid is filled with what an
//! earlier one of the same councils says. What
//! a bid looks like on paper is said here, and each version has a signed receipt. What a bid answered that became part
//! of another is read beside that one's questions. Where assessors read without names, a bid is shown to them [without](unnamed).
//!
//! The row of a bid says only what everybody may know who may see it: decisions lie elsewhere until they are released.
//! This room never moves a bid: that is for `journey`.

pub mod answers;
pub mod api;
pub mod assignments;
pub mod carried;
pub mod clarifications;
pub mod comments;
pub mod content;
pub mod copying;
pub mod costs;
pub mod difference;
pub mod documents;
pub mod holds;
pub mod hours;
pub mod led;
pub mod merged;
pub mod model;
pub mod pages;
pub mod paper;
pub mod partner;
pub mod reading;
pub mod receipts;
pub mod service;
pub mod store;
pub mod terms;
pub mod unnamed;
