//! The pages of flags and questions: of whoever reads a bid, of a round's fund managers, and one that they answer.

mod mine;
mod one;
mod round;

pub use mine::{MyQueriesPage, ask, follow_up, mine};
pub use one::{QueryPage, answer, close, show};
pub use round::{QueriesPage, QueryRow, waiting};

use crate::{
    account::pages::roles::faults_of,
    error::{AppError, Fault},
};

/// What happened meanwhile is a fault too: what was written stays in its field.
fn faults_beside(refusal: AppError, field: &str) -> Result<Vec<Fault>, AppError> {
    if let AppError::Stale { .. } = refusal {
        let message = "Somebody wrote something meanwhile. Read it above, then send yours again if it still holds.";
        return Ok(vec![Fault::new(field.to_owned(), "changed_since", message)]);
    }
    let faults = faults_of(refusal, field)?;
    // Each form of a page has its own field.
    Ok(faults.into_iter().map(|fault| Fault { field: field.to_owned(), ..fault }).collect())
}
