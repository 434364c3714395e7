//! The round: fund, timetable, staff, rulebook, and what of it is made up.

use serde::Deserialize;

use crate::{
    clock::Moment,
    funds::{model::Milestone, rulebook::Rulebook},
    identity::model::FundRole,
    words,
};

/// `round.json`: the fund, the round, its timetable and its rulebook.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundFile {
    /// The fund.
    pub fund: FundFacts,
    /// The round.
    pub round: RoundFacts,
    /// The name of the workflow's definition.
    pub workflow: String,
    /// The timetable.
    pub milestones: Vec<MilestoneAt>,
    /// When staff act between the milestones.
    pub acts: Acts,
    /// The people of the fund.
    pub staff: Vec<Staff>,
    /// How many shortlisted bids after the funded ones stand in reserve.
    pub reserves: usize,
    /// Everything that decides the round.
    pub rulebook: Rulebook,
    /// What is made up, and why.
    pub illustrative: Vec<Illustrative>,
    /// Where the facts come from.
    pub sources: Vec<Sourced>,
}

/// The fund of a scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundFacts {
    /// Its place in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub summary: String,
    /// Who gives the money.
    pub funder: String,
    /// The funder's org-id.
    pub funder_org_id: Option<String>,
}

/// The round of a scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundFacts {
    /// Its place in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// How references of bids begin.
    pub prefix: String,
    /// What can be awarded in all, in pence.
    pub budget_pence: i64,
}

/// An instant of the timetable.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneAt {
    /// Which.
    pub name: Milestone,
    /// When.
    pub at: Moment,
    /// How much of the instant is a fact.
    pub known: KnownTime,
    /// Where it comes from.
    pub source: String,
}

words! {
    /// How much of an instant is a fact.
    pub enum KnownTime {
        /// The instant.
        Instant = "instant",
        /// The day; the hour is illustrative.
        Day = "day",
        /// Nothing.
        Nothing = "nothing",
    }
}

/// When staff act between the milestones.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acts {
    /// When the sift begins.
    pub sift_at: Moment,
    /// When scoring begins.
    pub scoring_opens_at: Moment,
    /// When scoring ends.
    pub scoring_closes_at: Moment,
    /// When the awards are decided.
    pub decided_at: Moment,
}

/// A person of the fund; made up, and named so that it shows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// What they are for the fund.
    pub role: FundRole,
    /// The name.
    pub name: String,
    /// The address, in a reserved domain.
    pub email: String,
}

/// Something that is made up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Illustrative {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

/// Something with its source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sourced {
    /// What.
    pub what: String,
    /// Where it comes from.
    pub source: String,
}
