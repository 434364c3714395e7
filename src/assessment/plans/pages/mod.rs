//! The pages of plans: a round's, with its pins and bans; one plan; and a pin or a ban with what it would cost.

mod pin;
mod plan;
mod round;

pub use pin::{PinPage, ask, make as pin, take_back};
pub use plan::{PlanPage, apply, plan};
pub use round::{PlansPage, make, plans};
