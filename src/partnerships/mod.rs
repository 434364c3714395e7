//! Lead and partners of a bid: invitation, confirmation in the partner's own account, what each is in for, and the sign-off of
//! the terms by the officers who answer for their councils' money. An organisation that is not known here is checked by the fund
//! before it is a partner. And what councils propose about who leads, joins and bids together.
//! Drafts, submitted versions and what was signed can be had on paper, with the signatures.
//!
//! Nobody confirms for another council, and nothing but the text that was hashed counts as signed. This room must never
//! move a bid through its workflow.

pub mod api;
pub mod model;
pub mod pages;
pub mod papers;
pub mod proposals;
pub mod rules;
pub mod service;
pub mod sign_offs;
mod store;
pub mod unknown;
mod written;

pub use store::{Reader, councils_of, partners_of, readers_of};
