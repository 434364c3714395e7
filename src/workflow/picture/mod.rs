//! Draws a definition: as the text of a Mermaid state diagram, as an SVG, and as the rows of a table that say the same.
//!
//! Which counts may be shown to whom is for the caller: counts of decided states must not reach anybody before the release.

mod layout;
mod mermaid;
mod rows;
mod svg;
mod text;

use std::collections::BTreeMap;

use super::model::{Definition, State};

pub use mermaid::mermaid;
pub use rows::{Mark, Rows, StateRow, StepRow, rows};
pub use svg::svg;
pub use text::escaped;

/// Whose words the states have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Words {
    /// Those for the councils of a bid and the public.
    #[default]
    Applicants,
    /// Those of the fund's people.
    Staff,
}

/// What a picture shows besides the definition.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// Whose words the states have.
    pub words: Words,
    /// How many bids are in each state; a state that is missing has none. Nothing is said where there are no counts.
    pub counts: Option<&'a BTreeMap<String, u64>>,
    /// The states through which one bid has come, the last being where it is; empty where it is about no bid.
    pub path: &'a [String],
}

impl Shown<'_> {
    fn label<'s>(&self, state: &'s State) -> &'s str {
        match self.words {
            Words::Applicants => &state.labels.applicant,
            Words::Staff => &state.labels.staff,
        }
    }

    fn label_of<'s>(&self, definition: &'s Definition, id: &'s str) -> &'s str {
        definition.state(id).map_or(id, |state| self.label(state))
    }

    fn count(&self, state: &State) -> Option<u64> {
        Some(self.counts?.get(&state.id).copied().unwrap_or(0))
    }

    fn mark(&self, state: &State) -> Option<Mark> {
        if self.path.last() == Some(&state.id) {
            return Some(Mark::Here);
        }
        self.path.contains(&state.id).then_some(Mark::Passed)
    }

    /// Whether the bid has come this way.
    fn has_gone(&self, from: &str, to: &str) -> bool {
        self.path.windows(2).any(|pair| matches!(pair, [before, after] if before == from && after == to))
    }
}

/// "1 bid", "12 bids".
fn bids(count: u64) -> String {
    if count == 1 { "1 bid".to_owned() } else { format!("{count} bids") }
}
