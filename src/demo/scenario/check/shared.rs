//! Councils, the register, the round itself and its texts of feedback.

use super::{Index, Report};
use crate::{
    demo::scenario::{FeedbackStage, Scenario},
    funds::{model::Milestone, rulebook::Stage},
    identity::model::FundRole,
    workflow::definitions,
};

const COUNCILS: &str = "../councils.csv";
const REGISTER: &str = "../register.csv";

pub(super) fn check(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    councils(scenario, index, report);
    register(scenario, report);
    round(scenario, report);
    timetable(scenario, report);
    feedback(scenario, report);
}

fn councils(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    report.repeats(COUNCILS, &scenario.councils, "code", |council| council.code.as_str());
    report.repeats(COUNCILS, &scenario.councils, "ons_code", |council| council.ons_code.as_str());
    report.repeats(COUNCILS, &scenario.councils, "org_id", |council| council.org_id.as_str());
    for council in &scenario.councils {
        report.blank(COUNCILS, council, "name", &council.name);
        if council.starts_on.zip(council.ends_on).is_some_and(|(first, last)| first > last) {
            report.at(COUNCILS, council, "ends_on", "The council ends before it starts.");
        }
        if let Some(code) = council.replaced_by.as_deref().filter(|code| !index.councils.contains_key(code)) {
            report.at(COUNCILS, council, "replaced_by", format!("There is no council with the code {code}."));
        }
    }
}

fn register(scenario: &Scenario, report: &mut Report) {
    report.repeats(REGISTER, &scenario.register, "entry_key", |entry| entry.entry_key.as_str());
    for entry in &scenario.register {
        report.blank(REGISTER, entry, "title", &entry.title);
        report.blank(REGISTER, entry, "summary", &entry.summary);
        report.blank(REGISTER, entry, "source", &entry.source);
        if entry.url.as_deref().is_some_and(|url| url::Url::parse(url).is_err()) {
            report.at(REGISTER, entry, "url", "Give a whole address, with https://, or leave it out.");
        }
    }
}

fn round(scenario: &Scenario, report: &mut Report) {
    let round = &scenario.round;
    for fault in round.rulebook.faults(Stage::ALL) {
        report.of_round(&fault.field, fault.message);
    }
    if round.round.budget_pence <= 0 {
        report.of_round("round/budget_pence", "Give a budget above £0.");
    }
    let managers = round.staff.iter().filter(|staff| staff.role == FundRole::FundManager).count();
    if managers < 2 {
        report.of_round("staff", "Name two fund managers: one alone releases no awards.");
    }
    for staff in &round.staff {
        if !super::is_reserved(&staff.email) {
            let message = format!("{} must be an address in the reserved domain .example.", staff.email);
            report.of_round("staff", message);
        }
    }
}

fn timetable(scenario: &Scenario, report: &mut Report) {
    let timetable = scenario.timetable();
    let definition = definitions::read(&scenario.round.workflow);
    let needed = definition.iter().flat_map(|definition| &definition.milestones);
    let needed = needed.filter_map(|id| Milestone::from_word(id));
    for milestone in needed.filter(|milestone| timetable.at(*milestone).is_none()) {
        report.of_round("milestones", format!("Say when {milestone} is."));
    }
    let acts = &scenario.round.acts;
    let inner = [acts.sift_at, acts.scoring_opens_at, acts.scoring_closes_at, acts.decided_at];
    let order = [
        timetable.at(Milestone::EoiOpens),
        timetable.at(Milestone::EoiCloses),
        Some(inner[0]),
        timetable.at(Milestone::EoiOutcome),
        timetable.at(Milestone::FullOpens),
        timetable.at(Milestone::FullCloses),
        Some(inner[1]),
        Some(inner[2]),
        Some(inner[3]),
        timetable.at(Milestone::Announcement),
        timetable.at(Milestone::DeliveryEnds),
    ];
    if !order.iter().flatten().is_sorted() {
        report.of_round("milestones", "The milestones and the acts between them must follow one another in time.");
    }
}

fn feedback(scenario: &Scenario, report: &mut Report) {
    const FILE: &str = "feedback.csv";
    let rules = &scenario.round.rulebook;
    report.repeats(FILE, &scenario.feedback, "id", |feedback| feedback.id.as_str());
    for feedback in &scenario.feedback {
        report.blank(FILE, feedback, "text", &feedback.text);
        let about = feedback.about.as_str();
        let stands = match feedback.stage {
            FeedbackStage::Sift => rules.eoi.question(about).is_some_and(|question| question.sifted),
            FeedbackStage::Outcome => Stage::from_word(about).is_some(),
            FeedbackStage::Decision => rules.criterion(about).is_some(),
        };
        if !stands {
            let message = format!("{about} is no sifted question, stage or criterion of this round.");
            report.at(FILE, feedback, "about", message);
        }
    }
}
