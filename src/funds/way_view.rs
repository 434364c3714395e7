//! The way of a bid as pages show it: the picture, and the tables that say the same.

use serde::Serialize;

use super::model::Milestone;
use crate::workflow::{
    Definition,
    picture::{self, Shown, StateRow, StepRow},
};

/// The way of a bid.
#[derive(Debug, Serialize)]
pub struct WayView {
    /// The picture.
    pub svg: String,
    /// Its states.
    pub states: Vec<StateRow>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Whether bids are counted.
    pub counted: bool,
    /// How many bids stand in states that this version does not have, because they follow another one.
    pub elsewhere: u64,
    /// Whether the path of one bid is shown.
    pub traced: bool,
}

/// A step in words.
#[derive(Debug, Serialize)]
pub struct Step {
    /// The number on its arrows.
    pub number: usize,
    /// What it is called.
    pub label: String,
    /// From where.
    pub from: Vec<String>,
    /// To where.
    pub to: String,
    /// Who takes it.
    pub who: String,
    /// When, each a phrase.
    pub when: Vec<String>,
}

impl WayView {
    /// The view of what is shown.
    pub fn of(definition: &Definition, shown: &Shown<'_>) -> Self {
        let rows = picture::rows(definition, shown);
        Self {
            svg: picture::svg(definition, shown),
            states: rows.states,
            steps: rows.steps.into_iter().map(Step::from).collect(),
            counted: shown.counts.is_some(),
            elsewhere: elsewhere(definition, shown),
            traced: !shown.path.is_empty(),
        }
    }
}

fn elsewhere(definition: &Definition, shown: &Shown<'_>) -> u64 {
    let counts = shown.counts.into_iter().flatten();
    counts.filter(|(state, _)| definition.state(state).is_none()).map(|(_, count)| *count).sum()
}

impl From<StepRow> for Step {
    fn from(row: StepRow) -> Self {
        let moments = [
            ("Not before", &row.opens),
            ("Until", &row.closes),
            ("By itself after", &row.by_itself),
            ("Shows at", &row.release),
        ];
        let phrase =
            |(word, milestone): (&str, &Option<String>)| Some(format!("{word}: {}", title(milestone.as_ref()?)));
        Self {
            number: row.number,
            when: moments.into_iter().filter_map(phrase).collect(),
            who: row.who.join(", "),
            label: row.label,
            from: row.from,
            to: row.to,
        }
    }
}

/// What a milestone is called; one that rounds do not have goes by its own name.
fn title(milestone: &str) -> String {
    Milestone::from_word(milestone)
        .map_or_else(|| milestone.replace('_', " "), |milestone| milestone.title().to_owned())
}
