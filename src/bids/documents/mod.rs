//! The documents of a bid: what its councils upload beside the answers, each under the stage at which it was uploaded.
//!
//! A document never changes; another one takes its place. The people who write the answers upload and take out, as long as the
//! answers can be written. Whoever reads the bid reads its documents: its councils those of the draft, everybody else those of
//! the version that stands. They are part of what a bid says, so that versions name each with its hash, and a version keeps its
//! documents for good.
//!
//! A question of the form can ask for documents. Its answer names them by their hashes, and they lie here with the others: what is
//! said of documents holds for them too. They come and go with the answer, so that who may write it may upload and take out
//! what it names, and nobody else while a bid is reopened.
//!
//! A document in quarantine can be submitted. The scanner is ours: that it is slow, or out of order on the day on which a round
//! closes, must cost no council its bid. Only what a question demands waits until it is called clean, because the fund said that it
//! will not take the bid without it. Nobody can download the document before it is called clean, staff and assessors
//! included; where a virus is found in it after all, its bytes are deleted, whoever uploaded it hears of it, and the fund sees
//! which document of the version it was.
//!
//! What councils show in an interview is taken in and looked at in the same way, and is no part of the bid: see [slides].

pub mod api;
pub mod bringing;
mod letters;
pub mod model;
pub mod named;
pub mod pages;
pub mod receiving;
pub mod scanning;
pub mod service;
pub mod slides;
pub mod store;
