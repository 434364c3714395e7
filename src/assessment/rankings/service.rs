//! The use cases of rankings of record: having one made, and reading it.
//!
//! The methods compute between two transactions, never inside one: the first reads what is ranked, the second keeps the ranking
//! if that is still the same.

use std::collections::BTreeMap;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    basis::{Basis, Entrant, Places, Reading, among, hash_of},
    figures::{figures, scale_of},
    model::{Figures, Made, Record, RecordLine},
    open::OnCriterion,
    store,
};
use crate::{
    actor::Actor,
    assessment::{
        self, interviews,
        model::{BidLine, BidRow, InterviewStanding, Score, below, weighted},
        moderation::{
            self,
            model::{Counting, moderated},
        },
        service::{
            Readings, ask_round, in_the_running, is_barred, must_not_read_round_blind, person_of, ranking, reads_blind,
        },
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{assessing::RankedBy, model::RoundInFull},
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// Has a round's bids ranked for the record. Where nothing has changed since the newest ranking, that one stands.
///
/// # Errors
/// `Forbidden` for whoever may not, or has a conflict of interest with a bid of the round; `Conflict` while there is nothing to
/// rank, and when something changed while it was computed.
pub async fn make(app: &App, call: &Call, slug: String) -> Result<Made> {
    let of = slug.clone();
    let basis = call.read(app, move |conn, scene| Ok(to_rank(conn, scene, &of)?.1)).await?;
    let ranked = compute(basis.clone(), None).await?;
    call.write(app, move |conn, scene| {
        let (round, now) = to_rank(conn, scene, &slug)?;
        if now != basis {
            return Err(changed());
        }
        keep(conn, scene, &round, &basis, &ranked)
    })
    .await
}

fn changed() -> AppError {
    let message = "Bids or scores changed while the ranking was computed, so that nothing was kept. Make it again.";
    AppError::conflict("inputs_changed", message)
}

async fn compute(basis: Basis, order: Option<Places>) -> Result<Figures> {
    tokio::task::spawn_blocking(move || figures(&basis, order)).await.map_err(AppError::internal)?
}

/// What would be ranked now, for whoever may have it done.
fn to_rank(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<RoundKey>, Basis)> {
    let (granted, round) = ask_round(conn, scene, Action::RankRound, slug)?;
    person_of(scene)?;
    round.round.require_running()?;
    if is_barred(conn, scene, &granted)? {
        let message = "You have a conflict of interest with a bid of this round. Ask a colleague to have it ranked.";
        return Err(AppError::forbidden("conflict_of_interest", message));
    }
    let all = policy::sight(conn, &Actor::System)?;
    let basis = gather(conn, &granted, &round, &all)?;
    if basis.readings.is_empty() {
        let message = "No assessment of this round is submitted yet, so that there is nothing to rank.";
        return Err(AppError::conflict("nothing_scored", message));
    }
    Ok((granted, basis))
}

fn keep(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>, basis: &Basis, ranked: &Figures) -> Result<Made> {
    let newest = store::find(conn, round, None)?;
    let text = serde_json::to_string(basis)?;
    // One whose line was found in the old way is made anew from the same scores.
    if let Some(standing) = newest.as_ref().filter(|newest| newest.basis == text)
        && standing.figures()?.line_position.is_some()
    {
        return Ok(Made { number: standing.number, new: false });
    }
    let number = newest.map_or(0, |newest| newest.number) + 1;
    let scores = basis.scores()?;
    let (salt, hash) = scene.salted(scores.as_bytes());
    let result = serde_json::to_string(ranked)?;
    let new = store::New { id: scene.fresh(), number, basis: &text, scores: &scores, salt: &salt, result: &result };
    if !store::insert(conn, round, &new, (person_of(scene)?, scene.now))? {
        return Err(changed());
    }
    let detail = json!({ "number": number, "rules": basis.rules_hash, "scores": hash });
    scene.tell(conn, Chain::Round(round.id()), "ranking.made", detail)?;
    Ok(Made { number, new: true })
}

/// What a ranking would be computed from now, of the bids that somebody sees.
pub(super) fn gather(
    conn: &mut Conn,
    granted: &Granted<RoundKey>,
    round: &RoundInFull,
    sight: &Sight,
) -> Result<Basis> {
    let criteria = &round.rulebook.criteria;
    let mut rows = in_the_running(conn, granted, sight)?;
    rows.sort_by(|one, other| one.reference.cmp(&other.reference));
    let readings = Readings::of(conn, granted)?;
    let asks: BTreeMap<_, _> = store::asks(conn, granted)?.into_iter().collect();
    let mut basis = Basis::of_round(round);
    let mut agreed: BTreeMap<Id<BidKey>, Counting> = match basis.by {
        RankedBy::ModeratedMean => moderation::store::agreed_of_round(conn, granted)?,
        RankedBy::RawMean | RankedBy::Calibrated | RankedBy::ExpectedRank => BTreeMap::new(),
    };
    let mut interviewed = interviews::results(conn, granted, round, &rows)?;
    let mut read: Vec<(Id<PersonKey>, Reading)> = Vec::new();
    for BidRow { id, reference, .. } in rows {
        let (submitted, given_to) = readings.submitted(id, criteria);
        let agreed = agreed.remove(&id);
        let counted = |scores: &[Score]| match &agreed {
            Some(agreed) => moderated(scores, &agreed.scores),
            None => scores.to_vec(),
        };
        let counting: Vec<Vec<Score>> = submitted.iter().map(|(_, scores)| counted(scores)).collect();
        let mut below = below(counting.iter().map(Vec::as_slice), criteria);
        let interview = interviewed.remove(&id);
        let scored = interview.iter().filter(|of| of.standing() == InterviewStanding::Scored);
        below.extend(scored.flat_map(|of| of.below.iter().cloned()));
        let told = |scores: &[Score]| Some((weighted(scores, criteria)?, scores.iter().map(|of| of.confidence).min()?));
        for ((person, scores), counting) in submitted.iter().zip(&counting) {
            let Some((sum, confidence)) = told(scores) else { continue };
            let moderated = agreed.as_ref().and_then(|_| weighted(counting, criteria));
            let scores = match round.rulebook.assessment.publish_scores {
                true => OnCriterion::of(scores, agreed.as_ref()),
                false => Vec::new(),
            };
            let reading = Reading { bid: reference.clone(), assessor: 0, sum, moderated, confidence, scores };
            read.push((*person, reading));
        }
        let ask = asks.get(&id).copied().flatten();
        let agreed = agreed.filter(|_| !submitted.is_empty()).map(|agreed| agreed.number);
        basis.bids.push(Entrant { id, reference, ask, given_to, below, agreed, interview });
    }
    basis.readings = numbered(read, granted.id());
    Ok(basis)
}

/// Gives each assessor a number. Their order follows from a hash, so that it tells nothing of them, and is the same however
/// often it is asked for: else whoever has a ranking made could try until the chance in it suits them.
fn numbered(read: Vec<(Id<PersonKey>, Reading)>, round: Id<RoundKey>) -> Vec<Reading> {
    let key = |person: &Id<PersonKey>| -> [u8; 32] {
        Sha256::new().chain_update(round.uuid().as_bytes()).chain_update(person.uuid().as_bytes()).finalize().into()
    };
    let known: BTreeMap<[u8; 32], Id<PersonKey>> = read.iter().map(|(person, _)| (key(person), *person)).collect();
    let numbers: BTreeMap<Id<PersonKey>, u32> = known.into_values().zip(1..).collect();
    let number = |(person, reading): (Id<PersonKey>, Reading)| Reading {
        assessor: numbers.get(&person).copied().unwrap_or_default(),
        ..reading
    };
    let mut readings: Vec<Reading> = read.into_iter().map(number).collect();
    readings.sort_by(|one, other| (&one.bid, one.assessor).cmp(&(&other.bid, other.assessor)));
    readings
}

/// Whether rules, bids and scores are still those that the newest ranking of record was made of, over all bids of the round; not
/// before there is one.
///
/// # Errors
/// When the database fails.
pub fn is_current(conn: &mut Conn, granted: &Granted<RoundKey>, round: &RoundInFull) -> Result<bool> {
    let Some(row) = store::find(conn, granted, None)? else { return Ok(false) };
    let all = policy::sight(conn, &Actor::System)?;
    Ok(gather(conn, granted, round, &all)? == row.basis()?)
}

/// A ranking of record as somebody may read it.
pub struct Seen {
    /// The ranking.
    pub record: Record,
    /// What it was computed from.
    pub(super) basis: Basis,
    /// The scores without names, as a file.
    pub scores: String,
    /// The bids that are ranked, by their references, as lists name them.
    pub lines: BTreeMap<String, BidLine>,
}

/// What is read of a ranking in one transaction.
struct Kept {
    row: store::Row,
    now: Basis,
    hidden: Vec<Id<BidKey>>,
    lines: BTreeMap<String, BidLine>,
}

impl Kept {
    async fn seen(self) -> Result<Seen> {
        let Self { row, now, hidden, lines } = self;
        let (all, kept): (Basis, Figures) = (row.basis()?, row.figures()?);
        let whole = !all.has_any(&hidden);
        let (basis, figures, scores) = if whole {
            (all, kept, row.scores)
        } else {
            let basis = all.without(&hidden);
            let shown = |bid: &str| basis.bids.iter().any(|entrant| entrant.reference == bid);
            let order = among(&kept.places(), shown);
            let scores = basis.scores()?;
            let figures = compute(basis.clone(), Some(order)).await?;
            (basis, figures, scores)
        };
        let record = Record {
            number: row.number,
            made_at: row.made_at,
            made_by: row.made_by,
            whole,
            current: basis == now,
            rules_hash: basis.rules_hash.clone(),
            scores_sha256: hash_of(&scores),
            by: basis.by,
            interval: basis.interval,
            scale: scale_of(&basis),
            figures,
        };
        Ok(Seen { record, basis, scores, lines })
    }
}

impl Figures {
    /// The places of the bids that have one.
    pub(super) fn places(&self) -> Places {
        self.bids.iter().filter_map(|bid| Some((bid.bid.clone(), bid.place?))).collect()
    }
}

/// A ranking of record, the newest if not said; none where there is none.
///
/// # Errors
/// `Forbidden` for assessors; `NotFound` for others who are not of the fund's staff; `Conflict` for whoever reads a bid of the round
/// blind.
pub async fn seen(app: &App, call: &Call, slug: String, number: Option<i32>) -> Result<Option<Seen>> {
    let kept = call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::ReadScores, &slug)?;
        must_not_read_round_blind(conn, scene, &granted)?;
        let Some(row) = store::find(conn, &granted, number)? else { return Ok(None) };
        let sight = policy::sight(conn, &scene.actor)?;
        let lines = assessment::store::bids_of(conn, &granted, &sight)?.into_iter().map(BidLine::from);
        let lines = lines.map(|line| (line.reference.clone(), line)).collect();
        let now = gather(conn, &granted, &round, &sight)?;
        Ok(Some(Kept { row, now, hidden: sight.hidden, lines }))
    });
    match kept.await? {
        Some(kept) => kept.seen().await.map(Some),
        None => Ok(None),
    }
}

/// The rankings of a round, the newest first.
///
/// # Errors
/// As [`seen`].
pub async fn list(app: &App, call: &Call, slug: String) -> Result<Vec<RecordLine>> {
    call.read(app, move |conn, scene| {
        let (granted, _) = ask_round(conn, scene, Action::ReadScores, &slug)?;
        store::list(conn, &granted)
    })
    .await
}

/// Whether the actor can have the round ranked.
///
/// # Errors
/// As [`seen`].
pub async fn may_make(app: &App, call: &Call, slug: String) -> Result<bool> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::ReadScores, &slug)?;
        let may = granted.standing().may(Action::RankRound) && round.round.cancelled_at.is_none();
        Ok(may && !is_barred(conn, scene, &granted)?)
    })
    .await
}

/// The places of a round's bids, for the rooms that decide: those of the newest ranking of record, or as the scores stand
/// before there is one. What `sight` hides is left out, and no place stays empty for it; the place of a bid that its councils
/// have withdrawn since stays empty, and what it asked for is free for others. Whoever reads a bid of the round blind is told no place.
///
/// # Errors
/// When the database fails.
pub fn places(conn: &mut Conn, granted: &Granted<RoundKey>, sight: &Sight) -> Result<Vec<(Id<BidKey>, u32)>> {
    if reads_blind(conn, granted, sight)? {
        return Ok(Vec::new());
    }
    let Some(row) = store::find(conn, granted, None)? else {
        let live = ranking(conn, granted, sight)?.into_iter();
        return Ok(live.filter_map(|ranked| Some((ranked.bid.id, ranked.place?))).collect());
    };
    let mut shown = row.basis()?.bids;
    shown.retain(|bid| !sight.hidden.contains(&bid.id));
    let places = among(&row.figures()?.places(), |bid| shown.iter().any(|entrant| entrant.reference == bid));
    let running: Vec<Id<BidKey>> = in_the_running(conn, granted, sight)?.into_iter().map(|bid| bid.id).collect();
    shown.retain(|bid| running.contains(&bid.id));
    Ok(shown.into_iter().filter_map(|bid| Some((bid.id, *places.get(&bid.reference)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::model::Confidence;

    #[test]
    fn the_order_in_which_scores_come_leaves_no_trace_in_the_numbers_of_the_assessors() {
        let read = |person: u128, bid: &str| {
            let (bid, confidence) = (bid.into(), Confidence::High);
            let reading = Reading { bid, assessor: 0, sum: 10_000, moderated: None, confidence, scores: Vec::new() };
            (Id::of(uuid::Uuid::from_u128(person)), reading)
        };
        let given = vec![read(7, "B"), read(3, "A"), read(5, "A"), read(7, "A")];
        let mut other = given.clone();
        other.reverse();
        let round = Id::of(uuid::Uuid::from_u128(1));
        let numbers = numbered(given, round);
        assert_eq!(numbers, numbered(other, round));
        let seen: Vec<(&str, u32)> = numbers.iter().map(|reading| (reading.bid.as_str(), reading.assessor)).collect();
        assert_eq!(
            seen[..3].iter().map(|(bid, number)| (*bid, *number)).collect::<Vec<_>>(),
            [("A", 1), ("A", 2), ("A", 3)]
        );
        assert_eq!(seen[3].0, "B");
    }
}
