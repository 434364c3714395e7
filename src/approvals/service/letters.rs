//! What is told by mail of requests for approval, one row per reader, written with what it tells of.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::able::is_barred;
use crate::{
    approvals::{
        model::{Approval, Request, Support, Thing, Words},
        store,
    },
    db::Conn,
    error::Result,
    http::Scene,
    identity::{model::Person, store::people},
    ids::{Id, PersonKey},
    mail::outbox::{self, Notice, extend},
};

/// A thing with the words for it.
pub(super) type Told<'a> = (&'a Thing, &'a Words);
/// A request, and who has done something about it.
pub(super) type By<'a> = (&'a Request, &'a Person);

/// Asks everybody who can still approve, each once; whose approval is void is told that instead.
pub fn wanted(conn: &mut Conn, scene: &Scene, told: Told<'_>, by: By<'_>, support: &Support) -> Result<()> {
    let data = json!({ "by": by.1.name, "needed": support.needed });
    let has_answered =
        |person| by.0.requested_by == person || support.given.iter().any(|given| given.by.person == person);
    for named in support.wanted.iter().filter(|named| !has_answered(named.person)) {
        write_to(conn, scene, told, named.person, ("approval-wanted", &by.0.id.to_string()), data.clone())?;
    }
    Ok(())
}

/// Tells those who approved before that enough people stand behind it.
pub fn approved(conn: &mut Conn, scene: &Scene, told: Told<'_>, by: By<'_>) -> Result<()> {
    tell_the_others(conn, scene, told, (by.0, Some(by.1.id)), ("approval-given", json!({ "by": by.1.name })))
}

/// Tells those who asked and approved that somebody refused, and why.
pub fn refused(conn: &mut Conn, scene: &Scene, told: Told<'_>, by: By<'_>, reason: &str) -> Result<()> {
    let data = json!({ "by": by.1.name, "reason": reason });
    tell_the_others(conn, scene, told, (by.0, Some(by.1.id)), ("approval-refused", data))
}

/// Tells those who asked and approved that it was taken back, also when enough people stood behind it already.
pub fn taken_back(conn: &mut Conn, scene: &Scene, told: Told<'_>, by: By<'_>) -> Result<()> {
    tell_the_others(conn, scene, told, (by.0, Some(by.1.id)), ("approval-taken-back", json!({ "by": by.1.name })))
}

/// Tells those who asked and approved that the bid has moved on without it.
pub fn overtaken(conn: &mut Conn, scene: &Scene, told: Told<'_>, request: &Request) -> Result<()> {
    tell_the_others(conn, scene, told, (request, scene.actor.person()), ("approval-overtaken", json!({})))
}

fn tell_the_others(
    conn: &mut Conn,
    scene: &Scene,
    told: Told<'_>,
    (request, by): (&Request, Option<Id<PersonKey>>),
    (template, data): (&'static str, Value),
) -> Result<()> {
    let mut readers: BTreeSet<Id<PersonKey>> =
        store::approvals(conn, request.id)?.into_iter().map(|approval| approval.person).collect();
    readers.insert(request.requested_by);
    for reader in readers.into_iter().filter(|reader| Some(*reader) != by) {
        if !is_barred(conn, told.0, reader)? {
            write_to(conn, scene, told, reader, (template, &request.id.to_string()), data.clone())?;
        }
    }
    Ok(())
}

/// Tells somebody that what they approved has changed, and asks them again; not whom a conflict of interest has taken out.
/// Says whether they had not been told before.
pub fn void(conn: &mut Conn, scene: &Scene, told: Told<'_>, approval: &Approval) -> Result<bool> {
    if is_barred(conn, told.0, approval.person)? {
        return Ok(false);
    }
    let occasion = format!("{} {}", approval.id, approval.at.micros());
    write_to(conn, scene, told, approval.person, ("approval-void", &occasion), json!({}))
}

/// Writes to one person. `occasion` tells this message from the others about the same thing. Says whether it is new.
fn write_to(
    conn: &mut Conn,
    scene: &Scene,
    (thing, words): Told<'_>,
    person: Id<PersonKey>,
    (template, occasion): (&'static str, &str),
    mut data: Value,
) -> Result<bool> {
    let person = people::person(conn, person)?;
    extend(&mut data, json!({ "what": words.what, "link": words.page }));
    let told = Notice { template, bid: thing.bid, round: Some(thing.round), data };
    let letter = scene.letter(&person, &told, &format!("{occasion} {}", person.id));
    outbox::post_new(conn, letter, scene.now)
}
