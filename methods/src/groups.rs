//! Which things hang together: the connected components of bids and assessors, as a union of sets.

/// Disjoint sets of the numbers below a bound.
#[derive(Clone, Debug)]
pub struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    /// Each number below `count` alone.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    /// The number that stands for the group of `member`.
    pub fn of(&mut self, member: usize) -> usize {
        let mut at = member;
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    /// Makes one group of the groups of both.
    pub fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        self.parent[one.max(other)] = one.min(other);
    }

    /// The group of each number, groups counted from 0 in the order of their first member, and how many there are.
    #[must_use]
    pub fn numbered(mut self) -> (Vec<usize>, usize) {
        let mut number = vec![usize::MAX; self.parent.len()];
        let mut count = 0;
        let groups = (0..self.parent.len())
            .map(|member| {
                let root = self.of(member);
                if number[root] == usize::MAX {
                    number[root] = count;
                    count += 1;
                }
                number[root]
            })
            .collect();
        (groups, count)
    }
}
