//! Guards: each can hold and can fail. One that never holds blocks the way, one that always holds guards nothing.

use super::{Report, placed};
use crate::workflow::model::Definition;
use crate::workflow::rules::{Budget, Rule, Sides, Vocabulary};

pub(super) fn check(definition: &Definition, vocabulary: &Vocabulary, report: &mut Report) {
    let mut budget = Budget::for_a_definition();
    let mut known: Vec<(&Rule, Option<Sides>)> = Vec::new();
    for (place, transition) in placed(definition) {
        let Some(guard) = transition.guard.as_ref().filter(|guard| guard.faults(vocabulary).is_empty()) else {
            continue;
        };
        let before = known.iter().find(|(rule, _)| *rule == guard).map(|(_, sides)| *sides);
        let sides = before.unwrap_or_else(|| guard.sides(vocabulary, &mut budget));
        known.push((guard, sides));
        let (reason, suggestion) = match sides {
            None => ("it has too many cases to be proved", "ask for less at once, or compare with fewer values"),
            Some(Sides { can_hold: false, .. }) => ("it can never hold", "take out what contradicts the rest"),
            Some(Sides { can_fail: false, .. }) => {
                ("it always holds", "take it out, or ask for something that can fail")
            }
            Some(_) => continue,
        };
        report.add(&place.key("guard"), reason, suggestion);
    }
}
