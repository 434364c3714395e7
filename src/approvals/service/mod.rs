//! Asking, approving and refusing, each within the transaction of the use case that it belongs to.

mod letters;

use serde_json::json;

use crate::{
    approvals::{
        model::{Ending, Given, Named, Refused, Request, Support, Thing, Words, reason_fault},
        store,
    },
    db::Conn,
    error::{AppError, Result},
    http::Scene,
    identity::{model::Person, store::people},
    ids::{Id, PersonKey},
};

/// Who stands behind a thing, and who is still wanted.
///
/// # Errors
/// When the database fails.
pub fn support(conn: &mut Conn, thing: &Thing) -> Result<Support> {
    let last = store::last(conn, thing)?;
    let open = last.as_ref().filter(|request| request.ended_at.is_none());
    let able = able(conn, thing)?;
    let is_able = |person: Id<PersonKey>| able.iter().any(|able| able.id == person);
    let given = match open {
        Some(request) => store::approvals(conn, request.id)?,
        None => Vec::new(),
    };
    let given: Vec<Given> = given
        .into_iter()
        .map(|approval| Given {
            counts: approval.hash == thing.hash && is_able(approval.person),
            by: Named { person: approval.person, name: approval.name },
            at: approval.at,
        })
        .collect();
    let stands = |person: &Person| given.iter().any(|given| given.counts && given.by.person == person.id);
    let wanted = able.iter().filter(|person| !stands(person)).map(Named::from).collect();
    let asked_by = match open {
        Some(request) => Some(named(conn, request.requested_by)?),
        None => None,
    };
    let refused = match last.filter(|request| request.ending == Some(Ending::Refused)) {
        Some(request) => refusal(conn, request)?,
        None => None,
    };
    Ok(Support { needed: thing.wanted.count, asked_by, given, wanted, refused })
}

fn refusal(conn: &mut Conn, request: Request) -> Result<Option<Refused>> {
    let (Some(person), Some(at), Some(reason)) = (request.ended_by, request.ended_at, request.reason) else {
        return Ok(None);
    };
    Ok(Some(Refused { by: named(conn, person)?, at, reason }))
}

fn named(conn: &mut Conn, person: Id<PersonKey>) -> Result<Named> {
    Ok(Named::from(&people::person(conn, person)?))
}

/// Everybody who can approve a thing now.
fn able(conn: &mut Conn, thing: &Thing) -> Result<Vec<Person>> {
    let roles: Vec<&str> = thing.wanted.roles.iter().map(|role| role.word()).collect();
    store::people_of_fund(conn, thing.fund, &roles)
}

/// The person who acts, if they can approve the thing: a program answers for nothing.
///
/// # Errors
/// `Forbidden` for everybody else.
pub fn require_able(conn: &mut Conn, scene: &Scene, thing: &Thing) -> Result<Person> {
    let Some(person) = scene.actor.person() else {
        return Err(AppError::forbidden("person_needed", "A person approves, never a program: sign in."));
    };
    let found = able(conn, thing)?.into_iter().find(|able| able.id == person);
    found.ok_or_else(|| {
        let message = format!("Only {} can approve or refuse this.", thing.wanted.people());
        AppError::forbidden("not_allowed", message)
    })
}

fn open(conn: &mut Conn, thing: &Thing) -> Result<Option<Request>> {
    Ok(store::last(conn, thing)?.filter(|request| request.ended_at.is_none()))
}

/// Lets the actor stand behind a thing as it is now. The first who does asks the others by mail; when the last has done
/// so who is needed, the request has ended and the caller does what was asked for.
///
/// # Errors
/// As [`require_able`]; `Conflict` for whoever stands behind it already.
pub fn approve(conn: &mut Conn, scene: &Scene, thing: &Thing, words: &Words) -> Result<Support> {
    let person = require_able(conn, scene, thing)?;
    let before = open(conn, thing)?;
    let is_new = before.is_none();
    let request = match before {
        Some(request) => request,
        None => store::insert(conn, scene.fresh(), thing, (person.id, scene.now))?,
    };
    let stands = support(conn, thing)?;
    if stands.given.iter().any(|given| given.counts && given.by.person == person.id) {
        let message = "You have approved this already. Somebody else has to approve it as well.";
        return Err(AppError::conflict("approved_already", message));
    }
    store::approve(conn, scene.fresh(), request.id, &thing.hash, (person.id, scene.now))?;
    let detail = json!({ "request": request.id, "subject": thing.subject, "hash": hex::encode(&thing.hash) });
    scene.tell(conn, thing.chain(), "approval.given", detail)?;
    let support = support(conn, thing)?;
    if support.still_needed() == 0 {
        store::end(conn, request.id, (Ending::Approved, None), (person.id, scene.now))?;
        letters::approved(conn, scene, (thing, words), (&request, &person))?;
    } else if is_new {
        letters::wanted(conn, scene, (thing, words), (&request, &person), &support)?;
    }
    Ok(support)
}

/// Refuses a thing that somebody else has asked for, in words that they read.
///
/// # Errors
/// As [`require_able`]; `Invalid` without a reason; `Conflict` when nothing is asked for, and for whoever asked.
pub fn refuse(conn: &mut Conn, scene: &Scene, thing: &Thing, words: &Words, reason: &str) -> Result<()> {
    let person = require_able(conn, scene, thing)?;
    AppError::unless_empty(reason_fault(reason).into_iter().collect())?;
    let request = open(conn, thing)?.ok_or_else(not_requested)?;
    if request.requested_by == person.id {
        let message = "You asked for this yourself. Take it back instead of refusing it.";
        return Err(AppError::conflict("own_request", message));
    }
    let reason = reason.trim();
    if !store::end(conn, request.id, (Ending::Refused, Some(reason)), (person.id, scene.now))? {
        return Err(not_requested());
    }
    scene.tell(conn, thing.chain(), "approval.refused", json!({ "request": request.id, "subject": thing.subject }))?;
    letters::refused(conn, scene, (thing, words), (&request, &person), reason)
}

fn not_requested() -> AppError {
    AppError::conflict("not_requested", "Nobody waits for an approval of this now.")
}

/// Takes back what was asked for; says whether anything was.
///
/// # Errors
/// When the database fails, or no person acts.
pub fn take_back(conn: &mut Conn, scene: &Scene, thing: &Thing) -> Result<bool> {
    let (Some(request), Some(person)) = (open(conn, thing)?, scene.actor.person()) else { return Ok(false) };
    store::end(conn, request.id, (Ending::TakenBack, None), (person, scene.now))
}

/// Whether anybody waits for approvals of a thing.
///
/// # Errors
/// When the database fails.
pub fn is_open(conn: &mut Conn, thing: &Thing) -> Result<bool> {
    Ok(open(conn, thing)?.is_some())
}

/// Tells those whose approval was of what stood `before` that it no longer counts, and asks them again.
///
/// # Errors
/// When the database fails.
pub fn changed(conn: &mut Conn, scene: &Scene, thing: &Thing, words: &Words, before: &[u8]) -> Result<()> {
    let Some(request) = open(conn, thing)?.filter(|_| before != thing.hash) else { return Ok(()) };
    let void = store::approvals(conn, request.id)?.into_iter().filter(|approval| approval.hash == before);
    for approval in void {
        scene.tell(
            conn,
            thing.chain(),
            "approval.void",
            json!({ "request": request.id, "person": approval.person, "stands": hex::encode(&thing.hash) }),
        )?;
        letters::void(conn, scene, (thing, words), &approval)?;
    }
    Ok(())
}
