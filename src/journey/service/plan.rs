//! What may happen to a bid next, and why something may not.

use serde::{Deserialize, Serialize};

use super::situation::{Known, standing};
use crate::{
    bids::{self, holds::model::Hold},
    error::Result,
    http::{App, Call},
    identity::policy::{self, Action, Capacity, Granted},
    ids::BidKey,
    workflow::{self, Definition, Transition},
};

/// What a person can do with a bid, and what happens next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Plan {
    /// The state's id, as the person may know it.
    pub state: String,
    /// The state in words.
    pub label: String,
    /// What happens next, in words.
    pub next: String,
    /// The hold that stands on the bid, for those who read what happens to it.
    pub on_hold: Option<Hold>,
    /// What the person could do, allowed or not, in the workflow's order.
    pub choices: Vec<Choice>,
}

/// Something that a person could do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PossibleAction)]
pub struct Choice {
    /// The transition's id.
    pub transition: String,
    /// The words on its button.
    pub label: String,
    /// Whether it may be done now.
    pub allowed: bool,
    /// Why not, in words.
    pub reasons: Vec<String>,
    /// Whether doing it asks others for their approval first: nothing but that stands in the way.
    pub asks: bool,
    /// Whether it submits what the bid says now.
    pub submits: bool,
    /// Whether it is a decision, which is recorded with its feedback.
    pub decides: bool,
}

impl Choice {
    fn of(definition: &Definition, choice: workflow::Choice<'_>) -> Self {
        let transition = definition.transition(choice.transition);
        Self {
            submits: transition.is_some_and(Transition::keeps_version),
            decides: transition.is_some_and(Transition::is_decision),
            transition: choice.transition.into(),
            label: choice.label.into(),
            allowed: choice.allowed,
            asks: choice.asks,
            reasons: choice.reasons,
        }
    }
}

/// What the caller can do with a bid.
///
/// # Errors
/// `NotFound` when one may not know of it.
pub async fn plan(app: &App, call: &Call, reference: String) -> Result<Plan> {
    call.read(app, move |conn, scene| {
        let id = bids::store::id_of(conn, &reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
        let granted = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
        let known = Known::of(conn, scene, &granted)?;
        Ok(planned(&known, &granted))
    })
    .await
}

fn planned(known: &Known, granted: &Granted<BidKey>) -> Plan {
    let staff = is_staff(granted);
    let state = if staff { known.place.decided() } else { known.place.shown() };
    let labels = known.definition.state(state).map(|state| state.labels.clone());
    let label = labels.as_ref().map(|labels| if staff { labels.staff.clone() } else { labels.applicant.clone() });
    Plan {
        state: state.into(),
        label: label.unwrap_or_default(),
        next: known.round.round.cancelled_next().or(labels.map(|labels| labels.next)).unwrap_or_default(),
        on_hold: known.hold.clone().filter(|_| granted.standing().may(Action::ReadHistory)),
        choices: workflow::plan(&known.situation(), &standing(granted))
            .into_iter()
            .map(|choice| Choice::of(&known.definition, choice))
            .collect(),
    }
}

/// Where the fund has a bid, in the words of its staff, to whom alone this is shown.
pub(super) fn label_for_staff(known: &Known) -> String {
    let decided = known.place.decided();
    known.definition.state(decided).map_or_else(|| decided.to_owned(), |state| state.labels.staff.clone())
}

/// Staff see what was decided; a member of a party never does, whatever else they are.
pub(super) fn is_staff(granted: &Granted<BidKey>) -> bool {
    use Capacity::{FundManager, Moderator, Observer};
    [FundManager, Moderator, Observer].iter().any(|capacity| granted.standing().is(*capacity))
}
