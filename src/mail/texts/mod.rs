//! A round's own words of the mails that its workflow sends, version by version, in English and in Welsh.
//!
//! `model.rs` says which mails those are and which names their words can use, `tags.rs` and `check.rs` refuse words that could
//! not be sent, `store.rs` keeps them. A message names the version that it was written with and is rendered from it when it is
//! sent ([`say()`]). The mails that keep people's accounts safe have no words but ours.

pub mod check;
mod model;
mod say;
pub mod store;
mod tags;

pub use model::{Family, Mail, Name, Text, Words, mail, mails};
pub use say::{Said, say};
