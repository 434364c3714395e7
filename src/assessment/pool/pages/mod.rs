//! The pages of a pool: the round's, for those who manage it, and the invitation, for whoever has one.

mod invitation;
mod invite;
mod place;
mod pool;
mod settings;
mod written;

pub use invitation::{InvitationPage, StopPage, accept, agree, ask_to_stop, invitation, stop};
pub use invite::{InvitePage, invite, to_invite};
pub use place::{PlacePage, end, place};
pub use pool::{PoolPage, pool};
pub use settings::{SettingsPage, settings, settle};

use serde::Serialize;

use super::model::Area;
use crate::{
    account::pages::roles::faults_of,
    assessment::pages::Choice,
    error::{AppError, Fault},
};

/// Areas that stand under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AreaGroup {
    /// The question that says them of a bid; empty where the manager named them.
    pub of: String,
    /// The areas.
    pub choices: Vec<Choice>,
}

/// Areas to choose from, of which some are chosen.
fn groups_of(areas: &[Area], chosen: &[String]) -> Vec<AreaGroup> {
    let mut groups: Vec<AreaGroup> = Vec::new();
    for area in areas {
        let choice = Choice {
            value: area.id.clone(),
            text: area.text.clone(),
            hint: String::new(),
            chosen: chosen.contains(&area.id),
        };
        match groups.last_mut().filter(|group| group.of == area.of) {
            Some(group) => group.choices.push(choice),
            None => groups.push(AreaGroup { of: area.of.clone(), choices: vec![choice] }),
        }
    }
    groups
}

/// What happened meanwhile is a fault of the page too: what was written stays in its fields.
pub(in crate::assessment) fn faults_beside(refusal: AppError, field: &str) -> Result<Vec<Fault>, AppError> {
    match refusal {
        AppError::Stale { .. } => {
            let message =
                "This was changed meanwhile, here or in another window. Read what stands, then send yours again.";
            Ok(vec![Fault::new(field, "changed_since", message)])
        }
        other => faults_of(other, field),
    }
}
