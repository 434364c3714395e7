//! What can be asked for, and what of it ends with a conflict of interest or with the round.

use crate::words;

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
}
