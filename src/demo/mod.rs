//! The demonstration: a real round told as data and replayed through the services that users reach, then a round that
//! is open today. Every act of the replay has a name and is done once, so a replay that was interrupted goes on.

mod open_round;
mod people;
mod replay;
pub mod scenario;
mod tally;

pub use open_round::{Links, open_today};
pub use replay::{Progress, replay};
pub use tally::{Tally, tally};
