//! The use cases of moderation.

mod bid;
mod line;
mod open;
mod others;
mod queue;
mod record;

pub use bid::{bid, meeting};
pub use line::may_rank;
pub use open::{may_open, open, opened_in};
pub(in crate::assessment) use others::beside;
pub use others::others;
pub use queue::queue;
pub use record::{record, table};

use std::{cmp::Reverse, collections::BTreeMap};

use sha2::{Digest, Sha256};

use self::line::{Crossing, crossing};
use super::{
    model::{Counting, Ground, ModerationState, Opening, QueuedBid, StepKind, StepRow, counting, moderated, spread_of},
    store,
};
use crate::{
    assessment::{
        model::{BidRow, Mean, Score, weighted},
        rankings::decimal,
        service::{Readings, ask_round, blind_bids, in_the_running, is_barred},
        store::assignments,
    },
    clock::Moment,
    db::Conn,
    error::Result,
    funds::model::RoundInFull,
    http::Scene,
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// Since when moderation is open. Why it was opened although assessments were missing may name any bid, so that nobody reads it from
/// whom one is hidden.
fn opening(conn: &mut Conn, scene: &Scene, granted: &Granted<RoundKey>) -> Result<Option<Opening>> {
    let Some(opening) = store::opening(conn, granted, granted.id())? else { return Ok(None) };
    let reason = if is_barred(conn, scene, granted)? { String::new() } else { opening.reason };
    Ok(Some(Opening { reason, ..opening }))
}

/// A bid of the round with what is read of it.
struct Read {
    bid: BidRow,
    readings: Vec<(Id<PersonKey>, Vec<Score>)>,
    steps: Vec<StepRow>,
}

impl Read {
    /// The bids of a round that take or took scores and that the reader may see, without those that they read blind still, and
    /// how many these are.
    fn of_round(
        conn: &mut Conn,
        granted: &Granted<RoundKey>,
        round: &RoundInFull,
        sight: &Sight,
    ) -> Result<(Vec<Self>, usize)> {
        let readings = Readings::of(conn, granted)?;
        let mut steps = store::of_round(conn, granted)?;
        let read = |bid: BidRow| Self {
            readings: readings.submitted(bid.id, &round.rulebook.criteria).0,
            steps: steps.remove(&bid.id).unwrap_or_default(),
            bid,
        };
        let mut bids = in_the_running(conn, granted, sight)?;
        let (all, blind) = (bids.len(), blind_bids(conn, granted, sight)?);
        bids.retain(|bid| !blind.contains(&bid.id));
        let left_out = all - bids.len();
        Ok((bids.into_iter().map(read).collect(), left_out))
    }

    /// The exact mean of the scores that assessors gave by themselves, or with what was agreed in their place.
    fn mean(&self, round: &RoundInFull, agreed: Option<&Counting>) -> Option<Mean> {
        let criteria = &round.rulebook.criteria;
        let sum = |scores: &Vec<Score>| match agreed {
            Some(agreed) => weighted(&moderated(scores, &agreed.scores), criteria),
            None => weighted(scores, criteria),
        };
        Mean::of(&self.readings.iter().filter_map(|(_, scores)| sum(scores)).collect::<Vec<_>>())
    }

    fn queued(self, round: &RoundInFull, crossing: &Crossing, place: Option<u32>) -> QueuedBid {
        let rules = &round.rulebook;
        let own: Vec<Vec<Score>> = self.readings.iter().map(|(_, scores)| scores.clone()).collect();
        let mut grounds = Ground::of_spread(&own, &rules.criteria, &rules.assessment.moderation);
        grounds.extend(crossing.grounds.get(&self.bid.reference).cloned());
        let newest = self.steps.last();
        let state = ModerationState::of(newest.map(|step| step.step), !grounds.is_empty());
        let asked = self.steps.iter().rfind(|step| step.step == StepKind::Asked);
        grounds.extend(asked.map(|step| Ground::asked(&step.reason)));
        let agreed = counting(&self.steps);
        let spread = spread_of(own.iter().filter_map(|scores| weighted(scores, &rules.criteria)));
        QueuedBid {
            place,
            state,
            grounds,
            next_since: newest.filter(|step| step.step == StepKind::Next).map(|step| step.created_at),
            passed_because: newest.filter(|step| step.step == StepKind::PassedOver).map(|step| step.reason.clone()),
            readers: u32::try_from(own.len()).unwrap_or(u32::MAX),
            spread: spread.map(|spread| decimal(spread.width())),
            mean: self.mean(round, None).map(Mean::in_words),
            moderated: agreed.and_then(|agreed| self.mean(round, Some(&agreed))).map(Mean::in_words),
            version: newest.map_or(0, |step| step.number),
            bid: self.bid.into(),
        }
    }
}

/// The bids of a round as they stand in moderation: what the chair wants to be talked over next, the newest such wish first, then best
/// first by what assessors gave by themselves; those nobody has assessed at the end.
fn queued(read: Vec<Read>, round: &RoundInFull, crossing: &Crossing) -> Vec<QueuedBid> {
    let means: Vec<Option<Mean>> = read.iter().map(|of| of.mean(round, None)).collect();
    let place = |mean: Mean| {
        let better = means.iter().flatten().filter(|other| **other > mean).count();
        u32::try_from(better + 1).unwrap_or(u32::MAX)
    };
    let places: Vec<Option<u32>> = means.iter().map(|mean| mean.map(place)).collect();
    let mut bids: Vec<QueuedBid> =
        read.into_iter().zip(places).map(|(of, place)| of.queued(round, crossing, place)).collect();
    bids.sort_by(|one, other| {
        let key = |bid: &QueuedBid| (Reverse(bid.next_since), bid.place.is_none(), bid.place);
        key(one).cmp(&key(other)).then_with(|| one.bid.reference.cmp(&other.bid.reference))
    });
    bids
}

/// What the assessors of a bid are called before others.
fn labels(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<BTreeMap<Id<PersonKey>, String>> {
    let given = assignments::of_bid(conn, bid)?.into_iter().map(|of| (of.submitted_at, of.person));
    let ended = assignments::ended_of_bid(conn, bid)?.into_iter().map(|of| (of.submitted_at, of.person));
    Ok(called(bid.id(), given.chain(ended).filter_map(|(at, person)| Some((at?, person)))))
}

/// Numbers in the order in which they submitted, with those who read the bid no longer, so that a number that stands in a reason is
/// nobody else's later. Where that says nothing, a hash does, which tells nothing of them.
fn called(
    bid: Id<BidKey>,
    submitted: impl Iterator<Item = (Moment, Id<PersonKey>)>,
) -> BTreeMap<Id<PersonKey>, String> {
    let key = |person: Id<PersonKey>| -> [u8; 32] {
        Sha256::new().chain_update(bid.uuid().as_bytes()).chain_update(person.uuid().as_bytes()).finalize().into()
    };
    let in_order: BTreeMap<(Moment, [u8; 32]), Id<PersonKey>> =
        submitted.map(|(at, person)| ((at, key(person)), person)).collect();
    (1..).zip(in_order.into_values()).map(|(number, person)| (person, format!("Assessor {number}"))).collect()
}

/// What somebody sees of a round's bids, and that they may look at its moderation.
fn look(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<RoundKey>, RoundInFull, Sight)> {
    let (granted, round) = ask_round(conn, scene, Action::ReadScores, slug)?;
    let sight = policy::sight(conn, &scene.actor)?;
    Ok((granted, round, sight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assessors_are_called_alike_in_whatever_order_they_come_and_whoever_comes_later() {
        let [bid, other] = [1, 2].map(|number| Id::of(uuid::Uuid::from_u128(number)));
        let people: Vec<Id<PersonKey>> = (3..7).map(|number| Id::of(uuid::Uuid::from_u128(number))).collect();
        let at_once = |people: &[Id<PersonKey>]| {
            people.iter().map(|person| (Moment::from_micros(0), *person)).collect::<Vec<_>>().into_iter()
        };
        let first = called(bid, at_once(&people));
        assert_eq!(first, called(bid, at_once(&people).rev()));
        let mut names: Vec<&str> = first.values().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["Assessor 1", "Assessor 2", "Assessor 3", "Assessor 4"]);
        let elsewhere = called(other, at_once(&people));
        assert!(people.iter().any(|person| elsewhere[person] != first[person]), "numbers tell nothing across bids");
        for late in 7..20 {
            let late = Id::of(uuid::Uuid::from_u128(late));
            let later = called(bid, at_once(&people).chain([(Moment::from_micros(1), late)]));
            assert_eq!(later[&late], "Assessor 5");
            assert!(people.iter().all(|person| later[person] == first[person]));
        }
    }
}
