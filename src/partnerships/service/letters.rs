//! The messages of partnerships, one row per recipient, written with the change that they tell of.

use serde_json::{Value, json};

use crate::{
    bids::model::Bid,
    db::Conn,
    error::Result,
    http::Scene,
    identity::{
        model::MemberRole,
        store::{organisations, people, readers},
    },
    mail::outbox::{Notice, extend},
    partnerships::model::{Partner, SignOff},
};

/// What is told about a bid, which leads to one of its pages.
fn about(bid: &Bid, template: &'static str, page: &str, more: Value) -> Notice {
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
    let more = json!({ "lead": lead.name, "organisation": partner.name, "share": share, "sponsor": partner.sponsor });
    let told = about(bid, "invitation", "invitation", more);
    for person in &invited {
        scene.write_to(conn, person, &told, &format!("{} v{} {}", partner.id, partner.version, person.id))?;
    }
    Ok(invited.len())
}

/// Tells whoever invited it that a council has confirmed or declined.
pub fn answered(conn: &mut Conn, scene: &Scene, bid: &Bid, partner: &Partner, template: &'static str) -> Result<()> {
    let person = people::person(conn, partner.invited_by)?;
    let more = json!({ "organisation": partner.name, "reason": partner.reason.clone().unwrap_or_default() });
    let occasion = format!("{} v{} {}", partner.id, partner.version, person.id);
    scene.write_to(conn, &person, &about(bid, template, "partners", more), &occasion)
}

/// Writes to the lead's signatories that they are asked to sign, or asked again; gives how many there are.
pub fn to_signatories(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Bid,
    asked: &SignOff,
    template: &'static str,
) -> Result<usize> {
    let signatories = people::people_with(conn, bid.lead_id, MemberRole::Signatory)?;
    let lead = organisations::by_id(conn, bid.lead_id)?;
    let ask = bid.ask_pence.unwrap_or_default().to_string();
    let more = json!({ "lead": lead.name, "ask": ask, "hash": asked.hash });
    let told = about(bid, template, "sign-off", more);
    for person in &signatories {
        scene.write_to(conn, person, &told, &format!("{} {}", asked.id, person.id))?;
    }
    Ok(signatories.len())
}

/// Tells whoever asked what the signatory has answered.
pub fn sign_off_answered(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Bid,
    answered: &SignOff,
    template: &'static str,
) -> Result<()> {
    let person = people::person(conn, answered.requested_by)?;
    let more = json!({ "hash": answered.hash, "words": answered.words.clone().unwrap_or_default() });
    let told = about(bid, template, "sign-off", more);
    scene.write_to(conn, &person, &told, &format!("{} {}", answered.id, person.id))
}
