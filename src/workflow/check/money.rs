//! Money: it is given by a decision on an award, at one gate, within the budget, and everything that spends it comes after one.

use std::collections::BTreeSet;

use super::{Report, placed};
use crate::workflow::fault::Pointer;
use crate::workflow::model::{Definition, Effect, Gate, Kind, Outcome, State, Transition};

pub(super) fn check(definition: &Definition, report: &mut Report) {
    let awarded = awarded(definition);
    for (place, transition) in placed(definition) {
        gate(definition, transition, &place, report);
        if is_award(definition, transition) || transition.from.iter().all(|from| awarded.contains(from.as_str())) {
            continue;
        }
        if let Some(index) = transition.effects.iter().position(|effect| *effect == Effect::CreateProject) {
            let reason = "a project would begin without an award";
            report.add(&place.key("effects").item(index), reason, SUGGESTION);
        }
        let to = definition.state(&transition.to);
        if let Some(to) = to.filter(|to| is_spending(to)) {
            report.add(&place.key("to"), format!("a bid would come to “{}” without an award", to.id), SUGGESTION);
        }
    }
}

const SUGGESTION: &str = "begin in states to which only decisions on awards lead";

/// At which gate money is given.
fn gate(definition: &Definition, transition: &Transition, place: &Pointer, report: &mut Report) {
    let Some(to) = definition.state(&transition.to).filter(|state| state.kind == Kind::Decided) else {
        return;
    };
    let is_reserve = |state: &String| definition.result_of(state) == Some(Outcome::Reserve);
    let gate = match to.result {
        Some(Outcome::Funded) if !transition.from.is_empty() && transition.from.iter().all(is_reserve) => Gate::Reserve,
        Some(Outcome::Funded | Outcome::Reserve) => Gate::Award,
        _ => return,
    };
    if transition.gate != Some(gate) {
        let reason = format!("“{}” is about money, which is given at one gate alone", to.id);
        report.add(&place.key("gate"), reason, format!("write \"gate\": \"{}\"", gate.word()));
    }
}

/// Whether money is spent here, or was: what is decided has its own gate.
fn is_spending(state: &State) -> bool {
    state.kind == Kind::Delivery || state.result == Some(Outcome::Funded) && state.kind != Kind::Decided
}

fn is_award(definition: &Definition, transition: &Transition) -> bool {
    matches!(transition.gate, Some(Gate::Award | Gate::Reserve))
        && definition.result_of(&transition.to) == Some(Outcome::Funded)
}

/// The states to which a bid comes by an award alone, or from another such state.
fn awarded(definition: &Definition) -> BTreeSet<&str> {
    let states = definition.states.iter().map(|state| state.id.as_str());
    let mut awarded: BTreeSet<&str> = states.filter(|state| *state != definition.start).collect();
    loop {
        let passes_by = |transition: &&Transition| {
            !is_award(definition, transition) && !transition.from.iter().all(|from| awarded.contains(from.as_str()))
        };
        let others: BTreeSet<&str> =
            definition.transitions.iter().filter(passes_by).map(|transition| transition.to.as_str()).collect();
        let before = awarded.len();
        awarded.retain(|state| !others.contains(state));
        if awarded.len() == before {
            return awarded;
        }
    }
}
