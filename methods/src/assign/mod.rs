//! Who reads which bid: the assignment of the highest value in which each bid has its readings, each assessor stays within
//! their limits, and no conflict is read; with a proof that there is no better one, or the reasons why there is none.
//!
//! Of each bid only the best assessors are looked at first. The prices of that smaller problem's solution then show whether any
//! pair that was left out could improve it; those that could are added, until none can.

mod certificate;
mod feasible;
mod flow;
mod problem;
mod read;

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

pub use certificate::Certificate;
pub use feasible::{Impossible, Short};
pub use problem::{Limits, Matrix, Pair, Wish};
pub use read::{read, read_limits};

use crate::{Faults, Groups};
use certificate::{Offender, Prices};
use feasible::Readings;
use flow::{Network, Plan};
use problem::Task;

/// The assignment of the highest value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Who reads what: bid and assessor by number from 0, by bid.
    pub pairs: Vec<Pair>,
    /// The sum of the pairs' values.
    pub value: i64,
    /// The readings that stood before and are taken away.
    pub dropped: Vec<Pair>,
    /// The value less the price of the changes: what was maximised, and what the certificate bounds.
    pub objective: i64,
    /// The proof that no assignment has a higher objective.
    pub certificate: Certificate,
    /// How many bids each assessor reads.
    pub loads: Vec<usize>,
    /// How many parts bids and their assessors fall into: scores of different parts cannot be compared.
    pub components: usize,
    /// How many pairs of assessors read at least two bids in common.
    pub sharing_two: usize,
}

/// An assignment, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The best.
    Assigned(Box<Assignment>),
    /// There is none.
    Impossible(Impossible),
}

/// How many candidates of each bid are looked at first, at least.
const CANDIDATES: usize = 40;
/// How many pairs that could improve an assignment are added for one bid at once.
const ADDED: usize = 20;

/// Finds the best assignment, or why there is none.
///
/// # Errors
/// When limits, pins or bans name what is not there or contradict each other.
pub fn assign(matrix: &Matrix, wish: &Wish) -> Result<Answer, Faults> {
    wish.check(matrix)?;
    if let Some(why) = feasible::out_of_reach(matrix, wish) {
        return Ok(Answer::Impossible(why));
    }
    let task = wish.task(matrix);
    let readings = match feasible::find(&task) {
        Ok(readings) => readings,
        Err(why) => return Ok(Answer::Impossible(why)),
    };
    let mut solver = Solver::new(&task, readings);
    let mut certificate = solver.solve();
    let mut pairs: Vec<Pair> = wish.pinned.clone();
    for (bid, assessors) in solver.chosen.iter().enumerate() {
        pairs.extend(assessors.iter().map(|assessor| (bid, *assessor)));
    }
    pairs.sort_unstable();
    let value: i64 = pairs.iter().map(|(bid, assessor)| i64::from(matrix.value(*bid, *assessor))).sum();
    let chosen: HashSet<&Pair> = pairs.iter().collect();
    let dropped: Vec<Pair> = wish.previous.iter().filter(|pair| !chosen.contains(pair)).copied().collect();
    let cost = i64::from(wish.change_cost);
    let objective = value - cost * dropped.len() as i64;
    certificate.bound += outside(matrix, wish);
    certificate.optimal = certificate.bound == objective;
    let (components, loads) = parts(matrix, &pairs);
    let sharing_two = sharing_two(&pairs);
    Ok(Answer::Assigned(Box::new(Assignment {
        pairs,
        value,
        dropped,
        objective,
        certificate,
        loads,
        components,
        sharing_two,
    })))
}

/// What pins are worth, and what stood before costs: the task has neither.
fn outside(matrix: &Matrix, wish: &Wish) -> i64 {
    let pinned: i64 = wish.pinned.iter().map(|(bid, assessor)| i64::from(matrix.value(*bid, *assessor))).sum();
    let fixed: HashSet<&Pair> = wish.pinned.iter().collect();
    let staying = wish.previous.iter().filter(|pair| !fixed.contains(pair)).count();
    pinned - i64::from(wish.change_cost) * staying as i64
}

/// How many parts there are, and the load of each assessor.
fn parts(matrix: &Matrix, pairs: &[Pair]) -> (usize, Vec<usize>) {
    let (bids, assessors) = matrix.size();
    let (mut groups, mut loads) = (Groups::new(bids + assessors), vec![0; assessors]);
    for (bid, assessor) in pairs {
        groups.join(*bid, bids + assessor);
        loads[*assessor] += 1;
    }
    // Who reads nothing is no part.
    let idle = loads.iter().filter(|load| **load == 0).count();
    (groups.numbered().1 - idle, loads)
}

fn sharing_two(pairs: &[Pair]) -> usize {
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for of_bid in pairs.chunk_by(|one, other| one.0 == other.0) {
        for (place, (_, one)) in of_bid.iter().enumerate() {
            for (_, other) in &of_bid[place + 1..] {
                *shared.entry((*one, *other)).or_default() += 1;
            }
        }
    }
    shared.values().filter(|bids| **bids > 1).count()
}

struct Solver<'a> {
    task: &'a Task<'a>,
    /// The pairs that are looked at, by bid.
    candidates: Vec<Vec<usize>>,
    /// The assignment so far, by bid.
    chosen: Vec<Vec<usize>>,
    /// Exact prices of bids, assessors and the end of the flow.
    prices: Vec<i64>,
}

impl<'a> Solver<'a> {
    fn new(task: &'a Task<'a>, readings: Readings) -> Self {
        let candidates = (0..task.bids).map(|bid| best(task, bid, &readings.of_bid[bid])).collect();
        Self { task, candidates, chosen: readings.of_bid, prices: vec![0; task.bids + task.assessors + 1] }
    }

    /// Solves, looks at what was left out, and solves again until nothing of it could improve the assignment.
    fn solve(&mut self) -> Certificate {
        loop {
            self.optimise();
            let (bids, end) = (self.task.bids, self.prices[self.task.bids + self.task.assessors]);
            let prices = Prices {
                bids: self.prices[..bids].iter().map(|price| price - end).collect(),
                assessors: self.prices[bids..bids + self.task.assessors].iter().map(|price| end - price).collect(),
            };
            let (certificate, offenders) = prices.prove(self.task, &self.chosen);
            if offenders.is_empty() {
                return certificate;
            }
            self.admit(offenders);
        }
    }

    /// Takes the worst offenders of each bid among the candidates.
    fn admit(&mut self, mut offenders: Vec<Offender>) {
        offenders.sort_by_key(|offender| (offender.bid, std::cmp::Reverse(offender.gain)));
        for of_bid in offenders.chunk_by(|one, other| one.bid == other.bid) {
            self.candidates[of_bid[0].bid].extend(of_bid.iter().take(ADDED).map(|offender| offender.assessor));
        }
    }

    fn optimise(&mut self) {
        let (bids, assessors) = (self.task.bids, self.task.assessors);
        let end = bids + assessors;
        let mut loads = vec![0usize; assessors];
        let mut plans = Vec::with_capacity(self.candidates.iter().map(Vec::len).sum::<usize>() + assessors);
        for (bid, candidates) in self.candidates.iter().enumerate() {
            for assessor in candidates {
                let flow = i32::from(self.chosen[bid].contains(assessor));
                let cost = -i64::from(self.task.row(bid)[*assessor]);
                loads[*assessor] += usize::from(flow > 0);
                plans.push(Plan { from: bid, to: bids + assessor, most: 1, flow, cost });
            }
        }
        for (assessor, limits) in self.task.limits.iter().enumerate() {
            let most = limits.most.saturating_sub(limits.least);
            let flow = loads[assessor].saturating_sub(limits.least);
            let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
            plans.push(Plan { from: bids + assessor, to: end, most: small(most), flow: small(flow), cost: 0 });
        }
        let mut network = Network::new(end + 1, &plans, 2 * bids.min(assessors) + 2);
        network.optimise(&self.prices);
        for bid in 0..bids {
            let read = network.arcs[network.leaving(bid)].iter().filter(|arc| arc.room == 0);
            self.chosen[bid] = read.map(|arc| arc.to as usize - bids).collect();
        }
        self.prices = network.prices;
    }
}

/// The best assessors of a bid, and those that read it so far.
fn best(task: &Task, bid: usize, reading: &[usize]) -> Vec<usize> {
    let row = task.row(bid);
    let wanted = CANDIDATES.max(task.needs[bid] * 8);
    let mut open: Vec<usize> = (0..task.assessors).filter(|assessor| row[*assessor] >= 0).collect();
    if open.len() > wanted {
        // Of equal values each bid begins elsewhere, so that not all look at the same assessors.
        let turned = |assessor: usize| (assessor + bid * 7_919) % task.assessors;
        open.select_nth_unstable_by_key(wanted - 1, |assessor| (-row[*assessor], turned(*assessor)));
        open.truncate(wanted);
        open.extend(reading.iter().filter(|assessor| !open[..wanted].contains(assessor)).copied().collect::<Vec<_>>());
    }
    open
}
