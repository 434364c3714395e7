//! The figures of a ranking, computed by the methods that `roundtable rank` computes with.
//!
//! Every scored bid is in the posterior. The funding line is the expected rank of the k-th bid that can be funded, where the money
//! reaches k: a bid without a place, such as one below a minimum, is passed over when they are counted. Where the money reaches
//! all that can be funded, the line runs below every bid, since nothing competes for it. So the methods are told the position of
//! that bid among all, and whoever gives `roundtable rank --line` the same position gets the same line and the same groups.

use std::collections::BTreeMap;

use methods::rank::{self, Confidence as Sure, Ranking, Scale, Score, Wish};

use super::{
    basis::{Basis, Entrant, Places, Reading, count, decimal, placed},
    model::{AtLine, Breakdown, Figures, Leaning, RankedBid, RankedInterview, Share, Variances},
};
use crate::{
    assessment::model::{Confidence, Mean},
    error::{AppError, Result},
    funds::{assessing::RankedBy, rulebook::WHOLE},
};

/// The figures of a ranking in this order, or in the one that its rules say.
///
/// # Errors
/// When the methods refuse scores that the service took, which is our fault.
pub(super) fn figures(basis: &Basis, order: Option<Places>) -> Result<Figures> {
    let seed = basis.seed(&basis.scores()?);
    let (places, known) = match (order, basis.by) {
        (Some(places), _) => (places, None),
        (None, RankedBy::ModeratedMean | RankedBy::RawMean) => (basis.places_by_mean(), None),
        (None, by) => {
            let known = ranking(basis, 0, seed)?;
            (places_by(basis, by, &known), Some(known))
        }
    };
    let reached = basis.funded(&places).len();
    let first = match known {
        Some(known) => known,
        None => ranking(basis, reached, seed)?,
    };
    let line = position(&first, &places, reached);
    let ranking = if first.line == line { first } else { ranking(basis, line, seed)? };
    Ok(told(basis, &places, ranking))
}

/// Where the line runs among all ranked bids: at the last of as many that have a place as the money reaches, and below every bid
/// where it reaches all that have one.
fn position(ranking: &Ranking, places: &Places, reached: usize) -> usize {
    let ranked: Vec<&rank::Ranked> = ranking.bids.iter().filter(|bid| bid.expected_rank.is_some()).collect();
    if reached == 0 || ranked.is_empty() {
        return reached;
    }
    let mut placed = (1..).zip(&ranked).filter(|(_, bid)| places.contains_key(&bid.bid)).map(|(position, _)| position);
    let at = placed.nth(reached - 1).filter(|_| placed.next().is_some());
    at.unwrap_or_else(|| ranked.len().max(reached))
}

fn ranking(basis: &Basis, line: usize, seed: u64) -> Result<Ranking> {
    if basis.readings.is_empty() {
        return Ok(nothing(line, seed));
    }
    let scores: Vec<Score> = basis.readings.iter().map(score).collect();
    let (least, most) = basis.scale;
    let scale = (least < most).then(|| Scale { min: points(least), max: points(most) });
    rank::rank(&scores, &Wish { seed, scale, ..Wish::line(line) }).map_err(AppError::internal)
}

/// What is said where nobody has submitted an assessment of any of the bids.
fn nothing(line: usize, seed: u64) -> Ranking {
    Ranking {
        bids: Vec::new(),
        assessors: Vec::new(),
        mean: None,
        variances: None,
        icc1: None,
        icc3: None,
        alpha: None,
        components: 0,
        line,
        line_rank: None,
        seed,
        draws: 0,
        notes: vec!["No assessment of these bids is submitted.".to_owned()],
    }
}

/// The same number that a file's reader makes of the decimal digits.
fn points(of: i64) -> f64 {
    of as f64 / f64::from(WHOLE)
}

fn score(reading: &Reading) -> Score {
    Score {
        bid: reading.bid.clone(),
        assessor: reading.label(),
        score: Some(points(reading.sum)),
        confidence: match reading.confidence {
            Confidence::Low => Sure::Low,
            Confidence::Medium => Sure::Medium,
            Confidence::High => Sure::High,
        },
        section: None,
        row: None,
    }
}

/// The places by a figure that the methods compute; where they compute none, nobody has a place.
fn places_by(basis: &Basis, by: RankedBy, ranking: &Ranking) -> Places {
    let figures: BTreeMap<&str, &rank::Ranked> = ranking.bids.iter().map(|bid| (bid.bid.as_str(), bid)).collect();
    let figure = |bid: &Entrant| {
        let known = figures.get(bid.reference.as_str())?;
        let greatest_first =
            if by == RankedBy::Calibrated { known.calibrated } else { known.expected_rank.map(|rank| -rank) };
        Some((bid.reference.clone(), greatest_first?))
    };
    placed(&basis.placeable().filter_map(figure).collect::<Vec<_>>())
}

fn told(basis: &Basis, places: &Places, ranking: Ranking) -> Figures {
    let funded = basis.funded(places);
    let computed: BTreeMap<&str, &rank::Ranked> = ranking.bids.iter().map(|bid| (bid.bid.as_str(), bid)).collect();
    let all = ranking.bids.iter().filter(|bid| bid.expected_rank.is_some()).count();
    let line = ranking.line_rank.filter(|_| ranking.line < all);
    let mut bids: Vec<RankedBid> = basis
        .bids
        .iter()
        .map(|bid| {
            let known = computed.get(bid.reference.as_str()).copied();
            let group = known.and_then(|known| at_line(known, (basis.interval, line)));
            RankedBid { funded: funded.contains(bid.reference.as_str()), group, ..ranked(basis, bid, places, known) }
        })
        .collect();
    bids.sort_by_key(|bid| (bid.place.is_none(), bid.place));
    Figures {
        bids,
        assessors: ranking.assessors.into_iter().map(Leaning::from).collect(),
        mean: ranking.mean,
        variances: ranking.variances.map(Variances::from),
        icc1: ranking.icc1,
        icc3: ranking.icc3,
        alpha: ranking.alpha,
        components: count(ranking.components),
        line: count(funded.len()),
        line_position: Some(count(ranking.line)),
        line_rank: ranking.line_rank,
        seed: ranking.seed,
        draws: count(ranking.draws),
        notes: ranking.notes,
    }
}

fn ranked(basis: &Basis, bid: &Entrant, places: &Places, known: Option<&rank::Ranked>) -> RankedBid {
    let place = places.get(&bid.reference).copied();
    let alike = places.values().filter(|other| Some(**other) == place).count();
    RankedBid {
        bid: bid.reference.clone(),
        place,
        tied: place.is_some() && alike > 1,
        funded: false,
        below: bid.below.clone(),
        readers: count(basis.readings_of(&bid.reference).count()),
        given_to: bid.given_to,
        mean: basis.mean(&bid.reference).map(Mean::in_words),
        moderated: basis.moderated_mean(&bid.reference).map(Mean::in_words),
        interview: interview(basis, bid),
        raw_mean: known.and_then(|known| known.raw_mean),
        calibrated: known.and_then(|known| known.calibrated),
        se: known.and_then(|known| known.se),
        breakdown: known.and_then(|known| known.breakdown.clone()).map(Breakdown::from),
        expected_rank: known.and_then(|known| known.expected_rank),
        r5: known.and_then(|known| known.r5),
        r25: known.and_then(|known| known.r25),
        r75: known.and_then(|known| known.r75),
        r95: known.and_then(|known| known.r95),
        sucra: known.and_then(|known| known.sucra),
        group: None,
        component: known.map(|known| count(known.component)),
    }
}

/// What came of the interview of a bid, where the order follows from it.
fn interview(basis: &Basis, bid: &Entrant) -> Option<RankedInterview> {
    let (combining, of) = basis.combining.zip(bid.interview.as_ref()).filter(|_| basis.is_combined())?;
    Some(RankedInterview {
        standing: of.standing(),
        panel: of.panel,
        submitted: of.submitted(),
        mean: of.mean().map(Mean::in_words),
        on_the_reading: of.mean().and_then(|mean| combining.on_the_reading(mean)).map(Mean::in_words),
        combined: basis.combined_mean(&bid.reference).map(Mean::in_words),
    })
}

/// Where the interval that the round goes by lies at the line. The methods say it of the interval of 50 per cent; a line that
/// has every bid on one side is none, and nothing crosses it.
fn at_line(bid: &rank::Ranked, (interval, line): (u32, Option<f64>)) -> Option<AtLine> {
    let usual = match bid.group? {
        rank::Group::Fund => AtLine::Fund,
        rank::Group::Draw => AtLine::Draw,
        rank::Group::Decline => AtLine::Decline,
    };
    let wide = line.zip(bid.r5).zip(bid.r95).filter(|_| interval == 90);
    let said = |((line, from), to): ((f64, u32), u32)| match (f64::from(from), f64::from(to)) {
        (_, to) if to < line => AtLine::Fund,
        (from, _) if from > line => AtLine::Decline,
        _ => AtLine::Draw,
    };
    Some(wide.map_or(usual, said))
}

/// The lowest and highest score, as the command line takes them.
pub(super) fn scale_of(basis: &Basis) -> String {
    format!("{}:{}", decimal(basis.scale.0), decimal(basis.scale.1))
}

impl From<rank::Breakdown> for Breakdown {
    fn from(of: rank::Breakdown) -> Self {
        let rank::Breakdown { raw_mean, confidence, leaning, shrinkage, assessors } = of;
        let assessors = assessors.into_iter().map(|rank::Share { assessor, change }| Share { assessor, change });
        Self { raw_mean, confidence, leaning, shrinkage, assessors: assessors.collect() }
    }
}

impl From<rank::Leaning> for Leaning {
    fn from(of: rank::Leaning) -> Self {
        Self { assessor: of.assessor, scores: count(of.scores), leaning: of.leaning, se: of.se }
    }
}

impl From<rank::Variances> for Variances {
    fn from(of: rank::Variances) -> Self {
        Self { bid: of.bid, assessor: of.assessor, error: of.error }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::basis::tests::basis, *};

    const FOUR: &[(&str, &[i64])] = &[
        ("A", &[48_000, 46_000, 45_000]),
        ("B", &[41_000, 35_000, 38_000]),
        ("C", &[36_000, 39_000, 37_000]),
        ("D", &[12_000, 15_000, 9_000]),
    ];

    fn places(figures: &Figures) -> Vec<(&str, Option<u32>)> {
        figures.bids.iter().map(|bid| (bid.bid.as_str(), bid.place)).collect()
    }

    #[test]
    fn the_steps_from_the_mean_add_up_to_the_calibrated_score() {
        for bid in figures(&basis(FOUR, 200), None).unwrap().bids {
            let Breakdown { raw_mean, confidence, leaning, shrinkage, assessors } = bid.breakdown.unwrap();
            assert!((raw_mean + confidence + leaning + shrinkage - bid.calibrated.unwrap()).abs() < 1e-9);
            assert!((assessors.iter().map(|share| share.change).sum::<f64>() - leaning).abs() < 1e-9);
        }
    }

    #[test]
    fn the_line_stands_where_the_money_ends_and_the_sure_bids_lie_on_its_sides() {
        let ranked = figures(&basis(FOUR, 250), None).unwrap();
        assert_eq!(places(&ranked), [("A", Some(1)), ("B", Some(2)), ("C", Some(3)), ("D", Some(4))]);
        assert_eq!(ranked.line, 2);
        let funded: Vec<bool> = ranked.bids.iter().map(|bid| bid.funded).collect();
        assert_eq!(funded, [true, true, false, false]);
        assert_eq!(ranked.bids[0].group, Some(AtLine::Fund));
        assert_eq!(ranked.bids[3].group, Some(AtLine::Decline));
    }

    #[test]
    fn a_bid_that_cannot_be_funded_is_passed_over_when_the_line_is_found_and_the_methods_say_the_same_there() {
        let mut of = basis(FOUR, 150);
        let before = figures(&of, None).unwrap();
        assert_eq!((before.line, before.line_position), (1, Some(1)));
        of.bids[0].below.push("Strategic fit".into());
        let ranked = figures(&of, None).unwrap();
        let kept = |figures: &Figures| {
            let mut ranks: Vec<_> = figures.bids.iter().map(|bid| (bid.bid.clone(), bid.expected_rank)).collect();
            ranks.sort_by(|one, other| one.0.cmp(&other.0));
            ranks
        };
        assert_eq!(kept(&ranked), kept(&before), "it stays in the posterior");
        assert_eq!((ranked.line, ranked.line_position), (1, Some(2)));
        let second = kept(&ranked).into_iter().filter_map(|(_, rank)| rank).filter(|rank| *rank > 1.5);
        assert_eq!(ranked.line_rank, second.reduce(f64::min), "the line is that of the best bid with a place");
        let anew = ranking(&of, 2, ranked.seed).unwrap();
        assert_eq!(anew.line_rank, ranked.line_rank);
        for bid in &ranked.bids {
            let same = anew.bids.iter().find(|other| other.bid == bid.bid).unwrap();
            assert_eq!(bid.group, at_line(same, (50, anew.line_rank)), "{}", bid.bid);
        }
    }

    #[test]
    fn where_the_money_reaches_every_bid_that_can_be_funded_nothing_crosses_the_line() {
        for by in [RankedBy::RawMean, RankedBy::ExpectedRank] {
            let mut of = Basis { by, ..basis(FOUR, 300) };
            of.bids[1].below.push("Strategic fit".into());
            let ranked = figures(&of, None).unwrap();
            assert_eq!((ranked.line, ranked.line_position), (3, Some(4)), "{by}");
            assert!(ranked.bids.iter().all(|bid| bid.group == Some(AtLine::Fund)), "{:?}", ranked.bids);
            let nobody = figures(&Basis { budget: crate::money::Pence(0), ..of }, None).unwrap();
            assert_eq!((nobody.line, nobody.line_position, nobody.line_rank), (0, Some(0), None));
        }
    }

    #[test]
    fn a_wider_interval_never_makes_a_bid_surer() {
        let group = |interval| {
            let ranked = figures(&Basis { interval, ..basis(FOUR, 250) }, None).unwrap();
            ranked.bids.into_iter().map(|bid| bid.group).collect::<Vec<_>>()
        };
        for (narrow, wide) in group(50).into_iter().zip(group(90)) {
            assert!(wide == narrow || wide == Some(AtLine::Draw), "{narrow:?} {wide:?}");
        }
        let everybody = figures(&Basis { interval: 90, ..basis(FOUR, 9_999) }, None).unwrap();
        assert!(everybody.bids.iter().all(|bid| bid.group == Some(AtLine::Fund)));
    }

    #[test]
    fn the_order_follows_the_figure_that_the_rules_name() {
        for by in [RankedBy::Calibrated, RankedBy::ExpectedRank] {
            let ranked = figures(&Basis { by, ..basis(FOUR, 250) }, None).unwrap();
            let figures: Vec<f64> = ranked
                .bids
                .iter()
                .map(
                    |bid| {
                        if by == RankedBy::Calibrated { -bid.calibrated.unwrap() } else { bid.expected_rank.unwrap() }
                    },
                )
                .collect();
            assert!(figures.is_sorted(), "{by}: {figures:?}");
            assert_eq!(ranked.line, 2);
        }
    }

    #[test]
    fn what_the_scores_do_not_tell_is_none_and_a_note_says_why() {
        let alike: &[(&str, &[i64])] = &[("A", &[30_000, 30_000]), ("B", &[30_000, 30_000])];
        for (scores, said) in [
            (&[("A", &[30_000][..]), ("B", &[20_000])][..], "one assessor"),
            (&[("A", &[30_000, 20_000][..])], "one bid"),
            (alike, "every score is the same"),
        ] {
            let ranked = figures(&basis(scores, 100), None).unwrap();
            assert!(ranked.notes.iter().any(|note| note.contains(said)), "{:?}", ranked.notes);
            assert!(ranked.bids.iter().all(|bid| bid.place.is_some() && bid.calibrated.is_none()));
        }
    }
}
