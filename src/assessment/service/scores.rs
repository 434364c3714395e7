//! Scoring: an assessor reads blind, saves as often as they like, and submits once. What they gave can be changed until moderation
//! is open, and by then nobody has seen it who reads too; what is given to somebody after that is read blind until it is submitted.

use std::collections::{BTreeMap, btree_map::Entry};

use serde_json::json;

use super::{Asked, Decided, ask, look, must_not_read_blind, person_of, round_in_full};
use crate::{
    assessment::{
        gateway,
        model::{
            Assignment, MyAssessment, MyScores, NewScore, NewScores, Readers, Reading, Score, missing, newest,
            score_faults, weighted,
        },
        moderation::service::opened_in,
        progress::service::wanted_by,
        store,
    },
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    funds::{
        model::RoundInFull,
        rulebook::{Criterion, Stage},
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, PersonKey},
};

/// How far the assessment of a bid is, for the rooms that decide.
///
/// # Errors
/// When the database fails.
pub fn readers(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<Readers> {
    store::assignments::readers(conn, granted)
}

/// Whether nothing is left to be scored on a bid, for the rooms that decide: as many as the round asks for have submitted and nobody
/// is missing, or the bid has failed a gateway check, so that nobody submits any more.
///
/// # Errors
/// When the database fails.
pub fn scores_complete(conn: &mut Conn, granted: &Granted<BidKey>, round: &RoundInFull) -> Result<bool> {
    let gateway = gateway::service::of_bid(conn, granted, round)?;
    let failed = gateway.is_some_and(|gateway| gateway.is_failed());
    Ok(failed || readers(conn, granted)?.complete(round.rulebook.least_readers))
}

/// Refuses whoever was not given the bid.
///
/// # Errors
/// `NotFound`.
pub fn holds_bid(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<()> {
    let person = person_of(scene)?;
    let standing = store::assignments::of_bid(conn, &asked.granted)?;
    if standing.iter().any(|assignment| assignment.person == person) { Ok(()) } else { Err(AppError::NotFound) }
}

/// An assessor's own assessment in its transaction.
struct Own {
    asked: Asked,
    person: Id<PersonKey>,
    assignment: Assignment,
    given: Vec<Score>,
}

impl Own {
    fn find(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Self> {
        let asked = ask(conn, scene, Action::ScoreBid, reference)?;
        Self::of(conn, scene, asked)
    }

    /// The same for whoever only reads it.
    fn look(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Self> {
        let asked = look(conn, scene, Action::ScoreBid, reference)?;
        Self::of(conn, scene, asked)
    }

    fn of(conn: &mut Conn, scene: &Scene, asked: Asked) -> Result<Self> {
        let person = person_of(scene)?;
        let assignments = store::assignments::of_bid(conn, &asked.granted)?;
        let assignment = assignments.into_iter().find(|assignment| assignment.person == person);
        let given = store::scores::own_scores(conn, &asked.granted, person)?;
        Ok(Self { asked, person, assignment: assignment.ok_or(AppError::NotFound)?, given })
    }

    fn criteria(&self) -> &[Criterion] {
        &self.asked.round.rulebook.criteria
    }

    fn is_open(&self, conn: &mut Conn, scene: &Scene) -> Result<bool> {
        let Asked { granted, bid, round } = &self.asked;
        let readable = round.timetable.is_readable(Stage::Full, scene.now);
        let running = granted.standing().may(Action::ScoreBid);
        let open = running && readable && !self.is_locked(conn)?;
        Ok(open && Decided::of_bid(conn, granted, bid)?.takes_scores(bid))
    }

    /// Whether moderation is open, and the bid was not given to somebody since who still reads it blind.
    fn is_locked(&self, conn: &mut Conn) -> Result<bool> {
        let opened = opened_in(conn, &self.asked.granted, self.asked.bid.round_id)?;
        let Assignment { assigned_at, submitted_at, .. } = &self.assignment;
        Ok(opened.is_some_and(|opened| submitted_at.is_some() || *assigned_at <= opened))
    }

    fn must_be_open(&self, conn: &mut Conn, scene: &Scene) -> Result<()> {
        if self.is_locked(conn)? {
            let message = "Moderation of this round is open, so that the scores which assessors gave by themselves stay as they \
                           are. Ask whoever leads the panel.";
            return Err(AppError::conflict("moderation_open", message));
        }
        if !self.is_open(conn, scene)? {
            return Err(AppError::conflict("scoring_closed", "This bid cannot be scored at the moment."));
        }
        Ok(())
    }

    fn stale(&self) -> AppError {
        AppError::Stale { current: self.assignment.version }
    }

    fn into_view(self, conn: &mut Conn, scene: &Scene) -> Result<MyScores> {
        let open = self.is_open(conn, scene)?;
        let gateway = gateway::service::of_bid(conn, &self.asked.granted, &self.asked.round)?;
        let Self { asked, assignment, given, .. } = self;
        let scores = newest(given, &asked.round.rulebook.criteria);
        Ok(MyScores {
            missing: missing(&scores, &asked.round.rulebook.criteria),
            scores,
            bid: asked.bid.as_read_by(asked.granted.standing()).into(),
            submitted_at: assignment.submitted_at,
            open,
            gateway,
            version: assignment.version,
        })
    }
}

/// One's own scores of a bid.
///
/// # Errors
/// `NotFound` for whoever was not given the bid or has a conflict with it.
pub async fn my_scores(app: &App, call: &Call, reference: String) -> Result<MyScores> {
    call.read(app, move |conn, scene| own(conn, scene, &reference)).await
}

/// The same in a transaction that reads more.
///
/// # Errors
/// As [`my_scores`].
pub(in crate::assessment) fn own(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<MyScores> {
    Own::look(conn, scene, reference)?.into_view(conn, scene)
}

/// Gives scores on one or more criteria; the others stay as they are. Every score is added, the newest counts.
///
/// # Errors
/// `Invalid` with every fault; `Stale` when the assessment is not at `version`; `Conflict` once moderation is open or while
/// the bid takes no scores, and where it is submitted with `gateway_open` or `gateway_failed` while the bid has not passed its
/// gateway checks.
pub async fn save(app: &App, call: &Call, reference: String, version: i32, new: NewScores) -> Result<MyScores> {
    call.write(app, move |conn, scene| keep(conn, scene, (&reference, version), &new.scores)).await
}

/// The same in a transaction that does more.
///
/// # Errors
/// As [`save`].
pub(in crate::assessment) fn keep(
    conn: &mut Conn,
    scene: &Scene,
    (reference, version): (&str, i32),
    new: &[NewScore],
) -> Result<MyScores> {
    let own = Own::find(conn, scene, reference)?;
    own.must_be_open(conn, scene)?;
    // What changes in an assessment that is submitted counts at once.
    if own.assignment.submitted_at.is_some() {
        must_be_passed(conn, &own.asked)?;
    }
    AppError::unless_empty(score_faults(new, own.criteria()))?;
    if !store::assignments::touch(conn, &own.asked.granted, own.person, version)? {
        return Err(own.stale());
    }
    add(conn, scene, (&own.asked, own.person), (&own.given, new))?;
    self::own(conn, scene, reference)
}

/// Adds scores that a person gives a bid, of the reading or of the interview, after those that they gave before. A score that says
/// what the last one said is not added again.
pub(in crate::assessment) fn add(
    conn: &mut Conn,
    scene: &Scene,
    (asked, person): (&Asked, Id<PersonKey>),
    (given, new): (&[Score], &[NewScore]),
) -> Result<()> {
    for new in new {
        let before = given.iter().filter(|score| score.criterion == new.criterion);
        let last = before.max_by_key(|score| score.number);
        let said = last.map(|last| (last.value, last.justification.as_str(), last.confidence));
        if said == Some((new.value, new.justification.trim(), new.confidence)) {
            continue;
        }
        let number = last.map_or(0, |last| last.number);
        store::scores::append_score(conn, &asked.granted, (scene.fresh(), number), new, (person, scene.now))?;
        let detail = json!({ "bid": asked.bid.id, "criterion": new.criterion });
        scene.tell(conn, Chain::Round(asked.bid.round_id), "score.given", detail)?;
    }
    Ok(())
}

/// Submits one's assessment: from then on it counts.
///
/// # Errors
/// `Conflict` when it is submitted, and with `gateway_open` or `gateway_failed` while the bid has not passed its gateway checks;
/// `Invalid` naming every criterion without a score; otherwise as [`save`].
pub async fn submit(app: &App, call: &Call, reference: String, version: i32) -> Result<MyScores> {
    call.write(app, move |conn, scene| hand_in(conn, scene, (&reference, version))).await
}

/// The same in a transaction that does more.
///
/// # Errors
/// As [`submit`].
pub(in crate::assessment) fn hand_in(
    conn: &mut Conn,
    scene: &Scene,
    (reference, version): (&str, i32),
) -> Result<MyScores> {
    let own = Own::find(conn, scene, reference)?;
    own.must_be_open(conn, scene)?;
    if own.assignment.submitted_at.is_some() {
        let message = "You have submitted your assessment of this bid. What you change in it counts at once.";
        return Err(AppError::conflict("assessment_submitted", message));
    }
    must_be_passed(conn, &own.asked)?;
    AppError::unless_empty(unscored(&own.given, own.criteria()))?;
    if !store::assignments::submit(conn, &own.asked.granted, own.person, (version, scene.now))? {
        return Err(own.stale());
    }
    let detail = json!({ "bid": own.asked.bid.id, "assessor": own.person });
    scene.tell(conn, Chain::Round(own.asked.bid.round_id), "assessment.submitted", detail)?;
    self::own(conn, scene, reference)
}

/// Refuses scores that are to count of a bid that has not passed its gateway checks.
pub(in crate::assessment) fn must_be_passed(conn: &mut Conn, asked: &Asked) -> Result<()> {
    gateway::service::of_bid(conn, &asked.granted, &asked.round)?.map_or(Ok(()), |gateway| gateway.must_take_scores())
}

/// The criteria that have no score yet, each a fault.
pub(in crate::assessment) fn unscored(given: &[Score], criteria: &[Criterion]) -> Vec<Fault> {
    let without = |criterion: &&Criterion| !given.iter().any(|score| score.criterion == criterion.id);
    let fault = |criterion: &Criterion| {
        let message = format!("Score ‘{}’ before you submit.", criterion.title);
        Fault::new(format!("scores/{}", criterion.id), "missing", message)
    };
    criteria.iter().filter(without).map(fault).collect()
}

/// The bids that one was given, with how far one is.
///
/// # Errors
/// When the database fails.
pub async fn mine(app: &App, call: &Call) -> Result<Vec<MyAssessment>> {
    call.read(app, move |conn, scene| {
        let person = person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let mut rounds = BTreeMap::new();
        let mut list = Vec::new();
        for (bid, assigned_at, submitted_at) in store::assignments::mine(conn, &sight)? {
            let granted = policy::bid_to_read(conn, &scene.actor, Action::ScoreBid, bid.id)?;
            let round = match rounds.entry(bid.round_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(round_in_full(conn, bid.round_id)?),
            };
            let scores = newest(store::scores::own_scores(conn, &granted, person)?, &round.rulebook.criteria);
            let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
            let running = granted.standing().may(Action::ScoreBid);
            let opened = opened_in(conn, &granted, bid.round_id)?;
            let locked = opened.is_some_and(|opened| submitted_at.is_some() || assigned_at <= opened);
            let open = running && !locked && Decided::of_bid(conn, &granted, &bid)?.takes_scores(&bid);
            let bid_round = bid.round_id;
            list.push(MyAssessment {
                bid: bid.as_read_by(granted.standing()).into(),
                without_names: granted.standing().reads_without_names(),
                round: round.round.slug.clone(),
                scored: count(scores.len()),
                criteria: count(round.rulebook.criteria.len()),
                submitted_at,
                open,
                wanted_by: wanted_by(conn, bid_round)?,
            });
        }
        Ok(list)
    })
    .await
}

/// Everybody's scores of a bid, for the fund's staff.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it; `Forbidden` for its assessors and councils.
pub async fn scores_of(app: &App, call: &Call, reference: String) -> Result<Vec<Reading>> {
    call.read(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::ReadScores, &reference)?;
        must_not_read_blind(conn, scene, &asked)?;
        let mut given: BTreeMap<Id<PersonKey>, Vec<Score>> = BTreeMap::new();
        for (person, score) in store::scores::scores_of_bid(conn, &asked.granted)? {
            given.entry(person).or_default().push(score);
        }
        let criteria = &asked.round.rulebook.criteria;
        let reading = |assignment: Assignment| {
            let scores = newest(given.remove(&assignment.person).unwrap_or_default(), criteria);
            Reading {
                person: assignment.person,
                name: assignment.name,
                weighted: weighted(&scores, criteria),
                scores,
                submitted_at: assignment.submitted_at,
            }
        };
        Ok(store::assignments::of_bid(conn, &asked.granted)?.into_iter().map(reading).collect())
    })
    .await
}
