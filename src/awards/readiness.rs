//! Whether the outcomes of a milestone can be released, what stands in the way, and who is told.

use serde::{Deserialize, Serialize};

use super::{model::Release, outside::DecidedOutside};
use crate::{approvals::model::Support, error::Fault, funds::model::Milestone, money::Pence};

/// Who reads the mail about some bids: everybody of the lead authorities and of the partners that have confirmed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = MailReaders)]
pub struct Readers {
    /// How many messages that makes: one for each bid, mail and reader.
    pub messages: usize,
    /// How many people get them.
    pub people: usize,
    /// Of how many councils.
    pub councils: usize,
}

/// Whether the outcomes of a milestone can be released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Readiness {
    /// Which milestone.
    pub milestone: Milestone,
    /// How many bids have an outcome that shows then.
    pub outcomes: usize,
    /// How many people are told by mail.
    pub recipients: usize,
    /// How many messages that makes: one for each bid, mail and reader.
    pub messages: usize,
    /// Of how many councils they are.
    pub councils: usize,
    /// Why nobody is told by mail, where the release is asked for or approved so.
    pub no_mail: Option<String>,
    /// The references of bids that still need a decision.
    pub undecided: Vec<String>,
    /// The references of bids that are on hold and have an outcome that would show then: they are passed over until the
    /// hold is lifted.
    pub on_hold: Vec<String>,
    /// The references of bids whose outcome has no feedback.
    pub without_feedback: Vec<String>,
    /// The references of bids decided against the ranking or the list of record without a reason; none for whoever reads a bid of
    /// the round blind.
    pub unexplained: Vec<String>,
    /// The references of bids that are shortlisted, reserved or awarded money and have not passed their gateway checks.
    pub not_passed: Vec<String>,
    /// The number of a draw that is committed to and neither made nor withdrawn, where money is awarded then; for whoever sees every
    /// bid of the round and reads none blind.
    pub open_draw: Option<i32>,
    /// Whether money is awarded then, the rules name a draw that could be committed to, and none stands; for whoever sees every bid
    /// of the round and reads none blind.
    pub undrawn: bool,
    /// The references of bids that are awarded money and have an organisation that must join a declaration or network first.
    pub not_members: Vec<String>,
    /// Whether a conflict of interest hides from whoever asks a bid about which something is or may yet be decided: they cannot
    /// approve the release, and hear of nobody who does.
    pub hidden: bool,
    /// How much is awarded in all, in pence.
    pub awarded_pence: Pence,
    /// How much can be awarded, in pence.
    pub budget_pence: Pence,
    /// The release, if enough people have approved it.
    pub released: Option<Release>,
    /// Who has approved it, and who is still wanted.
    pub support: Support,
    /// Who decided outside the service, if it is recorded.
    pub outside: Option<DecidedOutside>,
}

impl Readiness {
    /// What stands in the way.
    pub fn obstacles(&self) -> Vec<Fault> {
        let listed = |field: &str, code, references: &[String], what: &str| {
            (!references.is_empty()).then(|| Fault::new(field, code, format!("{what}: {}.", some(references))))
        };
        let empty = self.outcomes == 0 && self.on_hold.is_empty() && self.undecided.is_empty();
        let nothing = empty.then(|| Fault::new("", "nothing_to_release", "There is no outcome to release."));
        let over = (self.awarded_pence > self.budget_pence).then(|| {
            let message = format!("The awards add up to {}, the budget is {}.", self.awarded_pence, self.budget_pence);
            Fault::new("awarded_pence", "over_budget", message)
        });
        let draw = self.open_draw.map(|number| {
            let message = format!("Draw {number} is committed to. Make it first, or withdraw the commitment.");
            Fault::new("open_draw", "draw_open", message)
        });
        let undrawn = self.undrawn.then(|| {
            let message = "The rules say that places at the funding line are drawn by lot: commit to a draw first.";
            Fault::new("undrawn", "undrawn", message)
        });
        let lists = [
            listed("undecided", "undecided", &self.undecided, "Decide these bids first"),
            listed("without_feedback", "no_feedback", &self.without_feedback, "Write feedback for these bids first"),
            listed(
                "unexplained",
                "no_reason",
                &self.unexplained,
                "Give a reason for departing from the ranking or the list",
            ),
            listed(
                "not_passed",
                "gateway_not_passed",
                &self.not_passed,
                "These bids have not passed their gateway checks, so that they get no money",
            ),
            listed(
                "not_members",
                "not_members",
                &self.not_members,
                "Councils of these bids are not yet in a declaration or network that the rules ask for",
            ),
        ];
        let hidden = self.hidden.then(|| {
            let message =
                "You have a conflict of interest with a bid of this round, so that colleagues release its outcomes.";
            Fault::new("", "hidden", message)
        });
        let alone = [nothing, over, draw, undrawn].into_iter().flatten();
        alone.chain(lists.into_iter().flatten()).chain(hidden).collect()
    }
}

/// The first few references, and how many more there are.
fn some(references: &[String]) -> String {
    const SHOWN: usize = 5;
    let first = references.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match references.len().checked_sub(SHOWN) {
        None | Some(0) => first,
        Some(more) => format!("{first} and {more} more"),
    }
}
