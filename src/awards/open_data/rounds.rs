//! A published round as calendars and feeds need it: what is in them, without their notation.

use crate::{
    clock::Moment,
    funds::{
        model::{Milestone, RoundInFull, Status},
        pages::sentence,
        questions::model::PublishedQuestion,
    },
    ids::{Id, RoundKey, RowKey},
    money::Pence,
};

/// A published round.
#[derive(Debug, Clone)]
pub struct OpenRound {
    /// Its id.
    pub id: Id<RoundKey>,
    /// Its place in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// Who gives the money.
    pub funder: String,
    /// Where it stands.
    pub status: Status,
    /// How much can be awarded.
    pub budget: Pence,
    /// The most that one bid can ask for.
    pub most: Option<Pence>,
    /// Its milestones, in order.
    pub milestones: Vec<(Milestone, Moment)>,
    /// The newest answers to questions about it, each with the id of the question.
    pub answers: Vec<(Id<RowKey>, PublishedQuestion)>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was published.
    pub published_at: Moment,
    /// When it last changed but for extensions of deadlines.
    pub changed_at: Moment,
    /// When it was called off and why, as a sentence, if it was.
    pub cancelled: Option<(Moment, String)>,
}

impl OpenRound {
    /// The round as it stands at `now`, with these answers, last amended at `amended_at`; none before it is published.
    pub fn of(
        full: RoundInFull,
        now: Moment,
        (answers, amended_at): (Vec<(Id<RowKey>, PublishedQuestion)>, Option<Moment>),
    ) -> Option<Self> {
        let published_at = full.round.published_at?;
        let words = full.round.cancellation().map(|words| sentence(&words));
        Some(Self {
            changed_at: amended_at.map_or(published_at, |at| at.max(published_at)),
            cancelled: full.round.cancelled_at.zip(words),
            id: full.round.id,
            status: full.timetable.status(full.round.state, now),
            most: full.rulebook.phases.iter().map(|phase| phase.limit_pence).max(),
            published_at,
            slug: full.round.slug,
            title: full.round.title,
            summary: full.round.summary,
            funder: full.fund.funder,
            budget: full.round.budget_pence,
            milestones: full.timetable.0,
            answers,
            created_at: full.round.created_at,
        })
    }

    /// What it is for, after the words that it was called off.
    pub fn description(&self) -> String {
        match &self.cancelled {
            Some((_, words)) => format!("{words} {}", self.summary),
            None => self.summary.clone(),
        }
    }

    /// When a milestone comes, if the round has it.
    pub fn at(&self, milestone: Milestone) -> Option<Moment> {
        self.milestones.iter().find(|(name, _)| *name == milestone).map(|(_, at)| *at)
    }

    /// When bids can first be sent.
    pub fn opens(&self) -> Option<Moment> {
        self.at(Milestone::EoiOpens).or_else(|| self.at(Milestone::FullOpens))
    }

    /// After when nobody new can bid.
    pub fn closes(&self) -> Option<Moment> {
        self.at(Milestone::EoiCloses).or_else(|| self.at(Milestone::FullCloses))
    }
}

/// The instant at which any of them last changed for readers; the beginning of 1970 where there is none.
pub fn changed(rounds: &[OpenRound]) -> Moment {
    let answered = |round: &OpenRound| round.answers.iter().map(|(_, question)| question.answered_at).max();
    let changed = rounds.iter().flat_map(|round| [Some(round.changed_at), answered(round)]).flatten().max();
    changed.unwrap_or_else(|| Moment::from_micros(0))
}
