//! Funds and the people who work for them, from the first administrator on.

mod assessing;
mod deputies;
mod first_steps;
pub mod making;
mod questions;
mod staff;
