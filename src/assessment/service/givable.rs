//! Whether a bid can be given to somebody. Whoever gives it, and the page on which it is given, go by the same.

use std::collections::BTreeMap;

use super::{Asked, Decided, ask_round, look, read_once::ReadOnce};
use crate::{
    assessment::{conflicts, gateway, gateway::model::GatewayStanding, model::Assignment, plans, store},
    db::Conn,
    error::{AppError, Result},
    funds::rulebook::Stage,
    http::{App, Call, Scene},
    identity::policy::{self, Action, BidKind},
    ids::{Id, PersonKey},
};

/// How somebody stands to a bid that nothing keeps from being given to them.
pub(super) enum Stands {
    /// They have it already.
    HasIt(Assignment),
    /// They can be given it.
    CanTake(CanTake),
}

/// What is known of a bid and of somebody who can be given it.
pub(super) struct CanTake {
    /// Where the bid stands at the gateway, in a round with gateway checks.
    pub gateway: Option<GatewayStanding>,
    /// How many bids they can read, where they have said so.
    pub most: Option<u32>,
}

/// Refuses whatever keeps a bid from being given to somebody. Nothing is written.
pub(super) fn may_be_given(
    conn: &mut Conn,
    scene: &Scene,
    known: &mut ReadOnce,
    (asked, person): (&Asked, Id<PersonKey>),
) -> Result<Stands> {
    must_be_for_assessment(conn, scene, asked)?;
    if !store::assignments::assesses_for(conn, asked.round.fund.id, person)? {
        let message = "Choose somebody who assesses for this fund.";
        return Err(AppError::invalid("person", "not_an_assessor", message));
    }
    if policy::has_conflict(conn, person, asked.bid.id, scene.now)? {
        return Err(AppError::conflict("conflict_of_interest", "This assessor cannot be given this bid."));
    }
    if let Some(standing) = assignment(conn, asked, person)? {
        return Ok(Stands::HasIt(standing));
    }
    if policy::is_anonymous(conn, asked.bid.round_id, scene.now)?
        && conflicts::service::has_ended_reading(conn, &asked.granted, person)?
    {
        let message = "This assessor learnt whose bid it is when their conflict of interest ended their reading. Choose \
                       somebody else.";
        return Err(AppError::conflict("read_before", message));
    }
    let gateway = gateway::service::of_bid(conn, &asked.granted, &asked.round)?;
    if let Some(failed) = gateway.as_ref().filter(|gateway| gateway.is_failed()) {
        let message = format!("{}. So it is given to nobody.", failed.in_words());
        return Err(AppError::conflict("gateway_failed", message));
    }
    if plans::is_banned(conn, &asked.granted, person)? {
        let message = "This assessor is banned from this bid. Take the ban back first.";
        return Err(AppError::conflict("banned", message));
    }
    if let Some(grounds) = known.suggested.get(&(person, asked.bid.id)) {
        return Err(conflicts::service::refusal(grounds));
    }
    let pool = known.pool(conn, asked)?.as_ref();
    let most = pool.and_then(|pool| *pool.most.get(&person)?);
    if pool.is_some_and(|pool| !pool.most.contains_key(&person)) {
        let message =
            "This round has a pool of assessors, and they have not accepted to assess in it. Invite them first.";
        return Err(AppError::conflict("not_in_pool", message));
    }
    if pool.is_some_and(|pool| pool.unagreed.contains(&person)) {
        let message = "This assessor has not agreed to the round’s terms as they are now. Whoever was not asked by mail yet is \
                       asked when a plan is made, or when the settings of the round’s pool are saved.";
        return Err(AppError::conflict("terms_open", message));
    }
    Ok(Stands::CanTake(CanTake { gateway, most }))
}

pub(super) fn assignment(conn: &mut Conn, asked: &Asked, person: Id<PersonKey>) -> Result<Option<Assignment>> {
    let found = store::assignments::of_bid(conn, &asked.granted)?;
    Ok(found.into_iter().find(|assignment| assignment.person == person))
}

/// A full application that stands after its deadline: found eligible, or waiting to be.
pub(in crate::assessment) fn must_be_for_assessment(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<()> {
    if asked.bid.kind == BidKind::Draft {
        return Err(AppError::NotFound);
    }
    if !asked.round.timetable.is_readable(Stage::Full, scene.now) {
        let message = "Bids can be given to assessors once the round has closed for full applications.";
        return Err(AppError::conflict("not_closed_yet", message));
    }
    if Decided::of_bid(conn, &asked.granted, &asked.bid)?.is_for_assessment(&asked.bid) {
        return Ok(());
    }
    Err(AppError::conflict("not_for_assessment", "This bid is not being assessed."))
}

/// Why a bid cannot be given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: &'static str,
    /// The reason in words.
    pub message: String,
}

/// Why a bid cannot be given to those who assess for its fund. Whoever is not named has it or can be given it, be it that
/// they have more bids than they can read.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid, and of one that is not for assessment.
pub async fn refusals(app: &App, call: &Call, reference: String) -> Result<BTreeMap<Id<PersonKey>, Refusal>> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::AssignAssessors, &reference)?;
        let (round, _) = ask_round(conn, scene, Action::AssignAssessors, &asked.round.round.slug)?;
        let people = store::assignments::pool(conn, &round, asked.round.fund.id)?;
        let pairs: Vec<(&str, Id<PersonKey>)> = people.iter().map(|(id, _)| (reference.as_str(), *id)).collect();
        let mut known = ReadOnce::of(conn, scene, &pairs)?;
        let mut refused = BTreeMap::new();
        for (person, _) in &people {
            match may_be_given(conn, scene, &mut known, (&asked, *person)) {
                Ok(_) => {}
                Err(AppError::Conflict { code, message }) => {
                    refused.insert(*person, Refusal { code, message });
                }
                Err(other) => return Err(other),
            }
        }
        Ok(refused)
    })
    .await
}
