//! What gateway checks speak of, and their pure rules.

mod mark;
mod standing;
mod views;

pub use mark::{
    CheckMark, CheckState, GatewayState, LONGEST_REASON, MarkRow, NewCheckMark, NewCheckMarks, newest, state_of,
};
pub use standing::{GatewayStanding, feedback};
pub use views::{BidGateway, CheckView, GatewayLine, MarkView, RoundGateway};
