//! Saying how many hours a bid took, for one's own council.

use super::{
    model::{NewHours, OwnHours},
    store,
};
use crate::{
    bids::{self, answers, service::granted},
    db::Conn,
    error::{AppError, Result},
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
        let (granted, council) = ask(conn, scene, &reference)?;
        view(conn, &granted, council)
    })
    .await
}

fn view(conn: &mut Conn, granted: &Granted<BidKey>, council: Organisation) -> Result<OwnHours> {
    let (hours, version) = store::of(conn, granted, council.id)?;
    Ok(OwnHours { organisation: council.name, hours, version })
}

/// Policy's yes, and the council for which the caller speaks.
fn ask(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<(Granted<BidKey>, Organisation)> {
    let granted = granted(conn, scene, reference, Action::GiveHours)?;
    let bid = bids::store::load(conn, &granted)?;
    if bid.submitted_at.is_none() {
        let message = "Say how many hours the bid took once it is submitted.";
        return Err(AppError::conflict("not_submitted", message));
    }
    let author = answers::service::author(conn, scene, &granted, &bid)?;
    let council = author.organisation.ok_or_else(|| AppError::internal("hours without a council"))?;
    Ok((granted, organisations::by_id(conn, council)?))
}

/// Says how many hours a bid took one's own council, over what it said at `version`.
///
/// # Errors
/// As policy says; `Invalid`; `Stale` when a colleague said something else meanwhile; `Conflict` before the bid was submitted.
pub async fn give(app: &App, call: &Call, reference: String, version: i32, new: NewHours) -> Result<OwnHours> {
    call.write(app, move |conn, scene| {
        let (granted, council) = ask(conn, scene, &reference)?;
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let (said, current) = store::of(conn, &granted, council.id)?;
        if current != version {
            return Err(AppError::Stale { current });
        }
        if said != new.hours {
            // Nothing of it goes into the history, which the fund's staff read: whoever knew who had said something, and when,
            // could set that beside the figures. The rows themselves say who and when.
            store::put(conn, &granted, (council.id, version), new.hours, (scene.actor.person(), scene.now))?;
        }
        view(conn, &granted, council)
    })
    .await
}
