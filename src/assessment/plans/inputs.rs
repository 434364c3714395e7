//! What a plan goes by, as it is kept with the plan word for word, and what has changed of it since.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::affinity::{affinity, free, worth};
use crate::{
    assessment::preferences::model::Preference,
    ids::{BidKey, Id, PersonKey, RowKey},
};

/// A bid and somebody who may read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Pair {
    pub bid: Id<BidKey>,
    pub person: Id<PersonKey>,
}

/// What a plan goes by. No name and no reference stands here that the methods do not need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// The hash of the round's rules.
    pub rules_hash: String,
    /// How many assessors read each bid.
    pub readers: u32,
    /// What taking away a reading that stands costs.
    pub change_price: u32,
    /// Whether the least that assessors want to read is kept.
    pub keep_least: bool,
    /// The days of assessing.
    pub time: Option<(NaiveDate, NaiveDate)>,
    /// The bids, by their references.
    pub bids: Vec<Bid>,
    /// Whoever assesses or reads, by their ids.
    pub assessors: Vec<Reader>,
    /// Conflicts of interest between these.
    pub conflicts: BTreeSet<Pair>,
    /// Possible ones that wait for an answer.
    pub possible: BTreeSet<Pair>,
    /// What is given already.
    pub present: Vec<Present>,
    /// What must be.
    pub pins: BTreeSet<Pair>,
    /// What must not be.
    pub bans: BTreeSet<Pair>,
    /// Who keeps what they read and is given nothing more, until they agree to terms that have changed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unagreed: BTreeSet<Id<PersonKey>>,
    /// What assessors would like to read, and what rather not. None in a plan that was made before anybody could say so: there a
    /// reading is worth what the assessor is fit for.
    #[serde(default)]
    pub preferences: Option<Preferences>,
}

/// What assessors have said of the bids that they may know of. Of every other pair nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Preferences {
    pub wanted: BTreeSet<Pair>,
    pub rather_not: BTreeSet<Pair>,
}

impl Preferences {
    pub fn of(&self, pair: Pair) -> Preference {
        if self.wanted.contains(&pair) {
            Preference::Wanted
        } else if self.rather_not.contains(&pair) {
            Preference::RatherNot
        } else {
            Preference::Neutral
        }
    }
}

/// A bid that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bid {
    pub id: Id<BidKey>,
    pub reference: String,
    /// What it is about, by the ids of areas.
    pub areas: Vec<String>,
}

/// Somebody who assesses in the round, or reads a bid of it still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reader {
    pub person: Id<PersonKey>,
    /// Their place in the pool, where they have accepted.
    pub place: Option<Id<RowKey>>,
    /// What they know of.
    pub knows: Vec<String>,
    /// For what they were asked.
    pub asked: Vec<String>,
    pub least: u32,
    pub most: u32,
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub away: Vec<NaiveDate>,
}

/// A bid that somebody has been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Present {
    #[serde(flatten)]
    pub pair: Pair,
    /// Whether they have begun to score it, or submitted.
    pub begun: bool,
}

/// Why a pair cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wall {
    Conflict,
    Possible,
    Banned,
    /// They do not assess in the round, or do no longer.
    NotInPool,
    /// They have not agreed to terms that have changed, and do not have it yet.
    Unagreed,
    /// They can on no day of assessing.
    Away,
}

impl Inputs {
    /// How good it would be that somebody reads a bid.
    pub fn worth(&self, bid: &Bid, reader: &Reader) -> i16 {
        let fit = affinity(&bid.areas, &reader.knows, &reader.asked, self.free(reader));
        let Some(preferences) = &self.preferences else { return fit };
        worth(fit, preferences.of(Pair { bid: bid.id, person: reader.person }))
    }

    fn free(&self, reader: &Reader) -> u32 {
        free(self.time, (reader.from, reader.until), &reader.away)
    }

    /// Whether somebody can read any bid: they have accepted, and can on some day of assessing.
    pub fn can_read(&self, reader: &Reader) -> bool {
        reader.place.is_some() && self.free(reader) > 0
    }

    /// Why somebody cannot read a bid, if they cannot. A conflict comes before everything else.
    pub fn wall(&self, bid: &Bid, reader: &Reader) -> Option<Wall> {
        let pair = Pair { bid: bid.id, person: reader.person };
        if self.conflicts.contains(&pair) {
            Some(Wall::Conflict)
        } else if reader.place.is_none() {
            Some(Wall::NotInPool)
        } else if self.unagreed.contains(&reader.person) && !self.present.iter().any(|present| present.pair == pair) {
            Some(Wall::Unagreed)
        } else if self.possible.contains(&pair) {
            Some(Wall::Possible)
        } else if self.bans.contains(&pair) {
            Some(Wall::Banned)
        } else if self.free(reader) == 0 {
            Some(Wall::Away)
        } else {
            None
        }
    }

    /// The readings that have begun and that no conflict of interest ends: no plan takes them away.
    pub fn begun(&self) -> BTreeSet<Pair> {
        let begun = self.present.iter().filter(|present| present.begun).map(|present| present.pair);
        begun.filter(|pair| !self.conflicts.contains(pair)).collect()
    }

    /// The same without some bids, and without anybody who is there for them alone.
    pub fn without(&self, hidden: &[Id<BidKey>]) -> Self {
        let shown = |bid: Id<BidKey>| !hidden.contains(&bid);
        let pairs = |pairs: &BTreeSet<Pair>| pairs.iter().filter(|pair| shown(pair.bid)).copied().collect();
        let mut rest = Self {
            bids: self.bids.iter().filter(|bid| shown(bid.id)).cloned().collect(),
            conflicts: pairs(&self.conflicts),
            possible: pairs(&self.possible),
            present: self.present.iter().filter(|present| shown(present.pair.bid)).copied().collect(),
            pins: pairs(&self.pins),
            bans: pairs(&self.bans),
            preferences: self
                .preferences
                .as_ref()
                .map(|said| Preferences { wanted: pairs(&said.wanted), rather_not: pairs(&said.rather_not) }),
            ..self.clone()
        };
        let reads = |person| rest.present.iter().any(|present| present.pair.person == person);
        let kept = self.assessors.iter().filter(|one| one.place.is_some() || reads(one.person)).cloned().collect();
        rest.assessors = kept;
        rest
    }

    /// The same, but that a reading which a plan keeps has begun since counts for nothing: it is kept all the same.
    pub fn as_far_as_it_matters(&self, before: &Self, keeps: impl Fn(Pair) -> bool) -> Self {
        let began = |present: &Present| {
            let was = before.present.iter().find(|was| was.pair == present.pair);
            let begun = was.filter(|_| keeps(present.pair)).map_or(present.begun, |was| was.begun);
            Present { begun, ..*present }
        };
        Self { present: self.present.iter().map(began).collect(), ..self.clone() }
    }
}
