//! The messages about organisations to check, one row per recipient, written with what they tell of.

use serde_json::json;

use super::{
    model::{NewOrganisation, OrganisationRequest},
    store::Waiting,
};
use crate::{
    bids::model::Bid,
    db::Conn,
    error::{AppError, Result},
    funds::model::Fund,
    http::Scene,
    identity::{
        model::Organisation,
        store::{organisations, readers},
    },
    ids::{Id, RowKey},
    mail::outbox::{self, Letter, Notice},
    partnerships::service::letters::{about, asked_for_the_lead},
};

/// What came of a check, for a bid that waited for it.
#[derive(Debug, Clone)]
pub enum Outcome<'a> {
    /// It is an organisation here now, and invited.
    Accepted(&'a Organisation),
    /// It was one that is known, and that is invited.
    Known(&'a Organisation),
    /// It is known and not invited, because of this.
    TooLate(&'a Organisation, &'static str),
    /// It cannot take part, because of this.
    Refused(&'a str),
}

/// Tells whoever is to answer for an organisation that a bid wants it, and that the fund checks it first.
pub fn wanted(
    conn: &mut Conn,
    scene: &Scene,
    (bid, fund): (&Bid, &Fund),
    (request, new): (Id<RowKey>, &NewOrganisation),
) -> Result<()> {
    let lead = organisations::by_id(conn, bid.lead_id)?;
    let letter = Letter {
        id: scene.fresh(),
        template: "organisation-wanted",
        recipient: new.contact_email.parse().map_err(AppError::internal)?,
        person: None,
        bid: Some(bid.id),
        round: Some(bid.round_id),
        data: json!({ "name": new.contact_name, "organisation": new.name, "lead": lead.name, "fund": fund.name }),
        unique_key: format!("organisation-wanted {request} {}", bid.id),
    };
    outbox::post(conn, letter, scene.now)
}

/// Tells the managers of a fund that there is an organisation to check.
pub fn to_check(
    conn: &mut Conn,
    scene: &Scene,
    fund: &Fund,
    (request, new): (Id<RowKey>, &NewOrganisation),
) -> Result<()> {
    let data = json!({
        "organisation": new.name, "fund": fund.name, "link": format!("/funds/{}/organisation-requests", fund.slug),
    });
    let told = Notice { template: "organisation-to-check", bid: None, round: None, data };
    for manager in readers::managers(conn, fund.id)? {
        scene.write_to(conn, &manager, &told, &format!("{request} {}", manager.id))?;
    }
    Ok(())
}

/// Tells whoever asked for it what came of the check.
pub fn checked(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Bid,
    (request, waiting): (&OrganisationRequest, &Waiting),
    outcome: &Outcome<'_>,
) -> Result<()> {
    let (outcome, other, reason) = match outcome {
        Outcome::Accepted(organisation) => ("accepted", organisation.name.as_str(), ""),
        Outcome::Known(organisation) => ("known", organisation.name.as_str(), ""),
        Outcome::TooLate(organisation, why) => ("too_late", organisation.name.as_str(), *why),
        Outcome::Refused(reason) => ("refused", "", *reason),
    };
    let more = json!({ "organisation": waiting.name(request), "outcome": outcome, "other": other, "reason": reason });
    let told = about(bid, "organisation-checked", "partners", more);
    for person in asked_for_the_lead(conn, bid, waiting.asked_by)? {
        scene.write_to(conn, &person, &told, &format!("{} {} {}", request.id, bid.id, person.id))?;
    }
    Ok(())
}
