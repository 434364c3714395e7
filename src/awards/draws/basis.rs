//! What a draw is made of: the ranking and where each bid lies at the funding line; and how many places are left for the bids that
//! cross it. Pure.

use methods::draw::{CERTAIN, Entry};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    assessment::rankings::model::AtLine,
    error::{Fault, Result},
    ids::{BidKey, Id},
    money::Pence,
};

/// What a draw is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The number of the ranking of record.
    pub ranking: i32,
    /// The SHA-256 of the scores that it was made of.
    pub scores_sha256: String,
    /// The hash of the round's rules.
    pub rules_hash: String,
    /// Which interval of a bid's rank is held against the line, in per cent.
    pub interval: u32,
    /// How much can be awarded.
    pub budget: Pence,
    /// How many bids can be awarded at most.
    pub most_awards: Option<u32>,
    /// The bids that can be awarded, best first.
    pub bids: Vec<Entrant>,
}

/// A bid that can be awarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrant {
    pub id: Id<BidKey>,
    pub reference: String,
    /// Its place in the ranking, from 1.
    pub place: u32,
    /// What it asks for.
    pub ask: Pence,
    /// Where its interval lies at the line; nothing where that is not known.
    pub at: Option<AtLine>,
}

/// How many places there are to draw, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// How many, so that whoever is drawn can be paid.
    pub count: usize,
    /// How many bids are in the draw.
    pub of: usize,
    /// Why so many, each a sentence.
    pub why: Vec<String>,
}

impl Basis {
    /// The SHA-256 of all of it, and the text that is hashed.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which never happens.
    pub fn sealed(&self) -> Result<(String, String)> {
        let text = serde_json::to_string(self)?;
        let hash = hex::encode(Sha256::digest(text.as_bytes()));
        Ok((text, hash))
    }

    fn lying(&self, at: AtLine) -> impl Iterator<Item = &Entrant> {
        self.bids.iter().filter(move |bid| bid.at == Some(at))
    }

    /// The bids between which is drawn.
    pub fn candidates(&self) -> Vec<&Entrant> {
        self.lying(AtLine::Draw).collect()
    }

    /// The bids that lie above the line.
    pub fn sure(&self) -> Vec<&Entrant> {
        self.lying(AtLine::Fund).collect()
    }

    /// Whether the places put a bid on another side of the candidates than its interval lies.
    pub fn is_contradicted(&self) -> bool {
        let places: Vec<u32> = self.candidates().into_iter().map(|bid| bid.place).collect();
        let (Some(first), Some(last)) = (places.iter().copied().min(), places.iter().copied().max()) else {
            return false;
        };
        self.bids.iter().any(|bid| match bid.at {
            Some(AtLine::Fund) => bid.place > last,
            Some(AtLine::Draw) => false,
            Some(AtLine::Decline) => bid.place < first,
            None => bid.place <= last,
        })
    }

    /// What the bids above the line leave.
    fn left(&self) -> Pence {
        let spent: Pence = self.lying(AtLine::Fund).map(|bid| bid.ask).sum();
        Pence(self.budget.0.saturating_sub(spent.0).max(0))
    }

    /// How many awards the bids above the line leave, where their number is limited.
    fn awards_left(&self) -> Option<usize> {
        let most = usize::try_from(self.most_awards?).unwrap_or(usize::MAX);
        Some(most.saturating_sub(self.sure().len()))
    }

    /// As many places as the money left reaches, whoever is drawn, and no more than the number of awards allows.
    pub fn places(&self) -> Places {
        let (left, of) = (self.left(), self.candidates().len());
        let reached = reached(self.asks(true), left);
        let count = self.awards_left().map_or(reached, |most| reached.min(most));
        let sure = counted(self.sure().len(), "bid lies", "bids lie");
        let mut why = vec![
            format!("{sure} above the funding line, which leaves {left} of {} for those that cross it.", self.budget),
            format!("That pays for {reached} of these {of}, whoever is drawn: the asks that are highest are counted."),
        ];
        why.extend(self.awards_left().map(|most| format!("The number of awards leaves room for {most}.")));
        Places { count, of, why }
    }

    /// What the candidates ask for, the most or the least first.
    fn asks(&self, most_first: bool) -> Vec<Pence> {
        let mut asks: Vec<Pence> = self.candidates().into_iter().map(|bid| bid.ask).collect();
        asks.sort_unstable();
        if most_first {
            asks.reverse();
        }
        asks
    }

    /// What is wrong with another number of places: one in which all or none are drawn is no draw, and the money must reach for
    /// the bids that ask for least.
    pub fn other_places(&self, count: usize) -> Option<Fault> {
        let most = self.candidates().len().saturating_sub(1).min(reached(self.asks(false), self.left()));
        let most = self.awards_left().map_or(most, |left| most.min(left));
        if (1..=most).contains(&count) {
            return None;
        }
        let message = match most {
            0 => "There is no place to draw: neither money nor awards are left.".to_owned(),
            1 => "Draw 1 place: not all of the bids can be drawn, and the money must reach.".to_owned(),
            most => {
                format!("Draw from 1 to {most} places: not all of the bids can be drawn, and the money must reach.")
            }
        };
        Some(Fault::new("places", "out_of_range", message))
    }

    /// The list that is drawn from, in which every bid has the same chance.
    pub fn entries(&self, places: usize) -> Vec<Entry> {
        let candidates = self.candidates();
        let of = u64::try_from(candidates.len()).unwrap_or(u64::MAX).max(1);
        let chance = CERTAIN.saturating_mul(u64::try_from(places).unwrap_or(u64::MAX)) / of;
        let entry = |bid: &Entrant| Entry { reference: bid.reference.clone(), chance: chance.clamp(1, CERTAIN) };
        candidates.into_iter().map(entry).collect()
    }
}

/// How many of these one after another the money reaches.
fn reached(asks: Vec<Pence>, left: Pence) -> usize {
    let sums = asks.into_iter().scan(Pence(0), |sum, ask| {
        *sum = *sum + ask;
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= left).count()
}

fn counted(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Bids in the order of their places: what each asks for, and where it lies.
    pub fn basis(budget: i64, most_awards: Option<u32>, bids: &[(i64, AtLine)]) -> Basis {
        let entrant = |(number, (ask, at)): (usize, &(i64, AtLine))| Entrant {
            id: Id::of(uuid::Uuid::from_u128(number as u128)),
            reference: format!("B{number}"),
            place: number as u32 + 1,
            ask: Pence(*ask),
            at: Some(*at),
        };
        Basis {
            ranking: 1,
            scores_sha256: "scores".into(),
            rules_hash: "rules".into(),
            interval: 50,
            budget: Pence(budget),
            most_awards,
            bids: bids.iter().enumerate().map(entrant).collect(),
        }
    }

    const FOUR: &[(i64, AtLine)] =
        &[(40, AtLine::Fund), (30, AtLine::Draw), (20, AtLine::Draw), (10, AtLine::Draw), (5, AtLine::Decline)];

    #[test]
    fn there_are_as_many_places_as_can_be_paid_whoever_is_drawn() {
        for (budget, most, count) in [
            (40, None, 0),
            (69, None, 0),
            (70, None, 1),
            (89, None, 1),
            (90, None, 2),
            (100, None, 3),
            (30, None, 0),
            (100, Some(2), 1),
            (100, Some(1), 0),
        ] {
            assert_eq!(basis(budget, most, FOUR).places().count, count, "{budget} {most:?}");
        }
        let why = basis(90, Some(3), FOUR).places().why;
        assert_eq!(why[0], "1 bid lies above the funding line, which leaves £0.50 of £0.90 for those that cross it.");
        assert_eq!(why[2], "The number of awards leaves room for 2.");
    }

    #[test]
    fn another_number_of_places_leaves_something_to_draw_and_the_money_reaches_for_somebody() {
        let fault = |budget, most, count| basis(budget, most, FOUR).other_places(count).is_some();
        assert!(fault(90, None, 0) && !fault(90, None, 1) && !fault(90, None, 2) && fault(90, None, 3), "all drawn");
        assert!(!fault(70, None, 2), "the two that ask for least can be paid");
        assert!(fault(69, None, 2) && !fault(69, None, 1));
        assert!(fault(90, Some(2), 2) && fault(40, None, 1));
    }

    #[test]
    fn places_that_put_a_bid_on_another_side_than_its_interval_contradict_it() {
        use AtLine::{Decline, Draw, Fund};
        let is_contradicted = |at: &[AtLine]| {
            let bids: Vec<(i64, AtLine)> = at.iter().map(|at| (10, *at)).collect();
            basis(100, None, &bids).is_contradicted()
        };
        assert!(!is_contradicted(&[Fund, Draw, Draw, Decline]) && !is_contradicted(&[Draw, Fund, Decline, Draw]));
        assert!(is_contradicted(&[Draw, Draw, Fund]) && is_contradicted(&[Decline, Draw, Draw]));
        assert!(!is_contradicted(&[Decline, Fund]), "there is nothing to draw");
        let mut unknown = basis(100, None, FOUR);
        for (bid, contradicts) in [(0, true), (4, false)] {
            unknown.bids[bid].at = None;
            assert_eq!(unknown.is_contradicted(), contradicts, "{bid}");
            unknown.bids[bid].at = Some(FOUR[bid].1);
        }
    }

    #[test]
    fn every_bid_that_crosses_the_line_has_the_same_chance() {
        let entries = basis(90, None, FOUR).entries(2);
        let told: Vec<(&str, u64)> = entries.iter().map(|entry| (entry.reference.as_str(), entry.chance)).collect();
        assert_eq!(told, [("B1", 666_666_666), ("B2", 666_666_666), ("B3", 666_666_666)]);
    }
}
