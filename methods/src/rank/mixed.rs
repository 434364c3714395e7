//! The mixed model y = μ + p + a + e/√c: variances by restricted maximum likelihood, and what they make of each bid.
//!
//! Each face of the boundary (no variance of bids, of assessors, of either) is searched by itself, because a search inside
//! can only approach a variance of zero and stops short of it. Where two faces are as likely, the one with fewer variances is
//! taken: what the scores cannot tell apart from chance is not called a leaning.

use serde::{Deserialize, Serialize};

use super::crossed::{Crossed, Ratios};

/// The variances of the model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variances {
    /// Of the bids' worth, s_p².
    pub bid: f64,
    /// Of the assessors' leaning, s_a².
    pub assessor: f64,
    /// Of what is left in one score of medium confidence, s_e².
    pub error: f64,
}

/// The logarithms of the ratios that are searched.
const SEARCHED: (f64, f64) = (-14.0, 20.0);
/// Variances that are so many times the one of chance leave nothing to it: the search goes on that way as long as it can count.
const CERTAIN: f64 = 1e7;
/// A likelihood that is higher by less is none.
const SAME: f64 = 1e-8;

/// How closely is searched.
struct Care {
    /// The logarithms from which the search sets out.
    grid: &'static [f64],
    /// How near to each other the last points are, in logarithms.
    close: f64,
}

impl Care {
    /// Every look at a large panel takes long, and its likelihood has one summit that few looks find.
    fn of(design: &Crossed) -> Self {
        const LARGE: usize = 200;
        if design.largest() > LARGE {
            return Self { grid: &[-4.0, -0.5, 3.0], close: 1e-5 };
        }
        Self { grid: &[-8.0, -5.0, -3.0, -1.5, 0.0, 1.5, 3.0, 6.0], close: 1e-7 }
    }
}

/// One face of the boundary: which variances are free on it.
#[derive(Clone, Copy)]
struct Face {
    bid: bool,
    assessor: bool,
}

impl Face {
    const ALL: [Self; 4] = [
        Self { bid: false, assessor: false },
        Self { bid: true, assessor: false },
        Self { bid: false, assessor: true },
        Self { bid: true, assessor: true },
    ];

    fn ratios(self, bid: f64, assessor: f64) -> Ratios {
        let ratio = |free: bool, log: f64| if free { log.clamp(SEARCHED.0, SEARCHED.1).exp() } else { 0.0 };
        Ratios { bid: ratio(self.bid, bid), assessor: ratio(self.assessor, assessor) }
    }
}

/// The variances under which the scores are most likely; that of leaning is searched where scores can tell it. None where they cannot
/// be computed, and where next to nothing is left to chance beside the rest.
pub(super) fn fit(design: &Crossed, leaning: bool) -> Option<Variances> {
    let mut best: Option<(f64, Ratios)> = None;
    for face in Face::ALL.into_iter().filter(|face| leaning || !face.assessor) {
        let found = search(design, face);
        if found.0.is_finite() && best.is_none_or(|(least, _)| found.0 < least - SAME) {
            best = Some(found);
        }
    }
    let (_, ratios) = best?;
    if ratios.bid.max(ratios.assessor) > CERTAIN {
        return None;
    }
    let (_, error) = design.deviance(ratios)?;
    Some(Variances { bid: ratios.bid * error, assessor: ratios.assessor * error, error })
}

/// The least deviance on a face, from the best point of a grid on.
fn search(design: &Crossed, face: Face) -> (f64, Ratios) {
    let at = |point: [f64; 2]| {
        design.deviance(face.ratios(point[0], point[1])).map_or(f64::INFINITY, |(deviance, _)| deviance)
    };
    let care = Care::of(design);
    let logs = |free: bool| if free { care.grid } else { &care.grid[..1] };
    let mut best = (f64::INFINITY, [0.0, 0.0]);
    for bid in logs(face.bid) {
        for assessor in logs(face.assessor) {
            let deviance = at([*bid, *assessor]);
            if deviance < best.0 {
                best = (deviance, [*bid, *assessor]);
            }
        }
    }
    let free: Vec<usize> =
        [(0, face.bid), (1, face.assessor)].into_iter().filter(|(_, free)| *free).map(|(axis, _)| axis).collect();
    let best = descend(at, best, (&free, care.close));
    (best.0, face.ratios(best.1[0], best.1[1]))
}

/// Nelder and Mead's descent on the free axes, begun anew from where it stops until that gains nothing.
fn descend(at: impl Fn([f64; 2]) -> f64, start: (f64, [f64; 2]), (free, close): (&[usize], f64)) -> (f64, [f64; 2]) {
    let mut best = start;
    for size in [1.0, 0.1] {
        let mut simplex = vec![best];
        for axis in free {
            let mut point = best.1;
            point[*axis] += size;
            simplex.push((at(point), point));
        }
        best = contract(&at, simplex, close);
    }
    best
}

fn contract(at: &impl Fn([f64; 2]) -> f64, mut simplex: Vec<(f64, [f64; 2])>, close: f64) -> (f64, [f64; 2]) {
    const STEPS: usize = 120;
    for _ in 0..STEPS {
        simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (best, last) = (simplex[0], simplex.len() - 1);
        let worst = simplex[last];
        let wide = simplex.iter().map(|(_, point)| (point[0] - best.1[0]).abs().max((point[1] - best.1[1]).abs()));
        if wide.fold(0.0, f64::max) < close {
            break;
        }
        let centre = [0, 1].map(|axis| simplex[..last].iter().map(|(_, point)| point[axis]).sum::<f64>() / last as f64);
        let along = |factor: f64| {
            let point = [0, 1].map(|axis| centre[axis] + factor * (worst.1[axis] - centre[axis]));
            (at(point), point)
        };
        let reflected = along(-1.0);
        let replacement = if reflected.0 < best.0 {
            let expanded = along(-2.0);
            if expanded.0 < reflected.0 { expanded } else { reflected }
        } else if reflected.0 < simplex[last - 1].0 {
            reflected
        } else {
            along(if reflected.0 < worst.0 { -0.5 } else { 0.5 })
        };
        if replacement.0 < worst.0 {
            simplex[last] = replacement;
            continue;
        }
        for corner in simplex.iter_mut().skip(1) {
            let point = [0, 1].map(|axis| f64::midpoint(best.1[axis], corner.1[axis]));
            *corner = (at(point), point);
        }
    }
    simplex.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((f64::INFINITY, [0.0, 0.0]))
}
