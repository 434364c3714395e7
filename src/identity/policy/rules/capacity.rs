//! In which capacity somebody acts, and in which kind of state a bid is.

use crate::words;

words! {
    /// What an actor is to a thing.
    pub enum Capacity {
        /// The service itself.
        System = "system",
        /// Runs the instance: organisations, mail, people.
        ServiceAdmin = "service_admin",
        /// Signed in, nothing more.
        SignedIn = "signed_in",
        /// Works for the lead authority (for an organisation: for it).
        LeadMember = "lead_member",
        /// May sign for the lead authority: its section 151 officer.
        LeadSignatory = "lead_signatory",
        /// Manages the lead authority's people.
        LeadAdministrator = "lead_administrator",
        /// Works for a council that was invited and has not answered.
        InvitedMember = "invited_member",
        /// Works for a partner council.
        PartnerMember = "partner_member",
        /// May sign for a partner council.
        PartnerSignatory = "partner_signatory",
        /// Was named to sign for the lead authority or a partner in the place of its signatory, on some days: on which, whoever
        /// keeps signatures asks.
        SignatoryDeputy = "signatory_deputy",
        /// Runs the fund's rounds.
        FundManager = "fund_manager",
        /// Reads and scores bids given to them.
        Assessor = "assessor",
        /// Reads and scores bids given to them, and does not know whose they are: the round's rules say so, until its awards are
        /// announced.
        BlindAssessor = "blind_assessor",
        /// Leads the panel.
        Moderator = "moderator",
        /// Looks on.
        Observer = "observer",
        /// Assesses for the fund, but was not given this bid.
        PoolAssessor = "pool_assessor",
        /// Sits on the panel that interviews this bid.
        Interviewer = "interviewer",
    }
}

words! {
    /// The semantic kinds of a workflow's states.
    pub enum BidKind {
        /// The lead writes.
        Draft = "draft",
        /// It waits for the round to go on.
        Waiting = "waiting",
        /// It is being assessed.
        Review = "review",
        /// An outcome stands.
        Decided = "decided",
        /// The project runs.
        Delivery = "delivery",
        /// Nothing more happens.
        Closed = "closed",
    }
}

impl Capacity {
    /// Whether it comes from the fund, and not from one of the bid's own councils or the service.
    pub const fn works_for_the_fund(self) -> bool {
        matches!(
            self,
            Self::FundManager
                | Self::Assessor
                | Self::BlindAssessor
                | Self::Moderator
                | Self::Observer
                | Self::PoolAssessor
                | Self::Interviewer
        )
    }
}
