//! What the bids of the newest ranking are worth to whoever chooses a list from it: the figure that its order follows, so that
//! more is better.

use super::{
    basis::{Basis, count, hash_of},
    model::{AtLine, Figures, RankedBid},
    store,
};
use crate::{
    assessment::model::Mean,
    db::Conn,
    error::Result,
    funds::assessing::RankedBy,
    identity::policy::Granted,
    ids::{BidKey, Id, RoundKey},
};

/// The newest ranking of record over all bids, as a list is chosen from it. Whoever has a conflict of interest with one of them
/// reads nothing that follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfRecord {
    /// Its number.
    pub number: i32,
    /// The SHA-256 of the scores that it was made of.
    pub scores_sha256: String,
    /// Which figure the order follows.
    pub by: RankedBy,
    /// Which interval of a bid's rank is held against the funding line, in per cent.
    pub interval: u32,
    /// The bids that have a place, best first.
    pub bids: Vec<Worth>,
    /// The bids with a place whose interval lies above or across the funding line, with their references. In a ranking that was
    /// made before bids without a place were passed over at the line, those too.
    pub near: Vec<(Id<BidKey>, String)>,
}

/// What a bid is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// The bid.
    pub bid: Id<BidKey>,
    /// Its reference.
    pub reference: String,
    /// Its place, from 1; bids with the same figure share one.
    pub place: u32,
    /// The figure in millionths. An expected rank, of which less is better, is turned round: one more than the number of ranked
    /// bids, less the rank.
    pub micros: i64,
    /// Where the interval of its rank lies at the funding line; nothing where that is not known.
    pub group: Option<AtLine>,
}

/// The newest ranking of record, if there is one.
///
/// # Errors
/// When the database fails, or what was kept cannot be read.
pub fn of_record(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Option<OfRecord>> {
    let Some(row) = store::find(conn, round, None)? else { return Ok(None) };
    let (basis, figures) = (row.basis()?, row.figures()?);
    let (bids, near) = (worths(&basis, &figures), near(&basis, &figures));
    let scores_sha256 = hash_of(&row.scores);
    Ok(Some(OfRecord { number: row.number, scores_sha256, by: basis.by, interval: basis.interval, bids, near }))
}

fn near(basis: &Basis, figures: &Figures) -> Vec<(Id<BidKey>, String)> {
    let counts = |bid: &&RankedBid| bid.place.is_some() || figures.line_position.is_none();
    let lies_near = |reference: &str| {
        let ranked = figures.bids.iter().filter(counts);
        let mut near = ranked.filter(|bid| matches!(bid.group, Some(AtLine::Fund | AtLine::Draw)));
        near.any(|bid| bid.bid == reference)
    };
    let bids = basis.bids.iter().filter(|bid| lies_near(&bid.reference));
    bids.map(|bid| (bid.id, bid.reference.clone())).collect()
}

fn worths(basis: &Basis, figures: &Figures) -> Vec<Worth> {
    let all = count(figures.bids.iter().filter(|bid| bid.expected_rank.is_some()).count());
    let worth = |bid: &RankedBid| {
        let entrant = basis.bids.iter().find(|entrant| entrant.reference == bid.bid)?;
        let micros = match basis.by {
            RankedBy::ModeratedMean | RankedBy::RawMean => basis.figure(&bid.bid).map(Mean::micros),
            RankedBy::Calibrated => bid.calibrated.map(millionths),
            RankedBy::ExpectedRank => bid.expected_rank.map(|rank| millionths(f64::from(all) + 1.0 - rank)),
        };
        Some(Worth {
            bid: entrant.id,
            reference: bid.bid.clone(),
            place: bid.place?,
            micros: micros?,
            group: bid.group,
        })
    };
    figures.bids.iter().filter_map(worth).collect()
}

fn millionths(figure: f64) -> i64 {
    (figure * 1e6).round() as i64
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            basis::tests::{basis, interviewed},
            figures::figures,
        },
        *,
    };

    #[test]
    fn after_interviews_a_bid_is_worth_both_together() {
        let mut ranked = basis(&[("A", &[40_000]), ("B", &[30_000]), ("C", &[50_000])], 200);
        interviewed(&mut ranked, &[Some(&[10_000, 10_000]), Some(&[50_000, 50_000]), None]);
        let bids = worths(&ranked, &figures(&ranked, None).unwrap());
        let worth: Vec<(&str, u32, i64)> =
            bids.iter().map(|bid| (bid.reference.as_str(), bid.place, bid.micros)).collect();
        assert_eq!(worth, [("B", 1, 3_600_000), ("A", 2, 3_100_000)]);
    }

    #[test]
    fn a_bid_without_a_place_is_near_the_line_only_where_it_was_counted_when_the_line_was_found() {
        let scores: &[(&str, &[i64])] =
            &[("A", &[48_000, 46_000]), ("B", &[41_000, 35_000]), ("C", &[12_000, 15_000]), ("D", &[50_000, 50_000])];
        let mut ranked = basis(scores, 200);
        ranked.bids[3].below.push("Strategic fit".into());
        let mut figures = figures(&ranked, None).unwrap();
        figures.bids.iter_mut().for_each(|bid| {
            bid.group = Some(if bid.bid == "D" { AtLine::Fund } else { AtLine::Decline });
        });
        let told = |figures: &Figures| near(&ranked, figures).into_iter().map(|(_, bid)| bid).collect::<Vec<_>>();
        assert_eq!(told(&figures), [""; 0]);
        figures.bids.iter_mut().filter(|bid| bid.bid == "A").for_each(|bid| bid.group = Some(AtLine::Draw));
        assert_eq!(told(&figures), ["A"]);
        figures.line_position = None;
        assert_eq!(told(&figures), ["A", "D"]);
        assert!(worths(&ranked, &figures).iter().all(|bid| bid.reference != "D"));
    }

    #[test]
    fn more_is_better_whichever_figure_the_order_follows_and_what_has_no_place_is_worth_nothing() {
        let scores: &[(&str, &[i64])] =
            &[("A", &[48_000, 46_000]), ("B", &[41_000, 35_000]), ("C", &[12_000, 15_000]), ("D", &[50_000, 50_000])];
        for by in [RankedBy::RawMean, RankedBy::Calibrated, RankedBy::ExpectedRank] {
            let mut ranked = Basis { by, ..basis(scores, 200) };
            ranked.bids[3].below.push("Strategic fit".into());
            let bids = worths(&ranked, &figures(&ranked, None).unwrap());
            let order: Vec<&str> = bids.iter().map(|bid| bid.reference.as_str()).collect();
            assert_eq!(order, ["A", "B", "C"], "{by}");
            assert!(bids.is_sorted_by(|one, other| one.micros > other.micros && one.place < other.place), "{bids:?}");
            assert!(by != RankedBy::RawMean || bids[0].micros == 4_700_000, "{bids:?}");
            assert!(
                by != RankedBy::ExpectedRank || bids.iter().all(|bid| (1_000_000..=4_000_000).contains(&bid.micros))
            );
        }
    }
}
