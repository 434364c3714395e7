//! Plans, pins and bans as they are asked for and read.

use serde::{Deserialize, Serialize};

use crate::{
    assessment::conflicts::model::reason_fault,
    clock::Moment,
    error::Fault,
    ids::{Id, PersonKey, RowKey},
    words,
};

/// What taking away a reading that stands costs, unless somebody says otherwise: a tenth of the best that a reading can be worth.
pub const USUAL_PRICE: u32 = 100;
/// The most that it can cost: as much as ten of the best readings are worth.
pub const HIGHEST_PRICE: u32 = 10_000;

const fn usual_price() -> u32 {
    USUAL_PRICE
}

const fn yes() -> bool {
    true
}

/// What a plan is to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewAssignmentPlan)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// What taking away a reading that is given already costs, from 0 to 10,000: it is moved only where that gains more. 100 if not
    /// said.
    #[serde(default = "usual_price")]
    #[schema(default = 100, maximum = 10_000)]
    pub change_price: u32,
    /// Whether assessors read at least as many bids as they have said they want to; so if not said.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub keep_least: bool,
}

impl Default for NewPlan {
    fn default() -> Self {
        Self { change_price: USUAL_PRICE, keep_least: true }
    }
}

impl NewPlan {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        let message = || format!("Give a whole number from 0 to {HIGHEST_PRICE}.");
        let far = self.change_price > HIGHEST_PRICE;
        far.then(|| Fault::new("change_price", "out_of_range", message())).into_iter().collect()
    }
}

/// The number of a plan that was made, or that stands already because nothing has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPlanMade)]
pub struct PlanMade {
    /// Its number.
    pub number: i32,
    /// Whether it is new.
    pub new: bool,
}

/// A plan in a list.
#[derive(Debug, Clone, PartialEq, Eq, diesel::Queryable, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPlanLine)]
pub struct PlanLine {
    /// Counts the plans of the round, from 1: the newest counts.
    pub number: i32,
    /// When it was made.
    pub made_at: Moment,
    /// Who had it made, by name.
    pub made_by: String,
    /// When it was applied.
    pub applied_at: Option<Moment>,
}

words! {
    /// What a plan does with a reading.
    pub enum PlanStep {
        /// It gives the bid.
        Added = "added",
        /// It leaves what is given.
        Kept = "kept",
        /// It takes the bid away.
        Removed = "removed",
    }
}

words! {
    /// Why a plan takes a bid from somebody.
    pub enum WhyRemoved {
        /// They have a conflict of interest with it.
        Conflict = "conflict",
        /// They may have one that nobody has answered.
        Possible = "possible_conflict",
        /// They are banned from it.
        Banned = "banned",
        /// They do not assess in the round any more.
        NotInPool = "not_in_pool",
        /// They can on no day of assessing.
        Away = "away",
        /// The plan gains more by giving it to others than the change costs, or the bid has more readers than the round asks for.
        Moved = "moved",
    }
}

impl WhyRemoved {
    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Conflict => "has a conflict of interest",
            Self::Possible => "may have a conflict of interest that nobody has answered",
            Self::Banned => "is banned from it",
            Self::NotInPool => "does not assess in this round any more",
            Self::Away => "is away on all days of assessing",
            Self::Moved => "the plan is worth more with others",
        }
    }
}

/// A plan of who reads what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPlan)]
pub struct Plan {
    /// Counts the plans of the round, from 1: the newest counts.
    pub number: i32,
    /// When it was made.
    pub made_at: Moment,
    /// Who had it made, by name.
    pub made_by: String,
    /// When it was applied, so that its bids were given.
    pub applied_at: Option<Moment>,
    /// Who applied it, by name.
    pub applied_by: Option<String>,
    /// Whether it is over all bids of the round. Otherwise this is what whoever reads it may see: their bids alone, and no figure
    /// that follows from others.
    pub whole: bool,
    /// Whether what it was made of still holds.
    pub current: bool,
    /// Whether no newer one was made.
    pub newest: bool,
    /// How many assessors read each bid.
    pub readers: u32,
    /// What taking away a reading that was given already cost.
    pub change_price: u32,
    /// Whether assessors read at least as many bids as they wanted.
    pub keep_least: bool,
    /// What it is worth and the proof, where it is whole.
    pub figures: Option<PlanFigures>,
    /// The bids, by their references.
    pub bids: Vec<PlanBid>,
    /// The assessors, by name.
    pub assessors: Vec<PlanLoad>,
    /// How many readings it gives, of those that are shown.
    pub added: u32,
    /// How many it leaves.
    pub kept: u32,
    /// How many it takes away.
    pub removed: u32,
    /// What assessors have said that they would like to read, of the bids that are shown. None in a plan that was made before
    /// anybody could say so.
    pub preferences: Option<PlanPreferences>,
}

/// How many readings assessors would like and would rather not have, and how many of these a plan has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPlanPreferences)]
pub struct PlanPreferences {
    /// How many readings assessors would like.
    pub said_wanted: u32,
    /// How many they would rather not have.
    pub said_rather_not: u32,
    /// How many of the first kind the plan has.
    pub wanted: u32,
    /// How many of the second.
    pub rather_not: u32,
}

/// What a plan is worth, and the proof that none is worth more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPlanFigures)]
pub struct PlanFigures {
    /// The SHA-256 of what it was made of.
    pub inputs_sha256: String,
    /// The sum of what its readings are worth, each from 0 to 1000.
    pub value: i64,
    /// That, less the price of the readings that are moved: what was maximised.
    pub objective: i64,
    /// How many readings are moved for the price of a change.
    pub moved: u32,
    /// No assignment within the limits has a higher objective.
    pub bound: i64,
    /// Whether the objective reaches the bound.
    pub optimal: bool,
    /// How many pairs were left out, every one of which was looked at.
    pub left_out: u64,
    /// The least that any of them falls short of its prices.
    pub least_reduced_cost: Option<i64>,
    /// The price of a reading of each bid, by the rows of the matrix.
    pub bid_prices: Vec<i64>,
    /// The price of a reading by each assessor, by the columns of the matrix.
    pub assessor_prices: Vec<i64>,
    /// How many parts bids and assessors fall into that share neither: scores of different parts cannot be compared.
    pub parts: u32,
    /// How many pairs of assessors read at least two bids in common.
    pub sharing_two: u32,
}

/// A bid with its readers by a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPlanBid)]
pub struct PlanBid {
    /// Its reference.
    pub bid: String,
    /// Its title.
    pub title: String,
    /// Its row in the matrix, from 0; none where its readings have begun already, so that it was not asked for.
    pub row: Option<u32>,
    /// Who reads it, and from whom it is taken, by name.
    pub readers: Vec<PlanReader>,
}

/// Somebody who reads a bid by a plan, or from whom it takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPlanReader)]
pub struct PlanReader {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// What it is worth that they read it, from 0 to 1000.
    pub worth: u32,
    /// What the plan does.
    pub step: PlanStep,
    /// Whether they had begun when it was made.
    pub begun: bool,
    /// Why it is taken from them.
    pub why: Option<WhyRemoved>,
}

/// How much somebody reads by a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPlanLoad)]
pub struct PlanLoad {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// Their column in the matrix, from 0, where the plan is whole.
    pub column: Option<u32>,
    /// How many bids they want to read at least.
    pub least: u32,
    /// How many they can read at most.
    pub most: u32,
    /// How many they had when it was made, of those that are shown.
    pub before: u32,
    /// How many they read by the plan, of those that are shown.
    pub reads: u32,
}

/// What came of applying a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPlanApplied)]
pub struct PlanApplied {
    /// Its number.
    pub number: i32,
    /// How many bids were given.
    pub given: u32,
    /// How many were taken away.
    pub taken: u32,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoPlan {
    /// The whole in words, with what to do.
    pub message: String,
    /// The bids concerned.
    pub bids: Vec<NamedBid>,
    /// The assessors whose limits make it impossible.
    pub assessors: Vec<NamedReader>,
}

/// A bid as it is named where there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedBid {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
}

/// An assessor as they are named where there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedReader {
    /// Their name.
    pub name: String,
    /// Their place in the pool.
    pub place: Option<Id<RowKey>>,
    /// How many bids they want to read at least.
    pub least: u32,
    /// How many they can read at most.
    pub most: u32,
}

words! {
    /// What a plan must or must not do.
    pub enum PinKind {
        /// The assessor reads the bid.
        Pin = "pin",
        /// The assessor never reads the bid.
        Ban = "ban",
    }
}

/// A pin or a ban.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPin)]
pub struct Pin {
    /// Its id.
    pub id: Id<RowKey>,
    /// The reference of the bid.
    pub bid: String,
    /// The bid's title.
    pub title: String,
    /// The assessor.
    pub person: Id<PersonKey>,
    /// The assessor's name.
    pub name: String,
    /// What it says.
    pub kind: PinKind,
    /// Why.
    pub reason: String,
    /// By how much the best plan was worth less with it when it was made; none where there was none to hold it against.
    pub cost: Option<i64>,
    /// Who made it, by name.
    pub made_by: String,
    /// When.
    pub made_at: Moment,
}

/// A pin or a ban on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewAssignmentPin)]
#[serde(deny_unknown_fields)]
pub struct NewPin {
    /// The reference of the bid.
    pub bid: String,
    /// The assessor.
    pub person: Id<PersonKey>,
    /// What it says.
    pub kind: PinKind,
    /// Why, in up to 200 words.
    pub reason: String,
}

impl NewPin {
    /// What is wrong with it by itself.
    pub fn faults(&self) -> Vec<Fault> {
        let missing = match self.kind {
            PinKind::Pin => "Say why this assessor has to read this bid.",
            PinKind::Ban => "Say why this assessor must not read this bid.",
        };
        reason_fault(&self.reason, missing).into_iter().collect()
    }
}

/// What a pin or a ban would cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AssignmentPinPrice)]
pub struct PinPrice {
    /// What the best plan is worth without it; none where there is no plan as things stand.
    pub without: Option<i64>,
    /// What the best plan is worth with it; none where there is no plan then.
    pub with: Option<i64>,
    /// By how much that is less.
    pub cost: Option<i64>,
    /// The same in words.
    pub told: String,
}
