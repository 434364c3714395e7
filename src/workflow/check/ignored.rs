//! What would be written in vain: conditions at which the engine never looks where they stand, and fields that it does not know
//! where they are asked for.

use super::{Report, placed};
use crate::workflow::fault::Pointer;
use crate::workflow::model::{Definition, Transition};
use crate::workflow::rules::{Occasion, Vocabulary};

pub(super) fn check(definition: &Definition, vocabulary: &Vocabulary, report: &mut Report) {
    for (place, transition) in placed(definition) {
        if transition.automatic_at.is_some() {
            automatic(transition, &place, report);
        } else {
            eligibility(definition, transition, &place.key("eligibility"), report);
            let occasion = occasion_of(definition, transition);
            let faults = transition.guard.iter().flat_map(|guard| guard.unknown_at(vocabulary, occasion));
            report.faults.extend(faults.map(|fault| fault.within(&place.key("guard"))));
        }
    }
}

/// What happens by itself happens to every bid that stands there.
fn automatic(transition: &Transition, place: &Pointer, report: &mut Report) {
    let conditions = [
        ("guard", transition.guard.is_some()),
        ("eligibility", transition.eligibility),
        ("not_before", transition.not_before.is_some()),
        ("not_after", transition.not_after.is_some()),
    ];
    for (key, _) in conditions.into_iter().filter(|(_, stands)| *stands) {
        let reason = "what happens by itself happens to every bid there, whatever is asked here";
        report.add(&place.key(key), reason, "take it out, or leave the action to people");
    }
}

/// The round's rules of eligibility are those of a form, and are known while it is open.
fn eligibility(definition: &Definition, transition: &Transition, place: &Pointer, report: &mut Report) {
    if transition.eligibility && occasion_of(definition, transition) != Occasion::Form {
        let reason = "the round’s rules of eligibility belong to a form, and none is open here";
        report.add(place, reason, "ask for eligibility where the form is submitted, and take it out here");
    }
}

fn occasion_of(definition: &Definition, transition: &Transition) -> Occasion {
    if transition.is_decision() {
        Occasion::Decision
    } else if transition.from.iter().all(|from| definition.form_in(from).is_some()) {
        Occasion::Form
    } else {
        Occasion::Act
    }
}
