//! The way of bids through a round, as a picture shows it: how many are where, and how one came to where it is.

use std::collections::BTreeMap;

use super::{plan::is_staff, situation::Known};
use crate::{
    awards, bids,
    db::Conn,
    error::{AppError, Result},
    events::{self, Chain, Data},
    funds::{self, model::RoundInFull},
    http::{App, Call},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id},
    workflow::{
        Definition,
        picture::{Shown, Words},
    },
};

/// A round with its workflow, as the caller may know it.
#[derive(Debug, Clone)]
pub struct RoundsWay {
    /// The round.
    pub round: RoundInFull,
    /// Its newest workflow.
    pub definition: Definition,
    /// Which version of it that is in this round, from 1.
    pub number: i32,
    /// How many bids the fund has in each state, for its staff alone: nobody else may count decisions before their release.
    pub counts: Option<BTreeMap<String, u64>>,
}

impl RoundsWay {
    /// What its picture shows.
    pub fn shown(&self) -> Shown<'_> {
        let words = if self.counts.is_some() { Words::Staff } else { Words::Applicants };
        Shown { words, counts: self.counts.as_ref(), path: &[] }
    }
}

/// A round with its workflow.
///
/// # Errors
/// `NotFound`, as for the round itself.
pub async fn way_of_round(app: &App, call: &Call, slug: String) -> Result<RoundsWay> {
    call.read(app, move |conn, scene| {
        let round = funds::service::visible_round(conn, scene, &slug)?;
        let workflow = funds::store::workflow_of_round(conn, round.round.id)?;
        let counts = match policy::round(conn, &scene.actor, Action::ListBids, round.round.id) {
            Ok(granted) => {
                let sight = policy::sight(conn, &scene.actor)?;
                Some(awards::service::counts(conn, &granted, &sight, scene.now)?)
            }
            // To everybody else the round is as public as its page. What is no refusal is no answer either.
            Err(AppError::NotFound | AppError::Forbidden { .. } | AppError::Unauthenticated) => None,
            Err(fault) => return Err(fault),
        };
        let number = funds::store::workflow_number(conn, workflow)?;
        Ok(RoundsWay { round, definition: funds::store::workflow(conn, workflow)?, number, counts })
    })
    .await
}

/// The workflow of a bid, and the states through which it has come, as the caller may know them.
#[derive(Debug, Clone)]
pub struct BidsWay {
    /// The workflow that it is pinned to.
    pub definition: Definition,
    /// The states, the last being where it is.
    pub path: Vec<String>,
    /// Whether one of the fund's people looks.
    pub staff: bool,
}

impl BidsWay {
    /// What its picture shows.
    pub fn shown(&self) -> Shown<'_> {
        let words = if self.staff { Words::Staff } else { Words::Applicants };
        Shown { words, counts: None, path: &self.path }
    }
}

/// The way that a bid has come.
///
/// # Errors
/// `NotFound` when one may not know of it.
pub async fn way_of_bid(app: &App, call: &Call, reference: String) -> Result<BidsWay> {
    call.read(app, move |conn, scene| {
        let id = bids::store::id_of(conn, &reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
        let granted = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
        let known = Known::of(conn, scene, &granted)?;
        let staff = is_staff(&granted);
        let steps = if staff { known.place.steps_decided() } else { known.place.steps_shown() };
        let mut path = recorded(conn, &granted, &known.bid.state)?;
        path.extend_from_slice(steps);
        Ok(BidsWay { path, staff, definition: known.definition })
    })
    .await
}

/// The states through which the bid's row has come. Whoever may not read what happened knows only where it is.
fn recorded(conn: &mut Conn, bid: &Granted<BidKey>, state: &str) -> Result<Vec<String>> {
    let mut path: Vec<String> = Vec::new();
    if bid.standing().may(Action::ReadHistory) {
        path.extend(history(conn, bid.id())?);
    }
    if path.last().is_none_or(|last| last != state) {
        path.push(state.to_owned());
    }
    path.dedup();
    Ok(path)
}

fn history(conn: &mut Conn, bid: Id<BidKey>) -> Result<impl Iterator<Item = String>> {
    let happened = events::history(conn, Chain::Bid(bid))?;
    let state = |event: Data| {
        let field = match event.kind.as_str() {
            "bid.started" => "state",
            "bid.submitted" | "bid.moved" | "bid.taken_up_again" | "bid.outcome_released" => "to",
            _ => return None,
        };
        event.detail.get(field)?.as_str().map(str::to_owned)
    };
    Ok(happened.into_iter().filter_map(state))
}
