//! What states mean: every end says its result and there is one for those who get money and one for those who do not; decisions
//! come in the order of their gates and of their releases; and what is read, scored or decided on has been submitted.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{closure, ways};
use super::{Report, placed};
use crate::workflow::fault::Pointer;
use crate::workflow::model::{Definition, Effect, Form, Gate, Kind, Outcome, State, Transition};

pub(super) fn check(definition: &Definition, report: &mut Report) {
    for (index, state) in definition.states.iter().enumerate() {
        let place = Pointer::root().key("states").item(index);
        result(state, &place, report);
        form(state, &place, report);
    }
    for wanted in [Outcome::Funded, Outcome::NotFunded] {
        if !definition.states.iter().any(|state| state.result == Some(wanted)) {
            let reason = format!("no bid can come to the result “{}”", wanted.word());
            report.add(&Pointer::root().key("states"), reason, "give that result to a state");
        }
    }
    for (place, transition) in placed(definition) {
        submission(definition, transition, &place, report);
        opening(definition, transition, &place, report);
    }
    order(definition, report);
    releases(definition, report);
    unsubmitted(definition, report);
    both_forms(definition, report);
}

fn result(state: &State, place: &Pointer, report: &mut Report) {
    let place = place.key("result");
    let is_for_good = state.terminal || matches!(state.kind, Kind::Decided | Kind::Closed);
    match state.result {
        None if is_for_good => {
            let words = Outcome::ALL.map(Outcome::word).join(", ");
            report.add(&place, format!("what “{}” means is not said", state.id), format!("add one of {words}"));
        }
        Some(_) if !is_for_good => {
            let reason = format!("a bid goes on from “{}”, so it means nothing for good yet", state.id);
            report.add(&place, reason, "take it out, or make the state an end");
        }
        _ => {}
    }
    if (state.result == Some(Outcome::Withdrawn)) != (state.id == State::WITHDRAWN) {
        let reason = "the one state with the result “withdrawn” has the id “withdrawn”, by which bids are looked for";
        report.add(&place, reason, "give the two the same name");
    }
}

/// Nobody can write where the fund reads already.
fn form(state: &State, place: &Pointer, report: &mut Report) {
    if state.form.is_some() && matches!(state.kind, Kind::Review | Kind::Decided | Kind::Delivery) {
        let reason = format!("nobody can write in “{}”, whose kind is {}", state.id, state.kind.word());
        report.add(&place.key("form"), reason, "take the form out, or make the kind draft or waiting");
    }
}

/// Decisions are kept by gate, one at each, so a later one must have a later gate.
fn order(definition: &Definition, report: &mut Report) {
    let first = first_decisions(definition);
    let ways = ways(definition, |_| true);
    let mut onwards: BTreeMap<&str, Option<Decision<'_>>> = BTreeMap::new();
    for (place, transition) in placed(definition) {
        let Some(gate) = transition.gate else { continue };
        let to = transition.to.as_str();
        let reached = || closure([to], &ways).into_iter().filter_map(|state| first.get(state).copied()).min();
        if let Some((earlier, later)) = *onwards.entry(to).or_insert_with(reached)
            && earlier <= gate
        {
            let reason =
                format!("“{later}” comes after it, at the same gate or one that comes before “{}”", gate.word());
            let words = Gate::ALL.map(Gate::word).join(", ");
            report.add(&place.key("gate"), reason, format!("keep to the order {words}, and pass each once"));
        }
    }
}

/// Of two decisions in a row, the second must not come out while the first is still kept back.
fn releases(definition: &Definition, report: &mut Report) {
    let when = |transition: &Transition| {
        let release = transition.release.as_ref()?;
        definition.milestones.iter().position(|milestone| milestone == release)
    };
    for (place, second) in placed(definition) {
        let Some(out) = when(second) else { continue };
        let leads_to = |first: &&Transition| first.is_decision() && second.leaves(&first.to) && when(first) > Some(out);
        if let Some(first) = definition.transitions.iter().find(leads_to) {
            let reason = format!("it would come out before “{}”, which leads to it", first.id);
            report.add(&place.key("release"), reason, "release both at one milestone, or this one later");
        }
    }
}

/// A gate, and the transition that passes it.
type Decision<'a> = (Gate, &'a str);

/// By state, the decision of the first gate that leaves it.
fn first_decisions(definition: &Definition) -> BTreeMap<&str, Decision<'_>> {
    let mut first: BTreeMap<&str, Decision<'_>> = BTreeMap::new();
    for transition in &definition.transitions {
        let Some(gate) = transition.gate else { continue };
        for from in &transition.from {
            let decision = (gate, transition.id.as_str());
            first.entry(from).and_modify(|first| *first = decision.min(*first)).or_insert(decision);
        }
    }
    first
}

/// What submits has a form to submit, and what the councils hand over is submitted.
fn submission(definition: &Definition, transition: &Transition, place: &Pointer, report: &mut Report) {
    for (index, from) in transition.from.iter().enumerate() {
        if transition.keeps_version() && definition.form_in(from).is_none() {
            let reason = format!("no form is open in “{from}”, so that there is nothing to submit");
            report.add(&place.key("from").item(index), reason, "add \"form\" to that state, or begin elsewhere");
        }
    }
    let hands_over = transition.who.iter().any(|role| role.is_applicant())
        && transition.from.iter().any(|from| definition.form_in(from).is_some())
        && definition.state(&transition.to).is_some_and(|to| to.kind == Kind::Waiting);
    if hands_over && !transition.keeps_version() {
        let reason = "what the councils hand over here is not kept as a version";
        report.add(&place.key("effects"), reason, "add \"keep-version\"");
    }
}

fn opening(definition: &Definition, transition: &Transition, place: &Pointer, report: &mut Report) {
    let Some(index) = transition.effects.iter().position(|effect| *effect == Effect::OpenFullApplication) else {
        return;
    };
    if definition.form_in(&transition.to) != Some(Form::Full) {
        let reason = format!("the full application opens, but its form is not that of “{}”", transition.to);
        report.add(&place.key("effects").item(index), reason, "add \"form\": \"full\" to that state");
    }
}

/// What is read, scored or decided on has passed a submission, whichever way it came.
fn unsubmitted(definition: &Definition, report: &mut Report) {
    let unkept = ways(definition, |transition| !transition.keeps_version());
    let found: BTreeSet<&str> = closure([definition.start.as_str()], &unkept);
    for (index, state) in definition.states.iter().enumerate() {
        let is_read = matches!(state.kind, Kind::Review | Kind::Decided | Kind::Delivery);
        if is_read && found.contains(state.id.as_str()) {
            let reason = format!("a bid can come to “{}” without a version of it being kept", state.id);
            let suggestion = "let every way there pass a transition with \"keep-version\"";
            report.add(&Pointer::root().key("states").item(index), reason, suggestion);
        }
    }
}

/// Where there are two forms, the second has to be opened.
fn both_forms(definition: &Definition, report: &mut Report) {
    let opens = |transition: &Transition| transition.effects.contains(&Effect::OpenFullApplication);
    let is_both = definition.asks_for(Form::Eoi) && definition.asks_for(Form::Full);
    if is_both && !definition.transitions.iter().any(opens) {
        let reason = "there is a full application after the expression of interest, but nothing opens it";
        let suggestion = "add \"open-full-application\" to the transition that leads to it";
        report.add(&Pointer::root().key("transitions"), reason, suggestion);
    }
}
