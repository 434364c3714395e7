//! Where a bid stands for whoever decides on it, as the workflow's engine is told it.

use std::collections::BTreeMap;

use crate::{
    assessment,
    awards::store,
    bids::holds::{self, model::Hold},
    db::Conn,
    error::{AppError, Result},
    funds,
    http::Scene,
    identity::policy::Granted,
    ids::BidKey,
    workflow::{BidFacts, Definition, Facts, Place, Refusal, Role, Situation, Standing, Timetable},
};

/// What the engine is told of a bid and of who decides.
pub(super) struct Known {
    facts: Facts,
    timetable: Timetable,
    /// By transition, how many people stand behind it.
    pub approvals: BTreeMap<String, u32>,
    on_hold: Option<String>,
    /// What the person is to the bid.
    pub standing: Standing,
}

impl Known {
    /// The bid as the engine sees it.
    pub fn situation<'a>(&'a self, definition: &'a Definition, place: &'a Place) -> Situation<'a> {
        Situation {
            definition,
            place,
            facts: &self.facts,
            timetable: &self.timetable,
            eligibility: &[],
            against_submitting: &[],
            approvals: &self.approvals,
            on_hold: self.on_hold.as_deref(),
        }
    }
}

/// Reads what the engine is told.
pub(super) fn situation_of(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    feedback_given: bool,
) -> Result<Known> {
    let round_id = store::stakes(conn, bid)?.round_id;
    let round = funds::store::round_by_id(conn, round_id)?;
    let round = funds::store::in_full_for(conn, round, bid.id())?;
    let holds = holds::store::of_bid(conn, bid)?;
    let (instant, stopped) = (round.round.instant(scene.now), round.round.cancellation());
    let complete = assessment::scores_complete(conn, bid, &round)?;
    let milestones = round.timetable.0;
    let named = milestones.into_iter().map(|(milestone, at)| (milestone.word().to_owned(), at));
    let roles = bid.standing().capacities.iter().filter_map(|capacity| Role::from_word(capacity.word()));
    let facts =
        BidFacts { feedback_given: Some(feedback_given), scores_complete: Some(complete), ..BidFacts::default() };
    Ok(Known {
        facts: facts.into(),
        timetable: Timetable::new(instant, named).stopped(stopped),
        approvals: BTreeMap::new(),
        on_hold: holds.iter().find(|hold| hold.stands()).map(Hold::in_words),
        standing: Standing::of(roles),
    })
}

/// The engine's refusal as our error.
pub(super) fn refused(refusal: Refusal) -> AppError {
    let message = format!("{refusal}.");
    match refusal {
        Refusal::Unknown(_) => AppError::invalid("transition", "unknown_transition", message),
        Refusal::NotYours(_) => AppError::forbidden("not_allowed", message),
        Refusal::NotFromHere(_) => AppError::conflict("not_from_here", message),
        Refusal::OnHold { .. } => AppError::conflict("on_hold", message),
        Refusal::NotYet { .. } => AppError::conflict("not_yet", message),
    }
}
