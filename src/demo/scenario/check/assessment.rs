//! Assessors, their conflicts and their scores.

use std::collections::{BTreeMap, BTreeSet};

use super::{Index, Report};
use crate::demo::scenario::{Row, Scenario, Score};

const ASSESSORS: &str = "assessors.csv";
const CONFLICTS: &str = "conflicts.csv";
const SCORES: &str = "scores.csv";

pub(super) fn check(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    assessors(scenario, index, report);
    conflicts(scenario, index, report);
    let conflicted = Conflicted::of(scenario, index);
    report.repeats(SCORES, &scenario.scores, "criterion", |score| {
        format!("{} by {} of {}", score.criterion, score.assessor, score.bid)
    });
    for score in &scenario.scores {
        report.without_application(SCORES, score, &score.bid, index);
        value(scenario, score, report);
        if !conflicted.knows(&score.assessor) {
            report.at(SCORES, score, "assessor", format!("There is no assessor {}.", score.assessor));
        }
        if conflicted.in_bid(&score.assessor, &score.bid) {
            report.at(SCORES, score, "assessor", format!("{} has a conflict with {}.", score.assessor, score.bid));
        }
    }
    complete(scenario, report);
}

fn assessors(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    report.repeats(ASSESSORS, &scenario.assessors, "id", |assessor| assessor.id.as_str());
    report.repeats(ASSESSORS, &scenario.assessors, "email", |assessor| assessor.email.as_str());
    for assessor in &scenario.assessors {
        report.blank(ASSESSORS, assessor, "name", &assessor.name);
        report.blank(ASSESSORS, assessor, "affiliation", &assessor.affiliation);
        report.address(ASSESSORS, assessor, "email", &assessor.email);
        if assessor.council.as_deref().is_some_and(|code| !index.councils.contains_key(code)) {
            report.at(ASSESSORS, assessor, "council", "There is no council with this code.");
        }
    }
}

fn conflicts(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    for conflict in &scenario.conflicts {
        report.without_application(CONFLICTS, conflict, &conflict.bid, index);
        report.blank(CONFLICTS, conflict, "reason", &conflict.reason);
        if !scenario.assessors.iter().any(|assessor| assessor.id == conflict.assessor) {
            report.at(CONFLICTS, conflict, "assessor", format!("There is no assessor {}.", conflict.assessor));
        }
    }
}

/// Who may not score what: by a council that takes part, or by a declaration.
struct Conflicted<'a> {
    councils: BTreeMap<&'a str, Option<&'a str>>,
    declared: BTreeSet<(&'a str, &'a str)>,
    index: &'a Index<'a>,
}

impl<'a> Conflicted<'a> {
    fn of(scenario: &'a Scenario, index: &'a Index<'a>) -> Self {
        let assessors = scenario.assessors.iter();
        let declared = scenario.conflicts.iter();
        Self {
            councils: assessors.map(|row| (row.id.as_str(), row.council.as_deref())).collect(),
            declared: declared.map(|row| (row.assessor.as_str(), row.bid.as_str())).collect(),
            index,
        }
    }

    fn knows(&self, assessor: &str) -> bool {
        self.councils.contains_key(assessor)
    }

    fn in_bid(&self, assessor: &str, bid: &str) -> bool {
        let council = self.councils.get(assessor).copied().flatten();
        let members = self.index.members.get(bid);
        let own = council.zip(members).is_some_and(|(council, members)| members.contains(council));
        own || self.declared.contains(&(assessor, bid))
    }
}

fn value(scenario: &Scenario, score: &Row<Score>, report: &mut Report) {
    report.blank(SCORES, score, "justification", &score.justification);
    match scenario.round.rulebook.criterion(&score.criterion) {
        None => report.at(SCORES, score, "criterion", format!("{} is no criterion.", score.criterion)),
        Some(criterion) if criterion.scale.iter().all(|grade| grade.value != score.score) => {
            report.at(SCORES, score, "score", format!("{} is no value of the scale.", score.score));
        }
        Some(_) => {}
    }
}

/// Every full application has its readers, and each of them scored every criterion.
fn complete(scenario: &Scenario, report: &mut Report) {
    let rules = &scenario.round.rulebook;
    let mut given: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for score in &scenario.scores {
        *given.entry(&score.bid).or_default().entry(&score.assessor).or_default() += 1;
    }
    for application in &scenario.applications {
        let readers = given.get(application.bid.as_str());
        if readers.map_or(0, BTreeMap::len) < rules.least_readers as usize {
            report.at("full.csv", application, "bid", "The bid has fewer assessors than the round asks for.");
        }
        if readers.is_some_and(|readers| readers.values().any(|scores| *scores != rules.criteria.len())) {
            report.at("full.csv", application, "bid", "Each of its assessors must score every criterion.");
        }
    }
}
