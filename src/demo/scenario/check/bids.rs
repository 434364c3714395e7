//! Expressions of interest and the sift.

use std::collections::{BTreeMap, BTreeSet};

use super::{Index, Report, eligibility};
use crate::{
    demo::scenario::{Bid, Known, Mark, Row, Scenario, SiftMark},
    funds::{form::Question, model::Milestone, rulebook::Stage},
};

const BIDS: &str = "bids.csv";
const SIFT: &str = "sift.csv";

pub(super) fn check(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    report.repeats(BIDS, &scenario.bids, "id", |bid| bid.id.as_str());
    for bid in &scenario.bids {
        lead(scenario, bid, index, report);
        named_partners(bid, index, report);
        answers(scenario, bid, report);
        provenance(scenario, bid, report);
        merge(bid, index, report);
    }
    sift(scenario, index, report);
}

fn lead(scenario: &Scenario, bid: &Row<Bid>, index: &Index<'_>, report: &mut Report) {
    let Some(lead) = index.councils.get(bid.lead.as_str()) else {
        return report.at(BIDS, bid, "lead", format!("There is no council with the code {}.", bid.lead));
    };
    if !lead.exists_on(bid.received_at.london_date()) {
        report.at(BIDS, bid, "lead", format!("{} did not exist on that day.", lead.name));
    }
    for reason in eligibility::against_bid(scenario, index, bid) {
        report.at(BIDS, bid, "lead", format!("The round's rules refuse it: {reason}."));
    }
    if scenario.timetable().at(Milestone::EoiOpens).is_some_and(|opens| bid.received_at < opens) {
        report.at(BIDS, bid, "received_at", "The round is not open yet at that instant.");
    }
}

fn named_partners(bid: &Row<Bid>, index: &Index<'_>, report: &mut Report) {
    let mut seen = BTreeSet::from([bid.lead.as_str()]);
    for code in bid.partners_named.iter() {
        let exists = |day| index.councils.get(code.as_str()).is_some_and(|council| council.exists_on(day));
        if !exists(bid.received_at.london_date()) {
            report.at(BIDS, bid, "partners_named", format!("There was no council with the code {code} on that day."));
        }
        if !seen.insert(code) {
            report.at(BIDS, bid, "partners_named", format!("{code} is named twice or leads the bid."));
        }
    }
}

fn answers(scenario: &Scenario, bid: &Row<Bid>, report: &mut Report) {
    let rules = &scenario.round.rulebook;
    report.blank(BIDS, bid, "title", &bid.title);
    if rules.phase(&bid.phase).is_none() {
        report.at(BIDS, bid, "phase", format!("{} is no phase of this round.", bid.phase));
    }
    let answers = scenario.eoi_answers(bid);
    for (_, question) in rules.form(Stage::Eoi).questions() {
        match answers.get(&question.id) {
            Some(answer) => {
                for fault in question.faults(answer) {
                    report.at(BIDS, bid, &question.id, fault.message);
                }
            }
            None if question.required => report.at(BIDS, bid, &question.id, "The form requires an answer."),
            None => {}
        }
    }
}

fn provenance(scenario: &Scenario, bid: &Row<Bid>, report: &mut Report) {
    if bid.known.is_empty() == bid.source.is_some() {
        report.at(BIDS, bid, "source", "Give a source where something is known, and none where nothing is.");
    }
    if bid.known.contains(&Known::Amount) && scenario.application(&bid.id).is_none() {
        report.at(BIDS, bid, "known", "An amount can be known only of a full application.");
    }
}

fn merge(bid: &Row<Bid>, index: &Index<'_>, report: &mut Report) {
    let Some(other) = &bid.merge_with else { return };
    match index.bids.get(other.as_str()) {
        None => report.at(BIDS, bid, "merge_with", format!("There is no bid {other}.")),
        Some(other) if other.id == bid.id || other.merge_with.is_some() => {
            report.at(BIDS, bid, "merge_with", "Name another bid that is not itself asked to merge.");
        }
        Some(_) => {}
    }
}

fn sift(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    report.repeats(SIFT, &scenario.sift, "question", |mark| format!("{} of {}", mark.question, mark.bid));
    let mut marked: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for mark in &scenario.sift {
        marked.entry(&mark.bid).or_default().insert(&mark.question);
        match index.bids.get(mark.bid.as_str()) {
            None => report.at(SIFT, mark, "bid", format!("There is no bid {}.", mark.bid)),
            Some(bid) if scenario.is_late(bid) => report.at(SIFT, mark, "bid", "A late bid is refused and not sifted."),
            Some(_) => {}
        }
        mark_feedback(scenario, mark, report);
    }
    for bid in scenario.bids.iter().filter(|bid| !scenario.is_late(bid)) {
        let answers = scenario.eoi_answers(bid);
        let sifted = |question: &&Question| question.sifted && answers.contains_key(&question.id);
        let questions = scenario.round.rulebook.eoi.questions().map(|(_, question)| question).filter(sifted);
        let wanted: BTreeSet<&str> = questions.map(|question| question.id.as_str()).collect();
        if marked.get(bid.id.as_str()) != Some(&wanted) {
            report.at(BIDS, bid, "id", "sift.csv must mark each answer of a sifted question, and no other.");
        }
    }
}

fn mark_feedback(scenario: &Scenario, mark: &Row<SiftMark>, report: &mut Report) {
    let found = |id: &String| scenario.feedback.iter().find(|feedback| feedback.id == *id);
    match (mark.mark, mark.feedback.as_ref().map(found)) {
        (Mark::Pass, None) => {}
        (Mark::Pass, Some(_)) => report.at(SIFT, mark, "feedback", "A pass needs no text."),
        (_, Some(Some(text))) if text.about == mark.question && text.mark == mark.mark.word() => {}
        _ => report.at(SIFT, mark, "feedback", "Name a text of feedback.csv for this question and this mark."),
    }
}
