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

/// How many items are left open when a better choice is looked for near the relaxation, and whether only where there are many.
const CORES: [(usize, bool); 4] = [(50, false), (90, false), (300, true), (900, true)];
/// How often cuts are added before what remains is divided.
const ROUNDS: usize = 30;
/// Cuts are looked for where no more items than this remain.
pub(super) const MANY: usize = 3_000;

/// What a search has found.
pub(super) struct Found {
    /// The best choice of items and its value, where there is one.
    pub best: Option<(f64, Vec<bool>)>,
    /// No choice is worth more.
    pub bound: f64,
    /// Whether the search went to its end.
    pub finished: bool,
}

/// How it goes on after the relaxation of the whole.
enum Then {
    /// Nothing better remains.
    Done,
    /// The search ends here.
    Ends,
    /// Enough is settled to begin anew.
    Shrunk,
    /// It is to be divided.
    Open,
}

/// When a search ends.
#[derive(Clone, Copy)]
pub(super) struct Limits<'a> {
    /// The gap at which the best is good enough.
    pub gap: f64,
    /// How many parts may be looked at.
    pub parts: usize,
    /// Whether there is time.
    pub goes_on: &'a dyn Fn() -> bool,
}

/// Searches until the best choice is proven to be within `gap` of any other, or `goes_on` says no. With an infinite gap any
/// choice will do.
pub(super) fn search(programme: &Programme, gap: f64, goes_on: &dyn Fn() -> bool) -> Found {
    let mut best = Best::new(programme);
    let settled = vec![None; programme.items.len()];
    let ends = within(programme, settled, &mut best, Limits { gap, parts: usize::MAX, goes_on });
    let value = best.found.as_ref().map_or(f64::NEG_INFINITY, |(value, _)| *value);
    // Where there was no time for a relaxation, no choice is worth more than all that is worth something.
    let all: f64 = programme.values.iter().map(|value| value.max(0.0)).sum();
    let ends = ends.map(|bound| bound.min(all));
    Found { bound: ends.map_or(value, |bound| bound.max(value)), finished: ends.is_none(), best: best.found }
}

/// Searches what remains when some items are settled; gives a bound of it when the search had to stop.
fn within(
    programme: &Programme,
    mut settled: Vec<Option<bool>>,
    best: &mut Best<'_>,
    limits: Limits<'_>,
) -> Option<f64> {
    let mut bound = f64::INFINITY;
    loop {
        if !(limits.goes_on)() {
            return Some(bound);
        }
        if !programme.propagate(&mut settled) {
            return None;
        }
        let part = programme.remainder(&settled);
        if part.programme.values.is_empty() {
            best.offer(part.whole(&[]));
            return None;
        }
        let mut relaxed = Relaxed::new(&part.programme);
        let (now, then) = root(&part, &mut relaxed, best, &mut settled, limits);
        bound = bound.min(now);
        match then {
            Then::Done => return None,
            Then::Ends => return Some(bound),
            Then::Shrunk => continue,
            Then::Open => {}
        }
        if limits.parts == usize::MAX {
            let large = part.programme.values.len() > MANY;
            for (size, for_large) in CORES {
                if large >= for_large && !best.is_within(limits.gap, bound) {
                    core(programme, (&part, size), &relaxed, &settled, best, limits);
                }
            }
            let gain = part.worth + relaxed.simplex.objective() - best.cutoff();
            let open = settle(&part, &relaxed, gain, &mut settled);
            if best.is_within(limits.gap, bound) {
                return Some(bound);
            }
            if is_shrunk(open, part.programme.values.len()) {
                continue;
            }
        }
        let now = match Tree::new((&part, (programme, &settled)), relaxed, best, limits).run(bound) {
            Pruned::Whole => return None,
            Pruned::To(bound) => return Some(bound),
            Pruned::Shrunk(now) => now,
        };
        for (item, now) in now.into_iter().enumerate().filter(|(_, now)| now.is_some()) {
            settled[part.item(item)] = now;
        }
    }
}

/// Whether so little is open that it is better to begin anew.
pub(super) fn is_shrunk(open: usize, of: usize) -> bool {
    open * 10 < of * 8
}

/// Searches for a better choice among those that differ from the relaxation only where it is least sure, or from which the best
/// so far differs.
pub(super) fn core(
    programme: &Programme,
    (part, size): (&Remainder, usize),
    relaxed: &Relaxed<'_>,
    settled: &[Option<bool>],
    best: &mut Best<'_>,
    limits: Limits<'_>,
) {
    const PARTS: usize = 800;
    let (values, simplex) = (relaxed.simplex.solution(), &relaxed.simplex);
    let is_other =
        |item: usize| best.found.as_ref().is_some_and(|(_, best)| best[part.item(item)] != (values[item] > 0.5));
    // Where there are many rows, most of what is basic is so only for one of them.
    let basic = if values.len() > MANY { f64::INFINITY } else { 0.0 };
    let sureness = |item: usize| match (values[item] - values[item].round()).abs() > WHOLE || is_other(item) {
        true => -1.0,
        false if simplex.is_basic(item) => basic,
        false => simplex.reduced[item].abs(),
    };
    let mut order: Vec<(f64, usize)> = (0..values.len()).map(|item| (sureness(item), item)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let sure = order.iter().skip(size).filter(|(sureness, _)| *sureness >= 0.0);
    let mut all = settled.to_vec();
    sure.for_each(|(_, item)| all[part.item(*item)] = Some(values[*item] > 0.5));
    within(programme, all, best, Limits { gap: limits.gap / 2.0, parts: PARTS, ..limits });
}

/// Solves the relaxation, cuts, and settles by reduced costs; with the bound.
fn root(
    part: &Remainder,
    relaxed: &mut Relaxed<'_>,
    best: &mut Best<'_>,
    settled: &mut [Option<bool>],
    limits: Limits<'_>,
) -> (f64, Then) {
    let (mut bound, mut open, mut still) = (f64::INFINITY, part.programme.values.len(), 0);
    for round in 0..ROUNDS {
        let Some(end) = relaxed.solve(best.cutoff() - part.worth, limits.goes_on) else {
            return (bound.min(part.worth + relaxed.simplex.objective()), Then::Ends);
        };
        let now = part.worth + relaxed.simplex.objective();
        if end == End::Infeasible || now.min(bound) < best.cutoff() {
            return (bound, Then::Done);
        }
        still = if bound - now > 1e-2 * (now - best.cutoff()) { 0 } else { still + 1 };
        bound = bound.min(now);
        let values = relaxed.simplex.solution();
        by_hand(part, relaxed, best, &values);
        if best.is_within(limits.gap, bound) {
            return (bound, Then::Ends);
        }
        if bound < best.cutoff() {
            return (bound, Then::Done);
        }
        open = settle(part, relaxed, now - best.cutoff(), settled).min(open);
        if is_shrunk(open, part.programme.values.len()) {
            return (bound, Then::Shrunk);
        }
        if end != End::Optimal || still > 3 || part.programme.values.len() > MANY || round + 1 == ROUNDS {
            break;
        }
        let full = relaxed.cuts() > 60;
        if full {
            relaxed.tidy();
        }
        if relaxed.cut(&values) > 0 {
            continue;
        }
        if full {
            // Whoever reads reduced costs reads those of a relaxation that is solved, which one that was tidied is not.
            match relaxed.solve(best.cutoff() - part.worth, limits.goes_on) {
                None => return (bound, Then::Ends),
                Some(End::Infeasible) => return (bound, Then::Done),
                Some(_) => {}
            }
        }
        break;
    }
    (bound, Then::Open)
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
