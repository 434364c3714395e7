//! The end of a place: somebody stops, or the fund ends it. Bids that were not assessed need another reader, panels that have not met
//! another interviewer; what was submitted stays.

use serde_json::json;

use super::{Own, ask_to_change, look, must_be_at, role};
use crate::{
    actor::Actor,
    assessment::{
        self, interviews,
        pool::{
            letters::{self, Answer},
            model::{Ending, MyPlace, PlaceRow, PlaceState, PlaceView, Said, TurningDown},
            store,
        },
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::model::RoundInFull,
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action},
        store::people,
    },
    ids::{BidKey, Id, RowKey},
};

/// Stops assessing in a round; the fund's managers are told.
///
/// # Errors
/// `NotFound` for whoever was not invited; `Invalid`; `Conflict` for whoever has not accepted; `Stale`.
pub async fn withdraw(app: &App, call: &Call, slug: String, version: i32, new: TurningDown) -> Result<MyPlace> {
    call.write(app, move |conn, scene| {
        let own = Own::find(conn, scene, &slug)?;
        own.round.round.require_running()?;
        if own.place().state != PlaceState::Accepted {
            return Err(AppError::conflict(
                "not_accepted",
                "You do not assess in this round, so there is nothing to stop.",
            ));
        }
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let said = |before: Said| Said { reason: Some(new.reason), words: new.words.trim().to_owned(), ..before };
        let back = close(conn, scene, (&own.round, own.place(), version), (PlaceState::Withdrawn, &said))?;
        look::own(conn, scene, &slug, Some(Answer::Withdrawn { back }))
    })
    .await
}

/// Ends somebody's place, whether or not they have answered; they are told why.
///
/// # Errors
/// As policy says; `NotFound`; `Invalid`; `Conflict` when it has ended already; `Stale`.
pub async fn end(
    app: &App,
    call: &Call,
    (slug, id): (String, Id<RowKey>),
    version: i32,
    new: Ending,
) -> Result<PlaceView> {
    call.write(app, move |conn, scene| {
        let (asked, _) = ask_to_change(conn, scene, &slug)?;
        let (place, ..) = store::place(conn, &asked.granted, id)?.ok_or(AppError::NotFound)?;
        if !matches!(place.state, PlaceState::Invited | PlaceState::Accepted) {
            return Err(AppError::conflict(
                "ended_already",
                "They do not assess in this round, so there is nothing to end.",
            ));
        }
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let reason = new.reason.trim();
        let said = |before: Said| Said { words: reason.to_owned(), ..before };
        let back = close(conn, scene, (&asked.round, &place, version), (PlaceState::Ended, &said))?;
        let person = people::person(conn, place.person_id)?;
        letters::ended(conn, scene, &asked.round, (&place, &person), (reason, &back))?;
        look::view(conn, scene, &asked, id)
    })
    .await
}

/// Closes a place that stands at `version`; gives the bids that need another reader by that.
fn close(
    conn: &mut Conn,
    scene: &Scene,
    (round, place, version): (&RoundInFull, &PlaceRow, i32),
    (state, said): (PlaceState, &dyn Fn(Said) -> Said),
) -> Result<Vec<Id<BidKey>>> {
    must_be_at(place, version)?;
    let which = (place.id, version);
    if !store::settle(conn, which, (state, said(place.said.0.clone())), false, scene.now)? {
        return Err(AppError::Stale { current: place.version });
    }
    let kind = if state == PlaceState::Ended { "pool.ended" } else { "pool.withdrawn" };
    scene.tell(conn, Chain::Round(place.round_id), kind, json!({ "place": place.id }))?;
    let back = take_bids(conn, scene, place)?;
    interviews::leave_panels(conn, scene, round, place.person_id)?;
    role::take_back(conn, scene, round.fund.id, place)?;
    Ok(back)
}

/// Takes the bids back that were not assessed; what was written stays.
fn take_bids(conn: &mut Conn, scene: &Scene, place: &PlaceRow) -> Result<Vec<Id<BidKey>>> {
    let house = policy::round(conn, &Actor::System, Action::AssignAssessors, place.round_id)?;
    let mut given = store::given(conn, &house, (place.round_id, place.person_id))?;
    given.retain(|(_, submitted)| submitted.is_none());
    for (bid, _) in &given {
        assessment::store::assignments::end(conn, *bid, place.person_id, scene.now)?;
        let detail = json!({ "bid": bid, "assessor": place.person_id });
        scene.tell(conn, Chain::Round(place.round_id), "assessor.unassigned", detail)?;
    }
    Ok(given.into_iter().map(|(bid, _)| bid).collect())
}
