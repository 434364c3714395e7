//! What somebody hears who may see a thing and not do what they ask for.

use super::{Action, BidKind};

impl Action {
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
