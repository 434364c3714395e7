//! What a reader of a ranking must know, and why something in it is not defined.

use std::collections::BTreeMap;

use super::{
    Wish,
    crossed::Crossed,
    scores::{Panel, Scale},
};
use crate::fault::counted;

/// The largest dense block that is factored; some eighty factorings of more take a minute.
const LARGEST: usize = 1_500;
/// What two free factors may leave of the scores' spread before it counts as nothing.
const NOTHING: f64 = 1e-7;
/// The most that grades can spread under the priors: three standard deviations of at most 2, and one of 0.5.
const MOST_SPREAD: f64 = 3.5;

/// What is remarkable about the input, whatever is computed of it.
pub(super) fn of(panel: &Panel, wish: &Wish) -> Vec<String> {
    let mut notes = Vec::new();
    if panel.gaps > 0 {
        notes.push(format!("Lines without a score, which are left out: {}.", panel.gaps));
    }
    let unscored = panel.counts().0.iter().filter(|count| **count == 0).count();
    if unscored > 0 {
        notes.push(format!("Bids without any score, which are not ranked: {unscored}."));
    }
    if panel.components > 1 {
        notes.push(format!(
            "The panel falls into {} parts that share neither bid nor assessor: that one part's bids stand above another's may \
             come from its assessors alone.",
            panel.components
        ));
    }
    if panel.assessors.len() == 1 {
        notes.push("There is one assessor: a leaning cannot be told from the level of the scores.".to_owned());
    }
    let scored = panel.bids.len() - unscored;
    if wish.line == 0 {
        notes.push("The line is 0: the money reaches nobody, and every bid is declined.".to_owned());
    } else if wish.line >= scored {
        let ranked = counted(scored, "bid");
        notes.push(format!("The line is {}, with {ranked} to rank: it runs below every bid.", wish.line));
    }
    let outside = |cell: &&super::scores::Cell| cell.value < Scale::GRADES.min || cell.value > Scale::GRADES.max;
    let count = panel.cells.iter().filter(outside).count();
    if wish.scale.is_none() && count > 0 {
        notes.push(format!(
            "Scores outside 1 to 6, the scale that the ranking's priors suit: {count}. Say which scale they are of."
        ));
    }
    notes.extend(alike(panel));
    notes
}

/// Bids that nothing tells apart: the same assessors gave them the same scores.
fn alike(panel: &Panel) -> Option<String> {
    const TOLD: usize = 3;
    if constant(panel) {
        return None;
    }
    let mut scores = vec![Vec::new(); panel.bids.len()];
    for cell in &panel.cells {
        scores[cell.bid].push((cell.assessor, cell.value.to_bits(), cell.confidence.weight().to_bits()));
    }
    let mut groups: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for (bid, mut scores) in scores.into_iter().enumerate().filter(|(_, scores)| !scores.is_empty()) {
        scores.sort_unstable();
        groups.entry((panel.section[bid], scores)).or_default().push(&panel.bids[bid]);
    }
    let mut groups: Vec<Vec<&str>> = groups.into_values().filter(|bids| bids.len() > 1).collect();
    groups.sort_unstable();
    let told: Vec<String> = groups.iter().take(TOLD).map(|bids| bids.join(" and ")).collect();
    let more = groups.len().saturating_sub(TOLD);
    let more = if more > 0 { format!("; and {more} more such groups") } else { String::new() };
    (!told.is_empty()).then(|| {
        format!(
            "The same assessors gave the same scores to {}{more}: only the sampler's chance tells which of them stands first.",
            told.join("; to ")
        )
    })
}

/// The sum of squared deviations of the scores, as grades.
fn spread(panel: &Panel, wish: &Wish) -> f64 {
    let scale = wish.scale.unwrap_or(Scale::GRADES);
    let count = panel.cells.len() as f64;
    let grades = || panel.cells.iter().map(|cell| scale.to_grade(cell.value));
    let mean = grades().sum::<f64>() / count;
    (grades().map(|grade| (grade - mean).powi(2)).sum::<f64>() / count).sqrt()
}

fn constant(panel: &Panel) -> bool {
    let first = panel.cells.first().map(|cell| cell.value);
    panel.cells.iter().all(|cell| Some(cell.value) == first)
}

/// How many scores are more than what two free factors need to fit them all.
fn freedom(panel: &Panel) -> usize {
    let (bids, assessors) = panel.counts();
    let levels = bids.iter().chain(&assessors).filter(|count| **count > 0).count();
    (panel.cells.len() + panel.components).saturating_sub(levels)
}

/// Why no variances can be fitted, if so.
pub(super) fn why_not_calibrated(panel: &Panel, design: &Crossed, wish: &Wish) -> Option<String> {
    let counts = panel.counts().0;
    let reason = if constant(panel) {
        "every score is the same"
    } else if design.largest() > LARGEST {
        return Some(format!(
            "No calibrated scores: {} bids or assessors hang together, and {LARGEST} are computed at most.",
            design.largest()
        ));
    } else if wish.variances.is_some_and(|given| given.error > 0.0) {
        return None;
    } else if counts.iter().filter(|count| **count > 0).count() == 1 {
        "there is one bid, and nothing to compare it with"
    } else if counts.iter().all(|count| *count <= 1) {
        "no bid has two scores, so that its worth cannot be told from chance"
    } else if freedom(panel) > 0 && design.unexplained() < NOTHING {
        "worth and leaning explain every score exactly, so that chance has no variance to fit"
    } else {
        return None;
    };
    Some(format!("No calibrated scores: {reason}."))
}

/// Why assessors' leanings cannot be told from chance, if so.
pub(super) fn why_no_leaning(panel: &Panel) -> Option<String> {
    panel.counts().1.iter().all(|count| *count <= 1).then(|| {
        "No assessor scored two bids: a leaning cannot be told from chance, so that none is fitted, and ICC(3) is none."
            .to_owned()
    })
}

/// Why no expected ranks are defined, if so.
pub(super) fn why_not_ranked(panel: &Panel, design: &Crossed, wish: &Wish) -> Option<String> {
    let bids = panel.counts().0.iter().filter(|count| **count > 0).count();
    if bids == 1 {
        return None;
    }
    let reason = if constant(panel) {
        "every score is the same, and no bid stands before another".to_owned()
    } else if design.largest() <= LARGEST && freedom(panel) > 0 && design.unexplained() < NOTHING {
        "worth and leaning explain every score exactly, so that nothing says how sure the order is".to_owned()
    } else {
        let spread = spread(panel, wish);
        if spread <= MOST_SPREAD {
            return None;
        }
        format!(
            "the scores spread by {spread:.1}, more than the ranking's priors can hold for grades from 1 to 6: say which scale \
             they are of"
        )
    };
    Some(format!("No expected ranks: {reason}."))
}
