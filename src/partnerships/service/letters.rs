//! The messages of partnerships, one row per recipient, written with the change that they tell of.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    bids::model::Bid,
    db::Conn,
    error::{Fault, Result},
    http::Scene,
    identity::{
        model::{MemberRole, Person},
        store::{organisations, people},
    },
    ids::{Id, OrganisationKey},
    mail::outbox::{self, Letter},
    partnerships::model::Partner,
};

/// The people who work for an organisation, each once.
fn everybody_of(conn: &mut Conn, organisation: Id<OrganisationKey>) -> Result<Vec<Person>> {
    let mut everybody = BTreeMap::new();
    for role in MemberRole::ALL {
        let people = people::people_with(conn, organisation, *role)?;
        everybody.extend(people.into_iter().map(|person| (person.id, person)));
    }
    Ok(everybody.into_values().collect())
}

/// What a message about a bid needs, beside the name of its reader.
pub fn about(bid: &Bid, page: &str, more: Value) -> Value {
    let mut data = json!({
        "reference": bid.reference,
        "title": bid.title,
        "link": format!("/bids/{}/{page}", bid.reference),
    });
    if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
        data.extend(more);
    }
    data
}

/// Writes to one person. `occasion` tells this message from the others about the same bid.
pub fn write_to(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Bid,
    person: &Person,
    (template, occasion): (&'static str, &str),
    mut data: Value,
) -> Result<()> {
    if let Value::Object(data) = &mut data {
        data.insert("name".into(), person.name.clone().into());
    }
    let letter = Letter {
        id: scene.fresh(),
        template,
        recipient: person.email.clone(),
        person: Some(person.id),
        bid: Some(bid.id),
        round: Some(bid.round_id),
        data,
        unique_key: format!("{template} {occasion} {}", person.id),
    };
    outbox::post(conn, letter, scene.now)
}

/// Tells the people of the invited council; gives how many there are.
pub fn invitation(conn: &mut Conn, scene: &Scene, bid: &Bid, partner: &Partner) -> Result<usize> {
    let lead = organisations::by_id(conn, bid.lead_id)?;
    let invited = everybody_of(conn, partner.organisation_id)?;
    let share = partner.share_pence.to_string();
    let more = json!({ "lead": lead.name, "organisation": partner.name, "share": share, "sponsor": partner.sponsor });
    let data = about(bid, "invitation", more);
    let occasion = format!("{} v{}", partner.id, partner.version);
    for person in &invited {
        write_to(conn, scene, bid, person, ("invitation", &occasion), data.clone())?;
    }
    Ok(invited.len())
}

/// Tells the people of a council that the lead took it out, or took its invitation back.
pub fn taken_out(conn: &mut Conn, scene: &Scene, bid: &Bid, partner: &Partner, took_part: bool) -> Result<()> {
    let lead = organisations::by_id(conn, bid.lead_id)?;
    let more = json!({ "lead": lead.name, "organisation": partner.name, "took_part": took_part });
    let data = about(bid, "partners", more);
    let occasion = format!("{} v{}", partner.id, partner.version);
    for person in everybody_of(conn, partner.organisation_id)? {
        write_to(conn, scene, bid, &person, ("partner-taken-out", &occasion), data.clone())?;
    }
    Ok(())
}

/// Tells the people of the lead that a partner has left, and what keeps the shares from adding up without it.
pub fn left(conn: &mut Conn, scene: &Scene, bid: &Bid, partner: &Partner, faults: &[Fault]) -> Result<()> {
    let missing: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    let reason = partner.reason.clone().unwrap_or_default();
    let data = about(bid, "partners", json!({ "organisation": partner.name, "reason": reason, "missing": missing }));
    let occasion = format!("{} v{}", partner.id, partner.version);
    for person in everybody_of(conn, bid.lead_id)? {
        write_to(conn, scene, bid, &person, ("partner-left", &occasion), data.clone())?;
    }
    Ok(())
}

/// Tells whoever invited it that a council has confirmed or declined.
pub fn answered(conn: &mut Conn, scene: &Scene, bid: &Bid, partner: &Partner, template: &'static str) -> Result<()> {
    let person = people::person(conn, partner.invited_by)?;
    let more = json!({ "organisation": partner.name, "reason": partner.reason.clone().unwrap_or_default() });
    let occasion = format!("{} v{}", partner.id, partner.version);
    write_to(conn, scene, bid, &person, (template, &occasion), about(bid, "partners", more))
}
