//! A bid on paper, because sign-off happens in committees: a submitted version, what was signed, or the draft as it stands.
//!
//! There is one model, of which the printable page, the PDF and the Word file are made, so that all three say the same.

mod layout;
mod model;
mod pdf;
mod word;

pub use model::{Fact, Paper, Signed, Status, exactly};
pub use pdf::pdf;
pub use word::word;
