//! Why a bid stands where it stands, in words and numbers. Pure.

mod interview;

use serde::Serialize;

use self::interview::{interview_in_words, without_interview};
use super::{
    basis::Basis,
    model::{AtLine, Breakdown, Figures, RankedBid},
};
use crate::{assessment::model::Confidence, funds::assessing::RankedBy};

/// Why a bid stands where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The question as people ask it: `Why is this ninth?`.
    pub question: String,
    /// What its place follows from, each a sentence.
    pub place: Vec<String>,
    /// What the assessors gave.
    pub scores: Vec<Given>,
    /// The way from the weighted mean to the calibrated score; nothing where there is none.
    pub steps: Vec<Step>,
    /// How sure its place is, each a sentence.
    pub sure: Vec<String>,
    /// The bid before it, if there is one, by its reference.
    pub before: Option<String>,
    /// The bid after it.
    pub after: Option<String>,
}

/// What one assessor gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Given {
    /// The assessor, by a number.
    pub assessor: String,
    /// The weighted score.
    pub score: String,
    /// How sure they were, in words.
    pub confidence: &'static str,
}

/// A step from the weighted mean to the calibrated score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What it is.
    pub what: String,
    /// What it changes, with its sign; empty where it begins or ends.
    pub change: String,
    /// What there is after it.
    pub total: String,
}

impl Why {
    /// Why this bid of a ranking stands where it stands.
    pub(super) fn of(basis: &Basis, figures: &Figures, reference: &str) -> Option<Self> {
        let at = figures.bids.iter().position(|bid| bid.bid == reference)?;
        let bid = figures.bids.get(at)?;
        let placed = |index: Option<usize>| {
            let other = figures.bids.get(index?)?;
            (bid.place.is_some() && other.place.is_some()).then(|| other.bid.clone())
        };
        let (before, after) = (placed(at.checked_sub(1)), placed(Some(at + 1)));
        Some(Self {
            question: bid.place.map_or_else(
                || "Why does this have no place?".to_owned(),
                |place| format!("Why is this {}?", ordinal(place)),
            ),
            place: place_in_words(basis, figures, bid),
            scores: basis
                .readings_of(reference)
                .map(|reading| Given {
                    assessor: reading.label(),
                    score: reading.score(),
                    confidence: in_words(reading.confidence),
                })
                .collect(),
            steps: bid.breakdown.as_ref().map(|breakdown| steps(figures, breakdown)).unwrap_or_default(),
            sure: sure_in_words(basis, figures, bid),
            before,
            after,
        })
    }
}

const fn in_words(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "Low",
        Confidence::Medium => "Medium",
        Confidence::High => "High",
    }
}

/// The figure that the order follows, as people call it: the mean is a moderated one where something was agreed, and a combined
/// figure where bids were interviewed.
pub(super) fn followed(basis: &Basis) -> &'static str {
    match basis.by {
        RankedBy::ModeratedMean | RankedBy::RawMean if basis.is_combined() => "combined figure",
        RankedBy::ModeratedMean if basis.is_moderated() => "moderated mean",
        RankedBy::ModeratedMean | RankedBy::RawMean => "weighted mean",
        RankedBy::Calibrated => "calibrated score",
        RankedBy::ExpectedRank => "expected rank",
    }
}

/// The same of one bid, as a number.
fn figure(by: RankedBy, bid: &RankedBid) -> Option<String> {
    match by {
        RankedBy::ModeratedMean | RankedBy::RawMean => {
            let combined = bid.interview.as_ref().and_then(|interview| interview.combined.clone());
            combined.or_else(|| bid.moderated.clone()).or_else(|| bid.mean.clone())
        }
        RankedBy::Calibrated => bid.calibrated.map(two_digits),
        RankedBy::ExpectedRank => bid.expected_rank.map(two_digits),
    }
}

fn place_in_words(basis: &Basis, figures: &Figures, bid: &RankedBid) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(mean) = &bid.mean {
        let of =
            if bid.readers == 1 { "its one assessment".to_owned() } else { format!("{} assessments", bid.readers) };
        said.push(format!("Its weighted mean over {of} is {mean}."));
    }
    said.extend(moderation_in_words(basis, bid));
    said.extend(interview_in_words(basis, bid));
    let Some(place) = bid.place else {
        if let Some(words) = without_interview(bid).filter(|_| bid.below.is_empty()) {
            said.push(words);
            return said;
        }
        said.push(if bid.below.is_empty() {
            "It has no place, because its scores give no figure to rank it by.".to_owned()
        } else {
            format!("It has no place, because its mean stays below the minimum on {}.", listed(&bid.below))
        });
        return said;
    };
    let (name, ranked) = (followed(basis), figures.bids.iter().filter(|bid| bid.place.is_some()));
    let alike = ranked.clone().filter(|other| other.place == bid.place).count() - 1;
    let better = if basis.by == RankedBy::ExpectedRank { "lower" } else { "higher" };
    said.push(match place - 1 {
        0 => format!("It has place 1 of {}: no bid has a {better} {name}.", ranked.clone().count()),
        1 => format!("It has place 2 of {}: one bid has a {better} {name}.", ranked.clone().count()),
        more => format!("It has place {place} of {}: {more} bids have a {better} {name}.", ranked.clone().count()),
    });
    match alike {
        0 => {}
        1 => said.push(format!("One other bid has exactly the same {name}, and the same place.")),
        more => said.push(format!("{more} other bids have exactly the same {name}, and the same place.")),
    }
    let next = |other: Option<&RankedBid>| Some(format!("{} with {}", other?.bid, figure(basis.by, other?)?));
    let above = next(ranked.clone().rfind(|other| other.place < bid.place));
    let below = next(ranked.clone().find(|other| other.place > bid.place));
    said.extend(match (above, below) {
        (Some(above), Some(below)) => Some(format!("The next bid above it is {above}, the next below it is {below}.")),
        (Some(above), None) => Some(format!("The next bid above it is {above}.")),
        (None, Some(below)) => Some(format!("The next bid below it is {below}.")),
        (None, None) => None,
    });
    said.push(match (figures.line, bid.funded) {
        (0, _) => "The money reaches no bid.".to_owned(),
        (1, true) => "The money reaches one bid in this order: this one.".to_owned(),
        (1, false) => "The money reaches one bid in this order, and it is another.".to_owned(),
        (line, true) => format!("The money reaches {line} bids in this order, and this is one of them."),
        (line, false) => format!("The money reaches {line} bids in this order, and this is none of them."),
    });
    said
}

/// What was agreed in moderation, and which place the bid would have without any of it.
fn moderation_in_words(basis: &Basis, bid: &RankedBid) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(moderated) = &bid.moderated {
        said.push(format!(
            "With what was agreed in moderation its mean is {moderated}, and its place follows from that{}.",
            if basis.is_combined() { " and its interview" } else { "" }
        ));
    }
    if basis.by == RankedBy::ModeratedMean && basis.is_moderated() {
        let places = basis.places_without_moderation();
        said.extend(match (places.get(&bid.bid), bid.place) {
            (Some(own), Some(place)) if *own == place => {
                Some("By the scores that assessors gave by themselves it would have the same place.".to_owned())
            }
            (Some(own), _) => {
                Some(format!("By the scores that assessors gave by themselves it would have place {own}."))
            }
            (None, _) => None,
        });
    }
    said
}

fn listed(words: &[String]) -> String {
    words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join(", ")
}

/// From the weighted mean to the calibrated score.
fn steps(figures: &Figures, breakdown: &Breakdown) -> Vec<Step> {
    let mut total = breakdown.raw_mean;
    let mut steps = vec![Step { what: "Weighted mean".into(), change: String::new(), total: two_digits(total) }];
    let mut step = |what: String, change: f64| {
        total += change;
        steps.push(Step { what, change: signed(change), total: two_digits(total) });
    };
    step("Surer scores weigh more".into(), breakdown.confidence);
    for share in &breakdown.assessors {
        let leaning = figures.assessors.iter().find(|of| of.assessor == share.assessor).and_then(|of| of.leaning);
        let what = match leaning {
            Some(leaning) if two_digits(leaning.abs()) != "0.00" => {
                let way = if leaning > 0.0 { "higher" } else { "lower" };
                format!("Assessor {} scores {} {way} than others do", share.assessor, two_digits(leaning.abs()))
            }
            _ => format!("Assessor {} scores as others do", share.assessor),
        };
        step(what, share.change);
    }
    let all = figures.mean.map(|mean| format!(", {}", two_digits(mean))).unwrap_or_default();
    step(format!("Few scores say little, so that they are drawn towards the mean of all{all}"), breakdown.shrinkage);
    let total = two_digits(total);
    steps.push(Step { what: "Calibrated score".into(), change: String::new(), total });
    steps
}

fn sure_in_words(basis: &Basis, figures: &Figures, bid: &RankedBid) -> Vec<String> {
    let Some(expected) = bid.expected_rank else {
        return vec![
            "How sure its place is cannot be told from the scores. The notes on the ranking say why.".to_owned(),
        ];
    };
    let mut said = vec![format!("As far as the scores tell, its true rank is {expected:.1} on average.")];
    let between = |from: Option<u32>, to: Option<u32>| match from.zip(to)? {
        (from, to) if from == to => Some(from.to_string()),
        (from, to) => Some(format!("between {from} and {to}")),
    };
    if let (Some(half), Some(most)) = (between(bid.r25, bid.r75), between(bid.r5, bid.r95)) {
        said.push(format!("With a chance of one in two it is {half}, and with one of nine in ten {most}."));
    }
    if let Some(line) = figures.line_rank.filter(|_| bid.place.is_none()) {
        said.push(format!(
            "The funding line runs at rank {line:.1}. It is found among the bids that have a place, and this one has none, so \
             that it cannot be funded."
        ));
    } else if let (Some(line), Some(group)) = (figures.line_rank, bid.group) {
        let interval = basis.interval;
        said.push(match group {
            AtLine::Fund => format!(
                "The funding line runs at rank {line:.1}. The interval of {interval} per cent lies above it: by the scores, \
                 this bid belongs to those that are funded."
            ),
            AtLine::Draw => format!(
                "The funding line runs at rank {line:.1}. The interval of {interval} per cent crosses it: the scores alone do not \
                 tell on which side of it this bid belongs."
            ),
            AtLine::Decline => format!(
                "The funding line runs at rank {line:.1}. The interval of {interval} per cent lies below it: by the scores, \
                 this bid does not belong to those that are funded."
            ),
        });
    }
    said
}

/// A number with two decimals; what rounds to nothing has no sign.
pub(super) fn two_digits(value: f64) -> String {
    let written = format!("{value:.2}");
    if written == "-0.00" { "0.00".to_owned() } else { written }
}

fn signed(change: f64) -> String {
    let written = two_digits(change);
    match written.strip_prefix('-') {
        Some(less) => format!("−{less}"),
        None => format!("+{written}"),
    }
}

/// `first`, `ninth`, `21st`.
fn ordinal(place: u32) -> String {
    const WORDS: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth",
    ];
    let word = usize::try_from(place).ok().and_then(|place| WORDS.get(place.checked_sub(1)?));
    let ending = match (place % 10, place % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    word.map_or_else(|| format!("{place}{ending}"), |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            basis::tests::{agree, basis},
            figures::figures,
        },
        *,
    };

    #[test]
    fn places_are_spelt_as_people_say_them() {
        let spelt = [1, 9, 12, 13, 21, 22, 23, 101, 111, 112].map(ordinal);
        let expected = ["first", "ninth", "twelfth", "13th", "21st", "22nd", "23rd", "101st", "111th", "112th"];
        assert_eq!(spelt, expected);
    }

    #[test]
    fn a_bid_hears_its_place_what_stands_around_it_and_each_step_to_its_calibrated_score() {
        let of = basis(&[("A", &[48_000, 46_000]), ("B", &[31_000, 35_000]), ("C", &[12_000, 9_000])], 250);
        let figures = figures(&of, None).unwrap();
        let why = Why::of(&of, &figures, "B").unwrap();
        assert_eq!(why.question, "Why is this second?");
        let expected = [
            "Its weighted mean over 2 assessments is 3.30.",
            "It has place 2 of 3: one bid has a higher weighted mean.",
            "The next bid above it is A with 4.70, the next below it is C with 1.05.",
            "The money reaches 2 bids in this order, and this is one of them.",
        ];
        assert_eq!(why.place, expected);
        assert_eq!((why.before.as_deref(), why.after.as_deref()), (Some("A"), Some("C")));
        let what: Vec<&str> = why.steps.iter().map(|step| step.what.as_str()).collect();
        assert_eq!((what.len(), what[0], what[1]), (6, "Weighted mean", "Surer scores weigh more"));
        assert_eq!(why.steps[5].total, two_digits(figures.bids[1].calibrated.unwrap()));
        assert!(why.sure[2].starts_with("The funding line runs at rank"), "{:?}", why.sure);
        assert_eq!(Why::of(&of, &figures, "D"), None);
    }

    #[test]
    fn a_bid_hears_what_moderation_changed_for_it_and_around_it() {
        let mut of = basis(&[("A", &[48_000, 46_000]), ("B", &[31_000, 35_000]), ("C", &[12_000, 9_000])], 250);
        agree(&mut of, "B", 49_000);
        let figures = figures(&of, None).unwrap();
        let place = |bid: &str| Why::of(&of, &figures, bid).unwrap().place;
        let expected = [
            "Its weighted mean over 2 assessments is 3.30.",
            "With what was agreed in moderation its mean is 4.90, and its place follows from that.",
            "By the scores that assessors gave by themselves it would have place 2.",
            "It has place 1 of 3: no bid has a higher moderated mean.",
            "The next bid below it is A with 4.70.",
        ];
        assert_eq!(place("B")[..5], expected);
        assert_eq!(place("A")[1], "By the scores that assessors gave by themselves it would have place 1.");
        assert_eq!(place("C")[1], "By the scores that assessors gave by themselves it would have the same place.");
    }

    #[test]
    fn a_bid_without_a_place_hears_why() {
        let mut of = basis(&[("A", &[48_000]), ("B", &[30_000]), ("C", &[])], 100);
        of.bids[1].below = vec!["Strategic fit".into()];
        let figures = figures(&of, None).unwrap();
        let place = |bid: &str| Why::of(&of, &figures, bid).unwrap().place.pop().unwrap();
        let sure = Why::of(&of, &figures, "B").unwrap().sure;
        assert!(sure.last().unwrap().ends_with("so that it cannot be funded."), "{sure:?}");
        assert_eq!(place("B"), "It has no place, because its mean stays below the minimum on “Strategic fit”.");
        assert_eq!(place("C"), "It has no place, because its scores give no figure to rank it by.");
    }
}
