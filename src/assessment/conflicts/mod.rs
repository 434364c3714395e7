//! Conflicts of interest: declared by oneself, suggested by the program, pinned by whoever leads the panel, found while reading.
//!
//! Whoever has one meets a wall: in the assessing or deciding capacity the bid is not there for them, and it is never given to
//! them. Policy makes the wall of the rows that this room keeps. Who may have a conflict is told the title and the organisations
//! of a bid, which they must know to say so, and nothing more. A conflict that somebody has said of themself leaves a line on their
//! lists; of others they see nothing.
//!
//! A bid that has lost a reader to a conflict asks for another, whatever becomes of the conflict, until it is given to somebody or
//! whoever leads the panel closes that.
//!
//! What the program suggests is computed from who people are and whom a bid names, and never kept: only that somebody has set a
//! suggestion aside is. Until it is answered it keeps the bid from being given to that person, and hides nothing from them.

pub mod api;
mod letters;
pub mod model;
pub mod pages;
pub mod sealed;
pub mod service;
mod store;
mod suggested;
