//! The ways between the states: every state can be reached and can reach an end, and nothing that happens by itself competes or
//! goes round in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::{Report, placed};
use crate::workflow::fault::Pointer;
use crate::workflow::model::{Definition, Transition};

pub(super) fn check(definition: &Definition, report: &mut Report) {
    reachable(definition, report);
    ends(definition, report);
    competing(definition, report);
    chains(definition, report);
    circles(definition, report);
}

fn reachable(definition: &Definition, report: &mut Report) {
    let found = closure([definition.start.as_str()], &ways(definition, |_| true));
    for (index, state) in definition.states.iter().enumerate() {
        if !found.contains(state.id.as_str()) {
            let reason = format!("no bid can ever reach “{}”", state.id);
            let place = Pointer::root().key("states").item(index);
            report.add(&place, reason, "add a transition that leads to it, or take it out");
        }
    }
}

fn ends(definition: &Definition, report: &mut Report) {
    let states = || definition.states.iter();
    let terminals: Vec<_> = states().filter(|state| state.terminal).map(|state| state.id.as_str()).collect();
    if terminals.is_empty() {
        return report.add(&Pointer::root().key("states"), "no state is an end", "mark at least one as terminal");
    }
    let ending = closure(terminals, &backwards(&ways(definition, |_| true)));
    for (index, state) in states().enumerate() {
        if !ending.contains(state.id.as_str()) {
            let reason = format!("a bid in “{}” can never come to an end", state.id);
            let place = Pointer::root().key("states").item(index);
            report.add(&place, reason, "add a way out that leads to an end, or mark it as terminal");
        }
    }
}

fn competing(definition: &Definition, report: &mut Report) {
    let mut taken = BTreeMap::new();
    for (place, transition) in placed(definition) {
        let Some(milestone) = &transition.automatic_at else {
            continue;
        };
        for (index, from) in transition.from.iter().enumerate() {
            if let Some(other) = taken.insert((milestone, from), &transition.id) {
                let reason = format!("“{other}” also leaves “{from}” by itself at “{milestone}”");
                report.add(&place.key("from").item(index), reason, "let only one of the two be automatic");
            }
        }
    }
}

/// At one milestone one thing happens to a bid: the second of two in a row would wait for a milestone that has passed.
fn chains(definition: &Definition, report: &mut Report) {
    for (place, first) in placed(definition) {
        let follows = |second: &&Transition| second.automatic_at == first.automatic_at && second.leaves(&first.to);
        if first.automatic_at.is_none() {
            continue;
        }
        if let Some(second) = definition.transitions.iter().find(follows) {
            let reason =
                format!("“{}” would follow at the same milestone, at which one thing happens to a bid", second.id);
            report.add(&place.key("to"), reason, "lead to where the second one leads");
        }
    }
}

/// Neither what happens by itself at one milestone nor a chain of decisions may come back to where it began.
fn circles(definition: &Definition, report: &mut Report) {
    no_circle(definition, "release", |transition| transition.release.is_some(), report);
    for milestone in &definition.milestones {
        let is_automatic = |transition: &Transition| transition.automatic_at.as_ref() == Some(milestone);
        no_circle(definition, "automatic_at", is_automatic, report);
    }
}

fn no_circle(definition: &Definition, key: &str, which: impl Fn(&Transition) -> bool, report: &mut Report) {
    let ways = ways(definition, &which);
    let mut reach = BTreeMap::new();
    for (place, transition) in placed(definition).filter(|(_, transition)| which(transition)) {
        let to = transition.to.as_str();
        let onwards = reach.entry(to).or_insert_with(|| closure([to], &ways));
        if transition.from.iter().any(|from| onwards.contains(from.as_str())) {
            let reason = format!("“{}” leads back to where it starts", transition.id);
            report.add(&place.key(key), reason, "lead it to a state from which nothing returns");
        }
    }
}

/// By state, the states to which one step leads.
pub(super) type Ways<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

pub(super) fn ways(definition: &Definition, which: impl Fn(&Transition) -> bool) -> Ways<'_> {
    let mut ways = Ways::new();
    for transition in definition.transitions.iter().filter(|transition| which(transition)) {
        for from in &transition.from {
            ways.entry(from).or_default().insert(&transition.to);
        }
    }
    ways
}

fn backwards<'a>(ways: &Ways<'a>) -> Ways<'a> {
    let mut backwards = Ways::new();
    for (from, leads_to) in ways {
        for to in leads_to {
            backwards.entry(to).or_default().insert(from);
        }
    }
    backwards
}

/// Everything that can be reached from `begin`, itself included.
pub(super) fn closure<'a>(begin: impl IntoIterator<Item = &'a str>, ways: &Ways<'a>) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<_> = begin.into_iter().collect();
    let mut open: Vec<_> = found.iter().copied().collect();
    while let Some(state) = open.pop() {
        for to in ways.get(state).into_iter().flatten() {
            if found.insert(to) {
                open.push(to);
            }
        }
    }
    found
}
