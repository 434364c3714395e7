//! The table itself: a line for each capacity.

use super::{Action, BidKind, Capacity};

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
