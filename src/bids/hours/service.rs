//! Saying how many hours a bid took, for one's own council.

use serde_json::json;

use super::{
    model::{NewHours, OwnHours},
    store,
};
use crate::{
    bids::{self, answers, model::Bid, service::granted},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::{
        model::Organisation,
        policy::{Action, Granted},
        store::organisations,
    },
    ids::BidKey,
};

/// What one's own council said of a bid.
///
/// # Errors
/// As policy says; `Conflict` before the bid was submitted.
pub async fn own(app: &App, call: &Call, reference: String) -> Result<OwnHours> {
    call.read(app, move |conn, scene| {
        let (granted, _, council) = ask(conn, scene, &reference)?;
        view(conn, &granted, council)
    })
    .await
}

fn view(conn: &mut Conn, granted: &Granted<BidKey>, council: Organisation) -> Result<OwnHours> {
    let (hours, version) = store::of(conn, granted, council.id)?;
    Ok(OwnHours { organisation: council.name, hours, version })
}

/// Policy's yes, the bid, and the council for which the caller speaks.
fn ask(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<(Granted<BidKey>, Bid, Organisation)> {
    let granted = granted(conn, scene, reference, Action::GiveHours)?;
    let bid = bids::store::load(conn, &granted)?;
    if bid.submitted_at.is_none() {
        let message = "Say how many hours the bid took once it is submitted.";
        return Err(AppError::conflict("not_submitted", message));
    }
    let author = answers::service::author(conn, scene, &granted, &bid)?;
    let council = author.organisation.ok_or_else(|| AppError::internal("hours without a council"))?;
    Ok((granted, bid, organisations::by_id(conn, council)?))
}

/// Says how many hours a bid took one's own council, over what it said at `version`.
///
/// # Errors
/// As policy says; `Invalid`; `Stale` when a colleague said something else meanwhile; `Conflict` before the bid was submitted.
pub async fn give(app: &App, call: &Call, reference: String, version: i32, new: NewHours) -> Result<OwnHours> {
    call.write(app, move |conn, scene| {
        let (granted, bid, council) = ask(conn, scene, &reference)?;
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let (said, current) = store::of(conn, &granted, council.id)?;
        if current != version {
            return Err(AppError::Stale { current });
        }
        if said != new.hours {
            store::put(conn, &granted, (council.id, version), new.hours, (scene.actor.person(), scene.now))?;
            // The fund's staff read the history, and not the number.
            let kind = if new.hours.is_some() { "bid.hours_given" } else { "bid.hours_taken_back" };
            scene.tell(conn, Chain::Bid(bid.id), kind, json!({ "organisation": council.id }))?;
        }
        view(conn, &granted, council)
    })
    .await
}
