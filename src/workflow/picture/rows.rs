//! The picture as a table, for whoever does not see it.

use serde::Serialize;

use super::Shown;
use crate::workflow::model::{Definition, Form, State, Transition};
use crate::workflow::role::Role;

/// What the picture says: its states and its numbered steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// The boxes, in the definition's order.
    pub states: Vec<StateRow>,
    /// The arrows by their numbers.
    pub steps: Vec<StepRow>,
}

/// Where a bid is in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It has come through this state.
    Passed,
    /// It is in this state.
    Here,
}

/// A state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateRow {
    /// What it is called.
    pub label: String,
    /// What happens next to a bid in it.
    pub next: String,
    /// The form that is filled in there.
    pub form: Option<Form>,
    /// Whether it is an end.
    pub ends: bool,
    /// How many bids are in it, where that is shown.
    pub count: Option<u64>,
    /// What it is to the bid whose path is shown.
    pub mark: Option<Mark>,
}

/// A step from state to state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepRow {
    /// The number on its arrows.
    pub number: usize,
    /// What it is called.
    pub label: String,
    /// The states from which it leads.
    pub from: Vec<String>,
    /// The state to which it leads.
    pub to: String,
    /// Who takes it.
    pub who: Vec<&'static str>,
    /// The milestone from which on it may be taken.
    pub opens: Option<String>,
    /// The milestone up to which it may be taken.
    pub closes: Option<String>,
    /// The milestone after which it happens by itself.
    pub by_itself: Option<String>,
    /// The milestone at which it shows.
    pub release: Option<String>,
}

/// The table.
pub fn rows(definition: &Definition, shown: &Shown<'_>) -> Rows {
    let step = |(number, transition)| step_row(definition, shown, number, transition);
    Rows {
        states: definition.states.iter().map(|state| state_row(shown, state)).collect(),
        steps: (1..).zip(&definition.transitions).map(step).collect(),
    }
}

fn state_row(shown: &Shown<'_>, state: &State) -> StateRow {
    StateRow {
        label: shown.label(state).to_owned(),
        next: state.labels.next.clone(),
        form: state.form,
        ends: state.terminal,
        count: shown.count(state),
        mark: shown.mark(state),
    }
}

fn step_row(definition: &Definition, shown: &Shown<'_>, number: usize, transition: &Transition) -> StepRow {
    let mut who: Vec<&'static str> = Vec::new();
    for title in transition.who.iter().map(|role| Role::title(*role)) {
        if !who.contains(&title) {
            who.push(title);
        }
    }
    StepRow {
        number,
        label: transition.label.clone(),
        from: transition.from.iter().map(|id| shown.label_of(definition, id).to_owned()).collect(),
        to: shown.label_of(definition, &transition.to).to_owned(),
        who,
        opens: transition.not_before.clone(),
        closes: transition.not_after.clone(),
        by_itself: transition.automatic_at.clone(),
        release: transition.release.clone(),
    }
}
