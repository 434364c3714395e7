//! The table of policy, pure: which capacity allows which action on a bid in which kind of state.

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

words! {
    /// What can be asked for.
    pub enum Action {
        /// Import and correct organisations.
        ManageOrganisations = "manage_organisations",
        /// Read messages that wait or could not be sent.
        ReadOutbox = "read_outbox",
        /// Make a fund.
        CreateFund = "create_fund",
        /// Write entries into the register of earlier work.
        ManageRegister = "manage_register",
        /// Record which organisations belong to a declaration or a network.
        ManageNetworks = "manage_networks",
        /// See an organisation's own pages.
        ReadOrganisation = "read_organisation",
        /// Say who belongs to an organisation and in which role.
        ManageMembers = "manage_members",
        /// Keep what an organisation says in each of its bids.
        EditProfile = "edit_profile",
        /// Let programs act for an organisation.
        ManageClients = "manage_clients",
        /// Start a bid as lead authority.
        StartBid = "start_bid",
        /// Choose which of the drafts that an organisation leads in a round go forward.
        ChooseBids = "choose_bids",
        /// Ask about a round on behalf of an organisation.
        AskQuestion = "ask_question",
        /// See a round as staff do, drafts and counts included.
        ReadRound = "read_round",
        /// Say who manages, assesses, moderates and observes.
        ManageStaff = "manage_staff",
        /// Make and change rounds.
        EditRound = "edit_round",
        /// Publish a round, which locks its rules.
        PublishRound = "publish_round",
        /// Answer to everybody what was asked about a round, or say why not.
        AnswerQuestions = "answer_questions",
        /// List and export the bids of a round as staff.
        ListBids = "list_bids",
        /// Release outcomes at a milestone.
        Release = "release",
        /// See a bid.
        ReadBid = "read_bid",
        /// See what happened to a bid.
        ReadHistory = "read_history",
        /// Read what became of a bid, with the feedback, once it is out.
        ReadOutcomes = "read_outcomes",
        /// Change title, ask, costs and promises of a bid, and everything else but its answers.
        EditBid = "edit_bid",
        /// Change the answers of a bid, and comment on them.
        WriteAnswers = "write_answers",
        /// See how the councils of a bid write it: earlier texts of its answers, comments, and who writes what.
        ReadWriting = "read_writing",
        /// Submit a bid.
        SubmitBid = "submit_bid",
        /// Withdraw a bid.
        WithdrawBid = "withdraw_bid",
        /// See whether a bid alone has more time.
        ReadTime = "read_time",
        /// See why a bid alone has more time, which may say something of a person.
        ReadTimeReason = "read_time_reason",
        /// Read what the fund asked a bid's councils, and what they answered.
        ReadClarifications = "read_clarifications",
        /// Ask a bid's councils a question, give more time for it and take it back.
        AskClarification = "ask_clarification",
        /// Answer what the fund asked a bid's councils.
        AnswerClarification = "answer_clarification",
        /// Give a bid alone more time.
        GiveTime = "give_time",
        /// Put a bid on hold, and lift the hold.
        HoldBid = "hold_bid",
        /// Say how many hours a bid took one's own council, and read that.
        GiveHours = "give_hours",
        /// Invite and remove partners, set shares.
        ManagePartners = "manage_partners",
        /// Accept or decline an invitation.
        AnswerInvitation = "answer_invitation",
        /// Propose who is to lead a bid or that two become one, and agree to it for one's own council.
        ChangePartnership = "change_partnership",
        /// Sign the terms of a bid for one's own council, or ask for changes.
        SignOff = "sign_off",
        /// Mark the answers of an expression of interest.
        SiftBid = "sift_bid",
        /// Give a bid to assessors.
        AssignAssessors = "assign_assessors",
        /// Invite people to assess in a round, and end their places.
        ManagePool = "manage_pool",
        /// Say whether an organisation that is not known yet can be a partner.
        CheckOrganisation = "check_organisation",
        /// Score a bid.
        ScoreBid = "score_bid",
        /// Mark whether a bid passes the gateway checks of its round.
        CheckGateway = "check_gateway",
        /// Flag a bid to the fund team, or ask it about the bid.
        AskFund = "ask_fund",
        /// Answer what assessors have flagged and asked.
        AnswerFundQuery = "answer_fund_query",
        /// See everybody's scores of a bid.
        ReadScores = "read_scores",
        /// Have the bids of a round ranked for the record.
        RankRound = "rank_round",
        /// Open the moderation of a round, and record what is done about a bid in it.
        Moderate = "moderate",
        /// Say when bids of a round can be interviewed, where, and by whom.
        ArrangeInterviews = "arrange_interviews",
        /// Choose when a bid is interviewed.
        ChooseInterview = "choose_interview",
        /// Score the interview of a bid on whose panel one sits.
        InterviewBid = "interview_bid",
        /// Bring slides to the interview of a bid, and take them out.
        AddSlides = "add_slides",
        /// Download the slides of a bid's interview.
        ReadSlides = "read_slides",
        /// Record decisions on a bid and move it on.
        DecideBid = "decide_bid",
        /// Report what a project delivered.
        ReportDelivery = "report_delivery",
        /// Declare an interest in a bid.
        DeclareConflict = "declare_conflict",
        /// Read what somebody wrote of a bid who no longer reads it.
        OpenSealed = "open_sealed",
    }
}

impl Action {
    /// Whether it belongs to assessing or deciding, where a conflict of interest is a wall.
    pub const fn assesses_or_decides(self) -> bool {
        matches!(
            self,
            Self::SiftBid
                | Self::AssignAssessors
                | Self::ScoreBid
                | Self::CheckGateway
                | Self::AskFund
                | Self::AnswerFundQuery
                | Self::ReadScores
                | Self::RankRound
                | Self::Moderate
                | Self::ArrangeInterviews
                | Self::InterviewBid
                | Self::DecideBid
                | Self::GiveTime
                | Self::HoldBid
                | Self::AskClarification
                | Self::DeclareConflict
                | Self::OpenSealed
        )
    }

    /// Whether nobody can do it to a bid any more once its round was called off. Bids can still be read and withdrawn.
    pub const fn ends_with_the_round(self) -> bool {
        matches!(
            self,
            Self::EditBid
                | Self::WriteAnswers
                | Self::SubmitBid
                | Self::GiveTime
                | Self::HoldBid
                | Self::AskClarification
                | Self::AnswerClarification
                | Self::ManagePartners
                | Self::AnswerInvitation
                | Self::ChangePartnership
                | Self::SignOff
                | Self::SiftBid
                | Self::AssignAssessors
                | Self::ScoreBid
                | Self::CheckGateway
                | Self::AskFund
                | Self::Moderate
                | Self::ArrangeInterviews
                | Self::ChooseInterview
                | Self::InterviewBid
                | Self::AddSlides
                | Self::DecideBid
        )
    }

    /// What somebody hears who may see the thing and not do this.
    pub fn refusal(self, kind: Option<BidKind>) -> String {
        let who = match self {
            Self::EditBid
            | Self::SubmitBid
            | Self::WithdrawBid
            | Self::ManagePartners
            | Self::AnswerClarification
            | Self::ChooseInterview => "people of the lead authority",
            Self::WriteAnswers | Self::ReadWriting | Self::GiveHours | Self::ChangePartnership | Self::AddSlides => {
                "people of the lead authority and of the partners that have confirmed"
            }
            Self::ReadSlides => "the bid's councils, the fund's staff and the panel that interviews the bid",
            Self::ReadClarifications => "the bid's councils, the fund's staff and the bid's assessors",
            Self::ReadOutcomes => {
                "people of the lead authority and of the partners that have confirmed, and the fund's staff,"
            }
            Self::SignOff => "a signatory of one of the bid’s councils, such as its section 151 officer,",
            Self::AnswerInvitation => "people of the council that was invited",
            Self::SiftBid
            | Self::CheckGateway
            | Self::AnswerFundQuery
            | Self::DecideBid
            | Self::AssignAssessors
            | Self::Release
            | Self::EditRound
            | Self::GiveTime
            | Self::HoldBid
            | Self::AnswerQuestions
            | Self::AskClarification
            | Self::CheckOrganisation
            | Self::ManagePool
            | Self::OpenSealed
            | Self::ArrangeInterviews
            | Self::ManageStaff => "fund managers",
            Self::ReadTime => "the bid's councils and the fund's staff",
            Self::ReadTimeReason => "people of the lead authority and fund managers",
            Self::PublishRound | Self::ListBids | Self::ReadRound => "the fund's staff",
            Self::ScoreBid => "assessors of the round",
            Self::InterviewBid => "people of the panel that interviews the bid",
            Self::AskFund => "people who read the bid for the fund",
            Self::Moderate => "fund managers and moderators",
            Self::DeclareConflict => "people who assess or decide for the fund",
            Self::ManageMembers | Self::EditProfile | Self::ManageClients | Self::ChooseBids => {
                "administrators of the organisation"
            }
            _ => "other people",
        };
        match kind {
            Some(kind) => format!("Only {who} can do this, and not in every state: the bid is in {kind} now."),
            None => format!("Only {who} can do this."),
        }
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

/// Whether `capacity` allows `action`; `kind` is the kind of state that the bid is in, when it is about a bid.
pub const fn allows(capacity: Capacity, action: Action, kind: Option<BidKind>) -> bool {
    match capacity {
        Capacity::System => true,
        Capacity::ServiceAdmin => matches!(
            action,
            Action::ManageOrganisations
                | Action::ReadOutbox
                | Action::CreateFund
                | Action::ManageRegister
                | Action::ManageNetworks
                | Action::ReadRound
                | Action::ManageStaff
                | Action::ReadOrganisation
                | Action::ManageMembers
        ),
        Capacity::SignedIn => false,
        Capacity::LeadMember => lead_member(action, kind),
        Capacity::LeadSignatory => lead_member(action, kind) || matches!(action, Action::SignOff),
        Capacity::LeadAdministrator => {
            lead_member(action, kind)
                || matches!(
                    action,
                    Action::ManageMembers | Action::EditProfile | Action::ManageClients | Action::ChooseBids
                )
        }
        Capacity::InvitedMember => matches!(action, Action::ReadBid | Action::ReadTime | Action::AnswerInvitation),
        Capacity::PartnerMember => partner(action, kind),
        Capacity::PartnerSignatory => partner(action, kind) || matches!(action, Action::SignOff),
        Capacity::SignatoryDeputy => matches!(action, Action::SignOff),
        Capacity::FundManager => fund_manager(action, kind),
        Capacity::Moderator => is_seeing_as_staff(action, kind) || is_leading_the_panel(action, kind),
        Capacity::Observer => is_seeing_as_staff(action, kind),
        Capacity::Assessor => assessor(action, kind),
        Capacity::BlindAssessor => blind_assessor(action, kind),
        Capacity::PoolAssessor => pool_assessor(action, kind),
        Capacity::Interviewer => interviewer(action, kind),
    }
}

const fn lead_member(action: Action, kind: Option<BidKind>) -> bool {
    match action {
        Action::ReadOrganisation
        | Action::StartBid
        | Action::AskQuestion
        | Action::ReadBid
        | Action::ReadTime
        | Action::ReadTimeReason
        | Action::ReadHistory
        | Action::ReadClarifications
        | Action::ReadWriting
        | Action::GiveHours
        | Action::ReadSlides
        | Action::ReadOutcomes => true,
        Action::AnswerClarification | Action::ChooseInterview | Action::AddSlides => {
            matches!(kind, Some(BidKind::Waiting | BidKind::Review))
        }
        Action::EditBid | Action::WriteAnswers | Action::ManagePartners => is_written(kind),
        // What arrived in time may be worked on after the timer closed the draft: the plan decides by the instant.
        Action::SubmitBid => matches!(kind, Some(BidKind::Draft | BidKind::Waiting | BidKind::Closed)),
        Action::WithdrawBid | Action::ChangePartnership => is_undecided(kind),
        Action::ReportDelivery => matches!(kind, Some(BidKind::Decided | BidKind::Delivery)),
        _ => false,
    }
}

/// A partner that has confirmed writes the answers with the lead, which keeps everything that binds: ask, costs, promises,
/// who takes part, and submitting.
const fn partner(action: Action, kind: Option<BidKind>) -> bool {
    match action {
        Action::ReadBid
        | Action::ReadTime
        | Action::ReadHistory
        | Action::ReadOutcomes
        | Action::ReadClarifications
        | Action::ReadWriting
        | Action::GiveHours
        | Action::ReadSlides
        | Action::AnswerInvitation => true,
        Action::WriteAnswers => is_written(kind),
        Action::AddSlides => matches!(kind, Some(BidKind::Waiting | BidKind::Review)),
        Action::ChangePartnership => is_undecided(kind),
        _ => false,
    }
}

const fn is_undecided(kind: Option<BidKind>) -> bool {
    matches!(kind, Some(BidKind::Draft | BidKind::Waiting | BidKind::Review))
}

const fn is_written(kind: Option<BidKind>) -> bool {
    matches!(kind, Some(BidKind::Draft | BidKind::Waiting))
}

/// Staff never see a draft that was not submitted.
const fn is_seeing_as_staff(action: Action, kind: Option<BidKind>) -> bool {
    match action {
        Action::ReadRound | Action::ListBids => true,
        Action::ReadBid
        | Action::ReadTime
        | Action::ReadHistory
        | Action::ReadOutcomes
        | Action::ReadClarifications
        | Action::DeclareConflict
        | Action::ReadSlides
        | Action::ReadScores => !matches!(kind, Some(BidKind::Draft)),
        _ => false,
    }
}

const fn fund_manager(action: Action, kind: Option<BidKind>) -> bool {
    match action {
        Action::ManageStaff
        | Action::EditRound
        | Action::PublishRound
        | Action::AnswerQuestions
        | Action::CheckOrganisation
        | Action::ManagePool
        | Action::Release
        | Action::ManageNetworks
        | Action::ManageRegister => true,
        // A council asks for more time while it writes, so a manager may learn that there is a draft, and of it no more.
        Action::GiveTime | Action::ReadTime | Action::ReadTimeReason => true,
        Action::OpenSealed | Action::ArrangeInterviews | Action::AnswerFundQuery => {
            !matches!(kind, Some(BidKind::Draft))
        }
        Action::SiftBid | Action::DecideBid | Action::HoldBid => {
            !matches!(kind, Some(BidKind::Draft | BidKind::Closed))
        }
        // The kind is the one that everybody may know, so that no decision shows in whether something can be asked.
        Action::AskClarification | Action::CheckGateway => matches!(kind, Some(BidKind::Waiting | BidKind::Review)),
        _ => is_leading_the_panel(action, kind) || is_seeing_as_staff(action, kind),
    }
}

const fn is_leading_the_panel(action: Action, kind: Option<BidKind>) -> bool {
    match action {
        Action::AssignAssessors | Action::RankRound => !matches!(kind, Some(BidKind::Draft | BidKind::Closed)),
        // What everybody may know of a bid ends it, so that no decision shows in whether it can be talked over.
        Action::Moderate => matches!(kind, None | Some(BidKind::Waiting | BidKind::Review)),
        _ => false,
    }
}

const fn assessor(action: Action, kind: Option<BidKind>) -> bool {
    match action {
        Action::ReadBid | Action::ReadClarifications | Action::ScoreBid | Action::AskFund => {
            !matches!(kind, Some(BidKind::Draft))
        }
        _ => pool_assessor(action, kind),
    }
}

/// Whoever asks the questions reads the bid, and scores what is said in the interview; the reading is for others to score.
const fn interviewer(action: Action, kind: Option<BidKind>) -> bool {
    match action {
        Action::ReadBid | Action::ReadClarifications | Action::InterviewBid | Action::ReadSlides => {
            !matches!(kind, Some(BidKind::Draft))
        }
        _ => pool_assessor(action, kind),
    }
}

/// Everything else that is read of a bid tells whose it is. Conflicts are declared with organisations, never with one bid.
const fn blind_assessor(action: Action, kind: Option<BidKind>) -> bool {
    match action {
        Action::ReadClarifications | Action::ScoreBid | Action::AskFund => !matches!(kind, Some(BidKind::Draft)),
        Action::ReadRound => true,
        _ => false,
    }
}

/// A declaration must not tell whether there is a draft.
const fn pool_assessor(action: Action, kind: Option<BidKind>) -> bool {
    match action {
        Action::ReadRound => true,
        Action::DeclareConflict => !matches!(kind, Some(BidKind::Draft)),
        _ => false,
    }
}
