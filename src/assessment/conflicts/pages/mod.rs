//! The pages of conflicts of interest.

mod answer;
mod declare;
mod list;
mod organisations;
mod recuse;
mod round;
mod sealed;

pub use answer::{AnswerPage, answer, to_answer};
pub use declare::{ConflictPage, conflict, declare, lift};
pub use list::{DeclarationsPage, declarations};
pub use organisations::{OrganisationsPage, declare_organisation};
pub use recuse::{RecusePage, recuse, to_recuse};
pub use round::{RoundPage, TakeBackPage, of_round, pin, take_back, to_take_back};
pub use sealed::{SealedPage, open_sealed};

use crate::{clock::Moment, error::Fault, web::WrittenInstant};

/// Until when a conflict stands, as a form says it: nothing where nothing is written.
fn until(written: &WrittenInstant) -> Result<Option<Moment>, Vec<Fault>> {
    if written.is_empty() { Ok(None) } else { written.read().map(Some) }
}

/// The page has the instant in several fields.
fn on_the_page(faults: Vec<Fault>) -> Vec<Fault> {
    let here = |field: String| if field == "until" { "at-day".into() } else { field };
    faults.into_iter().map(|fault| Fault { field: here(fault.field), ..fault }).collect()
}
