//! What a ranking is computed from: the round's rules, its bids, and the submitted assessments without names.

mod combined;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::combined::millionths;
use super::open::OnCriterion;
use crate::{
    assessment::{
        model::{Combining, Confidence, InterviewOf, InterviewStanding, Mean},
        money_rule::{Purse, Ranked, fund_while_money_lasts},
    },
    error::{AppError, Result},
    funds::{
        assessing::RankedBy,
        model::RoundInFull,
        rulebook::{Unaffordable, WHOLE, scale_of},
    },
    http::csv,
    ids::{BidKey, Id},
    money::Pence,
};

/// What a ranking is computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Basis {
    /// The hash of the round's rules.
    pub rules_hash: String,
    /// Which figure the order follows.
    pub by: RankedBy,
    /// Which interval of a bid's rank is held against the funding line, in per cent.
    pub interval: u32,
    /// The lowest and the highest weighted score that the criteria allow, in basis points of a point.
    pub scale: (i64, i64),
    /// How much can be awarded.
    pub budget: Pence,
    /// How many bids can be awarded at most, where that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_awards: Option<u32>,
    /// What becomes of a bid that the money left does not reach.
    pub unaffordable: Unaffordable,
    /// How reading and interview make one figure, where bids are interviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub combining: Option<Combining>,
    /// The bids, in the order of their references.
    pub bids: Vec<Entrant>,
    /// The submitted assessments, by bid and then by assessor.
    pub readings: Vec<Reading>,
}

/// A bid that is ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entrant {
    pub id: Id<BidKey>,
    pub reference: String,
    /// What it asks for.
    pub ask: Option<Pence>,
    /// How many assessors it is given to.
    pub given_to: u32,
    /// The criteria on which it stays below the minimum, by their titles: such a bid has no place.
    pub below: Vec<String>,
    /// The number of the step in moderation at which was agreed what counts; nothing where nothing was agreed, or where the
    /// round does not rank by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<i32>,
    /// What came of its interview; nothing in a round without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interview: Option<InterviewOf>,
}

/// What one assessor made of one bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reading {
    /// The bid, by its reference.
    pub bid: String,
    /// The assessor, by a number that stands for nobody outside the ranking.
    pub assessor: u32,
    /// The weighted sum of the scores, in basis points of a point.
    pub sum: i64,
    /// The same with what was agreed in moderation in the place of own scores; nothing where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moderated: Option<i64>,
    /// The least sure of the scores on the criteria.
    pub confidence: Confidence,
    /// The scores on the criteria, where the round publishes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<OnCriterion>,
}

impl Reading {
    /// The assessor as files and pages name them.
    pub fn label(&self) -> String {
        format!("A{}", self.assessor)
    }

    /// The score with all its digits.
    pub fn score(&self) -> String {
        decimal(self.sum)
    }
}

/// Basis points of a point as a decimal number, exactly: `2.6`.
pub(in crate::assessment) fn decimal(points: i64) -> String {
    let (sign, whole) = (if points < 0 { "-" } else { "" }, i64::from(WHOLE));
    let digits = format!("{sign}{}.{:04}", points.abs() / whole, points.abs() % whole);
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The place of each bid that has one, by its reference; bids of one place are tied.
pub(super) type Places = BTreeMap<String, u32>;

/// The places of bids by their figures, the greatest first; equal figures share a place.
pub(super) fn placed<K: PartialOrd>(figures: &[(String, K)]) -> Places {
    let place = |figure: &K| count(figures.iter().filter(|(_, other)| other > figure).count() + 1);
    figures.iter().map(|(bid, figure)| (bid.clone(), place(figure))).collect()
}

/// The same order among some of its bids, with no place left empty for the others.
pub(super) fn among(places: &Places, shown: impl Fn(&str) -> bool) -> Places {
    // The least place is the best, so that the order is turned round for counting.
    let shown = places.iter().filter(|(bid, _)| shown(bid));
    placed(&shown.map(|(bid, place)| (bid.clone(), -i64::from(*place))).collect::<Vec<_>>())
}

pub(super) fn count(found: usize) -> u32 {
    u32::try_from(found).unwrap_or(u32::MAX)
}

impl Basis {
    /// What the round says of ranking, without bids and readings.
    pub fn of_round(round: &RoundInFull) -> Self {
        let rules = &round.rulebook;
        Self {
            rules_hash: round.rules_hash.clone(),
            by: rules.assessment.ranking.by,
            interval: rules.assessment.ranking.interval,
            scale: scale_of(&rules.criteria),
            budget: round.round.budget_pence,
            most_awards: rules.assessment.most_awards,
            unaffordable: rules.unaffordable,
            combining: Combining::of(rules),
            bids: Vec::new(),
            readings: Vec::new(),
        }
    }

    /// The same without some bids, and without any trace of assessors who have read no other.
    pub fn without(&self, hidden: &[Id<BidKey>]) -> Self {
        let bids: Vec<Entrant> = self.bids.iter().filter(|bid| !hidden.contains(&bid.id)).cloned().collect();
        let kept: BTreeSet<&str> = bids.iter().map(|bid| bid.reference.as_str()).collect();
        let readings: Vec<&Reading> =
            self.readings.iter().filter(|reading| kept.contains(reading.bid.as_str())).collect();
        let assessors: BTreeSet<u32> = readings.iter().map(|reading| reading.assessor).collect();
        let numbers: BTreeMap<u32, u32> = assessors.into_iter().zip(1..).collect();
        let renumbered = |reading: &Reading| {
            let assessor = numbers.get(&reading.assessor).copied().unwrap_or(reading.assessor);
            Reading { assessor, ..reading.clone() }
        };
        let readings = readings.into_iter().map(renumbered).collect();
        Self { bids, readings, rules_hash: self.rules_hash.clone(), ..*self }
    }

    /// Whether it is about one of these bids.
    pub fn has_any(&self, hidden: &[Id<BidKey>]) -> bool {
        self.bids.iter().any(|bid| hidden.contains(&bid.id))
    }

    /// The assessments of a bid.
    pub fn readings_of<'a>(&'a self, bid: &'a str) -> impl Iterator<Item = &'a Reading> {
        self.readings.iter().filter(move |reading| reading.bid == bid)
    }

    /// Whether something was agreed in moderation that the order follows.
    pub fn is_moderated(&self) -> bool {
        self.bids.iter().any(|bid| bid.agreed.is_some())
    }

    /// The exact mean of a bid with what was agreed in moderation; nothing where nothing was.
    pub fn moderated_mean(&self, bid: &str) -> Option<Mean> {
        self.entrant(bid)?.agreed?;
        let sum = |reading: &Reading| reading.moderated.unwrap_or(reading.sum);
        Mean::of(&self.readings_of(bid).map(sum).collect::<Vec<_>>())
    }

    /// The exact mean of a bid, of the scores that assessors gave by themselves.
    pub fn mean(&self, bid: &str) -> Option<Mean> {
        Mean::of(&self.readings_of(bid).map(|reading| reading.sum).collect::<Vec<_>>())
    }

    /// The mean of the reading, with what was agreed in moderation.
    fn reading(&self, bid: &str) -> Option<Mean> {
        self.moderated_mean(bid).or_else(|| self.mean(bid))
    }

    fn entrant(&self, bid: &str) -> Option<&Entrant> {
        self.bids.iter().find(|of| of.reference == bid)
    }

    /// The bids that can have a place.
    pub fn placeable(&self) -> impl Iterator<Item = &Entrant> {
        self.bids.iter().filter(|bid| bid.below.is_empty())
    }

    /// The places by the weighted means, with what was agreed in moderation and what interviews changed.
    pub fn places_by_mean(&self) -> Places {
        let figure = |bid: &Entrant| Some((bid.reference.clone(), self.figure(&bid.reference)?));
        placed(&self.placeable().filter_map(figure).collect::<Vec<_>>())
    }

    /// The places by the scores that assessors gave by themselves, whatever was agreed.
    pub fn places_without_moderation(&self) -> Places {
        let has_place = |bid: &&Entrant| !self.is_combined() || self.combined_mean(&bid.reference).is_some();
        let own = |bid: &Entrant| {
            let reading = self.mean(&bid.reference)?;
            if self.is_combined() {
                self.combining?.together(reading, bid.interview.as_ref()?.mean()?)
            } else {
                Some(reading)
            }
        };
        let mean = |bid: &Entrant| Some((bid.reference.clone(), own(bid)?));
        placed(&self.placeable().filter(has_place).filter_map(mean).collect::<Vec<_>>())
    }

    /// The bids that the money reaches in this order, by their references.
    pub fn funded(&self, places: &Places) -> BTreeSet<&str> {
        let ranked = |bid: &Entrant| {
            let place = places.get(&bid.reference).and_then(|place| i32::try_from(*place).ok());
            Some(Ranked { bid: bid.id, ask: bid.ask?, place: place? })
        };
        let ranked: Vec<Ranked> = self.bids.iter().filter_map(ranked).collect();
        let funded = fund_while_money_lasts(&ranked, self.purse(), self.unaffordable).funded;
        self.bids.iter().filter(|bid| funded.contains(&bid.id)).map(|bid| bid.reference.as_str()).collect()
    }

    fn purse(&self) -> Purse {
        Purse { budget: self.budget, most_awards: self.most_awards }
    }

    /// The scores as `roundtable rank` reads them. Where something was agreed in moderation, a column more says what the weighted
    /// score is with it; the figures follow from the scores that assessors gave by themselves. Where the order follows from
    /// interviews, two columns more say on every line of a bid what its panel gave and the combined figure, in millionths at the
    /// finest.
    ///
    /// # Errors
    /// When they cannot be written, which is our fault.
    pub fn scores(&self) -> Result<String> {
        let (agreed, combined) = (self.is_moderated(), self.is_combined());
        let row = |reading: &Reading| {
            let mut row = cells(&reading.bid, (reading.label(), reading.score()), reading.confidence);
            row.extend(agreed.then(|| reading.moderated.map(decimal).unwrap_or_default()));
            if combined {
                let interview = self.entrant(&reading.bid).and_then(|bid| bid.interview.as_ref());
                // What single people gave shows no sooner than their mean does.
                let scored = interview.filter(|of| of.standing() == InterviewStanding::Scored);
                let said = scored.map(|of| of.sums.iter().copied().map(decimal).collect::<Vec<_>>().join(";"));
                row.extend([
                    said.unwrap_or_default(),
                    self.combined_mean(&reading.bid).map(millionths).unwrap_or_default(),
                ]);
            }
            row
        };
        let more = agreed
            .then_some("moderated")
            .into_iter()
            .chain(combined.then_some(["interview", "combined"]).into_iter().flatten());
        let columns: Vec<&str> = COLUMNS.into_iter().chain(more).collect();
        let document = csv::document(&columns, self.readings.iter().map(row))?;
        String::from_utf8(document).map_err(AppError::internal)
    }

    /// The seed of the chance that is in a ranking of these scores. It follows from the rules and the scores alone, and has so
    /// many bits as every reader of JSON holds exactly.
    pub fn seed(&self, scores: &str) -> u64 {
        let hash = Sha256::new().chain_update(&self.rules_hash).chain_update(hash_of(scores)).finalize();
        hash.iter().take(6).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
    }
}

/// The columns that `roundtable rank` reads.
pub(super) const COLUMNS: [&str; 5] = ["bid", "assessor", "score", "confidence", "section"];

/// What stands in them.
pub(super) fn cells(bid: &str, (assessor, score): (String, String), confidence: Confidence) -> Vec<String> {
    vec![bid.to_owned(), assessor, score, confidence.word().to_owned(), String::new()]
}

/// The SHA-256 of a file, in hexadecimal digits.
pub(super) fn hash_of(file: &str) -> String {
    hex::encode(Sha256::digest(file))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Bids that ask for 100 each, with the sums of their assessors A1, A2 and so on; nought stands for none.
    pub fn basis(bids: &[(&str, &[i64])], budget: i64) -> Basis {
        let entrant = |(number, (reference, _)): (usize, &(&str, &[i64]))| Entrant {
            id: Id::of(uuid::Uuid::from_u128(number as u128)),
            reference: (*reference).into(),
            ask: Some(Pence(100)),
            given_to: 3,
            below: Vec::new(),
            agreed: None,
            interview: None,
        };
        let readings = bids.iter().flat_map(|(bid, sums)| {
            let given = (1..).zip(sums.iter()).filter(|(_, sum)| **sum != 0);
            given.map(|(assessor, sum)| Reading {
                bid: (*bid).into(),
                assessor,
                sum: *sum,
                moderated: None,
                confidence: Confidence::Medium,
                scores: Vec::new(),
            })
        });
        Basis {
            rules_hash: "rules".into(),
            by: RankedBy::RawMean,
            interval: 50,
            scale: (0, 50_000),
            budget: Pence(budget),
            most_awards: None,
            unaffordable: Unaffordable::Stop,
            combining: None,
            readings: readings.collect(),
            bids: bids.iter().enumerate().map(entrant).collect(),
        }
    }

    #[test]
    fn a_score_is_written_with_all_its_digits_and_no_more() {
        let written = [26_000, 30_000, 12_345, 5, 0, -5_000].map(decimal);
        assert_eq!(written, ["2.6", "3", "1.2345", "0.0005", "0", "-0.5"]);
    }

    #[test]
    fn bids_with_one_mean_share_a_place_and_those_below_a_minimum_or_without_scores_have_none() {
        let mut ranked =
            basis(&[("A", &[30_000]), ("B", &[20_000, 40_000]), ("C", &[10_000]), ("D", &[]), ("E", &[50_000])], 0);
        ranked.bids[4].below.push("Strategic fit".into());
        let places: Vec<(String, u32)> = ranked.places_by_mean().into_iter().collect();
        assert_eq!(places, [("A".into(), 1), ("B".into(), 1), ("C".into(), 3)]);
    }

    /// All assessors of a bid have agreed on these weighted scores.
    pub fn agree(basis: &mut Basis, bid: &str, sum: i64) {
        basis.by = RankedBy::ModeratedMean;
        basis.bids.iter_mut().filter(|of| of.reference == bid).for_each(|of| of.agreed = Some(1));
        basis.readings.iter_mut().filter(|of| of.bid == bid).for_each(|of| of.moderated = Some(sum));
    }

    #[test]
    fn what_was_agreed_makes_the_place_and_leaves_the_scores_that_were_given() {
        let mut of = basis(&[("A", &[30_000, 40_000]), ("B", &[20_000, 40_000])], 0);
        let before = (of.scores().unwrap(), of.places_by_mean());
        agree(&mut of, "B", 36_000);
        assert_eq!(of.places_by_mean(), Places::from([("B".to_owned(), 1), ("A".to_owned(), 2)]));
        assert_eq!(of.places_without_moderation(), before.1);
        assert_eq!(of.mean("B").map(Mean::in_words).as_deref(), Some("3.00"));
        let scores = of.scores().unwrap();
        assert!(scores.contains("B,A2,4,medium,,3.6\r\n") && scores.contains("A,A1,3,medium,,\r\n"), "{scores}");
        assert!(scores.starts_with("bid,assessor,score,confidence,section,moderated\r\n"), "{scores}");
        let kept: Basis = serde_json::from_str(&serde_json::to_string(&of).unwrap()).unwrap();
        assert_eq!(kept, of);
    }

    #[test]
    fn an_order_without_some_bids_leaves_no_place_empty() {
        let places: Places =
            [("A", 1), ("B", 2), ("C", 2), ("D", 4)].map(|(bid, place)| (bid.to_owned(), place)).into();
        let left: Vec<u32> = among(&places, |bid| bid != "A").into_values().collect();
        assert_eq!(left, [1, 1, 3]);
    }

    #[test]
    fn a_bid_that_is_left_out_leaves_no_trace_of_whoever_read_it_alone() {
        let all = basis(&[("A", &[30_000, 0, 20_000]), ("B", &[0, 40_000, 0])], 0);
        let seen = all.without(&[all.bids[1].id]);
        assert_eq!(
            seen.scores().unwrap(),
            "bid,assessor,score,confidence,section\r\nA,A1,3,medium,\r\nA,A2,2,medium,\r\n"
        );
        assert_eq!(seen, seen.without(&[]));
    }

    #[test]
    fn the_seed_follows_from_the_rules_and_the_scores() {
        let ranked = basis(&[("A", &[30_000])], 0);
        let other = Basis { rules_hash: "other rules".into(), ..ranked.clone() };
        let seeds = [ranked.seed("x"), ranked.seed("y"), other.seed("x")];
        assert_eq!(seeds.iter().collect::<BTreeSet<_>>().len(), 3);
        assert!(seeds.iter().all(|seed| *seed < 1 << 48));
    }

    /// The bids have had interviews that count for three tenths, with panels of two; nobody stands for one that was not invited.
    pub fn interviewed(basis: &mut Basis, sums: &[Option<&[i64]>]) {
        basis.combining = Some(Combining { weight: 3_000, reading: basis.scale, interview: basis.scale });
        for (bid, sums) in basis.bids.iter_mut().zip(sums) {
            let (invited, sums) = (Some(sums.is_some()), sums.unwrap_or_default().to_vec());
            bid.interview = Some(InterviewOf { invited, least: 2, panel: 2, sums, below: Vec::new() });
        }
    }
}
