//! The invariants of the house: each test here fails when one of them breaks.

pub mod anonymity;
mod bad_input;
mod contract;
mod doors;
mod floors;
mod golden;
pub mod history;
mod migrations;
mod policy_table;
mod repeating;
mod routes;
pub mod wall;
