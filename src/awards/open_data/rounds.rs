//! A published round as calendars and feeds need it: what is in them, without their notation.

use crate::{
    clock::Moment,
    funds::{
        model::{Milestone, RoundInFull, Status},
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
    /// When it was published, which is when it last changed but for extensions of deadlines.
    pub published_at: Moment,
}

impl OpenRound {
    /// The round as it stands at `now`, with these answers; none before it is published.
    pub fn of(full: RoundInFull, answers: Vec<(Id<RowKey>, PublishedQuestion)>, now: Moment) -> Option<Self> {
        Some(Self {
            id: full.round.id,
            status: full.timetable.status(full.round.state, now),
            most: full.rulebook.phases.iter().map(|phase| phase.limit_pence).max(),
            published_at: full.round.published_at?,
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
    let changed = rounds.iter().flat_map(|round| [Some(round.published_at), answered(round)]).flatten().max();
    changed.unwrap_or_else(|| Moment::from_micros(0))
}
