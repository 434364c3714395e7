//! Conflicts of interest: declaring, pinning, lifting. Policy makes the wall of them, everywhere at once.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::person_of;
use crate::{
    assessment::{
        model::{Conflict, NewConflict, Origin, Subject},
        store::{self, conflicts::ConflictRow},
    },
    bids,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy::{self, Action, BidKind, Capacity, Sight},
    ids::{BidKey, Id, OrganisationKey, PersonKey, RoundKey, RowKey},
};

/// What one may see of a bid in order to say that one has a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToDeclare {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its organisations, the lead first: code and name.
    pub organisations: Vec<(String, String)>,
}

/// What one may see of a bid in order to say that one has a conflict.
///
/// # Errors
/// `NotFound` for whoever does not assess for the fund, and for whoever has a conflict with the bid already.
pub async fn to_declare(app: &App, call: &Call, reference: String) -> Result<ToDeclare> {
    call.read(app, move |conn, scene| {
        let granted = declarable(conn, scene, &reference)?;
        let bid = store::bid(conn, &granted)?;
        let organisations = store::conflicts::organisations_of(conn, &granted)?;
        Ok(ToDeclare { reference: bid.reference, title: bid.title, organisations })
    })
    .await
}

fn declarable(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<policy::Granted<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let granted = policy::bid(conn, &scene.actor, Action::DeclareConflict, id)?;
    if granted.standing().kind == Some(BidKind::Draft) {
        return Err(AppError::NotFound);
    }
    Ok(granted)
}

/// Declares one's own conflict, or pins somebody else's. Whoever has it loses the bids concerned at once.
///
/// # Errors
/// `Invalid` with every fault; `NotFound` for what one may not know of.
pub async fn declare(app: &App, call: &Call, new: NewConflict) -> Result<Conflict> {
    call.write(app, move |conn, scene| {
        let by = person_of(scene)?;
        let subject = new.subject()?;
        let sight = policy::sight(conn, &scene.actor)?;
        let pinned_on = new.person.filter(|person| *person != by);
        let (bid, organisation) = match (subject, pinned_on) {
            (Subject::Bid(reference), None) => (Some(declarable(conn, scene, &reference)?.id()), None),
            (Subject::Bid(reference), Some(_)) => (Some(pinnable(conn, scene, &reference)?), None),
            (Subject::Organisation(code), None) => (None, Some(declarable_organisation(conn, by, &code)?)),
            (Subject::Organisation(code), Some(_)) => (None, Some(store::organisation_id(conn, &code)?)),
        };
        let origin = if pinned_on.is_some() { Origin::Pinned } else { Origin::Declared };
        let person = pinned_on.unwrap_or(by);
        if pinned_on.is_some() {
            must_lead_panel_of(conn, scene, person)?;
        }
        let row = ConflictRow { id: scene.fresh(), person, bid, organisation, origin, reason: new.reason.trim() };
        store::conflicts::insert_conflict(conn, &sight, row, (by, scene.now))?;
        let conflict = store::conflicts::conflict(conn, &sight, row.id)?;
        record(conn, scene, &sight, "conflict.declared", &conflict)?;
        take_back(conn, scene, person)?;
        Ok(conflict)
    })
    .await
}

fn pinnable(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Id<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    Ok(policy::bid(conn, &scene.actor, Action::AssignAssessors, id)?.id())
}

/// Whoever works for a fund may say so of any organisation; to everybody else the question does not arise.
fn declarable_organisation(conn: &mut Conn, person: Id<PersonKey>, code: &str) -> Result<Id<OrganisationKey>> {
    if store::assignments::funds_of(conn, person)?.is_empty() {
        return Err(AppError::forbidden(
            "not_allowed",
            "Only people who work for a fund declare conflicts of interest.",
        ));
    }
    store::organisation_id(conn, code)
}

/// Only a fund manager or moderator of a fund for which the person works may pin and unpin.
fn must_lead_panel_of(conn: &mut Conn, scene: &Scene, person: Id<PersonKey>) -> Result<()> {
    for fund in store::assignments::funds_of(conn, person)? {
        let standing = policy::standing_on_fund(conn, &scene.actor, fund)?;
        if standing.is(Capacity::FundManager) || standing.is(Capacity::Moderator) {
            return Ok(());
        }
    }
    Err(AppError::NotFound)
}

/// The bids that a person may no longer read are given to nobody by that; their scores stay in the history and count no
/// more.
fn take_back(conn: &mut Conn, scene: &Scene, person: Id<PersonKey>) -> Result<()> {
    for (bid, round) in store::assignments::given_to(conn, person)? {
        if policy::has_conflict(conn, person, bid)? {
            store::assignments::end(conn, bid, person, scene.now)?;
            scene.tell(conn, Chain::Round(round), "assessor.unassigned", json!({ "bid": bid, "assessor": person }))?;
        }
    }
    Ok(())
}

/// One's own conflicts, newest first, lifted ones too.
///
/// # Errors
/// When the database fails.
pub async fn own(app: &App, call: &Call) -> Result<Vec<Conflict>> {
    call.read(app, move |conn, scene| {
        person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        store::conflicts::own_conflicts(conn, &sight)
    })
    .await
}

/// Lifts a conflict: one's own that one declared, or one that was pinned, as a fund manager or moderator.
///
/// # Errors
/// `NotFound` for somebody else's; `Forbidden` for one that was pinned on oneself; `Conflict` when it is lifted already.
pub async fn lift(app: &App, call: &Call, id: Id<RowKey>) -> Result<Conflict> {
    call.write(app, move |conn, scene| {
        let by = person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let conflict = store::conflicts::conflict(conn, &sight, id)?;
        match (conflict.person_id == by, conflict.origin) {
            (true, Origin::Declared) => {}
            (true, Origin::Pinned) => {
                let message = "A moderator or fund manager pinned this conflict of interest: ask them to lift it.";
                return Err(AppError::forbidden("pinned", message));
            }
            (false, Origin::Pinned) => must_lead_panel_of(conn, scene, conflict.person_id)?,
            (false, Origin::Declared) => return Err(AppError::NotFound),
        }
        if !store::conflicts::lift(conn, &sight, id, scene.now)? {
            return Err(AppError::conflict("lifted_already", "This conflict of interest was lifted already."));
        }
        record(conn, scene, &sight, "conflict.lifted", &conflict)?;
        store::conflicts::conflict(conn, &sight, id)
    })
    .await
}

/// A conflict with a bid stands in the history of its round, one with an organisation in that of each fund concerned.
fn record(conn: &mut Conn, scene: &Scene, sight: &Sight, kind: &'static str, conflict: &Conflict) -> Result<()> {
    let detail = json!({
        "conflict": conflict.id, "person": conflict.person_id, "bid": conflict.bid_id,
        "organisation": conflict.organisation_id, "origin": conflict.origin,
    });
    for chain in chains(conn, sight, conflict)? {
        scene.tell(conn, chain, kind, detail.clone())?;
    }
    Ok(())
}

fn chains(conn: &mut Conn, sight: &Sight, conflict: &Conflict) -> Result<Vec<Chain>> {
    if let Some(bid) = conflict.bid_id {
        let round: Id<RoundKey> = store::conflicts::round_of(conn, sight, bid)?;
        return Ok(vec![Chain::Round(round)]);
    }
    Ok(store::assignments::funds_of(conn, conflict.person_id)?.into_iter().map(Chain::Fund).collect())
}
