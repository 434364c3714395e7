//! The demonstration: a real round told as data and replayed through the services that users reach, then three rounds of
//! today: one to bid in, one to sign in and one to read in. Every act of a replay has a name and is done once, so a replay that was
//! interrupted goes on.

mod people;
mod reading;
mod replay;
pub mod scenario;
mod signing;
mod tally;
mod today;

pub use replay::{Progress, replay};
pub use tally::{Tally, tally};
pub use today::{Links, links, today};
