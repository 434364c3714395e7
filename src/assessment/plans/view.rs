//! A plan as somebody may read it: with names, against what was given when it was made, without what a conflict hides.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::{
    inputs::{Inputs, Pair, Preferences, Wall},
    model::{Plan, PlanBid, PlanFigures, PlanLoad, PlanPreferences, PlanReader, PlanStep, WhyRemoved},
    solve::{Best, Question},
    store::Row,
    words::Names,
};
use crate::{
    error::Result,
    ids::{BidKey, Id},
};

/// Who reads what by a plan, and what it changes.
pub(super) struct Changes {
    /// All readings by the plan.
    pub all: BTreeSet<Pair>,
    pub added: Vec<Pair>,
    pub kept: Vec<Pair>,
    pub removed: Vec<Pair>,
}

impl Changes {
    pub fn of(inputs: &Inputs, best: &Best) -> Self {
        let pair = |(bid, reader): &(usize, usize)| {
            let (bid, reader) = (inputs.bids.get(*bid)?, inputs.assessors.get(*reader)?);
            Some(Pair { bid: bid.id, person: reader.person })
        };
        let all: BTreeSet<Pair> = best.pairs.iter().chain(&best.stays).filter_map(pair).collect();
        let present: BTreeSet<Pair> = inputs.present.iter().map(|present| present.pair).collect();
        Self {
            added: all.difference(&present).copied().collect(),
            kept: all.intersection(&present).copied().collect(),
            removed: present.difference(&all).copied().collect(),
            all,
        }
    }

    fn without(mut self, hidden: &[Id<BidKey>]) -> Self {
        let shown = |pair: &Pair| !hidden.contains(&pair.bid);
        self.all.retain(shown);
        for pairs in [&mut self.added, &mut self.kept, &mut self.removed] {
            pairs.retain(shown);
        }
        self
    }
}

fn count(found: usize) -> u32 {
    u32::try_from(found).unwrap_or(u32::MAX)
}

/// Whether what a plan was made of still holds, as far as it matters to the plan.
pub(super) fn holds(was: &Inputs, is: &Inputs, changes: &Changes) -> bool {
    is.as_far_as_it_matters(was, |pair| changes.all.contains(&pair)) == *was
}

/// What stands beside a plan in the database when it is read.
pub(super) struct Beside {
    /// What a plan would be made of now.
    pub now: Inputs,
    pub names: Names,
    /// The bids that a conflict of interest hides from the reader.
    pub hidden: Vec<Id<BidKey>>,
    /// The number of the newest plan.
    pub newest: i32,
}

/// The plan as its reader may see it.
///
/// # Errors
/// When what was kept cannot be read.
pub(super) fn plan(row: &Row, beside: &Beside) -> Result<Plan> {
    let (inputs, best) = (row.inputs()?, row.best()?);
    let Beside { now, names, hidden, newest } = beside;
    let whole = !inputs.bids.iter().any(|bid| hidden.contains(&bid.id));
    let rows = whole.then(|| Question::of(&inputs).map(|question| question.rows)).flatten();
    let changes = Changes::of(&inputs, &best).without(hidden);
    let (seen, now) = (inputs.without(hidden), now.without(hidden));
    let view = View { inputs: &seen, changes: &changes, names };
    Ok(Plan {
        number: row.number,
        made_at: row.made_at,
        made_by: row.made_by.clone(),
        applied_at: row.applied_at,
        applied_by: row.applied_by.map(|person| names.person(person).to_owned()),
        whole,
        current: holds(&seen, &now, &changes),
        newest: row.number == *newest,
        readers: inputs.readers,
        change_price: inputs.change_price,
        keep_least: inputs.keep_least,
        figures: whole.then(|| figures(&row.inputs, &best)),
        bids: view.bids(&inputs, rows.as_deref()),
        assessors: view.loads(whole),
        added: count(changes.added.len()),
        kept: count(changes.kept.len()),
        removed: count(changes.removed.len()),
        preferences: seen.preferences.as_ref().map(|said| preferences(said, &changes)),
    })
}

fn preferences(said: &Preferences, changes: &Changes) -> PlanPreferences {
    PlanPreferences {
        said_wanted: count(said.wanted.len()),
        said_rather_not: count(said.rather_not.len()),
        wanted: count(said.wanted.intersection(&changes.all).count()),
        rather_not: count(said.rather_not.intersection(&changes.all).count()),
    }
}

fn figures(inputs: &str, best: &Best) -> PlanFigures {
    PlanFigures {
        inputs_sha256: hex::encode(Sha256::digest(inputs)),
        value: best.value,
        objective: best.objective,
        moved: count(best.moved),
        bound: best.proof.bound,
        optimal: best.proof.optimal,
        left_out: u64::try_from(best.proof.left_out).unwrap_or(u64::MAX),
        least_reduced_cost: best.proof.least_reduced_cost,
        bid_prices: best.proof.bid_prices.clone(),
        assessor_prices: best.proof.assessor_prices.clone(),
        parts: count(best.parts),
        sharing_two: count(best.sharing_two),
    }
}

struct View<'a> {
    inputs: &'a Inputs,
    changes: &'a Changes,
    names: &'a Names,
}

impl View<'_> {
    fn bids(&self, all: &Inputs, rows: Option<&[usize]>) -> Vec<PlanBid> {
        let row = |bid: Id<BidKey>| {
            let place = all.bids.iter().position(|other| other.id == bid)?;
            rows?.iter().position(|row| *row == place).map(count)
        };
        let bid = |bid: &super::inputs::Bid| PlanBid {
            bid: bid.reference.clone(),
            title: self.names.title(bid.id).to_owned(),
            row: row(bid.id),
            readers: self.readers(bid),
        };
        self.inputs.bids.iter().map(bid).collect()
    }

    fn readers(&self, bid: &super::inputs::Bid) -> Vec<PlanReader> {
        let of = |pairs: &[Pair], step: PlanStep| {
            let own = pairs.iter().filter(|pair| pair.bid == bid.id);
            own.map(|pair| self.reader(bid, *pair, step)).collect::<Vec<_>>()
        };
        let mut readers = of(&self.changes.kept, PlanStep::Kept);
        readers.extend(of(&self.changes.added, PlanStep::Added));
        readers.sort_by(|one, other| (&one.name, one.person).cmp(&(&other.name, other.person)));
        let mut removed = of(&self.changes.removed, PlanStep::Removed);
        removed.sort_by(|one, other| (&one.name, one.person).cmp(&(&other.name, other.person)));
        readers.extend(removed);
        readers
    }

    fn reader(&self, bid: &super::inputs::Bid, pair: Pair, step: PlanStep) -> PlanReader {
        let reader = self.inputs.assessors.iter().find(|reader| reader.person == pair.person);
        let why = match reader.and_then(|reader| self.inputs.wall(bid, reader)) {
            Some(Wall::Conflict) => WhyRemoved::Conflict,
            Some(Wall::Possible) => WhyRemoved::Possible,
            Some(Wall::Banned) => WhyRemoved::Banned,
            Some(Wall::NotInPool) => WhyRemoved::NotInPool,
            Some(Wall::Away) => WhyRemoved::Away,
            Some(Wall::Unagreed) | None => WhyRemoved::Moved,
        };
        PlanReader {
            person: pair.person,
            name: self.names.person(pair.person).to_owned(),
            worth: reader.map_or(0, |reader| u32::try_from(self.inputs.worth(bid, reader)).unwrap_or(0)),
            step,
            begun: self.inputs.present.iter().any(|present| present.pair == pair && present.begun),
            why: (step == PlanStep::Removed).then_some(why),
        }
    }

    fn loads(&self, whole: bool) -> Vec<PlanLoad> {
        let load = |(column, reader): (usize, &super::inputs::Reader)| PlanLoad {
            person: reader.person,
            name: self.names.person(reader.person).to_owned(),
            column: whole.then(|| count(column)),
            least: reader.least,
            most: reader.most,
            before: count(self.inputs.present.iter().filter(|present| present.pair.person == reader.person).count()),
            reads: count(self.changes.all.iter().filter(|pair| pair.person == reader.person).count()),
        };
        let mut loads: Vec<PlanLoad> = self.inputs.assessors.iter().enumerate().map(load).collect();
        loads.sort_by(|one, other| (&one.name, one.person).cmp(&(&other.name, other.person)));
        loads
    }
}
