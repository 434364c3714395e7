//! Holds: nothing is done to a bid for a while, because something has to be cleared up first.
//!
//! A hold is a record beside the bid and no state, so that nothing has to be remembered for its end. Whoever says what may
//! be done to a bid asks for the hold that stands; whoever says since when something shows asks [`model::shows_from`].

pub mod model;
pub mod store;
