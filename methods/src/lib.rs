//! The methods with which a funding round gets from assessors to a list of awards: pure functions from plain values to plain
//! values. They read no file, ask no clock and draw no chance of their own, so that whoever has the same input and seed gets
//! the same answer as the service.
//!
//! - [`assign`]: who reads which bid, exactly, with a certificate that no better assignment exists;
//! - [`rank`]: what the scores say about the order of the bids, and how sure that is;
//! - [`portfolio`]: the best list under a budget and rules, with what each rule costs;
//! - [`draw`]: a lottery that was committed to before its seed existed, and that anyone can replay.
//!
//! Each takes a file's bytes by its `read`, or the same structs from a program. What is wrong with an input is answered by
//! [`Faults`], which name the row and column; nothing here may panic, whatever it is given.
#![allow(
    clippy::indexing_slicing,
    reason = "the kernels walk dense arrays by indices that their own constructors have made; checked access would hide the formulas"
)]

pub mod assign;
pub mod draw;
mod fault;
mod groups;
mod lines;
pub mod portfolio;
pub mod rank;

pub use fault::{Fault, Faults};
pub use groups::Groups;
