//! The pages of gateway checks: every bid of a round with its checks, and one bid beside the form.

mod bid;
mod round;

pub use bid::{GatewayPage, bid, mark};
pub use round::{RoundGatewayPage, round};
