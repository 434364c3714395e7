//! What came of the interviews of a round, for the ranking.

use std::collections::BTreeMap;

use super::Seats;
use crate::{
    assessment::{
        self,
        interviews::store,
        model::{BidRow, InterviewOf, Score, below, newest, weighted},
        service::Decided,
    },
    db::Conn,
    error::Result,
    funds::model::RoundInFull,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// What came of the interviews of these bids; nothing in a round without. It tells what the fund has decided, and is for its people
/// only.
///
/// # Errors
/// When the database fails.
pub fn results(
    conn: &mut Conn,
    granted: &Granted<RoundKey>,
    round: &RoundInFull,
    bids: &[BidRow],
) -> Result<BTreeMap<Id<BidKey>, InterviewOf>> {
    let Some(rules) = &round.rulebook.assessment.interview else { return Ok(BTreeMap::new()) };
    let decided = Decided::of_round(conn, granted)?;
    let slots = store::of_round(conn, granted, granted.id())?;
    let seats = Seats::of(conn, granted, granted.id())?;
    let mut given: BTreeMap<(Id<BidKey>, Id<PersonKey>), Vec<Score>> = BTreeMap::new();
    for (bid, person, score) in assessment::store::scores::scores_of_round(conn, granted)? {
        given.entry((bid, person)).or_default().push(score);
    }
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    let of = |bid: &BidRow| {
        let slot = slots.iter().find(|slot| slot.bid_id == Some(bid.id) && slot.cancelled_at.is_none());
        let sitting: Vec<_> = slot.into_iter().flat_map(|slot| seats.sitting(slot)).collect();
        let submitted = sitting.iter().filter(|seat| seat.submitted_at.is_some());
        let scores = |person| newest(given.get(&(bid.id, person)).cloned().unwrap_or_default(), &rules.criteria);
        let scores: Vec<Vec<Score>> = submitted.map(|seat| scores(seat.person_id)).collect();
        let mut sums: Vec<i64> = scores.iter().filter_map(|scores| weighted(scores, &rules.criteria)).collect();
        sums.sort_unstable();
        let interview = InterviewOf {
            invited: decided.interviews(bid),
            least: rules.least_panel,
            panel: count(sitting.len()),
            sums,
            below: below(scores.iter().map(Vec::as_slice), &rules.criteria),
        };
        (bid.id, interview)
    };
    Ok(bids.iter().map(of).collect())
}
