//! The ranking of a round's bids by their weighted means. Nothing is decided here.

use std::collections::BTreeMap;

use super::{Asked, Decided, ask_round, must_not_read_round_blind, round_in_full};
use crate::{
    assessment::{
        gateway, interviews,
        model::{
            AfterInterview, BidRow, Combining, Mean, Ranked, Score, Standing, below, follows_interviews, newest, rank,
            weighted,
        },
        moderation::{self, model::moderated},
        store,
    },
    clock::Moment,
    db::Conn,
    error::Result,
    funds::{assessing::RankedBy, rulebook::Criterion},
    http::{App, Call},
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// The bids of a round that take or took scores, best first by the scores as they stand, with what was agreed in moderation in
/// the place of own scores where the round ranks so, and with their interviews where there are any. What `sight` hides is left
/// out before places are given.
///
/// # Errors
/// When the database fails.
pub fn ranking(conn: &mut Conn, granted: &Granted<RoundKey>, sight: &Sight) -> Result<Vec<Ranked>> {
    let round = round_in_full(conn, granted.id())?;
    let bids = in_the_running(conn, granted, sight)?;
    let readings = Readings::of(conn, granted)?;
    let criteria = &round.rulebook.criteria;
    let mut agreed = match round.rulebook.assessment.ranking.by {
        RankedBy::ModeratedMean => moderation::store::agreed_of_round(conn, granted)?,
        RankedBy::RawMean | RankedBy::Calibrated | RankedBy::ExpectedRank => BTreeMap::new(),
    };
    let mut interviewed = interviews::results(conn, granted, &round, &bids)?;
    let combining = Combining::of(&round.rulebook).filter(|_| follows_interviews(interviewed.values()));
    let standing = |bid: BidRow| {
        let (mut read, given_to) = readings.submitted(bid.id, criteria);
        if let Some(agreed) = agreed.remove(&bid.id) {
            read.iter_mut().for_each(|(_, scores)| *scores = moderated(scores, &agreed.scores));
        }
        let sums: Vec<i64> = read.iter().filter_map(|(_, scores)| weighted(scores, criteria)).collect();
        let mut below = below(read.iter().map(|(_, scores)| scores.as_slice()), criteria);
        let interview = combining.zip(interviewed.remove(&bid.id)).map(|(combining, of)| {
            if of.mean().is_some() {
                below.extend(of.below.iter().cloned());
            }
            let both = Mean::of(&sums).zip(of.mean());
            AfterInterview { combined: both.and_then(|(reading, said)| combining.together(reading, said)), of }
        });
        Standing { bid: bid.into(), sums, given_to, below, interview }
    };
    Ok(rank(bids.into_iter().map(standing).collect()))
}

/// The bids that take or took scores, without those that their councils have withdrawn and those that have failed a gateway check.
pub(in crate::assessment) fn in_the_running(
    conn: &mut Conn,
    granted: &Granted<RoundKey>,
    sight: &Sight,
) -> Result<Vec<BidRow>> {
    let decided = Decided::of_round(conn, granted)?;
    let mut bids = store::bids_of(conn, granted, sight)?;
    let failed = gateway::service::failed(conn, granted)?;
    bids.retain(|bid| decided.was_opened(bid) && !failed.contains(&bid.id));
    Ok(bids)
}

/// Whether a bid takes or took scores, its councils have not withdrawn it and it has failed no gateway check.
pub(in crate::assessment) fn is_in_the_running(conn: &mut Conn, asked: &Asked) -> Result<bool> {
    let gateway = gateway::service::of_bid(conn, &asked.granted, &asked.round)?;
    let failed = gateway.is_some_and(|gateway| gateway.is_failed());
    Ok(!failed && Decided::of_bid(conn, &asked.granted, &asked.bid)?.was_opened(&asked.bid))
}

/// Who read what in a round, and what they made of it.
pub(in crate::assessment) struct Readings {
    given: Vec<(Id<BidKey>, Id<PersonKey>, String, Option<Moment>)>,
    scores: BTreeMap<(Id<BidKey>, Id<PersonKey>), Vec<Score>>,
}

impl Readings {
    pub(in crate::assessment) fn of(conn: &mut Conn, granted: &Granted<RoundKey>) -> Result<Self> {
        let mut scores: BTreeMap<_, Vec<Score>> = BTreeMap::new();
        for (bid, person, score) in store::scores::scores_of_round(conn, granted)? {
            scores.entry((bid, person)).or_default().push(score);
        }
        let mut given = store::assignments::of_round(conn, granted)?;
        // Databases order names each in their own way.
        given.sort_by(|(_, one, name, _), (_, other, named, _)| (name, one).cmp(&(named, other)));
        Ok(Self { given, scores })
    }

    fn newest(&self, bid: Id<BidKey>, person: Id<PersonKey>, criteria: &[Criterion]) -> Vec<Score> {
        newest(self.scores.get(&(bid, person)).cloned().unwrap_or_default(), criteria)
    }

    /// The submitted assessments of a bid, and how many assessors have it.
    pub(in crate::assessment) fn submitted(
        &self,
        bid: Id<BidKey>,
        criteria: &[Criterion],
    ) -> (Vec<(Id<PersonKey>, Vec<Score>)>, u32) {
        let readers = self.given.iter().filter(|(of, ..)| *of == bid);
        let submitted = readers.clone().filter(|(.., at)| at.is_some());
        let read = submitted.map(|(_, person, ..)| (*person, self.newest(bid, *person, criteria)));
        (read.collect(), u32::try_from(readers.count()).unwrap_or(u32::MAX))
    }
}

/// The ranking as the fund's staff see it.
///
/// # Errors
/// `Forbidden` for assessors; `NotFound` for others; `Conflict` for whoever reads a bid of the round blind.
pub async fn ranked(app: &App, call: &Call, slug: String) -> Result<Vec<Ranked>> {
    call.read(app, move |conn, scene| {
        let (granted, _) = ask_round(conn, scene, Action::ReadScores, &slug)?;
        must_not_read_round_blind(conn, scene, &granted)?;
        let sight = policy::sight(conn, &scene.actor)?;
        ranking(conn, &granted, &sight)
    })
    .await
}

/// Every submitted score of a round, one line each, for the fund's staff.
///
/// # Errors
/// As [`ranked`].
pub async fn scores_of_round(app: &App, call: &Call, slug: String) -> Result<Vec<ScoreLine>> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::ReadScores, &slug)?;
        must_not_read_round_blind(conn, scene, &granted)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let bids = in_the_running(conn, &granted, &sight)?;
        let readings = Readings::of(conn, &granted)?;
        let mut lines = Vec::new();
        for bid in &bids {
            for (_, person, name, at) in readings.given.iter().filter(|(of, _, _, at)| *of == bid.id && at.is_some()) {
                for score in readings.newest(bid.id, *person, &round.rulebook.criteria) {
                    lines.push(ScoreLine { bid: bid.clone(), assessor: name.clone(), submitted_at: *at, score });
                }
            }
        }
        Ok(lines)
    })
    .await
}

/// A submitted score with whose it is and of what.
#[derive(Debug, Clone)]
pub struct ScoreLine {
    /// The bid.
    pub bid: BidRow,
    /// The assessor's name.
    pub assessor: String,
    /// When the assessment was submitted.
    pub submitted_at: Option<Moment>,
    /// The score.
    pub score: Score,
}
