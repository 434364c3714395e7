//! Which steps of a workflow invite a bid to an interview.

use super::check::OUTCOME;
use super::model::{Definition, Gate, Transition};

/// The mail that tells a bid's councils that they are invited to an interview.
const INVITATION: &str = "outcome-interview";

impl Definition {
    /// Whether the transition is a decision that invites a bid to an interview: the mail that goes out with it says so, by its own
    /// name or because it tells an outcome at the shortlist that is no end.
    pub fn invites_to_interview(&self, transition: &Transition) -> bool {
        let shortlists = transition.gate == Some(Gate::Shortlist) && self.result_of(&transition.to).is_none();
        let tells = |mail: &str| mail == INVITATION || (mail == OUTCOME && shortlists);
        transition.is_decision() && transition.mails().any(tells)
    }

    /// Whether bids are interviewed in this workflow.
    pub fn has_interviews(&self) -> bool {
        self.transitions.iter().any(|transition| self.invites_to_interview(transition))
    }

    /// Whether a bid in this state may yet be invited to an interview.
    pub fn may_invite_from(&self, state: &str) -> bool {
        let reachable = self.reachable_from(state);
        let leaves = |transition: &&Transition| reachable.iter().any(|state| transition.leaves(state));
        self.transitions.iter().filter(leaves).any(|transition| self.invites_to_interview(transition))
    }

    /// Whether it may yet be decided of a bid in this state whether it gets money.
    pub fn may_award_from(&self, state: &str) -> bool {
        let reachable = self.reachable_from(state);
        let leaves = |transition: &&Transition| reachable.iter().any(|state| transition.leaves(state));
        self.transitions.iter().filter(leaves).any(|transition| transition.gate == Some(Gate::Award))
    }
}

#[cfg(test)]
mod tests {
    use crate::workflow::definitions;

    #[test]
    fn the_workflows_with_a_panel_invite_to_interviews_and_the_others_do_not() {
        for (id, interviews) in
            [("single-stage-panel", true), ("closed-follow-on", true), ("local-digital-fund-1", false)]
        {
            assert_eq!(definitions::read(id).expect("a ready definition").has_interviews(), interviews, "{id}");
        }
        let panel = definitions::read("single-stage-panel").expect("a ready definition");
        for (state, may) in
            [("full_submitted", true), ("assessed", true), ("to_interview", false), ("not_invited", false)]
        {
            assert_eq!(panel.may_invite_from(state), may, "{state}");
        }
    }

    #[test]
    fn an_award_lies_ahead_from_the_invitation_until_it_is_decided_or_the_bid_is_withdrawn() {
        for id in ["single-stage-panel", "closed-follow-on"] {
            let definition = definitions::read(id).expect("a ready definition");
            for state in ["to_interview", "interviewed", "assessed"] {
                assert!(definition.may_award_from(state), "{id} {state}");
            }
            for state in ["funded", "not_funded", "withdrawn", "ineligible", "in_delivery"] {
                assert!(!definition.may_award_from(state), "{id} {state}");
            }
        }
    }
}
