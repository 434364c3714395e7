//! What became of a bid, for its own councils and the fund's staff: the decisions on it that are out, with their feedback.
//!
//! A decision that is not out is not here, whoever asks: those who decide read it on their desk.

use serde::{Deserialize, Serialize};

use super::place::place;
use crate::{
    awards::{
        model::{Decision, Gate},
        store,
    },
    bids,
    clock::Moment,
    error::Result,
    http::{App, Call},
    identity::policy::{self, Action},
    money::Pence,
    workflow::Definition,
};

/// A decision that is out, as the bid's councils read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BidOutcome {
    /// Which decision.
    pub gate: Gate,
    /// Whether it tells an outcome; if not, it is a step on the way to one.
    pub outcome: bool,
    /// The state to which it brought the bid.
    pub state: String,
    /// That state in the words that applicants read.
    pub label: String,
    /// How much is awarded, in pence, where money is.
    pub amount_pence: Option<Pence>,
    /// What the fund says about the bid; empty for most steps.
    pub feedback: String,
    /// Since when it is out.
    pub announced_at: Moment,
}

impl BidOutcome {
    fn of(definition: &Definition, decision: Decision, announced_at: Moment) -> Self {
        let state = definition.state(&decision.to_state);
        Self {
            gate: decision.gate,
            outcome: definition.transition(&decision.transition).is_some_and(|transition| transition.outcome),
            label: state.map_or_else(|| decision.to_state.clone(), |state| state.labels.applicant.clone()),
            state: decision.to_state,
            amount_pence: decision.amount_pence,
            feedback: decision.feedback,
            announced_at,
        }
    }

    /// Whether it has something to say to the councils: a step without feedback has not.
    pub fn tells(&self) -> bool {
        self.outcome || !self.feedback.is_empty()
    }
}

/// The decisions on a bid that are out, oldest first.
///
/// # Errors
/// `NotFound` when one may not know of the bid; `Forbidden` for a council that has not confirmed, and for assessors.
pub async fn outcomes(app: &App, call: &Call, reference: String) -> Result<Vec<BidOutcome>> {
    call.read(app, move |conn, scene| {
        let id = bids::store::id_of(conn, &reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
        let granted = policy::bid(conn, &scene.actor, Action::ReadOutcomes, id)?;
        let (definition, place) = place(conn, &granted, scene.now)?;
        let shown = store::shown_on(conn, &granted, &place, scene.now)?;
        Ok(shown.into_iter().map(|(decision, at)| BidOutcome::of(&definition, decision, at)).collect())
    })
    .await
}
