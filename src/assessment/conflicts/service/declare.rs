//! Saying that oneself or somebody else has a conflict.

use super::{New, declarable, must_lead_panel_of, open, pinnable, put};
use crate::{
    assessment::{
        self,
        conflicts::{
            model::{Conflict, NewConflict, Origin, Subject, ToDeclare, Withheld},
            store,
        },
        service::person_of,
    },
    db::Conn,
    error::{AppError, Result},
    http::{App, Call},
    identity::policy,
    ids::{Id, OrganisationKey, PersonKey},
};

/// What one may see of a bid in order to say that one has a conflict.
///
/// # Errors
/// `NotFound` for whoever does not work for the fund, and for whoever has a conflict with the bid already.
pub async fn to_declare(app: &App, call: &Call, reference: String) -> Result<ToDeclare> {
    call.read(app, move |conn, scene| {
        let person = person_of(scene)?;
        let granted = declarable(conn, scene, &reference)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let bid = assessment::store::bid(conn, &granted)?;
        let mut suggested = open(conn, scene, &sight, (&[person], &[bid.id]))?;
        Ok(ToDeclare {
            organisations: store::organisations_of(conn, bid.id)?,
            possible: suggested.remove(&(person, bid.id)).unwrap_or_default(),
            reference: bid.reference,
            title: bid.title,
        })
    })
    .await
}

/// Declares one's own conflict, or pins somebody else's. Whoever has it loses the bids concerned at once.
///
/// # Errors
/// `Invalid` with every fault; `NotFound` for what one may not know of.
pub async fn declare(app: &App, call: &Call, new: NewConflict) -> Result<Conflict> {
    call.write(app, move |conn, scene| {
        let by = person_of(scene)?;
        let subject = new.subject(scene.now)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let pinned_on = new.person.filter(|person| *person != by);
        let with = match (subject, pinned_on) {
            (Subject::Bid(reference), None) => (Some(declarable(conn, scene, &reference)?.id()), None),
            (Subject::Bid(reference), Some(_)) => (Some(pinnable(conn, scene, &reference)?.id()), None),
            (Subject::Organisation(code), None) => (None, Some(declarable_organisation(conn, by, &code)?)),
            (Subject::Organisation(code), Some(_)) => (None, Some(organisation(conn, &code)?)),
        };
        if let Some(person) = pinned_on {
            must_lead_panel_of(conn, scene, person)?;
        }
        let origin = if pinned_on.is_some() { Origin::Pinned } else { Origin::Declared };
        let person = pinned_on.unwrap_or(by);
        put(conn, scene, &sight, &New { person, with, origin, reason: &new.reason, until: new.until })
    })
    .await
}

/// Whoever works for a fund may say so of any organisation; to everybody else the question does not arise.
fn declarable_organisation(conn: &mut Conn, person: Id<PersonKey>, code: &str) -> Result<Id<OrganisationKey>> {
    if assessment::store::assignments::funds_of(conn, person)?.is_empty() {
        return Err(AppError::forbidden(
            "not_allowed",
            "Only people who work for a fund declare conflicts of interest.",
        ));
    }
    organisation(conn, code)
}

fn organisation(conn: &mut Conn, code: &str) -> Result<Id<OrganisationKey>> {
    assessment::store::organisation_id(conn, code)
}

/// What one has said of oneself, newest first, lifted ones too.
///
/// # Errors
/// When the database fails.
pub async fn own(app: &App, call: &Call) -> Result<Vec<Conflict>> {
    call.read(app, move |conn, scene| {
        person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        store::own(conn, &sight)
    })
    .await
}

/// What one has to do with conflicts on one's own page.
pub struct Desk {
    /// The lines that stand for what is withheld because one has said so oneself, of every round.
    pub withheld: Vec<Withheld>,
    /// The rounds in which one can declare, by their place in addresses and title.
    pub rounds: Vec<(String, String)>,
}

/// What one has to do with conflicts.
///
/// # Errors
/// When the database fails.
pub async fn desk(app: &App, call: &Call) -> Result<Desk> {
    call.read(app, move |conn, scene| {
        person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let withheld = store::withheld(conn, &sight, None, scene.now)?;
        Ok(Desk { withheld, rounds: store::rounds(conn, &sight)? })
    })
    .await
}
