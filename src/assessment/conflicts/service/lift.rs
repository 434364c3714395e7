//! Lifting a conflict: the end of the wall, and never of what was written about it.

use super::{leads, leads_every_panel_of, record};
use crate::{
    assessment::{
        conflicts::{
            model::{Conflict, Lifting, Origin, reason_fault},
            store::{self, facts},
        },
        service::person_of,
    },
    db::Conn,
    error::{AppError, Result},
    http::{App, Call, Scene},
    identity::policy::{self, Sight},
    ids::{Id, PersonKey, RowKey},
};

/// Lifts a conflict: one's own that one declared, or somebody else's, with a reason: one with a bid as a fund manager or moderator
/// of its fund who has none with it, one with an organisation as whoever leads the panels of all funds for which the person works
/// and neither works for that organisation nor has a conflict with it.
///
/// # Errors
/// `NotFound` for what one may not know of; `Forbidden` for what one has confirmed or found while reading; `Invalid` without a
/// reason; `Conflict` when it is lifted already.
pub async fn lift(app: &App, call: &Call, id: Id<RowKey>, why: Lifting) -> Result<Conflict> {
    call.write(app, move |conn, scene| {
        let by = person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let conflict = liftable(conn, scene, (&sight, by), id)?;
        let own = conflict.person_id == by;
        if !own {
            let missing = "Say why there is no conflict of interest any more.";
            AppError::unless_empty(reason_fault(&why.reason, missing).into_iter().collect())?;
        }
        let because = (!own).then(|| why.reason.trim());
        if !store::lift(conn, &sight, id, (by, scene.now), because)? {
            return Err(AppError::conflict("lifted_already", "This conflict of interest was lifted already."));
        }
        record(conn, scene, &sight, "conflict.lifted", &conflict)?;
        if conflict.origin == Origin::Suggested {
            put_aside(conn, scene, (&sight, by), &conflict, &why.reason)?;
        }
        store::conflict(conn, &sight, id)
    })
    .await
}

/// What was confirmed and is taken back is not suggested again.
fn put_aside(
    conn: &mut Conn,
    scene: &Scene,
    (sight, by): (&Sight, Id<PersonKey>),
    conflict: &Conflict,
    reason: &str,
) -> Result<()> {
    let Some(bid) = conflict.bid_id else { return Ok(()) };
    let person = conflict.person_id;
    let found = super::open(conn, scene, sight, (&[person], &[bid]))?.remove(&(person, bid)).unwrap_or_default();
    let keys = found.into_iter().map(|ground| ground.key).collect();
    facts::put_aside(conn, sight, (scene.fresh(), person, bid), (keys, reason.trim()), (by, scene.now))
}

fn liftable(conn: &mut Conn, scene: &Scene, (sight, by): (&Sight, Id<PersonKey>), id: Id<RowKey>) -> Result<Conflict> {
    let conflict = store::conflict(conn, sight, id)?;
    if conflict.person_id == by {
        return match conflict.origin {
            Origin::Declared => Ok(conflict),
            _ if conflict.is_own() => {
                let message = "Ask a moderator or fund manager to take this back.";
                Err(AppError::forbidden("ask_manager", message))
            }
            _ => Err(AppError::NotFound),
        };
    }
    let may = match (conflict.bid_id, conflict.organisation_id) {
        (Some(bid), _) => leads(&policy::standing_on_bid(conn, &scene.actor, bid)?),
        (None, Some(organisation)) => {
            !store::walled_organisations(conn, sight, scene.now)?.contains(&organisation)
                && leads_every_panel_of(conn, scene, conflict.person_id)?
        }
        (None, None) => false,
    };
    if may { Ok(conflict) } else { Err(AppError::NotFound) }
}

/// A conflict of somebody else, for whoever may lift it.
///
/// # Errors
/// As [`lift`].
pub async fn one(app: &App, call: &Call, id: Id<RowKey>) -> Result<(Conflict, String)> {
    call.read(app, move |conn, scene| {
        let by = person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let conflict = liftable(conn, scene, (&sight, by), id)?;
        let name = crate::identity::store::people::name_of(conn, conflict.person_id)?;
        Ok((conflict, name))
    })
    .await
}
