//! Choices made by hand: as much as there is room for, and then better by exchanges.

use super::rows::Programme;

/// A choice in the making, with the sums of its rows.
pub(super) struct Choice<'a> {
    programme: &'a Programme,
    pub chosen: Vec<bool>,
    sums: Vec<i128>,
}

impl<'a> Choice<'a> {
    pub fn new(programme: &'a Programme) -> Self {
        Self { programme, chosen: vec![false; programme.items.len()], sums: vec![0; programme.rows.len()] }
    }

    /// A choice that was made before.
    pub fn of(programme: &'a Programme, chosen: &[bool]) -> Self {
        let mut choice = Self::new(programme);
        (0..chosen.len()).filter(|item| chosen[*item]).for_each(|item| choice.turn(item));
        choice
    }

    pub fn has_room(&self, item: usize) -> bool {
        let mut rows = self.programme.of_item[item].iter();
        rows.all(|(row, weight)| self.sums[*row] + i128::from(*weight) <= self.programme.rows[*row].most)
    }

    /// Takes an item in or out.
    pub fn turn(&mut self, item: usize) {
        self.chosen[item] = !self.chosen[item];
        let sign = if self.chosen[item] { 1 } else { -1 };
        for (row, weight) in &self.programme.of_item[item] {
            self.sums[*row] += sign * i128::from(*weight);
        }
    }

    /// Whether no row is below its least that the item is in.
    pub fn keeps_least(&self, item: usize) -> bool {
        self.programme.of_item[item].iter().all(|(row, _)| self.sums[*row] >= self.programme.rows[*row].least)
    }

    /// Exchanges one item for a better one as long as there is such a pair.
    pub fn exchange(&mut self, among: &[usize]) {
        const ROUNDS: usize = 8;
        for _ in 0..ROUNDS {
            let mut better = false;
            for out in among {
                if !self.chosen[*out] {
                    continue;
                }
                self.turn(*out);
                let value = self.programme.values[*out].max(0.0);
                let fits = |item: &&usize| {
                    !self.chosen[**item] && self.programme.values[**item] > value && self.has_room(**item)
                };
                let worth = |item: &&usize| self.programme.values[**item];
                let entering = among.iter().filter(fits).max_by(|a, b| worth(a).total_cmp(&worth(b))).copied();
                if let Some(item) = entering {
                    self.turn(item);
                    if self.keeps_least(*out) {
                        better = true;
                        continue;
                    }
                    self.turn(item);
                }
                self.turn(*out);
            }
            if !better {
                return;
            }
        }
    }
}
