//! Puts what a plan goes by to the methods, and reads their answer.
//!
//! Readings that have begun are pinned. A bid that has as many of them as the round asks for is not asked for at all: its
//! readings stay, and count in the loads of those who read it.

use std::collections::{BTreeMap, BTreeSet};

use methods::{
    Faults, Groups,
    assign::{self, Answer, Impossible, Limits, Matrix, Wish},
};
use serde::{Deserialize, Serialize};

use super::inputs::{Bid, Inputs, Pair, Reader, Wall};
use crate::{
    error::{AppError, Result},
    ids::{Id, PersonKey},
};

/// The best plan: bids and assessors by their places in the inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Best {
    /// Who reads what of the bids that were asked for.
    pub pairs: Vec<(usize, usize)>,
    /// What stays of the bids that have their readings begun already.
    pub stays: Vec<(usize, usize)>,
    /// The sum of what the pairs are worth.
    pub value: i64,
    /// That, less the price of the readings that are moved: what was maximised.
    pub objective: i64,
    /// How many readings are moved, for the price of a change each.
    pub moved: usize,
    /// The proof.
    pub proof: Proof,
    /// How many parts bids and assessors fall into.
    pub parts: usize,
    /// How many pairs of assessors read at least two bids in common.
    pub sharing_two: usize,
}

/// The prices from which anybody computes the bound, in the order of the matrix's rows and columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Proof {
    pub optimal: bool,
    pub bound: i64,
    pub least_reduced_cost: Option<i64>,
    pub left_out: usize,
    pub bid_prices: Vec<i64>,
    pub assessor_prices: Vec<i64>,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Solved {
    Best(Box<Best>),
    /// No assignment exists; bids and assessors by their places in the inputs.
    Impossible(Impossible),
    /// Pins that contradict what stands.
    Clash(Vec<Clash>),
    /// Every bid has its readings begun already.
    Nothing,
}

/// A pin that cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clash {
    /// The pair cannot be.
    Walled(Pair, Wall),
    /// A bid would have more readers than the round asks for.
    Bid(Bid, usize),
    /// Somebody would read more than they can.
    Load(Id<PersonKey>, usize, u32),
}

/// What the methods are asked.
pub(super) struct Question {
    pub matrix: Matrix,
    pub wish: Wish,
    /// The bids of the matrix's rows, by their places in the inputs.
    pub rows: Vec<usize>,
    stays: Vec<(usize, usize)>,
}

/// What a question could not be made of.
enum Unasked {
    Nothing,
    Clash(Vec<Clash>),
    Wrong(Faults),
}

impl Question {
    /// What the methods are asked for these inputs; none where there is nothing to ask, or pins contradict it.
    pub fn of(inputs: &Inputs) -> Option<Self> {
        Self::ask(inputs).ok()
    }

    fn ask(inputs: &Inputs) -> Result<Self, Unasked> {
        let (readers, begun) = (count(inputs.readers), inputs.begun());
        let begun_of = |bid: &Bid| begun.iter().filter(|pair| pair.bid == bid.id).count();
        let (open, full): (Vec<_>, Vec<_>) =
            inputs.bids.iter().enumerate().partition(|(_, bid)| begun_of(bid) < readers);
        if open.is_empty() || inputs.assessors.is_empty() {
            return Err(Unasked::Nothing);
        }
        let pinned: BTreeSet<Pair> = inputs.pins.union(&begun).copied().collect();
        AskedOf { inputs, begun: &begun, pinned: &pinned, open: &open }.check()?;
        let column = |person| inputs.assessors.iter().position(|reader| reader.person == person);
        // Whoever was given such a bid beyond what the round asks for keeps it too, unless something forbids it: nothing is gained by
        // taking it away.
        let standing = |pair: &Pair| {
            let found = reader_of(inputs, pair).zip(inputs.bids.iter().find(|bid| bid.id == pair.bid));
            begun.contains(pair) || found.is_some_and(|(reader, bid)| inputs.wall(bid, reader).is_none())
        };
        let kept: BTreeSet<Pair> = inputs
            .present
            .iter()
            .map(|present| present.pair)
            .filter(|pair| full.iter().any(|(_, bid)| bid.id == pair.bid) && standing(pair))
            .collect();
        let stays: Vec<(usize, usize)> = full
            .iter()
            .flat_map(|(place, bid)| {
                let of_bid = kept.iter().filter(move |pair| pair.bid == bid.id);
                of_bid.filter_map(move |pair| Some((*place, column(pair.person)?)))
            })
            .collect();
        let rows: Vec<usize> = open.iter().map(|(place, _)| *place).collect();
        let row: BTreeMap<_, usize> = open.iter().zip(0..).map(|((_, bid), row)| (bid.id, row)).collect();
        let places = |pairs: &mut dyn Iterator<Item = Pair>| -> Vec<(usize, usize)> {
            pairs.filter_map(|pair| Some((*row.get(&pair.bid)?, column(pair.person)?))).collect()
        };
        let values = open.iter().flat_map(|(_, bid)| {
            let of_bid = inputs.assessors.iter();
            of_bid.map(|reader| value(inputs, &begun, bid, reader)).collect::<Vec<_>>()
        });
        let values: Vec<i16> = values.collect();
        let matrix = Matrix::new(open.len(), inputs.assessors.len(), values).map_err(Unasked::Wrong)?;
        let present = inputs.present.iter().map(|present| present.pair).filter(standing);
        let wish = Wish {
            per_bid: readers,
            limits: inputs.assessors.iter().map(|reader| limits(inputs, reader, &begun, &kept)).collect(),
            pinned: places(&mut pinned.iter().copied()),
            banned: Vec::new(),
            previous: places(&mut present.into_iter()),
            change_cost: u16::try_from(inputs.change_price).unwrap_or(u16::MAX),
        };
        Ok(Self { matrix, wish, rows, stays })
    }
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn value(inputs: &Inputs, begun: &BTreeSet<Pair>, bid: &Bid, reader: &Reader) -> i16 {
    let stays = begun.contains(&Pair { bid: bid.id, person: reader.person });
    if stays || inputs.wall(bid, reader).is_none() { inputs.worth(bid, reader) } else { Matrix::CONFLICT }
}

fn reader_of<'a>(inputs: &'a Inputs, pair: &Pair) -> Option<&'a Reader> {
    inputs.assessors.iter().find(|reader| reader.person == pair.person)
}

/// What somebody reads of the bids that are asked for: what they keep of others counts, and what has begun is never too much.
fn limits(inputs: &Inputs, reader: &Reader, begun: &BTreeSet<Pair>, kept: &BTreeSet<Pair>) -> Limits {
    let own = |pair: &&Pair| pair.person == reader.person;
    let elsewhere = kept.iter().filter(own).count();
    let here = begun.difference(kept).filter(own).count();
    let (least, most) = if inputs.can_read(reader) { (reader.least, reader.most) } else { (0, 0) };
    let most = count(most).saturating_sub(elsewhere).max(here);
    let least = if inputs.keep_least { count(least).saturating_sub(elsewhere).min(most) } else { 0 };
    Limits { least, most }
}

/// Pins, held against what stands before the methods see them, so that what contradicts is said by names.
struct AskedOf<'a> {
    inputs: &'a Inputs,
    begun: &'a BTreeSet<Pair>,
    pinned: &'a BTreeSet<Pair>,
    open: &'a [(usize, &'a Bid)],
}

impl AskedOf<'_> {
    fn check(&self) -> Result<(), Unasked> {
        let mut clashes: Vec<Clash> = self.inputs.pins.iter().filter_map(|pin| self.walled(*pin)).collect();
        clashes.extend(self.inputs.bids.iter().filter_map(|bid| self.crowded(bid)));
        clashes.extend(self.inputs.assessors.iter().filter_map(|reader| self.loaded(reader)));
        if clashes.is_empty() { Ok(()) } else { Err(Unasked::Clash(clashes)) }
    }

    fn walled(&self, pin: Pair) -> Option<Clash> {
        let bid = self.inputs.bids.iter().find(|bid| bid.id == pin.bid)?;
        let reader = self.inputs.assessors.iter().find(|reader| reader.person == pin.person);
        let wall = reader.map_or(Some(Wall::NotInPool), |reader| self.inputs.wall(bid, reader));
        wall.filter(|_| !self.begun.contains(&pin)).map(|wall| Clash::Walled(pin, wall))
    }

    fn crowded(&self, bid: &Bid) -> Option<Clash> {
        let of_bid = |pairs: &BTreeSet<Pair>| pairs.iter().filter(|pair| pair.bid == bid.id).count();
        let (all, begun) = (of_bid(self.pinned), of_bid(self.begun));
        (all > count(self.inputs.readers) && all > begun).then(|| Clash::Bid(bid.clone(), all))
    }

    fn loaded(&self, reader: &Reader) -> Option<Clash> {
        let of_reader = |pairs: &BTreeSet<Pair>| pairs.iter().filter(|pair| pair.person == reader.person).count();
        let open = |pair: &&Pair| self.open.iter().any(|(_, bid)| bid.id == pair.bid);
        let begun = of_reader(self.begun);
        let pins = self.pinned.iter().filter(open).filter(|pair| pair.person == reader.person);
        let more = pins.filter(|pair| !self.begun.contains(pair)).count();
        (more > 0 && begun + more > count(reader.most)).then_some(Clash::Load(reader.person, begun + more, reader.most))
    }
}

/// The best plan, or why there is none.
///
/// # Errors
/// When the methods refuse what they are asked, which is our fault.
pub(super) fn solve(inputs: &Inputs) -> Result<Solved> {
    let question = match Question::ask(inputs) {
        Ok(question) => question,
        Err(Unasked::Nothing) => return Ok(Solved::Nothing),
        Err(Unasked::Clash(clashes)) => return Ok(Solved::Clash(clashes)),
        Err(Unasked::Wrong(faults)) => return Err(AppError::internal(faults)),
    };
    let bid = |row: usize| question.rows.get(row).copied().unwrap_or(row);
    match assign::assign(&question.matrix, &question.wish).map_err(AppError::internal)? {
        Answer::Impossible(why) => {
            Ok(Solved::Impossible(Impossible { bids: why.bids.into_iter().map(bid).collect(), ..why }))
        }
        Answer::Assigned(found) => {
            let pairs: Vec<(usize, usize)> = found.pairs.iter().map(|(row, column)| (bid(*row), *column)).collect();
            let all: Vec<(usize, usize)> = pairs.iter().chain(&question.stays).copied().collect();
            let proof = found.certificate;
            Ok(Solved::Best(Box::new(Best {
                parts: parts(inputs, &all),
                sharing_two: sharing_two(&all),
                stays: question.stays,
                pairs,
                value: found.value,
                objective: found.objective,
                moved: found.dropped.len(),
                proof: Proof {
                    optimal: proof.optimal,
                    bound: proof.bound,
                    least_reduced_cost: proof.least_reduced_cost,
                    left_out: proof.left_out,
                    bid_prices: proof.bid_prices,
                    assessor_prices: proof.assessor_prices,
                },
            })))
        }
    }
}

/// How many parts there are that share neither bid nor assessor; who reads nothing is none.
fn parts(inputs: &Inputs, all: &[(usize, usize)]) -> usize {
    let (bids, assessors) = (inputs.bids.len(), inputs.assessors.len());
    let mut groups = Groups::new(bids + assessors);
    all.iter().for_each(|(bid, assessor)| groups.join(*bid, bids + assessor));
    let reading: BTreeSet<usize> = all.iter().map(|(_, assessor)| *assessor).collect();
    groups.numbered().1 - (assessors - reading.len())
}

fn sharing_two(all: &[(usize, usize)]) -> usize {
    let mut of_bid: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    all.iter().for_each(|(bid, assessor)| of_bid.entry(*bid).or_default().push(*assessor));
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for readers in of_bid.values() {
        for one in readers {
            readers
                .iter()
                .filter(|other| *other > one)
                .for_each(|other| *shared.entry((*one, *other)).or_default() += 1);
        }
    }
    shared.values().filter(|bids| **bids > 1).count()
}

#[cfg(test)]
mod tests {
    use super::{
        super::inputs::{Preferences, Present},
        *,
    };

    fn id<T>(number: usize) -> Id<T> {
        Id::of(uuid::Uuid::from_u128(number as u128))
    }

    fn pair(bid: usize, person: usize) -> Pair {
        Pair { bid: id(bid), person: id(person) }
    }

    /// So many bids about nothing, which assessors with these limits can read, two each.
    fn inputs(bids: usize, limits: &[(u32, u32)]) -> Inputs {
        let bid = |number: usize| Bid { id: id(number), reference: format!("B{number}"), areas: Vec::new() };
        let reader = |(number, (least, most)): (usize, &(u32, u32))| Reader {
            person: id(number),
            place: Some(id(number)),
            knows: Vec::new(),
            asked: Vec::new(),
            least: *least,
            most: *most,
            from: None,
            until: None,
            away: Vec::new(),
        };
        Inputs {
            rules_hash: String::new(),
            readers: 2,
            change_price: 100,
            keep_least: true,
            time: None,
            bids: (0..bids).map(bid).collect(),
            assessors: limits.iter().enumerate().map(reader).collect(),
            conflicts: BTreeSet::new(),
            possible: BTreeSet::new(),
            present: Vec::new(),
            pins: BTreeSet::new(),
            bans: BTreeSet::new(),
            unagreed: BTreeSet::new(),
            preferences: Some(Preferences::default()),
        }
    }

    fn best(inputs: &Inputs) -> Best {
        match solve(inputs).expect("an answer") {
            Solved::Best(best) => *best,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn whoever_has_not_agreed_to_changed_terms_keeps_what_they_read_and_gets_nothing_more() {
        let mut of = inputs(2, &[(0, 2), (0, 2), (0, 2)]);
        of.present = vec![Present { pair: pair(0, 0), begun: false }];
        of.unagreed.insert(id(0));
        let found = best(&of);
        assert!(found.pairs.contains(&(0, 0)) && !found.pairs.contains(&(1, 0)), "{:?}", found.pairs);
        assert!(found.pairs.contains(&(1, 1)) && found.pairs.contains(&(1, 2)), "{:?}", found.pairs);
    }

    #[test]
    fn what_has_begun_stays_and_counts_in_the_loads() {
        let mut of = inputs(2, &[(0, 1), (0, 2), (0, 2)]);
        of.present = [pair(0, 0), pair(0, 1)].map(|pair| Present { pair, begun: true }).into();
        let found = best(&of);
        assert_eq!(
            (&found.stays, &found.pairs),
            (&vec![(0, 0), (0, 1)], &vec![(1, 1), (1, 2)]),
            "the first has no room left"
        );
        assert_eq!((found.parts, found.sharing_two, found.proof.optimal), (1, 0, true));
        let mut more = of.clone();
        more.present.push(Present { pair: pair(0, 2), begun: false });
        let kept = best(&more);
        assert_eq!(kept.stays, [(0, 0), (0, 1), (0, 2)], "who was given a bid beyond what is asked for keeps it");
        assert_eq!((kept.pairs, kept.moved), (vec![(1, 1), (1, 2)], 0));
        of.conflicts.insert(pair(0, 1));
        let found = best(&of);
        assert_eq!((found.stays.len(), found.pairs), (0, vec![(0, 0), (0, 2), (1, 1), (1, 2)]));
        of.present = [pair(0, 0), pair(0, 2), pair(1, 1), pair(1, 2)].map(|pair| Present { pair, begun: true }).into();
        assert_eq!(solve(&of).expect("an answer"), Solved::Nothing);
    }

    #[test]
    fn parts_that_share_nobody_are_counted_without_whoever_reads_nothing() {
        let found = best(&inputs(2, &[(0, 1), (0, 1), (0, 1), (0, 1)]));
        assert_eq!((found.parts, found.sharing_two), (2, 0));
        let found = best(&inputs(2, &[(2, 2), (2, 2), (0, 1)]));
        assert_eq!((found.parts, found.sharing_two), (1, 1));
    }

    #[test]
    fn a_reading_is_moved_only_where_that_gains_more_than_the_price() {
        let mut of = inputs(1, &[(0, 1), (0, 1), (0, 1)]);
        of.bids[0].areas = vec!["housing".into()];
        of.assessors[2].knows = vec!["housing".into()];
        of.present = [pair(0, 0), pair(0, 1)].map(|pair| Present { pair, begun: false }).into();
        let moved = |price| best(&Inputs { change_price: price, ..of.clone() }).moved;
        assert_eq!([0, 524, 526].map(moved), [1, 1, 0]);
    }

    #[test]
    fn who_wants_to_read_comes_before_equals_and_a_conflict_before_every_wish() {
        let mut of = inputs(1, &[(0, 1), (0, 1), (0, 1), (0, 1)]);
        let pairs = |people: &[usize]| people.iter().map(|person| pair(0, *person)).collect();
        of.preferences = Some(Preferences { wanted: pairs(&[2, 3]), rather_not: pairs(&[0]) });
        let found = best(&of);
        assert_eq!((found.pairs, found.value), (vec![(0, 2), (0, 3)], 2 * 662));
        of.conflicts.insert(pair(0, 3));
        assert_eq!(best(&of).pairs, [(0, 1), (0, 2)], "who would rather not comes last");
        of.preferences = None;
        assert_eq!(best(&of).value, 1_100, "a plan that was made before anybody could say is worth what it was");
    }

    #[test]
    fn pins_that_contradict_what_stands_are_named() {
        let mut of = inputs(2, &[(0, 1), (0, 2), (0, 2)]);
        of.pins = [pair(0, 0), pair(1, 0)].into();
        assert_eq!(solve(&of).expect("an answer"), Solved::Clash(vec![Clash::Load(id(0), 2, 1)]));
        of.pins = [pair(0, 0), pair(0, 1), pair(0, 2)].into();
        assert_eq!(solve(&of).expect("an answer"), Solved::Clash(vec![Clash::Bid(of.bids[0].clone(), 3)]));
        of.pins = [pair(0, 1)].into();
        of.conflicts.insert(pair(0, 1));
        assert_eq!(solve(&of).expect("an answer"), Solved::Clash(vec![Clash::Walled(pair(0, 1), Wall::Conflict)]));
    }
}
