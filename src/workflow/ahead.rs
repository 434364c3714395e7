//! What of a round's time still matters to a bid where it stands.

use std::collections::BTreeSet;

use super::model::{Definition, Transition};

impl Definition {
    /// Whether a bid in this state may yet come to something that the milestone opens, closes, does or releases. Where the
    /// workflow says nothing of the milestone, it matters to every bid that has not come to its end.
    pub fn has_ahead(&self, state: &str, milestone: &str) -> bool {
        let names = |transition: &&Transition| transition.names(milestone);
        if self.state(state).is_none_or(|state| state.terminal) {
            return false;
        }
        if !self.transitions.iter().any(|transition| names(&transition)) {
            return true;
        }
        let reachable = self.reachable_from(state);
        self.transitions.iter().filter(names).any(|transition| reachable.iter().any(|state| transition.leaves(state)))
    }

    /// Whether what a bid in this state writes closes at the milestone: it lapses then, or can be submitted until then.
    pub fn closes_in(&self, state: &str, milestone: &str) -> bool {
        let mut leaving = self.transitions.iter().filter(|transition| transition.leaves(state));
        leaving.any(|transition| {
            let submits = transition.keeps_version() && transition.not_after.as_deref() == Some(milestone);
            submits || transition.automatic_at.as_deref() == Some(milestone)
        })
    }

    /// The transition by which a bid comes to this state by itself at the milestone.
    pub fn lapsed_by(&self, state: &str, milestone: &str) -> Option<&Transition> {
        let mut automatic =
            self.transitions.iter().filter(|transition| transition.automatic_at.as_deref() == Some(milestone));
        automatic.find(|transition| transition.to == state)
    }

    pub(super) fn reachable_from<'a>(&'a self, state: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::from([state]);
        let mut open = vec![state];
        while let Some(from) = open.pop() {
            for transition in self.transitions.iter().filter(|transition| transition.leaves(from)) {
                if found.insert(transition.to.as_str()) {
                    open.push(transition.to.as_str());
                }
            }
        }
        found
    }
}

impl Transition {
    fn names(&self, milestone: &str) -> bool {
        [&self.not_before, &self.not_after, &self.automatic_at, &self.release]
            .into_iter()
            .any(|named| named.as_deref() == Some(milestone))
    }
}

#[cfg(test)]
mod tests {
    use crate::workflow::{Definition, definitions};

    fn round_one() -> Definition {
        definitions::read("local-digital-fund-1").expect("a ready definition")
    }

    #[test]
    fn a_closing_time_matters_to_bids_before_it_and_not_to_those_beyond_it() {
        let definition = round_one();
        for (state, eois, full) in [
            ("eoi_draft", true, true),
            ("invited", false, true),
            ("full_draft", false, true),
            ("eoi_lapsed", false, false),
        ] {
            assert_eq!(definition.has_ahead(state, "eoi_closes"), eois, "{state}");
            assert_eq!(definition.has_ahead(state, "full_closes"), full, "{state}");
        }
    }

    #[test]
    fn a_bid_can_have_more_time_for_the_form_that_it_fills_in_or_that_it_missed() {
        let definition = round_one();
        for state in ["eoi_draft", "eoi_submitted", "eoi_lapsed"] {
            assert!(definition.closes_in(state, "eoi_closes"), "{state}");
            assert!(!definition.closes_in(state, "full_closes"), "{state}");
        }
        assert!(definition.closes_in("invited", "full_closes"));
        assert!(!definition.closes_in("eligible", "full_closes"));
        assert_eq!(definition.lapsed_by("eoi_lapsed", "eoi_closes").map(|by| by.id.as_str()), Some("lapse_eoi"));
        assert_eq!(definition.lapsed_by("eoi_draft", "eoi_closes"), None);
    }
}
