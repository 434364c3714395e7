//! What a definition owes to people: an outcome comes with its mail and feedback and is not told early, what needs somebody's
//! agreement can get it, and every transition has somebody who can take it.

use super::{RECEIPTS, Report, placed, tells_outcome, told_by};
use crate::workflow::fault::Pointer;
use crate::workflow::model::{Definition, Effect, Kind, Transition};
use crate::workflow::role::Role;

/// The most people whose agreement a transition can ask for.
const MAX_APPROVALS: u32 = 10;

pub(super) fn check(definition: &Definition, report: &mut Report) {
    for (place, transition) in placed(definition) {
        who(transition, &place, report);
        approvals(transition, &place.key("approvals"), report);
        decision(transition, &place, report);
        if leads_to_decided(definition, transition) && !transition.outcome {
            let reason = format!("“{}” is an outcome, but this is not marked as one", transition.to);
            report.add(&place, reason, "add \"outcome\": true");
        }
        if transition.outcome {
            outcome(transition, &place, report);
        }
        mails(definition, transition, &place.key("effects"), report);
    }
}

fn leads_to_decided(definition: &Definition, transition: &Transition) -> bool {
    definition.state(&transition.to).is_some_and(|state| state.kind == Kind::Decided)
}

fn who(transition: &Transition, place: &Pointer, report: &mut Report) {
    let place = place.key("who");
    let has_system = transition.who.contains(&Role::System);
    match (&transition.automatic_at, transition.who.as_slice()) {
        (_, []) => report.add(&place, "nobody can take it", "name at least one role"),
        (Some(_), [Role::System]) => {}
        (Some(_), _) => report.add(&place, "what happens by itself is taken by the system alone", "write [\"system\"]"),
        (None, _) if has_system => {
            report.add(
                &place,
                "the system takes only what has a milestone",
                "add automatic_at, or name people’s roles",
            );
        }
        (None, _) => {}
    }
}

fn approvals(transition: &Transition, place: &Pointer, report: &mut Report) {
    let Some(approvals) = &transition.approvals else {
        return;
    };
    if !(1..=MAX_APPROVALS).contains(&approvals.count) {
        let reason = format!("{} people cannot be asked, 1 to {MAX_APPROVALS} can", approvals.count);
        report.add(&place.key("count"), reason, "write how many different people have to agree");
    }
    if approvals.roles.is_empty() || approvals.roles.contains(&Role::System) {
        report.add(&place.key("roles"), "nobody could agree to it", "name at least one role that people hold");
    }
    if transition.automatic_at.is_some() {
        report.add(place, "what happens by itself cannot wait for people", "take out the approvals, or automatic_at");
    }
}

fn decision(transition: &Transition, place: &Pointer, report: &mut Report) {
    if !transition.is_decision() {
        if transition.release.is_some() || transition.outcome {
            report.add(place, "it tells what the fund decided, and has no gate", "add the gate at which it is taken");
        }
        return;
    }
    if transition.automatic_at.is_some() {
        report.add(&place.key("automatic_at"), "a decision is taken by people", "take out automatic_at, or the gate");
    }
    if transition.follows_its_release() {
        let reason = "it opens with the release of its outcome, after which nothing is decided for it any more";
        report.add(
            &place.key("release"),
            reason,
            "take out the release, so that it shows at once, or let it open earlier",
        );
    }
    if let Some(index) = transition.who.iter().position(|role| role.is_applicant()) {
        let reason = "a council of the bid would decide on it";
        report.add(&place.key("who").item(index), reason, "leave decisions to the fund’s people");
    }
}

fn outcome(transition: &Transition, place: &Pointer, report: &mut Report) {
    if !transition.mails().any(tells_outcome) {
        let suggestion = "add {\"send-mail\": {\"template\": \"outcome\"}}";
        report.add(&place.key("effects"), "nobody is told of this outcome", suggestion);
    }
    if !transition.guard.as_ref().is_some_and(|guard| guard.requires("feedback.given")) {
        let suggestion = "let the guard require {\"var\": \"feedback.given\"}";
        report.add(&place.key("guard"), "this outcome can go out without feedback", suggestion);
    }
}

/// A mail is sent only where there is what it tells.
fn mails(definition: &Definition, transition: &Transition, place: &Pointer, report: &mut Report) {
    for (index, effect) in transition.effects.iter().enumerate() {
        let Effect::SendMail { template } = effect else { continue };
        let place = place.item(index).key("send-mail").key("template");
        if RECEIPTS.contains(&template.as_str()) && !transition.effects.contains(&Effect::KeepVersion) {
            report.add(&place, "this is the receipt for a version, and none is kept", "add \"keep-version\"");
        }
        let result = definition.result_of(&transition.to);
        if told_by(template).is_some_and(|told| !told.contains(&result)) {
            let reason = format!("“{template}” does not tell what “{}” means", transition.to);
            report.add(&place, reason, "send \"outcome\", or the mail for that result");
        }
        if tells_outcome(template) && !transition.outcome {
            report.add(
                &place,
                "this tells an outcome, and there is none",
                "add \"outcome\": true, or send another mail",
            );
        }
    }
}
