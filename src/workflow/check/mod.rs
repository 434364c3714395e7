//! Proves a definition sound before a round may use it, and says every fault with its place, the reason and a suggestion.
//!
//! `names.rs` looks at each part by itself (labels, ids, references, rules), `guards.rs` at whether each guard can hold and can
//! fail, `ignored.rs` at conditions that would stand there in vain, `paths.rs` at the ways between the states, `meaning.rs` at what
//! states mean and in which order decisions come, `money.rs` at what is awarded and spent, `promises.rs` at what a definition owes to
//! people: mail and feedback with every outcome, no outcome told early, approvals that can be given; `roles.rs` at whether those who
//! may take a transition can, `people.rs` at whether a fund has the people whose approval is asked for.
//! A definition with a fault must never reach a bid; the engine relies on what is proved here.

mod guards;
mod ignored;
mod meaning;
mod money;
mod names;
mod paths;
mod people;
mod promises;
mod roles;

use std::collections::BTreeMap;

use super::fault::{Fault, Pointer};
use super::model::{Definition, Outcome, Transition};
use super::role::Role;
use super::rules::Vocabulary;

/// The mails that a definition can send, each a template of its own. What is asked of a partner and of a signatory is
/// written where they are asked, whatever the workflow says.
pub const MAILS: [&str; 14] = [
    "submitted-eoi",
    "submitted-full",
    "withdrawn",
    "lapsed",
    "project-started",
    OUTCOME,
    "outcome-invited",
    "outcome-invited-to-merge",
    "outcome-interview",
    "outcome-not-invited",
    "outcome-ineligible",
    "outcome-not-funded",
    "outcome-reserve",
    "outcome-funded",
];
/// The mail that tells an outcome with its feedback; which of the others it is, follows from the gate and the result.
pub const OUTCOME: &str = "outcome";

/// What an outcome must mean so that the mail may tell it, if the mail tells outcomes.
pub(super) fn told_by(template: &str) -> Option<&'static [Option<Outcome>]> {
    Some(match template {
        OUTCOME => &[
            None,
            Some(Outcome::Funded),
            Some(Outcome::Reserve),
            Some(Outcome::NotFunded),
            Some(Outcome::Withdrawn),
            Some(Outcome::Lapsed),
        ],
        "outcome-invited" | "outcome-invited-to-merge" | "outcome-interview" => &[None],
        "outcome-not-invited" | "outcome-ineligible" | "outcome-not-funded" => &[Some(Outcome::NotFunded)],
        "outcome-reserve" => &[Some(Outcome::Reserve)],
        "outcome-funded" => &[Some(Outcome::Funded)],
        _ => return None,
    })
}

/// Whether the mail tells an outcome.
pub fn tells_outcome(template: &str) -> bool {
    told_by(template).is_some()
}

/// The mails that are receipts: they name the version that was kept.
const RECEIPTS: [&str; 2] = ["submitted-eoi", "submitted-full"];

/// The most states that a definition can have.
pub const MAX_STATES: usize = 200;
/// The most transitions that a definition can have.
pub const MAX_TRANSITIONS: usize = 1_000;
/// The most milestones that a definition can have.
pub const MAX_MILESTONES: usize = 100;
/// The most that one transition can have of each of its lists.
pub const MAX_LIST: usize = MAX_STATES;

/// Every fault of a definition; a sound one has none.
pub fn check(definition: &Definition, vocabulary: &Vocabulary) -> Vec<Fault> {
    let mut report = Report { faults: Vec::new() };
    if report.size(definition) {
        names::check(definition, vocabulary, &mut report);
        guards::check(definition, vocabulary, &mut report);
        ignored::check(definition, vocabulary, &mut report);
        paths::check(definition, &mut report);
        meaning::check(definition, &mut report);
        money::check(definition, &mut report);
        promises::check(definition, &mut report);
        roles::check(definition, &mut report);
    }
    report.faults
}

/// Every fault of a text that should be a sound definition, whatever it is.
pub fn check_text(text: &str, vocabulary: &Vocabulary) -> Vec<Fault> {
    match Definition::from_json(text) {
        Ok(definition) => check(&definition, vocabulary),
        Err(faults) => faults,
    }
}

/// Whether a definition is no longer than what is drawn and checked in full.
pub fn is_of_size(definition: &Definition) -> bool {
    Report { faults: Vec::new() }.size(definition)
}

/// The same as [`check`], and whether the people of a fund can give the approvals that it asks for: how many hold each role.
pub fn check_with_people(
    definition: &Definition,
    vocabulary: &Vocabulary,
    people: &BTreeMap<Role, usize>,
) -> Vec<Fault> {
    let mut report = Report { faults: check(definition, vocabulary) };
    people::check(definition, people, &mut report);
    report.faults
}

struct Report {
    faults: Vec<Fault>,
}

impl Report {
    fn add(&mut self, at: &Pointer, reason: impl Into<String>, suggestion: impl Into<String>) {
        self.faults.push(Fault::at(at, reason, suggestion));
    }

    fn size(&mut self, definition: &Definition) -> bool {
        let limits = [
            ("states", definition.states.len(), MAX_STATES),
            ("transitions", definition.transitions.len(), MAX_TRANSITIONS),
            ("milestones", definition.milestones.len(), MAX_MILESTONES),
        ];
        for (what, found, limit) in limits {
            self.limit(&Pointer::root().key(what), found, limit);
        }
        for (place, transition) in placed(definition) {
            self.limit(&place.key("from"), transition.from.len(), MAX_LIST);
            self.limit(&place.key("who"), transition.who.len(), MAX_LIST);
            self.limit(&place.key("effects"), transition.effects.len(), MAX_LIST);
            let roles = transition.approvals.as_ref().map_or(0, |approvals| approvals.roles.len());
            self.limit(&place.key("approvals").key("roles"), roles, MAX_LIST);
        }
        self.faults.is_empty()
    }

    fn limit(&mut self, place: &Pointer, found: usize, limit: usize) {
        if found > limit {
            let reason = format!("there are {found} here, at most {limit} are possible");
            self.add(place, reason, "leave out what no bid needs");
        }
    }
}

/// The transitions with the place of each.
fn placed(definition: &Definition) -> impl Iterator<Item = (Pointer, &Transition)> {
    let place = Pointer::root().key("transitions");
    let numbered = definition.transitions.iter().enumerate();
    numbered.map(move |(index, transition)| (place.item(index), transition))
}
