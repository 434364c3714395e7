//! Minimum-cost flow by cost scaling (Goldberg 1997): push and relabel with prices, halted at each level of ε, with the global
//! update of prices that keeps it from creeping.
//!
//! Costs are multiplied by more than the longest cycle, so that a flow that is optimal up to ε = 1 is optimal.

use std::collections::VecDeque;

/// How much finer each level of ε is.
const FINER: i64 = 12;
/// How many relabels of how many nodes go before prices are updated for all.
const UPDATE_AFTER: usize = 2;

/// One direction of an arc; the other one is its `reverse`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub to: u32,
    reverse: u32,
    /// What can still be sent.
    pub room: i32,
    pub cost: i64,
}

/// A network with its flow and prices.
pub(super) struct Network {
    start: Vec<u32>,
    pub arcs: Vec<Arc>,
    excess: Vec<i64>,
    pub prices: Vec<i64>,
    /// What costs are multiplied by.
    scale: i64,
}

/// An arc before the network is built: from, to, how much it can carry, how much it carries, what that costs.
pub(super) struct Plan {
    pub from: usize,
    pub to: usize,
    pub most: i32,
    pub flow: i32,
    pub cost: i64,
}

impl Network {
    /// Builds the network; `longest` is more than the number of arcs of any simple cycle.
    pub fn new(nodes: usize, plans: &[Plan], longest: usize) -> Self {
        let mut start = vec![0u32; nodes + 1];
        for plan in plans {
            start[plan.from + 1] += 1;
            start[plan.to + 1] += 1;
        }
        for node in 0..nodes {
            start[node + 1] += start[node];
        }
        let mut next = start.clone();
        let scale = longest as i64 + 1;
        let empty = Arc { to: 0, reverse: 0, room: 0, cost: 0 };
        let mut arcs = vec![empty; plans.len() * 2];
        for plan in plans {
            let (there, back) = (next[plan.from], next[plan.to]);
            next[plan.from] += 1;
            next[plan.to] += 1;
            let (from, to) = (plan.from as u32, plan.to as u32);
            let cost = plan.cost * scale;
            arcs[there as usize] = Arc { to, reverse: back, room: plan.most - plan.flow, cost };
            arcs[back as usize] = Arc { to: from, reverse: there, room: plan.flow, cost: -cost };
        }
        Self { start, arcs, excess: vec![0; nodes], prices: vec![0; nodes], scale }
    }

    /// The arcs that leave a node.
    pub fn leaving(&self, node: usize) -> std::ops::Range<usize> {
        self.start[node] as usize..self.start[node + 1] as usize
    }

    fn reduced(&self, node: usize, arc: Arc) -> i64 {
        arc.cost + self.prices[node] - self.prices[arc.to as usize]
    }

    /// Makes a feasible flow one of least cost, from the given exact prices on.
    pub fn optimise(&mut self, prices: &[i64]) {
        self.prices = prices.iter().map(|price| price * self.scale).collect();
        let mut worst = 0;
        for node in 0..self.prices.len() {
            for place in self.leaving(node) {
                let arc = self.arcs[place];
                if arc.room > 0 {
                    worst = worst.min(self.reduced(node, arc));
                }
            }
        }
        let mut epsilon = -worst;
        while epsilon > 1 {
            epsilon = (epsilon / FINER).max(1);
            self.refine(epsilon);
        }
        self.settle();
    }

    /// From a flow that is optimal up to a larger ε to one that is up to this.
    fn refine(&mut self, epsilon: i64) {
        let nodes = self.prices.len();
        let mut active = VecDeque::new();
        let mut waiting = vec![false; nodes];
        for node in 0..nodes {
            for place in self.leaving(node) {
                let arc = self.arcs[place];
                if arc.room > 0 && self.reduced(node, arc) < 0 {
                    self.push(node, place, arc.room);
                }
            }
        }
        for (node, waits) in waiting.iter_mut().enumerate().filter(|(node, _)| self.excess[*node] > 0) {
            active.push_back(node);
            *waits = true;
        }
        let mut current: Vec<u32> = self.start[..nodes].to_vec();
        let mut relabels = UPDATE_AFTER * nodes;
        while let Some(node) = active.pop_front() {
            if relabels >= UPDATE_AFTER * nodes {
                relabels = 0;
                self.update_prices(epsilon);
                current.copy_from_slice(&self.start[..nodes]);
            }
            waiting[node] = false;
            while self.excess[node] > 0 {
                if let Some(to) = self.push_one(node, &mut current[node]) {
                    if self.excess[to] > 0 && !std::mem::replace(&mut waiting[to], true) {
                        active.push_back(to);
                    }
                } else {
                    self.relabel(node, epsilon);
                    current[node] = self.start[node];
                    relabels += 1;
                }
            }
        }
    }

    fn push(&mut self, from: usize, place: usize, amount: i32) {
        let Arc { to, reverse, .. } = self.arcs[place];
        self.arcs[place].room -= amount;
        self.arcs[reverse as usize].room += amount;
        self.excess[from] -= i64::from(amount);
        self.excess[to as usize] += i64::from(amount);
    }

    /// Sends along the next arc that gains; none when the node's arcs are through.
    fn push_one(&mut self, node: usize, current: &mut u32) -> Option<usize> {
        let end = self.start[node + 1];
        while *current < end {
            let arc = self.arcs[*current as usize];
            if arc.room > 0 && self.reduced(node, arc) < 0 {
                let amount = self.excess[node].min(i64::from(arc.room)) as i32;
                self.push(node, *current as usize, amount);
                return Some(arc.to as usize);
            }
            *current += 1;
        }
        None
    }

    fn relabel(&mut self, node: usize, epsilon: i64) {
        let open = self.arcs[self.leaving(node)].iter().filter(|arc| arc.room > 0);
        let best = open.map(|arc| self.prices[arc.to as usize] - arc.cost).max();
        // A node with excess has an arc on which that came; without one there is nothing to lower it to.
        self.prices[node] = best.unwrap_or(self.prices[node]) - epsilon;
    }

    /// Lowers all prices to what their distance from the deficits asks for, in steps of ε.
    fn update_prices(&mut self, epsilon: i64) {
        const FAR: i64 = i64::MAX;
        let nodes = self.prices.len();
        let mut distance = vec![FAR; nodes];
        let mut buckets: Vec<Vec<u32>> = vec![Vec::new()];
        for (node, steps) in distance.iter_mut().enumerate().filter(|(node, _)| self.excess[*node] < 0) {
            *steps = 0;
            buckets[0].push(node as u32);
        }
        let mut left = (0..nodes).filter(|node| self.excess[*node] > 0).count();
        let most = nodes * 4;
        let (mut done, mut level) = (vec![false; nodes], 0);
        while level < buckets.len() && left > 0 {
            while let Some(node) = buckets[level].pop() {
                let node = node as usize;
                if std::mem::replace(&mut done[node], true) {
                    continue;
                }
                left -= usize::from(self.excess[node] > 0);
                for place in self.leaving(node) {
                    let Arc { to, reverse, .. } = self.arcs[place];
                    let (from, back) = (to as usize, self.arcs[reverse as usize]);
                    if done[from] || back.room == 0 {
                        continue;
                    }
                    let steps = self.reduced(from, back).div_euclid(epsilon) + 1;
                    let reach = level + usize::try_from(steps).unwrap_or(0);
                    if reach <= most && (reach as i64) < distance[from] {
                        distance[from] = reach as i64;
                        if buckets.len() <= reach {
                            buckets.resize(reach + 1, Vec::new());
                        }
                        buckets[reach].push(from as u32);
                    }
                }
            }
            level += 1;
        }
        let last = level.saturating_sub(1) as i64;
        for node in 0..nodes {
            let steps = if done[node] { distance[node] } else { last };
            self.prices[node] -= steps * epsilon;
        }
    }

    /// Makes the prices exact ones of the costs as they were given: no arc with room has a reduced cost below zero.
    fn settle(&mut self) {
        let nodes = self.prices.len();
        for price in &mut self.prices {
            *price = price.div_euclid(self.scale);
        }
        let mut queue: VecDeque<usize> = (0..nodes).collect();
        let mut waiting = vec![true; nodes];
        while let Some(node) = queue.pop_front() {
            waiting[node] = false;
            for place in self.leaving(node) {
                let arc = self.arcs[place];
                let to = arc.to as usize;
                let reach = self.prices[node] + arc.cost / self.scale;
                if arc.room > 0 && reach < self.prices[to] {
                    self.prices[to] = reach;
                    if !std::mem::replace(&mut waiting[to], true) {
                        queue.push_back(to);
                    }
                }
            }
        }
    }
}
