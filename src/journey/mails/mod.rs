//! The mails of a round as its managers see them: which go out at which step of its workflow, to how many people, in which
//! words, and what they look like with the data of a real bid.
//!
//! The words themselves, and what is refused of them, are the mail room's ([`crate::mail::texts`]).

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
