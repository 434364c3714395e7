//! Whoever may take a transition can do so: no role is named that policy refuses, and none where it refuses everybody.

use super::{Report, placed};
use crate::workflow::act::Act;
use crate::workflow::fault::Pointer;
use crate::workflow::model::{Definition, Transition};
use crate::workflow::role::Role;

pub(super) fn check(definition: &Definition, report: &mut Report) {
    for (place, transition) in placed(definition).filter(|(_, transition)| transition.automatic_at.is_none()) {
        let act = Act::of(transition);
        who(transition, act, &place.key("who"), report);
        for (index, from) in transition.from.iter().enumerate() {
            let kind = definition.state(from).map(|state| state.kind);
            if let Some(kind) = kind.filter(|kind| !act.is_possible_in(*kind)) {
                let reason = format!("nobody can {} in “{from}”, whose kind is {}", act.words(), kind.word());
                report.add(&place.key("from").item(index), reason, "begin elsewhere, or give that state another kind");
            }
        }
    }
}

fn who(transition: &Transition, act: Act, place: &Pointer, report: &mut Report) {
    for (index, role) in transition.who.iter().enumerate() {
        let is_told_elsewhere = *role == Role::System || transition.is_decision() && role.is_applicant();
        if act.is_for(*role) || is_told_elsewhere {
            continue;
        }
        let reason =
            format!("“{}” is for people who can {}, and {} never can", transition.id, act.words(), role.word());
        let able = Role::ALL.into_iter().filter(|role| act.is_for(*role)).map(Role::word);
        let suggestion = format!("leave it to {}", able.collect::<Vec<_>>().join(", "));
        report.add(&place.item(index), reason, suggestion);
    }
}
