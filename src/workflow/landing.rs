//! Where a bid lands that is moved to another version of its workflow, and what stands in the way. A bid must mean after the move
//! what it meant before: the same kind of state, the same form, the same result, the same decisions.

use std::collections::BTreeMap;

use super::model::{Definition, Gate, State};
use super::place::Place;
use super::timetable::Timetable;

/// The two versions, and where the states of the first are to be found in the second.
#[derive(Debug, Clone, Copy)]
pub struct Crossing<'a> {
    /// The version that the bid is pinned to.
    pub from: &'a Definition,
    /// The version that it is moved to.
    pub to: &'a Definition,
    /// By state of the first its state in the second; one that is not named is found under its own id.
    pub mapping: &'a BTreeMap<String, String>,
    /// What time it is in the round.
    pub timetable: &'a Timetable,
}

/// A decision that stands on the bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The transition that it takes.
    pub transition: String,
    /// The gate at which it stands.
    pub gate: Gate,
    /// The state to which it led.
    pub to: String,
    /// Whether it was released and has moved the bid.
    pub recorded: bool,
}

/// Where a bid lands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing<'a> {
    /// The state, if it has a counterpart.
    pub state: Option<&'a State>,
    /// What stands in the way, in words; empty if the bid can be moved.
    pub reasons: Vec<String>,
}

impl<'a> Crossing<'a> {
    /// Where a bid in `state` lands on which these decisions stand, in the order of their gates.
    pub fn land(&self, state: &str, decisions: &[Taken]) -> Landing<'a> {
        let Some(here) = self.from.state(state) else {
            return Landing { state: None, reasons: vec![format!("its own version has no state “{state}”")] };
        };
        let wanted = self.mapping.get(state).map_or(state, String::as_str);
        let Some(there) = self.to.state(wanted) else {
            let reason = format!("“{}” has no counterpart: there is no state “{wanted}”", here.labels.staff);
            return Landing { state: None, reasons: vec![reason] };
        };
        let mut reasons = changes_of_meaning(here, there);
        // A bid that was taken back has left its decisions behind.
        if state != State::WITHDRAWN {
            reasons.extend(decisions.iter().filter_map(|decision| self.reason_against(decision)));
            reasons.extend(self.other_place(there, decisions));
        }
        reasons.extend(self.missed(there));
        Landing { state: Some(there), reasons }
    }

    fn reason_against(&self, decision: &Taken) -> Option<String> {
        let label = self.from.transition(&decision.transition).map_or(&decision.transition, |taken| &taken.label);
        if !decision.recorded {
            return Some(format!("the decision “{label}” is not released yet"));
        }
        match self.to.transition(&decision.transition) {
            None => Some(format!("the new version has no decision “{label}”, which stands on this bid")),
            Some(same) if same.gate != Some(decision.gate) || same.to != decision.to => {
                Some(format!("the decision “{label}”, which stands on this bid, leads elsewhere in the new version"))
            }
            Some(_) => None,
        }
    }

    /// Decisions that have moved the bid already must not move it again from where it lands.
    fn other_place(&self, there: &State, decisions: &[Taken]) -> Option<String> {
        let taken: Vec<&str> = decisions.iter().map(|decision| decision.transition.as_str()).collect();
        let place = Place::of(self.to, &there.id, &taken, self.timetable)?;
        (place.decided() != there.id)
            .then(|| format!("a decision that stands on this bid would take it on from “{}”", there.labels.staff))
    }

    /// What happens by itself happens once, when its milestone comes.
    fn missed(&self, there: &State) -> Option<String> {
        let milestones = self.to.milestones.iter().filter(|milestone| self.timetable.passed(milestone));
        let missed = milestones.filter_map(|milestone| self.to.automatic(&there.id, milestone)).next()?;
        let reason = format!("“{}” would have happened by itself to a bid in “{}”", missed.label, there.labels.staff);
        Some(format!("{reason}, and its milestone has passed"))
    }
}

fn changes_of_meaning(here: &State, there: &State) -> Vec<String> {
    let mut reasons = Vec::new();
    let names = format!("“{}” and “{}”", here.labels.staff, there.labels.staff);
    if here.kind != there.kind {
        reasons.push(format!("{names} are not of one kind: {} and {}", here.kind.word(), there.kind.word()));
    }
    if here.form != there.form {
        reasons.push(format!("{names} have not the same form open"));
    }
    if here.result != there.result {
        reasons.push(format!("{names} have not the same result"));
    }
    reasons
}
