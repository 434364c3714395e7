//! Whether any assignment exists: one is found, or the bids and limits that make it impossible are named.
//!
//! It is a flow from bids to assessors. First the assessors' least is filled, then the bids' needs up to the assessors' most:
//! a path that gains a reading never takes one from the load of the assessors that it passes, so that what was filled stays.
//! Where no path is left, what can be reached is a cut that shows why.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::problem::{Limits, Matrix, Task, Wish};
use crate::fault::counted;

/// What there is too little of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Short {
    /// Readers: the bids need more readings than whoever may read them can take.
    Readers,
    /// Bids: the assessors must read more than there is for them.
    Bids,
}

/// Why no assignment exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impossible {
    /// What there is too little of.
    pub short: Short,
    /// The bids concerned, by number from 0.
    pub bids: Vec<usize>,
    /// The assessors whose limits make it impossible.
    pub assessors: Vec<usize>,
    /// How many readings they need.
    pub needed: usize,
    /// How many there can be.
    pub available: usize,
    /// The same in words.
    pub message: String,
}

/// Who reads what so far, seen from both sides.
pub(super) struct Readings {
    pub of_bid: Vec<Vec<usize>>,
    pub of_assessor: Vec<Vec<usize>>,
}

/// What a search from the bids with spare readings has reached.
struct Reached {
    bids: Vec<bool>,
    assessors: Vec<bool>,
}

/// Any assignment within all limits.
pub(super) fn find(task: &Task) -> Result<Readings, Impossible> {
    let mut readings = Readings { of_bid: vec![Vec::new(); task.bids], of_assessor: vec![Vec::new(); task.assessors] };
    let least: Vec<usize> = task.limits.iter().map(|limits| limits.least).collect();
    if let Some(reached) = readings.fill(task, &least, &least) {
        return Err(too_few_for_assessors(task, &reached));
    }
    let most: Vec<usize> = task.limits.iter().map(|limits| limits.most).collect();
    match readings.fill(task, &most, &[]) {
        Some(reached) => Err(too_many_for_assessors(task, &reached)),
        None => Ok(readings),
    }
}

impl Readings {
    /// Adds readings while there is room under `caps`: until each assessor has its `goal`, or without goals until each bid has
    /// what it needs. Gives what was reached when no path was left before that.
    fn fill(&mut self, task: &Task, caps: &[usize], goal: &[usize]) -> Option<Reached> {
        self.greedily(task, caps);
        loop {
            let done = if goal.is_empty() {
                (0..task.bids).all(|bid| self.of_bid[bid].len() >= task.needs[bid])
            } else {
                (0..task.assessors).all(|assessor| self.of_assessor[assessor].len() >= goal[assessor])
            };
            if done {
                return None;
            }
            if let Err(reached) = self.augment(task, caps) {
                return Some(reached);
            }
        }
    }

    /// Gives each bid the assessors with the most room, one after another.
    fn greedily(&mut self, task: &Task, caps: &[usize]) {
        let mut room: Vec<usize> =
            caps.iter().zip(&self.of_assessor).map(|(cap, bids)| cap.saturating_sub(bids.len())).collect();
        let mut order: Vec<(usize, usize)> = Vec::new();
        for bid in 0..task.bids {
            let missing = task.needs[bid].saturating_sub(self.of_bid[bid].len());
            if missing == 0 {
                continue;
            }
            let row = task.row(bid);
            order.clear();
            order.extend((0..task.assessors).filter(|at| row[*at] >= 0 && room[*at] > 0).map(|at| (room[at], at)));
            order.retain(|(_, assessor)| !self.of_bid[bid].contains(assessor));
            if order.len() > missing {
                order.select_nth_unstable_by(missing - 1, |a, b| b.cmp(a));
                order.truncate(missing);
            }
            for (_, assessor) in &order {
                room[*assessor] -= 1;
                self.of_bid[bid].push(*assessor);
                self.of_assessor[*assessor].push(bid);
            }
        }
    }

    /// Gains one reading along the shortest path; or says what was reached.
    fn augment(&mut self, task: &Task, caps: &[usize]) -> Result<(), Reached> {
        const NOBODY: usize = usize::MAX;
        let mut came_from = vec![NOBODY; task.assessors];
        let mut via = vec![NOBODY; task.bids];
        let mut reached = Reached { bids: vec![false; task.bids], assessors: vec![false; task.assessors] };
        let spare = (0..task.bids).filter(|bid| self.of_bid[*bid].len() < task.needs[*bid]);
        let mut queue: VecDeque<usize> = spare.collect();
        queue.iter().for_each(|bid| reached.bids[*bid] = true);
        let mut unseen: Vec<usize> = (0..task.assessors).collect();
        while let Some(bid) = queue.pop_front() {
            let row = task.row(bid);
            let mut kept = Vec::with_capacity(unseen.len());
            for assessor in unseen {
                if row[assessor] < 0 || self.of_bid[bid].contains(&assessor) {
                    kept.push(assessor);
                    continue;
                }
                came_from[assessor] = bid;
                if self.of_assessor[assessor].len() < caps[assessor] {
                    self.flip(assessor, &came_from, &via);
                    return Ok(());
                }
                reached.assessors[assessor] = true;
                for next in &self.of_assessor[assessor] {
                    if !std::mem::replace(&mut reached.bids[*next], true) {
                        via[*next] = assessor;
                        queue.push_back(*next);
                    }
                }
            }
            unseen = kept;
        }
        Err(reached)
    }

    /// Turns the path that ends at an assessor with room.
    fn flip(&mut self, end: usize, came_from: &[usize], via: &[usize]) {
        let mut assessor = end;
        loop {
            let bid = came_from[assessor];
            self.of_bid[bid].push(assessor);
            self.of_assessor[assessor].push(bid);
            let before = via[bid];
            if before == usize::MAX {
                return;
            }
            self.of_bid[bid].retain(|each| *each != before);
            self.of_assessor[before].retain(|each| *each != bid);
            assessor = before;
        }
    }
}

fn numbers(marks: &[bool], wanted: bool) -> Vec<usize> {
    marks.iter().enumerate().filter(|(_, mark)| **mark == wanted).map(|(number, _)| number).collect()
}

/// The least of some assessors is more than the bids that they may read can give them.
fn too_few_for_assessors(task: &Task, reached: &Reached) -> Impossible {
    let assessors: Vec<usize> =
        numbers(&reached.assessors, false).into_iter().filter(|assessor| task.limits[*assessor].least > 0).collect();
    let needed = assessors.iter().map(|assessor| task.limits[*assessor].least).sum();
    let gives = |bid: usize| {
        let open = assessors.iter().filter(|assessor| task.row(bid)[**assessor] >= 0).count();
        open.min(task.needs[bid])
    };
    let available = (0..task.bids).map(gives).sum();
    let bids: Vec<usize> = (0..task.bids).filter(|bid| gives(*bid) > 0).collect();
    let message = format!(
        "{} must read at least {needed} between them, and the bids that they may read have {available} readings for them: lower \
         their least, or lift a conflict or ban",
        named("assessor", &assessors)
    );
    Impossible { short: Short::Bids, bids, assessors, needed, available, message }
}

/// Some bids need more readings than the assessors that may read them can take.
fn too_many_for_assessors(task: &Task, reached: &Reached) -> Impossible {
    let (bids, assessors) = (numbers(&reached.bids, true), numbers(&reached.assessors, true));
    let needed = bids.iter().map(|bid| task.needs[*bid]).sum();
    let open = |bid: &usize, assessor: usize| task.row(*bid)[assessor] >= 0 && !reached.assessors[assessor];
    let elsewhere: usize =
        bids.iter().map(|bid| (0..task.assessors).filter(|assessor| open(bid, *assessor)).count()).sum();
    let available = elsewhere + assessors.iter().map(|assessor| task.limits[*assessor].most).sum::<usize>();
    let verb = if bids.len() == 1 { "needs" } else { "need" };
    let limits = if assessors.is_empty() {
        String::new()
    } else {
        format!(" within the limits of {}", named("assessor", &assessors))
    };
    let message = format!(
        "{} {verb} {}, and whoever may read them can give {available}{limits}: raise a limit, lift a conflict or \
         ban, or ask for fewer readings",
        named("bid", &bids),
        counted(needed, "reading")
    );
    Impossible { short: Short::Readers, bids, assessors, needed, available, message }
}

/// Whether a number alone makes an assignment impossible, whatever the matrix holds: nobody reads a bid twice.
pub(super) fn out_of_reach(matrix: &Matrix, wish: &Wish) -> Option<Impossible> {
    let (bids, assessors) = matrix.size();
    if wish.per_bid > assessors {
        return Some(Impossible {
            short: Short::Readers,
            bids: (0..bids).collect(),
            assessors: Vec::new(),
            needed: wish.per_bid.saturating_mul(bids),
            available: assessors * bids,
            message: format!(
                "each bid is to be read {} times, and the matrix has {}: ask for fewer readings of a bid",
                wish.per_bid,
                counted(assessors, "assessor")
            ),
        });
    }
    let greedy = |limits: &Limits| limits.least > bids;
    let asking: Vec<usize> = (0..assessors).filter(|assessor| greedy(&wish.limits[*assessor])).collect();
    let least = asking.first().map(|assessor| wish.limits[*assessor].least)?;
    Some(Impossible {
        short: Short::Bids,
        bids: (0..bids).collect(),
        needed: asking.iter().fold(0, |sum: usize, assessor| sum.saturating_add(wish.limits[*assessor].least)),
        available: bids * asking.len(),
        message: format!(
            "{} must read at least {least} bids, and the matrix has {}: lower what they must read",
            named("assessor", &asking[..1]),
            counted(bids, "bid")
        ),
        assessors: asking,
    })
}

/// Numbers in a sentence, the first few of many.
fn named(what: &str, numbers: &[usize]) -> String {
    const SHOWN: usize = 12;
    let list: Vec<String> = numbers.iter().take(SHOWN).map(ToString::to_string).collect();
    let plural = if numbers.len() == 1 { "" } else { "s" };
    let more = numbers.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{what}{plural} {}{more}", list.join(", "))
}
