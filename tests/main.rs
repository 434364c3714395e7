//! The tests of the whole service, in one program: a harness, then one file or folder per room and per invariant.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a test that meets what it did not expect should stop there and say so"
)]

/// Hundreds of services on a few threads make and drop small things all the time; the system's allocator took a fifth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod harness;

mod account;
mod assessment;
mod awards;
mod bids;
mod command;
mod demo;
mod files;
mod funds;
mod housekeeping;
mod identity;
mod invariants;
mod journey;
mod mail;
mod pages;
mod partnerships;
mod projects;
mod register;
mod server;
mod the_harness;
mod web;
mod workflow;
