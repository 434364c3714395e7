//! Finding a conflict while reading: access ends at once, what was written is sealed, and somebody else is asked for.

use super::{New, put};
use crate::{
    assessment::{
        conflicts::model::{Conflict, Origin, Recusal, reason_fault},
        model::BidLine,
        service::{holds_bid, look, person_of},
    },
    error::{AppError, Result},
    http::{App, Call},
    identity::policy::{self, Action},
};

/// The bid from which one may recuse oneself, and whether one is not to learn whose it is.
///
/// # Errors
/// `NotFound` for whoever was not given the bid or has a conflict with it.
pub async fn to_recuse(app: &App, call: &Call, reference: String) -> Result<(BidLine, bool)> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ScoreBid, &reference)?;
        holds_bid(conn, scene, &asked)?;
        let standing = asked.granted.standing();
        Ok((asked.bid.as_read_by(standing).into(), standing.reads_without_names()))
    })
    .await
}

/// Recuses oneself from a bid that one was given, whether or not one has submitted.
///
/// # Errors
/// `NotFound` for whoever was not given the bid or has a conflict with it; `Invalid` without a reason.
pub async fn recuse(app: &App, call: &Call, reference: String, why: Recusal) -> Result<Conflict> {
    call.write(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ScoreBid, &reference)?;
        holds_bid(conn, scene, &asked)?;
        let fault = reason_fault(&why.reason, "Say what the conflict of interest is.");
        AppError::unless_empty(fault.into_iter().collect())?;
        let sight = policy::sight(conn, &scene.actor)?;
        let new = New {
            person: person_of(scene)?,
            with: (Some(asked.bid.id), None),
            origin: Origin::Recused,
            reason: &why.reason,
            until: None,
        };
        put(conn, scene, &sight, &new)
    })
    .await
}
