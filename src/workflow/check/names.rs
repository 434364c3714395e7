//! Each part by itself: ids well formed and used once, labels present, references to what exists, rules that fit the vocabulary.

use std::collections::BTreeSet;

use super::{MAILS, Report, placed};
use crate::workflow::fault::Pointer;
use crate::workflow::model::{Definition, Effect, Kind, State, Transition};
use crate::workflow::rules::Vocabulary;
use crate::workflow::timetable::MILESTONES;

pub(super) fn check(definition: &Definition, vocabulary: &Vocabulary, report: &mut Report) {
    head(definition, report);
    for (index, state) in definition.states.iter().enumerate() {
        labels(state, &Pointer::root().key("states").item(index), report);
    }
    for (place, transition) in placed(definition) {
        filled(&transition.label, &place.key("label"), report);
        ends(definition, transition, &place, report);
        milestones(definition, transition, &place, report);
        effects(transition, &place.key("effects"), report);
        let faults = transition.guard.iter().flat_map(|guard| guard.faults(vocabulary));
        report.faults.extend(faults.map(|fault| fault.within(&place.key("guard"))));
    }
}

fn head(definition: &Definition, report: &mut Report) {
    let root = Pointer::root();
    filled(&definition.title, &root.key("title"), report);
    name(&definition.id, &root.key("id"), report);
    if definition.version == 0 {
        report.add(&root.key("version"), "versions count from 1", "write 1 for the first");
    }
    let ids = definition.states.iter().map(|state| state.id.as_str());
    unique(ids, &root.key("states"), Some("id"), report);
    let ids = definition.transitions.iter().map(|transition| transition.id.as_str());
    unique(ids, &root.key("transitions"), Some("id"), report);
    unique(definition.milestones.iter().map(String::as_str), &root.key("milestones"), None, report);
    of_rounds(definition, &root.key("milestones"), report);
    start(definition, report);
}

/// A round gives dates to its own milestones, in its own order.
fn of_rounds(definition: &Definition, place: &Pointer, report: &mut Report) {
    let mut latest = None;
    for (index, name) in definition.milestones.iter().enumerate() {
        let position = MILESTONES.iter().position(|milestone| milestone == name);
        if position.is_none() {
            let suggestion = format!("use one of {}", MILESTONES.join(", "));
            report.add(&place.item(index), format!("no round has a milestone “{name}”"), suggestion);
        } else if position < latest {
            let suggestion = format!("keep to the order {}", MILESTONES.join(", "));
            report.add(&place.item(index), format!("“{name}” comes earlier in every round"), suggestion);
        }
        latest = latest.max(position);
    }
}

fn start(definition: &Definition, report: &mut Report) {
    let place = Pointer::root().key("start");
    match definition.state(&definition.start) {
        None => unknown_state(&definition.start, &place, report),
        Some(state) if state.kind != Kind::Draft => {
            let reason = format!("a bid cannot start in “{}”, which is not a draft", state.id);
            report.add(&place, reason, "name a state whose kind is draft");
        }
        Some(_) => {}
    }
}

fn unique<'a>(ids: impl Iterator<Item = &'a str>, place: &Pointer, key: Option<&str>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for (index, id) in ids.enumerate() {
        let item = place.item(index);
        let place = key.map_or_else(|| item.clone(), |key| item.key(key));
        name(id, &place, report);
        if !seen.insert(id) {
            report.add(&place, format!("“{id}” is used twice"), "give each its own id");
        }
    }
}

fn name(id: &str, place: &Pointer, report: &mut Report) {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if id.is_empty() || id.len() > 60 || !id.chars().all(fits) {
        let reason = "an id has 1 to 60 small letters, digits, _ or -";
        report.add(place, reason, "write one such as full_draft");
    }
}

fn labels(state: &State, place: &Pointer, report: &mut Report) {
    let place = place.key("labels");
    filled(&state.labels.staff, &place.key("staff"), report);
    filled(&state.labels.applicant, &place.key("applicant"), report);
    filled(&state.labels.next, &place.key("next"), report);
}

fn filled(label: &str, place: &Pointer, report: &mut Report) {
    if label.trim().is_empty() {
        report.add(place, "the label is empty", "write the words that people will read");
    }
}

fn ends(definition: &Definition, transition: &Transition, place: &Pointer, report: &mut Report) {
    if transition.from.is_empty() {
        report.add(&place.key("from"), "it starts nowhere", "name at least one state");
    }
    let mut seen = BTreeSet::new();
    for (index, state) in transition.from.iter().enumerate() {
        let place = place.key("from").item(index);
        if definition.state(state).is_none() {
            unknown_state(state, &place, report);
        }
        if !seen.insert(state) {
            report.add(&place, format!("“{state}” is named twice"), "name it once");
        }
    }
    if definition.state(&transition.to).is_none() {
        unknown_state(&transition.to, &place.key("to"), report);
    }
}

fn unknown_state(id: &str, place: &Pointer, report: &mut Report) {
    report.add(place, format!("there is no state “{id}”"), "name a state of the list, or add it there");
}

fn milestones(definition: &Definition, transition: &Transition, place: &Pointer, report: &mut Report) {
    let named = [
        ("not_before", &transition.not_before),
        ("not_after", &transition.not_after),
        ("automatic_at", &transition.automatic_at),
        ("release", &transition.release),
    ];
    for (key, milestone) in named {
        if let Some(id) = milestone.as_ref().filter(|id| !definition.milestones.contains(id)) {
            let reason = format!("there is no milestone “{id}”");
            report.add(&place.key(key), reason, "name a milestone of the list, or add it there");
        }
    }
}

fn effects(transition: &Transition, place: &Pointer, report: &mut Report) {
    for (index, effect) in transition.effects.iter().enumerate() {
        let place = place.item(index);
        if transition.effects.iter().take(index).any(|earlier| earlier == effect) {
            report.add(&place, "the same effect stands here twice", "take one out");
        }
        if let Effect::SendMail { template } = effect
            && !MAILS.contains(&template.as_str())
        {
            let place = place.key("send-mail").key("template");
            let suggestion = format!("use one of {}", MAILS.join(", "));
            report.add(&place, format!("there is no mail “{template}”"), suggestion);
        }
    }
}
