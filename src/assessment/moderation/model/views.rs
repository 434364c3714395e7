//! Moderation as it is read: the round's queue, one bid with everybody's scores, and what an assessor reads of the others.

use serde::{Deserialize, Serialize};

use super::{AgreedScore, Ground, KnownAtLine, ModerationState, StepKind};
use crate::{
    assessment::model::{BidLine, Confidence, Score},
    clock::Moment,
    ids::{Id, PersonKey},
};

/// The opening of a round's moderation, on its way in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewModeration)]
pub struct NewOpening {
    /// Why it opens although assessments are missing, if some are.
    #[serde(default)]
    pub reason: String,
}

/// That a round's moderation is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenModeration)]
pub struct Opening {
    /// Since when.
    pub opened_at: Moment,
    /// Who opened it, by name.
    pub opened_by: String,
    /// Why although assessments were missing; empty where none was.
    pub reason: String,
}

/// An assessment that is given and not submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = UnfinishedAssessment)]
pub struct Unfinished {
    /// The bid, by its reference.
    pub bid: String,
    /// The assessor.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
}

/// The bids of a round in moderation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ModerationQueue)]
pub struct Queue {
    /// That it is open; nothing before.
    pub opened: Option<Opening>,
    /// What is not submitted.
    pub unfinished: Vec<Unfinished>,
    /// What is known of which bids are near the funding line; nothing where the round's rules do not have those talked over, and
    /// before moderation is open.
    pub at_line: Option<KnownAtLine>,
    /// The bids that take or took scores, by the means of the scores that assessors gave by themselves, best first; nothing before
    /// moderation is open.
    pub bids: Vec<QueuedBid>,
    /// How many bids were to be talked over.
    pub of: u32,
    /// How many of them are settled: agreed or passed over.
    pub settled: u32,
    /// How many bids are in no list and in no count here because the reader assesses them and reads them blind still.
    pub blind: u32,
}

impl Queue {
    /// The bid that is next to be talked over, after this one if one is said.
    pub fn next(&self, after: Option<&str>) -> Option<&QueuedBid> {
        let waits =
            |bid: &&QueuedBid| bid.state == ModerationState::Waiting && Some(bid.bid.reference.as_str()) != after;
        let here = after.and_then(|after| self.bids.iter().position(|bid| bid.bid.reference == after)).unwrap_or(0);
        let first = self.bids.iter().filter(|bid| bid.next_since.is_some()).find(waits);
        let behind = self.bids.iter().skip(here).find(waits);
        first.or(behind).or_else(|| self.bids.iter().find(waits))
    }
}

/// A bid in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = BidInModerationQueue)]
pub struct QueuedBid {
    /// The bid.
    #[serde(flatten)]
    pub bid: BidLine,
    /// Its place by the mean of the scores that assessors gave by themselves; bids with the same mean share one.
    pub place: Option<u32>,
    /// Where it stands.
    pub state: ModerationState,
    /// Why it is or was talked over.
    pub grounds: Vec<Ground>,
    /// Since when the chair wants it to be talked over before the others, if so.
    pub next_since: Option<Moment>,
    /// Why the chair has passed it over, if so.
    pub passed_because: Option<String>,
    /// How many assessments are submitted.
    pub readers: u32,
    /// By how much the weighted scores differ.
    pub spread: Option<String>,
    /// The weighted mean of the scores that assessors gave by themselves, with two decimals.
    pub mean: Option<String>,
    /// The same with what was agreed; nothing where nothing was.
    pub moderated: Option<String>,
    /// Counts what was done about the bid.
    pub version: i32,
}

/// A bid in moderation, with everybody's scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BidModeration {
    /// The bid.
    #[serde(flatten)]
    pub line: QueuedBid,
    /// The round's place in addresses.
    pub round: String,
    /// The organisations that make the bid, its lead first.
    pub organisations: Vec<String>,
    /// That moderation is open.
    pub opened: Option<Opening>,
    /// What is known of which bids of the round are near the funding line; nothing where its rules do not have those talked over,
    /// and before moderation is open.
    pub at_line: Option<KnownAtLine>,
    /// Whether the reader can record what is done about it now.
    pub open: bool,
    /// The assessors who have submitted.
    pub readings: Vec<ReadBy>,
    /// What they gave on each criterion.
    pub criteria: Vec<ModeratedCriterion>,
    /// What was done, the newest first.
    pub steps: Vec<StepView>,
    /// Who can be in the room, the bid's assessors first: nobody with a conflict of interest.
    pub people: Vec<Participant>,
}

/// Who read a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReadBy {
    /// What they are called before others: `Assessor 1`.
    pub label: String,
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// The weighted sum of their scores, with all its digits.
    pub weighted: String,
}

/// A criterion with what was given on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ModeratedCriterion {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its share of the whole, such as `30%`.
    pub share: String,
    /// By how much the scores differ.
    pub spread: Option<String>,
    /// Whether that asks for the bid to be talked over.
    pub differs: bool,
    /// What each assessor gave, in the order of the readings.
    pub given: Vec<Given>,
    /// What was agreed and counts.
    pub agreed: Option<AgreedScore>,
}

/// What one assessor gave on one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = GivenInModeration)]
pub struct Given {
    /// What the assessor is called before others.
    pub label: String,
    /// The score.
    pub value: i32,
    /// What it is called on the scale.
    pub grade: String,
    /// How sure they were.
    pub confidence: Confidence,
    /// Why.
    pub justification: String,
}

/// What was done about a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ModerationStep)]
pub struct StepView {
    /// Counts the steps of the bid, from 1.
    pub number: i32,
    /// What was done.
    pub step: StepKind,
    /// When.
    pub at: Moment,
    /// Who recorded it, by name.
    pub by: String,
    /// Why; empty for an agreement.
    pub reason: String,
    /// What was agreed.
    pub scores: Vec<AgreedScore>,
    /// Who was in the room, by name.
    pub present: Vec<String>,
    /// Whether it is the agreement that counts.
    pub counts: bool,
}

/// Somebody who can be in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ModerationParticipant)]
pub struct Participant {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// Whether they read the bid.
    pub reads: bool,
    /// Whether they were in the room when the reader recorded an agreement last.
    pub was_present: bool,
}

/// What an assessor reads of a bid once moderation is open and their own assessment is submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = OthersScores)]
pub struct Others {
    /// What the others gave.
    pub readings: Vec<OtherReading>,
    /// What was agreed and counts.
    pub agreed: Vec<AgreedScore>,
}

/// What another assessor gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OtherReading {
    /// What they are called before others.
    pub label: String,
    /// Their scores, in the order of the criteria.
    pub scores: Vec<Score>,
}
