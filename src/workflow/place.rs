//! Where a bid stands, twice: as it is shown, and as it has been decided.
//!
//! A decision touches no bid before its release. The bid's row keeps the state that everybody may know; the decisions lie beside it.
//! [`Place::of`] walks them: `shown` goes as far as releases have come, whether or not a timer has recorded it yet; `decided` goes to
//! the end, and only the fund's people may learn of it. What acts on the bid starts from `shown`, what decides (transitions with a
//! `gate`) starts from `decided`; a decision without `release`, as the funding of a reserve, shows at once, so that it starts where
//! the two are one, or takes the place of the decision at its own gate that parts them. So whatever a council sees, may do, and is
//! refused with depends on `shown` alone, and cannot tell an outcome early.

use super::model::{Definition, Gate, Transition};
use super::timetable::Timetable;

/// Where a bid stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    shown: String,
    decided: String,
    open: Option<OpenDecision>,
    /// The transitions of the decisions that count, the states to which they have led, and how many of them show.
    taken: Vec<String>,
    steps: Vec<String>,
    steps_shown: usize,
}

/// The last decision while it is not released: it may be taken again, from where it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OpenDecision {
    gate: Option<Gate>,
    before: String,
}

impl Place {
    /// Where a bid stands whose row says `recorded` and about which `decisions` were taken: ids of transitions, the standing one of
    /// each gate, in the order taken, recorded or not. One that no longer fits (the bid has been withdrawn since) counts for nothing.
    ///
    /// A release whose instant has come counts, so a round that holds a release back must give the milestone no instant yet.
    ///
    /// Nothing is returned if the definition has no state of the name `recorded`.
    pub fn of(
        definition: &Definition,
        recorded: &str,
        decisions: &[impl AsRef<str>],
        timetable: &Timetable,
    ) -> Option<Self> {
        let mut place = Self::at(&definition.state(recorded)?.id);
        let taken = decisions.iter().filter_map(|id| definition.transition(id.as_ref()));
        for decision in taken {
            place.follow(decision, timetable);
        }
        Some(place)
    }

    /// A bid about which nothing was decided.
    pub fn at(state: &str) -> Self {
        let state = state.to_owned();
        Self { shown: state.clone(), decided: state, open: None, taken: Vec::new(), steps: Vec::new(), steps_shown: 0 }
    }

    /// The state that everybody who sees the bid may know.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The state that the fund has decided on. For the fund's people only.
    pub fn decided(&self) -> &str {
        &self.decided
    }

    /// The states through which decisions have led from the row's state to the one that everybody may know.
    pub fn steps_shown(&self) -> &[String] {
        self.steps.get(..self.steps_shown).unwrap_or_default()
    }

    /// The states through which decisions have led to where the fund has the bid. For the fund's people only.
    pub fn steps_decided(&self) -> &[String] {
        &self.steps
    }

    /// Whether the decision that takes this transition counts and may be known: whatever it brings, comes with it.
    pub fn shows(&self, transition: &str) -> bool {
        self.taken.iter().take(self.steps_shown).any(|taken| taken == transition)
    }

    /// Whether the transition starts where the bid stands.
    pub fn offers(&self, transition: &Transition) -> bool {
        if !transition.is_decision() {
            return transition.leaves(&self.shown);
        }
        if transition.shows_at_once() {
            // Over a decision at another gate that is not out yet it would count for nothing.
            let replaces =
                || self.reopens(transition) && self.open.as_ref().is_some_and(|open| open.before == self.shown);
            return transition.leaves(&self.shown) && (self.decided == self.shown || replaces());
        }
        transition.leaves(&self.decided) || self.reopens(transition)
    }

    fn reopens(&self, transition: &Transition) -> bool {
        self.open.as_ref().is_some_and(|open| open.gate == transition.gate && transition.leaves(&open.before))
    }

    fn follow(&mut self, decision: &Transition, timetable: &Timetable) {
        if !decision.is_decision() || !decision.leaves(&self.decided) {
            return;
        }
        let shows = decision.release.as_deref().is_none_or(|release| timetable.reached(release));
        let before = std::mem::replace(&mut self.decided, decision.to.clone());
        self.taken.push(decision.id.clone());
        self.steps.push(decision.to.clone());
        if before == self.shown && shows {
            self.shown.clone_from(&decision.to);
            self.steps_shown = self.steps.len();
        } else {
            self.open = Some(OpenDecision { gate: decision.gate, before });
        }
    }
}
