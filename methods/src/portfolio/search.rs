//! The search for the best choice: the relaxation with cuts settles what no better choice can change, until what remains is small
//! enough to be divided.

use super::{
    best::Best,
    branch::{Pruned, Tree},
    choice::Choice,
    relaxed::{Relaxed, WHOLE},
    rows::{Programme, Remainder},
    simplex::End,
};

/// How often cuts are added before what remains is divided.
const ROUNDS: usize = 30;
/// Cuts are looked for where no more items than this remain.
const MANY: usize = 3_000;

/// What a search has found.
pub(super) struct Found {
    /// The best choice of items and its value, where there is one.
    pub best: Option<(f64, Vec<bool>)>,
    /// No choice is worth more.
    pub bound: f64,
    /// Whether the search went to its end.
    pub finished: bool,
}

/// What came of a relaxation of the whole.
enum Root {
    /// Nothing better remains.
    Done,
    /// The search ends with this bound.
    Ends(f64),
    /// Enough is settled to begin anew.
    Shrunk,
    /// It is to be divided, from this bound.
    Open(f64),
}

/// Searches until the best choice is proven to be within `gap` of any other, or `goes_on` says no. With an infinite gap any
/// choice will do.
pub(super) fn search(programme: &Programme, gap: f64, goes_on: &dyn Fn() -> bool) -> Found {
    let mut best = Best::new(programme);
    let mut settled = vec![None; programme.items.len()];
    let ends = loop {
        if !programme.propagate(&mut settled) {
            break None;
        }
        let part = programme.remainder(&settled);
        if part.programme.values.is_empty() {
            best.offer(part.whole(&[]));
            break None;
        }
        let mut relaxed = Relaxed::new(&part.programme);
        match root(&part, &mut relaxed, &mut best, &mut settled, (gap, goes_on)) {
            Root::Done => break None,
            Root::Ends(bound) => break Some(bound),
            Root::Shrunk => {}
            Root::Open(bound) => match Tree::new(&part, relaxed, &mut best, goes_on).run(bound, gap) {
                Pruned::Whole => break None,
                Pruned::To(bound) => break Some(bound),
            },
        }
    };
    let value = best.found.as_ref().map_or(f64::NEG_INFINITY, |(value, _)| *value);
    Found { bound: ends.map_or(value, |bound| bound.max(value)), finished: ends.is_none(), best: best.found }
}

/// Solves the relaxation, cuts, and settles by reduced costs.
fn root(
    part: &Remainder,
    relaxed: &mut Relaxed<'_>,
    best: &mut Best<'_>,
    settled: &mut [Option<bool>],
    (gap, goes_on): (f64, &dyn Fn() -> bool),
) -> Root {
    let (mut bound, mut open, mut still) = (f64::INFINITY, part.programme.values.len(), 0);
    for round in 0..ROUNDS {
        let Some(end) = relaxed.solve(best.cutoff() - part.worth, goes_on) else {
            return Root::Ends(bound.min(part.worth + relaxed.simplex.objective()));
        };
        let now = part.worth + relaxed.simplex.objective();
        if end == End::Infeasible || now.min(bound) < best.cutoff() {
            return Root::Done;
        }
        still = if bound - now > 1e-2 * (now - best.cutoff()) { 0 } else { still + 1 };
        bound = bound.min(now);
        let values = relaxed.simplex.solution();
        by_hand(part, relaxed, best, &values);
        if best.is_within(gap, bound) {
            return Root::Ends(bound);
        }
        if bound < best.cutoff() {
            return Root::Done;
        }
        open = settle(part, relaxed, now - best.cutoff(), settled).min(open);
        if open * 10 < part.programme.values.len() * 8 {
            return Root::Shrunk;
        }
        if end != End::Optimal || still > 3 || part.programme.values.len() > MANY || round + 1 == ROUNDS {
            break;
        }
        if relaxed.cuts() > 60 {
            relaxed.tidy();
        }
        if relaxed.cut(&values) == 0 {
            break;
        }
    }
    Root::Open(bound)
}

/// Settles what would cost more than there is to gain; how many items remain open.
fn settle(part: &Remainder, relaxed: &Relaxed<'_>, gain: f64, settled: &mut [Option<bool>]) -> usize {
    let count = part.programme.values.len();
    for item in 0..count {
        let reduced = relaxed.simplex.reduced[item];
        if !relaxed.simplex.is_basic(item) && reduced.abs() > gain {
            settled[part.item(item)] = Some(reduced > 0.0);
        }
    }
    (0..count).filter(|item| settled[part.item(*item)].is_none()).count()
}

/// Makes a choice of the relaxation's values: the surest first, as far as the rows allow, and then better by exchanges.
pub(super) fn by_hand(part: &Remainder, relaxed: &Relaxed<'_>, best: &mut Best<'_>, values: &[f64]) -> bool {
    let (programme, simplex) = (&part.programme, &relaxed.simplex);
    let reduced = &simplex.reduced;
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| {
        let (whole_a, whole_b) = ((values[*a] / WHOLE).round(), (values[*b] / WHOLE).round());
        whole_b.total_cmp(&whole_a).then(reduced[*b].total_cmp(&reduced[*a]))
    });
    let mut choice = Choice::new(programme);
    for item in &order {
        if (values[*item] > WHOLE || programme.values[*item] > 0.0) && choice.has_room(*item) {
            choice.turn(*item);
        }
    }
    // The exchanges are between those that the relaxation was least sure of.
    const NEAR: usize = 120;
    let unsure = |item: &usize| if simplex.is_basic(*item) { 0.0 } else { reduced[*item].abs() };
    order.sort_by(|a, b| unsure(a).total_cmp(&unsure(b)));
    order.truncate(NEAR);
    choice.exchange(&order);
    best.offer(part.whole(&choice.chosen))
}
