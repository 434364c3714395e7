//! Telling the councils of a bid which names they left in it, before they submit: it keeps nobody from submitting.

use super::model::{NameLeft, names_left};
use crate::{
    bids::service::{Desk, desk},
    error::{AppError, Result},
    http::{App, Call},
};

/// The parts of a bid in which a name of one of its organisations stands; none in a round whose assessors read names.
///
/// # Errors
/// As policy says; `Forbidden` for whoever may not read how the bid is written.
pub async fn left(app: &App, call: &Call, reference: String) -> Result<Vec<NameLeft>> {
    let desk = desk(app, call, reference).await?;
    if !desk.may_read_writing {
        let message = "Only people of the lead authority and of the partners that have confirmed can do this.";
        return Err(AppError::forbidden("not_allowed", message));
    }
    Ok(of_desk(&desk))
}

/// The same of a bid that is read already.
pub fn of_desk(desk: &Desk) -> Vec<NameLeft> {
    let rules = &desk.round.rulebook;
    if !rules.assessment.anonymous {
        return Vec::new();
    }
    names_left(&desk.view.content, rules.form(desk.view.content.stage))
}
