//! What dividing at an item has cost before, from which it is told where to divide next.

/// How often a side of an item must have been seen before its history is trusted.
const TRUSTED: u32 = 4;

/// What fixing an item out or in has cost so far, for each whole that it was moved by.
#[derive(Clone, Copy, Default)]
pub(super) struct History {
    cost: [f64; 2],
    seen: [u32; 2],
}

impl History {
    pub fn note(&mut self, chosen: bool, cost: f64) {
        self.cost[usize::from(chosen)] += cost;
        self.seen[usize::from(chosen)] += 1;
    }

    pub fn mean(&self, chosen: bool) -> Option<f64> {
        let side = usize::from(chosen);
        (self.seen[side] > 0).then(|| self.cost[side] / f64::from(self.seen[side]))
    }

    pub fn is_trusted(&self) -> bool {
        self.seen[0].min(self.seen[1]) >= TRUSTED
    }
}
