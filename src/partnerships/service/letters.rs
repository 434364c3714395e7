//! The messages of partnerships, one row per recipient, written with the change that they tell of.

use serde_json::{Value, json};

use crate::{
    bids::model::Bid,
    db::Conn,
    error::{Fault, Result},
    http::Scene,
    identity::{
        model::Person,
        store::{organisations, readers},
    },
    ids::{Id, PersonKey},
    mail::outbox::{Notice, extend},
    partnerships::model::Partner,
};

/// What is told about a bid, which leads to one of its pages.
pub fn about(bid: &Bid, template: &'static str, page: &str, more: Value) -> Notice {
    let mut data = json!({
        "reference": bid.reference,
        "title": bid.title,
        "link": format!("/bids/{}/{page}", bid.reference),
    });
    extend(&mut data, more);
    Notice { template, bid: Some(bid.id), round: Some(bid.round_id), data }
}

/// Tells the people of the invited council; gives how many there are.
pub fn invitation(conn: &mut Conn, scene: &Scene, bid: &Bid, partner: &Partner) -> Result<usize> {
    let lead = organisations::by_id(conn, bid.lead_id)?;
    let invited = readers::of_organisations(conn, [partner.organisation_id])?;
    let share = partner.share_pence.to_string();
    let more = json!({
        "lead": lead.name, "organisation": partner.name, "share": share, "sponsor": partner.sponsor,
        "kind": partner.kind.in_words(), "part": partner.part.in_words(),
    });
    let told = about(bid, "invitation", "invitation", more);
    for person in &invited {
        scene.write_to(conn, person, &told, &format!("{} v{} {}", partner.id, partner.version, person.id))?;
    }
    Ok(invited.len())
}

/// Tells the people of a council that had confirmed how its part has changed, and that it is asked again.
pub fn part_changed(conn: &mut Conn, scene: &Scene, bid: &Bid, (before, now): (&Partner, &Partner)) -> Result<()> {
    let lead = organisations::by_id(conn, bid.lead_id)?;
    let more = json!({ "lead": lead.name, "organisation": now.name, "changes": now.changes_since(before) });
    let told = about(bid, "part-changed", "invitation", more);
    for person in readers::of_organisations(conn, [now.organisation_id])? {
        scene.write_to(conn, &person, &told, &format!("{} v{} {}", now.id, now.version, person.id))?;
    }
    Ok(())
}

/// Tells the people of a council that another comes in its place, and why.
pub fn replaced(conn: &mut Conn, scene: &Scene, bid: &Bid, (gone, comes): (&Partner, &Partner)) -> Result<()> {
    let lead = organisations::by_id(conn, bid.lead_id)?;
    let reason = gone.reason.clone().unwrap_or_default();
    let more = json!({ "lead": lead.name, "organisation": gone.name, "other": comes.name, "reason": reason });
    let told = about(bid, "partner-replaced", "partners", more);
    for person in readers::of_organisations(conn, [gone.organisation_id])? {
        scene.write_to(conn, &person, &told, &format!("{} v{} {}", gone.id, gone.version, person.id))?;
    }
    Ok(())
}

/// Tells the people of a council that the lead took it out, or took its invitation back.
pub fn taken_out(conn: &mut Conn, scene: &Scene, bid: &Bid, partner: &Partner, took_part: bool) -> Result<()> {
    let lead = organisations::by_id(conn, bid.lead_id)?;
    let more = json!({ "lead": lead.name, "organisation": partner.name, "took_part": took_part });
    let told = about(bid, "partner-taken-out", "partners", more);
    for person in readers::of_organisations(conn, [partner.organisation_id])? {
        scene.write_to(conn, &person, &told, &format!("{} v{} {}", partner.id, partner.version, person.id))?;
    }
    Ok(())
}

/// Tells the people of the lead that a partner has left, and what keeps the shares from adding up without it.
pub fn left(conn: &mut Conn, scene: &Scene, bid: &Bid, partner: &Partner, faults: &[Fault]) -> Result<()> {
    let missing: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    let reason = partner.reason.clone().unwrap_or_default();
    let more = json!({ "organisation": partner.name, "reason": reason, "missing": missing });
    let told = about(bid, "partner-left", "partners", more);
    for person in readers::of_organisations(conn, [bid.lead_id])? {
        scene.write_to(conn, &person, &told, &format!("{} v{} {}", partner.id, partner.version, person.id))?;
    }
    Ok(())
}

/// Whoever asked for something, as long as they work for the lead authority; otherwise everybody there. The lead may be another
/// by now, and what a fund's manager has agreed to is answered to the councils.
pub fn asked_for_the_lead(conn: &mut Conn, bid: &Bid, asked: Id<PersonKey>) -> Result<Vec<Person>> {
    let of_lead = readers::of_organisations(conn, [bid.lead_id])?;
    let own: Vec<Person> = of_lead.iter().filter(|person| person.id == asked).cloned().collect();
    Ok(if own.is_empty() { of_lead } else { own })
}

/// Tells whoever invited it that a council has confirmed or declined.
pub fn answered(conn: &mut Conn, scene: &Scene, bid: &Bid, partner: &Partner, template: &'static str) -> Result<()> {
    let more = json!({ "organisation": partner.name, "reason": partner.reason.clone().unwrap_or_default() });
    let told = about(bid, template, "partners", more);
    for person in asked_for_the_lead(conn, bid, partner.invited_by)? {
        scene.write_to(conn, &person, &told, &format!("{} v{} {}", partner.id, partner.version, person.id))?;
    }
    Ok(())
}
