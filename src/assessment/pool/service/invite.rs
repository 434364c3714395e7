//! Inviting people to a pool, known here or new: whoever is new signs in with the address to which the invitation goes.

use serde_json::json;

use super::{Asked, ask_to_change, reminders, settings, terms_of};
use crate::{
    assessment::pool::{
        letters,
        model::{Invited, Invitee, NewInvitations, PlaceRow, PlaceState, Said, areas_of},
        store,
    },
    db::{Conn, Doc},
    error::{AppError, Fault, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::{model::Person, store::people},
    ids::{Id, PersonKey},
};

/// Invites people to the pool of a round, and says of each what became of it: whoever has accepted already is left alone, and
/// whoever has not, or not in time, is invited anew.
///
/// # Errors
/// As policy says; `Invalid` with every fault, and then nobody is invited; `Conflict` for a round that is not published, is over
/// or was called off.
pub async fn invite(app: &App, call: &Call, slug: String, new: NewInvitations) -> Result<Vec<Invited>> {
    call.write(app, move |conn, scene| {
        let (asked, by) = ask_to_change(conn, scene, &slug)?;
        AppError::unless_empty(new.faults(&areas_of(&asked.round, &asked.pool), scene.now))?;
        let asked = settings::open(conn, scene, asked)?;
        if let Some(terms) = terms_of(conn, &asked.round, &asked.pool)? {
            store::keep_terms(conn, asked.round.round.id, &terms, scene.now)?;
        }
        new.people.iter().map(|invitee| one(conn, scene, (&asked, by), &new, invitee)).collect()
    })
    .await
}

fn one(
    conn: &mut Conn,
    scene: &Scene,
    (asked, by): (&Asked, Id<PersonKey>),
    new: &NewInvitations,
    invitee: &Invitee,
) -> Result<Invited> {
    let wrong = |fault: crate::mail::NotAnAddress| {
        AppError::Invalid(vec![Fault::new("people", "wrong_email", fault.to_string())])
    };
    let email = invitee.email.parse().map_err(wrong)?;
    let person = people::register(conn, scene.fresh(), &email, &invitee.called(), scene.now)?;
    let before = store::place_of(conn, &asked.granted, person.id)?;
    let mut answer =
        Invited { email: email.to_string(), name: person.name.clone(), done: true, code: None, message: None };
    if before.as_ref().is_some_and(|place| place.state == PlaceState::Accepted) {
        answer.done = false;
        answer.code = Some("accepted_already".into());
        answer.message = Some("They have accepted already.".into());
        return Ok(answer);
    }
    let place = place(scene, (asked, by), new, (&person, before.as_ref()));
    match before {
        None => store::insert(conn, &asked.granted, &place)?,
        Some(before) => {
            if !store::invite_again(conn, &asked.granted, &place)? {
                return Err(AppError::Stale { current: before.version });
            }
        }
    }
    let detail = json!({ "place": place.id, "person": person.id });
    scene.tell(conn, Chain::Round(place.round_id), "pool.invited", detail)?;
    letters::invitation(conn, scene, &asked.round, (&place, &person, "invited"))?;
    reminders::order(conn, scene, &asked.pool, &place)?;
    Ok(answer)
}

/// The place as it is from now on.
fn place(
    scene: &Scene,
    (asked, by): (&Asked, Id<PersonKey>),
    new: &NewInvitations,
    (person, before): (&Person, Option<&PlaceRow>),
) -> PlaceRow {
    let count = |number: Option<u32>| number.and_then(|number| i32::try_from(number).ok());
    PlaceRow {
        id: before.map_or_else(|| scene.fresh(), |place| place.id),
        round_id: asked.round.round.id,
        person_id: person.id,
        areas: Doc(new.areas.clone()),
        least_asked: count(new.least),
        most_asked: count(new.most),
        answer_by: new.answer_by,
        message: new.message.trim().to_owned(),
        invited_by: by,
        invited_at: scene.now,
        state: PlaceState::Invited,
        answered_at: None,
        said: Doc(Said::default()),
        gave_role: false,
        version: before.map_or(0, |place| place.version) + 1,
    }
}
