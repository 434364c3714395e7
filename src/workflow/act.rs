//! What sort of act a transition is, and who can ever do such a thing. Policy decides of each person anew and is the only one to
//! ask; this is its rule as far as a definition can go against it (a test holds the two together), so that no definition
//! offers somebody what policy refuses.

use super::model::{Effect, Gate, Kind, Transition};
use super::role::Role;

/// What sort of act a transition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The fund says what becomes of an expression of interest.
    Sift,
    /// The fund decides on a bid or moves it.
    Decide,
    /// The councils hand over what they wrote.
    Submit,
    /// The councils begin the full application.
    Edit,
    /// The councils take the bid back.
    Withdraw,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 5] = [Self::Sift, Self::Decide, Self::Submit, Self::Edit, Self::Withdraw];

    /// The act of a transition that somebody takes.
    pub fn of(transition: &Transition) -> Self {
        match transition.gate {
            Some(Gate::Sift) => Self::Sift,
            Some(_) => Self::Decide,
            None if transition.keeps_version() => Self::Submit,
            None if transition.effects.contains(&Effect::OpenFullApplication) => Self::Edit,
            None if transition.who.iter().any(|role| role.is_applicant()) => Self::Withdraw,
            None => Self::Decide,
        }
    }

    /// Whether somebody in this role can ever do it.
    pub fn is_for(self, role: Role) -> bool {
        match self {
            Self::Sift | Self::Decide => role == Role::FundManager,
            Self::Submit | Self::Edit | Self::Withdraw => {
                matches!(role, Role::LeadMember | Role::LeadSignatory | Role::LeadAdministrator)
            }
        }
    }

    /// Whether it can be done to a bid in a state of this kind.
    pub const fn is_possible_in(self, kind: Kind) -> bool {
        match self {
            Self::Sift | Self::Decide => !matches!(kind, Kind::Draft | Kind::Closed),
            Self::Submit => matches!(kind, Kind::Draft | Kind::Waiting | Kind::Closed),
            Self::Edit => matches!(kind, Kind::Draft | Kind::Waiting),
            Self::Withdraw => matches!(kind, Kind::Draft | Kind::Waiting | Kind::Review),
        }
    }

    /// The words for it, after "can".
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Sift | Self::Decide => "decide on a bid or move it",
            Self::Submit => "submit a bid",
            Self::Edit => "begin the full application",
            Self::Withdraw => "take a bid back",
        }
    }
}
