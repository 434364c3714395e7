//! An assignment as it is asked for, checked, and as the solver sees it: what is pinned is taken out, what is banned is a
//! conflict, what stood before is worth the price of a change more.

use std::{borrow::Cow, collections::HashSet};

use serde::{Deserialize, Serialize};

use crate::{Fault, Faults};

/// How good it would be that an assessor reads a bid, for all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    pub(super) bids: usize,
    pub(super) assessors: usize,
    pub(super) values: Vec<i16>,
}

impl Matrix {
    /// The value that stands for a conflict: this assessor never reads this bid.
    pub const CONFLICT: i16 = -1;
    /// The highest value.
    pub const MOST: i16 = 1_000;

    /// A matrix from its values row by row, a row for each bid.
    ///
    /// # Errors
    /// When there is no bid or no assessor, and with each value that is neither from 0 to 1000 nor a conflict.
    pub fn new(bids: usize, assessors: usize, values: Vec<i16>) -> Result<Self, Faults> {
        if bids == 0 || assessors == 0 {
            return Err(Fault::of_all("there is no bid or no assessor: the matrix needs a row for each bid").into());
        }
        if values.len() != bids * assessors {
            let message =
                format!("{bids} bids and {assessors} assessors need {} values, not {}", bids * assessors, values.len());
            return Err(Fault::of_all(message).into());
        }
        let wrong = values.iter().enumerate().filter(|(_, value)| !(Self::CONFLICT..=Self::MOST).contains(*value));
        let told = wrong.map(|(place, value)| {
            let message = format!("{value} is neither from 0 to 1000 nor -1 for a conflict");
            Fault::of_cell(place / assessors + 1, place % assessors, message)
        });
        Faults::none_or(told.collect())?;
        Ok(Self { bids, assessors, values })
    }

    /// How many bids and assessors it has.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.bids, self.assessors)
    }

    /// The values of each bid.
    pub fn rows(&self) -> impl Iterator<Item = &[i16]> {
        self.values.chunks_exact(self.assessors)
    }

    pub(super) fn value(&self, bid: usize, assessor: usize) -> i16 {
        self.values[bid * self.assessors + assessor]
    }
}

/// How many bids one assessor reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// At least.
    pub least: usize,
    /// At most.
    pub most: usize,
}

/// A bid's and an assessor's number, from 0.
pub type Pair = (usize, usize);

/// What is asked of an assignment beside the matrix.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wish {
    /// How many assessors read each bid.
    pub per_bid: usize,
    /// The limits of each assessor.
    pub limits: Vec<Limits>,
    /// Pairs that must be.
    #[serde(default)]
    pub pinned: Vec<Pair>,
    /// Pairs that must not be.
    #[serde(default)]
    pub banned: Vec<Pair>,
    /// The assignment that stands already.
    #[serde(default)]
    pub previous: Vec<Pair>,
    /// What taking away a reading that stands already costs.
    #[serde(default)]
    pub change_cost: u16,
}

/// What is left to decide.
pub(super) struct Task<'a> {
    pub bids: usize,
    pub assessors: usize,
    /// The matrix with what is banned or decided as conflicts.
    pub values: Cow<'a, [i16]>,
    /// How many readings each bid still needs.
    pub needs: Vec<usize>,
    pub limits: Vec<Limits>,
}

impl Task<'_> {
    pub fn row(&self, bid: usize) -> &[i16] {
        &self.values[bid * self.assessors..(bid + 1) * self.assessors]
    }
}

impl Wish {
    /// The most that a change can cost: a reading's value and the price together stay within the numbers that are added up.
    const MOST_COST: u16 = 10_000;

    /// What is left to decide of a wish that was checked.
    pub(super) fn task<'a>(&self, matrix: &'a Matrix) -> Task<'a> {
        let mut task = Task {
            bids: matrix.bids,
            assessors: matrix.assessors,
            values: Cow::Borrowed(&matrix.values),
            needs: vec![self.per_bid; matrix.bids],
            // Nobody reads more bids than there are, whatever the limit says.
            limits: self.limits.iter().map(|each| Limits { most: each.most.min(matrix.bids), ..*each }).collect(),
        };
        let place = |(bid, assessor): &Pair| bid * matrix.assessors + assessor;
        if self.change_cost > 0 {
            for pair in self.previous.iter().filter(|(bid, assessor)| matrix.value(*bid, *assessor) >= 0) {
                task.values.to_mut()[place(pair)] += i16::try_from(self.change_cost).unwrap_or(i16::MAX / 2);
            }
        }
        for pair in self.banned.iter().chain(&self.pinned) {
            task.values.to_mut()[place(pair)] = Matrix::CONFLICT;
        }
        for (bid, assessor) in &self.pinned {
            task.needs[*bid] -= 1;
            let limits = &mut task.limits[*assessor];
            limits.least = limits.least.saturating_sub(1);
            limits.most -= 1;
        }
        task
    }

    /// Whether it can be meant at all.
    pub(super) fn check(&self, matrix: &Matrix) -> Result<(), Faults> {
        let mut faults = Vec::new();
        if self.per_bid == 0 {
            faults.push(Fault::of_field("per_bid", "each bid must be read at least once"));
        }
        if self.change_cost > Self::MOST_COST {
            faults.push(Fault::of_field("change_cost", format!("can be {} at most", Self::MOST_COST)));
        }
        if self.limits.len() != matrix.assessors {
            let message =
                format!("there are limits of {} assessors, and the matrix has {}", self.limits.len(), matrix.assessors);
            faults.push(Fault::of_field("limits", message));
            return Faults::none_or(faults);
        }
        for (number, Limits { least, most }) in self.limits.iter().enumerate() {
            if least > most {
                let message =
                    format!("assessor {number} is to read at least {least} and at most {most}: mend one of the two");
                faults.push(Fault::of_field("limits", message));
            }
        }
        for (field, pairs) in [("pinned", &self.pinned), ("banned", &self.banned), ("previous", &self.previous)] {
            let mut seen = HashSet::new();
            for (bid, assessor) in pairs {
                if *bid >= matrix.bids || *assessor >= matrix.assessors {
                    faults.push(Fault::of_field(field, format!("there is no bid {bid} with an assessor {assessor}")));
                } else if !seen.insert((bid, assessor)) {
                    faults.push(Fault::of_field(field, format!("bid {bid} with assessor {assessor} stands twice")));
                }
            }
        }
        Faults::none_or(faults)?;
        Faults::none_or(self.wrong_pins(matrix))
    }

    fn wrong_pins(&self, matrix: &Matrix) -> Vec<Fault> {
        let banned: HashSet<&Pair> = self.banned.iter().collect();
        let (mut bids, mut assessors) = (vec![0; matrix.bids], vec![0; matrix.assessors]);
        let mut faults = Vec::new();
        for pair in &self.pinned {
            let (bid, assessor) = *pair;
            bids[bid] += 1;
            assessors[assessor] += 1;
            let reason = if banned.contains(pair) {
                "is banned too".to_owned()
            } else if matrix.value(bid, assessor) == Matrix::CONFLICT {
                "is a conflict".to_owned()
            } else if bids[bid] > self.per_bid {
                format!("is one reading more than the {} that a bid has", self.per_bid)
            } else if assessors[assessor] > self.limits[assessor].most {
                format!("is one more than the assessor's limit of {}", self.limits[assessor].most)
            } else {
                continue;
            };
            faults.push(Fault::of_field("pinned", format!("bid {bid} with assessor {assessor} {reason}")));
        }
        faults
    }
}
