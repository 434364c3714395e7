//! A proposal, and whose agreement it needs in which order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    error::Fault,
    funds::rulebook::Stage,
    ids::{BidKey, Id, OrganisationKey, PersonKey, RowKey},
    money::Pence,
    partnerships::model::{line_fault, reason_fault, share_fault},
    words,
};

words! {
    /// What is proposed.
    pub enum ProposalKind {
        /// Another council leads the bid.
        Lead = "lead",
        /// A council joins the bid.
        Join = "join",
        /// Two bids become one.
        Merge = "merge",
    }
}

words! {
    /// Where a proposal stands.
    pub enum ProposalState {
        /// Somebody still has to agree.
        Open = "open",
        /// Everybody has agreed, and it is done.
        Done = "done",
        /// Somebody who had to agree said no.
        Refused = "refused",
        /// Whoever proposed it took it back.
        TakenBack = "taken_back",
        /// It can no longer be done.
        Lapsed = "lapsed",
    }
}

words! {
    /// Who agrees.
    pub enum Side {
        /// The lead authority of the bid.
        Lead = "lead",
        /// The council that is to lead it.
        NewLead = "new_lead",
        /// The lead authority of the bid that ends.
        OtherLead = "other_lead",
        /// A manager of the fund.
        Fund = "fund",
    }
}

/// What a council brings that becomes a partner by the proposal: who asks to join, or who has led so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TermsOfProposal)]
pub struct Proposed {
    /// Its share of the grant, in pence. Who has led so far keeps what its costs are.
    #[serde(default)]
    pub share_pence: Pence,
    /// What it does in the partnership.
    #[serde(default)]
    pub role: String,
    /// The role of the senior person who answers for it.
    #[serde(default)]
    pub sponsor: String,
    /// Whether it leaves the bid instead.
    #[serde(default)]
    pub leaves: bool,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: Id<RowKey>,
    /// The bid that it is about; of two that become one, the one that stays.
    pub bid_id: Id<BidKey>,
    /// What is proposed.
    pub kind: ProposalKind,
    /// The bid that ends, of two that become one.
    pub other_bid_id: Option<Id<BidKey>>,
    /// Who is to lead, who asks to join, or who leads the bid that ends.
    pub organisation_id: Id<OrganisationKey>,
    /// The stage for which the bid was being written.
    pub stage: Stage,
    /// What becomes of whoever becomes a partner.
    pub terms: Proposed,
    /// What was said of it.
    pub words: String,
    /// Where it stands.
    pub state: ProposalState,
    /// Who proposed it.
    pub proposed_by: Id<PersonKey>,
    /// For which organisation.
    pub proposed_for: Id<OrganisationKey>,
    /// When.
    pub proposed_at: Moment,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// Why, where it was not done.
    pub ended_why: Option<String>,
    /// Counts changes.
    pub version: i32,
}

/// Whose agreement is asked for, and whether it was given.
#[derive(Debug, Clone, PartialEq, Eq, diesel::Queryable)]
pub struct Consent {
    /// Who.
    pub side: Side,
    /// Which organisation that is; none for the fund.
    pub organisation_id: Option<Id<OrganisationKey>>,
    /// When it was asked.
    pub asked_at: Moment,
    /// When it agreed.
    pub agreed_at: Option<Moment>,
    /// Who said so.
    pub person_id: Option<Id<PersonKey>>,
    /// The hash of the terms that were agreed to.
    pub seen: Option<String>,
}

impl Consent {
    /// Whether it stands for these terms.
    pub fn covers(&self, terms: &str) -> bool {
        self.agreed_at.is_some() && self.seen.as_deref() == Some(terms)
    }
}

impl Proposal {
    /// Everybody who has to agree, in turn: those of one turn in any order, each turn once the one before has agreed. A
    /// change of what was submitted to the fund is the fund's to agree to as well, last.
    ///
    /// Of two bids that become one, whoever did not propose it agrees first: before that neither sees what the other's bid
    /// says, and whoever proposed it agrees only to what they have seen.
    pub fn turns(&self, submitted: bool) -> Vec<Vec<Side>> {
        let mut turns = match self.kind {
            ProposalKind::Lead => vec![vec![Side::Lead, Side::NewLead]],
            ProposalKind::Join => vec![vec![Side::Lead]],
            ProposalKind::Merge if self.proposed_for == self.organisation_id => {
                vec![vec![Side::Lead], vec![Side::OtherLead]]
            }
            ProposalKind::Merge => vec![vec![Side::OtherLead], vec![Side::Lead]],
        };
        if submitted && self.kind != ProposalKind::Join {
            turns.push(vec![Side::Fund]);
        }
        turns
    }

    /// Whose turn it is, of those who have not agreed to these terms; nobody once everybody has.
    pub fn awaited(&self, consents: &[Consent], submitted: bool, terms: &str) -> Vec<Side> {
        let by_side: BTreeMap<Side, &Consent> = consents.iter().map(|consent| (consent.side, consent)).collect();
        let agreed = |side: &Side| by_side.get(side).is_some_and(|consent| consent.covers(terms));
        let missing = |turn: Vec<Side>| turn.into_iter().filter(|side| !agreed(side)).collect::<Vec<_>>();
        self.turns(submitted).into_iter().map(missing).find(|turn| !turn.is_empty()).unwrap_or_default()
    }

    /// Whether it still waits for somebody.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, ProposalState::Open)
    }
}

/// A proposal on its way in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPartnershipChange)]
pub struct NewProposal {
    /// What is proposed.
    pub kind: ProposalKind,
    /// Who is to lead, or the caller's own council that asks to join: an id, a code, an ONS code or a name. Of no use for two
    /// bids that become one.
    #[serde(default)]
    pub organisation: String,
    /// The reference of the other bid, of two that become one.
    #[serde(default)]
    pub other_bid: String,
    /// Whether the other one stays, and this one ends.
    #[serde(default)]
    pub other_stays: bool,
    /// Why, for those who are asked to agree.
    pub words: String,
    /// What becomes of whoever becomes a partner.
    #[serde(default)]
    pub terms: Proposed,
}

impl NewProposal {
    /// Everything that is wrong with it by itself, in the form's order.
    pub fn faults(&self) -> Vec<Fault> {
        let missing =
            |field, text: &str, message| text.trim().is_empty().then(|| Fault::new(field, "missing", message));
        let about = match self.kind {
            ProposalKind::Lead => missing("organisation", &self.organisation, "Choose the council that is to lead."),
            ProposalKind::Join => missing("organisation", &self.organisation, "Choose the council that asks to join."),
            ProposalKind::Merge => missing("other_bid", &self.other_bid, "Enter the reference of the other bid."),
        };
        let Proposed { share_pence, role, sponsor, .. } = &self.terms;
        let why = "Say why. Whoever is asked to agree reads it.";
        let terms = [line_fault("role", role), share_fault(*share_pence), line_fault("sponsor", sponsor)];
        let words = reason_fault("words", &self.words, why);
        about.into_iter().chain(terms.into_iter().flatten()).chain(words).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn proposal(kind: ProposalKind, proposed_for: u128) -> Proposal {
        Proposal {
            id: Id::of(Uuid::nil()),
            bid_id: Id::of(Uuid::nil()),
            kind,
            other_bid_id: None,
            organisation_id: Id::of(Uuid::from_u128(2)),
            stage: Stage::Full,
            terms: Proposed::default(),
            words: String::new(),
            state: ProposalState::Open,
            proposed_by: Id::of(Uuid::nil()),
            proposed_for: Id::of(Uuid::from_u128(proposed_for)),
            proposed_at: Moment::from_micros(0),
            ended_at: None,
            ended_why: None,
            version: 1,
        }
    }

    fn agreed(side: Side, seen: &str) -> Consent {
        let at = Moment::from_micros(1);
        let seen = Some(seen.into());
        Consent { side, organisation_id: None, asked_at: at, agreed_at: Some(at), person_id: None, seen }
    }

    #[test]
    fn a_change_of_lead_waits_for_both_leads_and_then_for_the_fund_if_it_was_submitted() {
        let proposal = proposal(ProposalKind::Lead, 1);
        let lead = agreed(Side::Lead, "t");
        let both = [lead.clone(), agreed(Side::NewLead, "t")];
        assert_eq!(proposal.awaited(&[], true, "t"), [Side::Lead, Side::NewLead]);
        assert_eq!(proposal.awaited(&[lead], true, "t"), [Side::NewLead]);
        assert_eq!(proposal.awaited(&both, true, "t"), [Side::Fund]);
        assert_eq!(proposal.awaited(&both, false, "t"), []);
    }

    #[test]
    fn whoever_agreed_to_other_terms_is_waited_for_again() {
        let proposal = proposal(ProposalKind::Lead, 1);
        let both = [agreed(Side::Lead, "now"), agreed(Side::NewLead, "before")];
        assert_eq!(proposal.awaited(&both, false, "now"), [Side::NewLead]);
    }

    #[test]
    fn of_two_bids_that_become_one_whoever_proposed_it_agrees_after_the_other() {
        let by_the_one_that_stays = proposal(ProposalKind::Merge, 1);
        assert_eq!(by_the_one_that_stays.awaited(&[], false, "t"), [Side::OtherLead]);
        let one = [agreed(Side::OtherLead, "t")];
        assert_eq!(by_the_one_that_stays.awaited(&one, false, "t"), [Side::Lead]);
        assert_eq!(proposal(ProposalKind::Merge, 2).awaited(&[], true, "t"), [Side::Lead]);
    }

    #[test]
    fn every_fault_of_a_proposal_is_named() {
        let terms = Proposed { share_pence: Pence(-1), role: "r".repeat(201), ..Proposed::default() };
        let new = NewProposal {
            kind: ProposalKind::Join,
            organisation: " ".into(),
            other_bid: String::new(),
            other_stays: false,
            words: String::new(),
            terms,
        };
        let fields: Vec<_> = new.faults().into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["organisation", "role", "share_pence", "words"]);
    }
}
