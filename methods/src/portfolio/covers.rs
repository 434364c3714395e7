//! Covers: of items that together weigh more than a row has room for, one must stay out. Lifted, the inequality counts the other
//! items too, each with the most that is still true.
//!
//! After Gu, Nemhauser and Savelsbergh, "Lifted cover inequalities for 0-1 integer programs" (1998): the cover is divided in what
//! the relaxation has whole and the rest; the rest gives the inequality, which is lifted for what is fractional, then for what is
//! whole, then for what is out. Each weight is exact, from the least weight at which each count can be had (Zemel 1989).

use super::rows::Row;

/// How near to a whole number a value must be to count as one.
const WHOLE: f64 = 1e-6;
/// The least by which a cut must be broken, measured as a distance.
const BROKEN: f64 = 1e-3;

/// Σ weight · item ≤ most, which every choice keeps; weights may be below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub terms: Vec<(usize, i64)>,
    pub most: i64,
}

impl Cut {
    /// How far values are beyond it, as a distance.
    pub fn broken_by(&self, values: &[f64]) -> f64 {
        let sum: f64 = self.terms.iter().map(|(item, weight)| *weight as f64 * values[*item]).sum();
        let length: f64 = self.terms.iter().map(|(_, weight)| (weight * weight) as f64).sum();
        (sum - self.most as f64) / length.sqrt().max(1.0)
    }
}

/// An item of a knapsack: its weight and its value in the relaxation.
#[derive(Clone, Copy)]
struct Piece {
    item: usize,
    weight: i128,
    value: f64,
}

/// The cuts that one row gives at these values.
pub(super) fn cuts_of(row: &Row, values: &[f64]) -> Vec<Cut> {
    let sum: i128 = row.terms.iter().map(|(_, weight)| i128::from(*weight)).sum();
    let mut cuts = Vec::new();
    if row.most < sum {
        let pieces = row.terms.iter().map(|(item, weight)| (*item, *weight, values[*item]));
        cuts.extend(of_knapsack(pieces, row.most));
    }
    if row.least > 0 {
        // What stays out must not weigh too much.
        let pieces = row.terms.iter().map(|(item, weight)| (*item, *weight, 1.0 - values[*item]));
        cuts.extend(of_knapsack(pieces, sum - row.least).into_iter().map(|cut| Cut {
            most: cut.most - cut.terms.iter().map(|(_, weight)| weight).sum::<i64>(),
            terms: cut.terms.into_iter().map(|(item, weight)| (item, -weight)).collect(),
        }));
    }
    cuts.retain(|cut| cut.broken_by(values) > BROKEN);
    cuts
}

fn of_knapsack(pieces: impl Iterator<Item = (usize, i64, f64)>, room: i128) -> Vec<Cut> {
    let mut pieces: Vec<Piece> = pieces
        .filter(|(_, weight, _)| *weight > 0)
        .map(|(item, weight, value)| Piece { item, weight: weight.into(), value: value.clamp(0.0, 1.0) })
        .collect();
    if !pieces.iter().any(|piece| piece.value > WHOLE && piece.value < 1.0 - WHOLE) {
        return Vec::new();
    }
    let mut cuts: Vec<Cut> = Vec::new();
    let by_weight = |piece: &Piece| (1.0 - piece.value) / piece.weight as f64;
    let by_value = |piece: &Piece| 1.0 - piece.value;
    let orders: [&dyn Fn(&Piece) -> f64; 2] = [&by_weight, &by_value];
    for order in orders {
        pieces.sort_by(|a, b| order(a).total_cmp(&order(b)).then(b.weight.cmp(&a.weight)));
        let cut = cover(&pieces, room).map(|cover| lifted(&pieces, &cover, room));
        cuts.extend(cut.filter(|cut| !cuts.contains(cut)));
    }
    cuts
}

/// Which pieces, taken in their order, make a cover without anything that it does not need.
fn cover(pieces: &[Piece], room: i128) -> Option<Vec<bool>> {
    let (mut within, mut weight) = (vec![false; pieces.len()], 0);
    for (place, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.value > WHOLE) {
        within[place] = true;
        weight += piece.weight;
        if weight > room {
            break;
        }
    }
    if weight <= room {
        return None;
    }
    let mut order: Vec<usize> = (0..pieces.len()).filter(|place| within[*place]).collect();
    order.sort_by(|a, b| pieces[*a].value.total_cmp(&pieces[*b].value).then(pieces[*b].weight.cmp(&pieces[*a].weight)));
    for place in order {
        if weight - pieces[place].weight > room {
            weight -= pieces[place].weight;
            within[place] = false;
        }
    }
    Some(within)
}

/// An inequality in the making: what counts how much, and the least weight at which each count can be had.
struct Lifting {
    terms: Vec<(usize, i64)>,
    most: usize,
    least: Vec<i128>,
    room: i128,
}

impl Lifting {
    /// The most that can be counted within so much room; nothing where there is none.
    fn counted(&self, room: i128) -> Option<usize> {
        // The least weights never fall from one count to the next.
        self.least.partition_point(|weight| *weight <= room).checked_sub(1)
    }

    fn count(&mut self, piece: &Piece, by: usize) {
        if by == 0 {
            return;
        }
        self.terms.push((piece.item, by as i64));
        let before = self.least.len();
        self.least.resize(before + by, i128::MAX);
        for count in (1..self.least.len()).rev() {
            let with = self.least[count.saturating_sub(by)];
            if with < i128::MAX {
                self.least[count] = self.least[count].min(with + piece.weight);
            }
        }
    }

    /// For a piece that was out: as much as it takes from the others.
    fn lift(&mut self, piece: &Piece) {
        let beside = self.counted(self.room - piece.weight);
        let by = beside.map_or(self.most, |beside| self.most.saturating_sub(beside));
        self.count(piece, by);
    }

    /// For a piece that was in: as much as the others gain without it.
    fn free(&mut self, piece: &Piece) {
        self.room += piece.weight;
        let by = self.counted(self.room).map_or(0, |all| all.saturating_sub(self.most));
        self.count(piece, by);
        self.most += by;
    }
}

fn lifted(pieces: &[Piece], cover: &[bool], room: i128) -> Cut {
    let among = |place: usize| cover[place];
    let (mut rest, mut whole): (Vec<Piece>, Vec<Piece>) = (0..pieces.len())
        .filter(|place| among(*place))
        .map(|place| pieces[place])
        .partition(|piece| piece.value < 1.0 - WHOLE);
    whole.sort_by_key(|piece| piece.weight);
    while rest.len() < 2 && !whole.is_empty() {
        rest.extend(whole.pop());
    }
    whole.reverse();
    let room = room - whole.iter().map(|piece| piece.weight).sum::<i128>();
    let mut lifting = Lifting { terms: Vec::new(), most: rest.len().saturating_sub(1), least: vec![0], room };
    rest.iter().for_each(|piece| lifting.count(piece, 1));
    let mut others: Vec<Piece> = (0..pieces.len()).filter(|place| !among(*place)).map(|place| pieces[place]).collect();
    others.sort_by(|a, b| b.value.total_cmp(&a.value).then(b.weight.cmp(&a.weight)));
    let fractional = others.iter().take_while(|piece| piece.value > WHOLE).count();
    others[..fractional].iter().for_each(|piece| lifting.lift(piece));
    whole.iter().for_each(|piece| lifting.free(piece));
    others[fractional..].iter().for_each(|piece| lifting.lift(piece));
    lifting.terms.sort_unstable();
    Cut { terms: lifting.terms, most: lifting.most as i64 }
}
