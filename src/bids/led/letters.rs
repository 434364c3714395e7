//! The messages about bids that one organisation leads.

use serde_json::{Value, json};

use super::{
    model::{Held, LedBid, LedBids, page_of},
    store,
};
use crate::{
    db::Conn,
    error::Result,
    http::Scene,
    identity::{
        model::{MemberRole, Person},
        policy::Granted,
        store::people,
    },
    ids::{Id, OrganisationKey, RoundKey, RowKey},
    mail::outbox::{self, Letter},
};

fn write_to(
    conn: &mut Conn,
    scene: &Scene,
    round: Id<RoundKey>,
    person: &Person,
    (template, key, data): (&'static str, String, Value),
) -> Result<()> {
    let letter = Letter {
        id: scene.fresh(),
        template,
        recipient: person.email.clone(),
        person: Some(person.id),
        bid: None,
        round: Some(round),
        data,
        unique_key: format!("{template} {key} {}", person.id),
    };
    outbox::post(conn, letter, scene.now)
}

/// Tells the organisation's administrators, once in a round, that more bids are being written than can be submitted.
pub fn too_many(
    conn: &mut Conn,
    scene: &Scene,
    (organisation, round): (&Granted<OrganisationKey>, Id<RoundKey>),
    (led, held): (&LedBids, Held<'_>),
) -> Result<()> {
    for person in people::people_with(conn, organisation.id(), MemberRole::Administrator)? {
        let data = json!({
            "name": person.name,
            "council": led.organisation.name,
            "round": led.round_title,
            "most": held.most,
            "submitted": held.submitted(),
            "drafts": held.drafts(),
            "link": page_of(&organisation.id().to_string(), &led.round),
        });
        let key = format!("{} {round}", organisation.id());
        write_to(conn, scene, round, &person, ("too-many-led", key, data))?;
    }
    Ok(())
}

/// Tells whoever started a draft, if they still work for the organisation, whether it goes forward.
pub fn chosen(
    conn: &mut Conn,
    scene: &Scene,
    (organisation, round): (&Granted<OrganisationKey>, Id<RoundKey>),
    (led, bid, goes): (&LedBids, &LedBid, Option<bool>),
) -> Result<()> {
    let starter = store::started_by(conn, organisation, bid.id)?;
    let Some(person) = people::members(conn, organisation)?.into_iter().find(|(person, _)| person.id == starter) else {
        return Ok(());
    };
    let person = person.0;
    if scene.actor.person() == Some(person.id) {
        return Ok(());
    }
    let data = json!({
        "name": person.name,
        "reference": bid.reference,
        "title": bid.title,
        "round": led.round_title,
        "goes": goes,
        "link": format!("/bids/{}", bid.reference),
    });
    let occasion: Id<RowKey> = scene.fresh();
    write_to(conn, scene, round, &person, ("put-forward", occasion.to_string(), data))
}
