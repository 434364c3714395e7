//! The methods against published tables, against brute force, and against everything that is wrong with an input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on must stop there and say so"
)]

mod assign;
mod draw;
mod kept;
mod portfolio;
mod rank;
