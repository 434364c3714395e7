//! The scenarios of the demonstration: what their data come to, and what is said of data that are wrong.

mod counting;
mod faults;
mod figures;
pub mod place;
mod replay;
mod today;
