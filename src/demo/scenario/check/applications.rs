//! Full applications: partners, money, promises, outputs and earlier work.

use std::collections::BTreeSet;

use super::{Index, Report, eligibility};
use crate::{
    demo::scenario::{Application, Category, CostLine, Invitation, Row, Scenario},
    funds::{model::Milestone, rulebook::Stage},
    money::Pence,
};

const FULL: &str = "full.csv";
const PARTNERS: &str = "partners.csv";
const COSTS: &str = "costs.csv";

pub(super) fn check(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    report.repeats(FULL, &scenario.applications, "bid", |application| application.bid.as_str());
    for application in &scenario.applications {
        invited(scenario, application, index, report);
        instants(scenario, application, report);
        answers(scenario, application, index, report);
        money(scenario, application, index, report);
    }
    partners(scenario, index, report);
    costs(scenario, index, report);
    promises(scenario, index, report);
    outputs(scenario, index, report);
    prior_work(scenario, index, report);
}

fn invited(scenario: &Scenario, application: &Row<Application>, index: &Index<'_>, report: &mut Report) {
    let Some(bid) = index.bids.get(application.bid.as_str()) else {
        return report.at(FULL, application, "bid", format!("There is no bid {}.", application.bid));
    };
    if matches!(scenario.invitation(bid), None | Some(Invitation::NotInvited)) {
        report.at(FULL, application, "bid", "By its marks the bid is not invited to make a full application.");
    }
    for reason in eligibility::against_application(scenario, index, bid, application) {
        report.at(FULL, application, "bid", format!("The round's rules refuse it: {reason}."));
    }
}

fn instants(scenario: &Scenario, application: &Row<Application>, report: &mut Report) {
    let timetable = scenario.timetable();
    if timetable.is_late(Stage::Full, application.submitted_at) {
        report.at(FULL, application, "submitted_at", "Full applications are closed at that instant.");
    }
    if application.signed_at > application.submitted_at {
        report.at(FULL, application, "signed_at", "The sign-off must come before the submission.");
    }
    let opens = timetable.at(Milestone::FullOpens);
    for partner in scenario.partners_of(&application.bid) {
        if partner.confirmed_at > application.signed_at || opens.is_some_and(|opens| partner.confirmed_at < opens) {
            let message = "A partner must confirm after full applications open and before the sign-off.";
            report.at(PARTNERS, partner, "confirmed_at", message);
        }
    }
}

fn answers(scenario: &Scenario, application: &Row<Application>, index: &Index<'_>, report: &mut Report) {
    let Some(bid) = index.bids.get(application.bid.as_str()) else { return };
    let answers = scenario.full_answers(bid, application);
    for (_, question) in scenario.round.rulebook.form(Stage::Full).questions() {
        match answers.get(&question.id) {
            Some(answer) => {
                for fault in question.faults(answer) {
                    report.at(FULL, application, &question.id, fault.message);
                }
            }
            None if question.required => report.at(FULL, application, &question.id, "The form requires an answer."),
            None => {}
        }
    }
    report.blank(FULL, application, "sponsor", &application.sponsor);
    report.blank(FULL, application, "section151", &application.section151);
}

fn money(scenario: &Scenario, application: &Row<Application>, index: &Index<'_>, report: &mut Report) {
    let ask = application.ask_pence;
    let bid = index.bids.get(application.bid.as_str());
    let most =
        bid.and_then(|bid| scenario.round.rulebook.phase(&bid.phase)).map_or(Pence(0), |phase| phase.limit_pence);
    if ask <= 0 || Pence(ask) > most {
        report.at(FULL, application, "ask_pence", format!("Ask for more than £0 and at most {most}."));
    }
    let lines: Vec<&Row<CostLine>> = scenario.costs_of(&application.bid).collect();
    if lines.iter().map(|line| line.amount_pence).sum::<i64>() != ask {
        report.at(FULL, application, "ask_pence", "The cost lines must add up to the ask.");
    }
    let partners: Vec<(&str, i64)> =
        scenario.partners_of(&application.bid).map(|row| (row.council.as_str(), row.share_pence)).collect();
    if application.lead_share_pence + partners.iter().map(|(_, share)| share).sum::<i64>() != ask {
        report.at(FULL, application, "lead_share_pence", "The shares of lead and partners must add up to the ask.");
    }
    let lead = bid.map(|bid| (bid.lead.as_str(), application.lead_share_pence));
    for (council, share) in lead.into_iter().chain(partners) {
        let through: i64 = lines.iter().filter(|line| line.council == council).map(|line| line.amount_pence).sum();
        if through != share {
            let message =
                format!("The cost lines of {council} add up to {}, its share is {}.", Pence(through), Pence(share));
            report.at(FULL, application, "lead_share_pence", message);
        }
    }
}

fn partners(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    report
        .repeats(PARTNERS, &scenario.partners, "council", |partner| format!("{} in {}", partner.council, partner.bid));
    for partner in &scenario.partners {
        report.without_application(PARTNERS, partner, &partner.bid, index);
        report.blank(PARTNERS, partner, "role", &partner.role);
        report.blank(PARTNERS, partner, "sponsor", &partner.sponsor);
        match index.councils.get(partner.council.as_str()) {
            None => report.at(PARTNERS, partner, "council", format!("There is no council {}.", partner.council)),
            Some(council) if !council.exists_on(partner.confirmed_at.london_date()) => {
                report.at(PARTNERS, partner, "council", format!("{} did not exist on that day.", council.name));
            }
            Some(_) => {}
        }
        if index.bids.get(partner.bid.as_str()).is_some_and(|bid| bid.lead == partner.council) {
            report.at(PARTNERS, partner, "council", "The lead cannot be its own partner.");
        }
        if partner.share_pence < 0 {
            report.at(PARTNERS, partner, "share_pence", "A share cannot be negative.");
        }
    }
}

fn costs(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    for line in &scenario.costs {
        report.without_application(COSTS, line, &line.bid, index);
        report.blank(COSTS, line, "description", &line.description);
        if line.amount_pence <= 0 {
            report.at(COSTS, line, "amount_pence", "Give an amount above £0.");
        }
        if !index.members.get(line.bid.as_str()).is_some_and(|members| members.contains(line.council.as_str())) {
            report.at(COSTS, line, "council", format!("{} takes no part in the bid.", line.council));
        }
        let leads = index.bids.get(line.bid.as_str()).is_some_and(|bid| bid.lead == line.council);
        if (line.category == Category::Lead && !leads) || (line.category == Category::Partner && leads) {
            report.at(COSTS, line, "category", "The category does not fit the council's part in the bid.");
        }
    }
}

fn promises(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    const FILE: &str = "promises.csv";
    for promise in &scenario.promises {
        report.without_application(FILE, promise, &promise.bid, index);
        report.blank(FILE, promise, "measure", &promise.measure);
        report.blank(FILE, promise, "unit", &promise.unit);
        if promise.baseline.total_cmp(&promise.target).is_eq() {
            report.at(FILE, promise, "target", "The target must differ from the baseline.");
        }
    }
    let promised: BTreeSet<&str> = scenario.promises.iter().map(|promise| promise.bid.as_str()).collect();
    for application in scenario.applications.iter().filter(|row| !promised.contains(row.bid.as_str())) {
        report.at(FULL, application, "bid", "Any bid may come to be funded: promises.csv must say what it promises.");
    }
}

fn outputs(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    const FILE: &str = "outputs.csv";
    for output in &scenario.outputs {
        report.without_application(FILE, output, &output.bid, index);
        report.blank(FILE, output, "title", &output.title);
        report.blank(FILE, output, "licence", &output.licence);
    }
}

fn prior_work(scenario: &Scenario, index: &Index<'_>, report: &mut Report) {
    const FILE: &str = "prior_work.csv";
    let entries: BTreeSet<&str> = scenario.register.iter().map(|entry| entry.entry_key.as_str()).collect();
    report.repeats(FILE, &scenario.prior_work, "entry", |work| format!("{} in {}", work.entry, work.bid));
    for work in &scenario.prior_work {
        report.without_application(FILE, work, &work.bid, index);
        report.blank(FILE, work, "why", &work.why);
        if !entries.contains(work.entry.as_str()) {
            report.at(FILE, work, "entry", format!("There is no entry {} in register.csv.", work.entry));
        }
    }
}
