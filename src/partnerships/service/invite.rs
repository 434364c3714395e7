//! What the lead authority does with its partners: invite, change, take out.

use serde_json::json;

use super::{granted, letters, refuse_when_closed};
use crate::{
    bids::{self, model::Bid, partner::PartnerKind},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::{
        model::Organisation,
        policy::{Action, Granted},
        store::organisations,
    },
    ids::{BidKey, Id, PersonKey, RowKey},
    partnerships::{
        model::{Invitation, Partner, PartnerChange, PartnerState},
        sign_offs::service::parts_changed,
        store,
    },
};

/// Invites a council; its people get mail. A council that declined or was taken out can be invited again.
///
/// # Errors
/// Policy's; `Invalid` with every fault, naming the successor of a council that no longer exists; `Conflict` when it
/// is a partner already or leads the bid.
pub async fn invite(app: &App, call: &Call, reference: String, invitation: Invitation) -> Result<Partner> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ManagePartners)?;
        AppError::unless_empty(invitation.faults())?;
        refuse_when_closed(conn, scene, &bid)?;
        let heading = bids::store::load(conn, &bid)?;
        let organisation = invited(conn, scene, &heading, &invitation.organisation)?;
        let by = scene.actor.person().unwrap_or(heading.created_by);
        let partner = bring_in(conn, scene, (&bid, &heading), &organisation, &invitation, by)?;
        parts_changed(conn, scene, &bid)?;
        Ok(partner)
    })
    .await
}

/// Puts an invitation to an organisation in, tells its people and the history; `by` hears what it answers.
pub(in crate::partnerships) fn bring_in(
    conn: &mut Conn,
    scene: &Scene,
    (bid, heading): (&Granted<BidKey>, &Bid),
    organisation: &Organisation,
    invitation: &Invitation,
    by: Id<PersonKey>,
) -> Result<Partner> {
    let partner = keep(conn, scene, bid, organisation, invitation, by)?;
    letters::invitation(conn, scene, heading, &partner)?;
    tell_of(conn, scene, bid, "partner.invited", &partner)?;
    Ok(partner)
}

/// The organisation that is meant, if it can be invited today.
pub(super) fn invited(conn: &mut Conn, scene: &Scene, bid: &Bid, named: &str) -> Result<Organisation> {
    let named = named.trim();
    let found = match named.parse() {
        Ok(id) => organisations::by_ids(conn, &[id])?.into_iter().next(),
        Err(_no_id) => organisations::find(conn, named)?,
    };
    let organisation = found.ok_or_else(|| {
        let message = "There is no such council. Choose one from the list, or give its code or ONS code.";
        AppError::invalid("organisation", "unknown_organisation", message)
    })?;
    if organisation.id == bid.lead_id {
        let message = "Your council leads this bid. Choose another council as partner.";
        return Err(AppError::conflict("is_lead", message));
    }
    if organisation.exists_on(scene.now.london_date()) {
        return Ok(organisation);
    }
    let message = gone(conn, scene, &organisation)?;
    Err(AppError::invalid("organisation", "organisation_abolished", message))
}

/// Says that a council is gone, and who does its work now.
fn gone(conn: &mut Conn, scene: &Scene, organisation: &Organisation) -> Result<String> {
    let successor = organisations::successor(conn, organisation.id, scene.now.london_date())?;
    let name = &organisation.name;
    if successor.id == organisation.id {
        return Ok(format!("{name} does not exist today. Choose another council."));
    }
    Ok(format!("{name} no longer exists. Invite its successor, {} ({}).", successor.name, successor.code))
}

/// Puts an invitation in, over one that was answered or taken back.
pub(super) fn keep(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    organisation: &Organisation,
    invitation: &Invitation,
    by: Id<PersonKey>,
) -> Result<Partner> {
    let before = store::partners_of(conn, bid)?.into_iter().find(|partner| partner.organisation_id == organisation.id);
    if before.as_ref().is_some_and(|partner| partner.state.stands()) {
        let message = format!("{} is invited already.", organisation.name);
        return Err(AppError::conflict("invited_already", message));
    }
    let kind = invitation.kind.unwrap_or(PartnerKind::of_itself(organisation.kind));
    AppError::unless_empty(kind.faults(organisation, invitation.share_pence))?;
    let partner = Partner {
        id: before.as_ref().map_or_else(|| scene.fresh(), |partner| partner.id),
        organisation_id: organisation.id,
        code: organisation.code.clone(),
        name: organisation.name.clone(),
        kind,
        role: invitation.role.trim().into(),
        state: PartnerState::Invited,
        share_pence: invitation.share_pence,
        part: invitation.part.tidy(),
        sponsor: invitation.sponsor.trim().into(),
        people: invitation.people.tidy(),
        reason: None,
        replaced_by: None,
        invited_by: by,
        invited_at: scene.now,
        answered_at: None,
        version: before.as_ref().map_or(1, |partner| partner.version + 1),
    };
    match before {
        Some(before) => {
            store::overwrite(conn, bid, before.version, &partner)?;
            store::put_kind(conn, bid, partner.id, kind)?;
        }
        None => store::insert(conn, bid, &partner)?,
    }
    Ok(partner)
}

/// Changes the part of a partner at `version`. One that had confirmed another kind, share, contribution or other days is asked
/// again, and told what changed.
///
/// # Errors
/// Policy's; `Invalid` with every fault; `Stale` when somebody changed it meanwhile; `Conflict` when it is no partner.
pub async fn change(
    app: &App,
    call: &Call,
    reference: String,
    (partner, version): (Id<RowKey>, i32),
    change: PartnerChange,
) -> Result<Partner> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ManagePartners)?;
        let before = store::partner(conn, &bid, partner)?;
        AppError::unless_empty(change.faults())?;
        refuse_when_closed(conn, scene, &bid)?;
        refuse_unless_it_stands(&before)?;
        let after = change.applied_to(&before);
        let organisation = organisations::by_id(conn, before.organisation_id)?;
        AppError::unless_empty(after.kind.faults(&organisation, after.share_pence))?;
        if before.version != version || !store::overwrite(conn, &bid, version, &after)? {
            return Err(AppError::Stale { current: before.version });
        }
        if after.kind != before.kind {
            store::put_kind(conn, &bid, partner, after.kind)?;
        }
        changed(conn, scene, &bid, (&before, &after))?;
        Ok(after)
    })
    .await
}

fn changed(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, (before, after): (&Partner, &Partner)) -> Result<()> {
    if before.state == after.state {
        tell_of(conn, scene, bid, "partner.changed", after)?;
    } else {
        let heading = bids::store::load(conn, bid)?;
        letters::part_changed(conn, scene, &heading, (before, after))?;
        tell_of(conn, scene, bid, "partner.invited", after)?;
    }
    parts_changed(conn, scene, bid)
}

/// Takes an invitation back, or a partner out, that stands at `version`; its people are told.
///
/// # Errors
/// Policy's; `Conflict` when it is no partner any more; `Stale` when somebody changed it meanwhile.
pub async fn withdraw(
    app: &App,
    call: &Call,
    reference: String,
    (partner, version): (Id<RowKey>, i32),
) -> Result<Partner> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ManagePartners)?;
        let before = store::partner(conn, &bid, partner)?;
        refuse_when_closed(conn, scene, &bid)?;
        refuse_unless_it_stands(&before)?;
        if !store::withdraw(conn, &bid, partner, version)? {
            return Err(AppError::Stale { current: before.version });
        }
        let after = store::partner(conn, &bid, partner)?;
        let heading = bids::store::load(conn, &bid)?;
        letters::taken_out(conn, scene, &heading, &after, before.state == PartnerState::Confirmed)?;
        tell_of(conn, scene, &bid, "partner.withdrawn", &after)?;
        parts_changed(conn, scene, &bid)?;
        Ok(after)
    })
    .await
}

pub(super) fn refuse_unless_it_stands(partner: &Partner) -> Result<()> {
    if partner.state.stands() {
        return Ok(());
    }
    let message = format!("{} is no partner of this bid any more: {}.", partner.name, partner.state);
    Err(AppError::conflict("no_partner", message))
}

fn tell_of(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, kind: &'static str, partner: &Partner) -> Result<()> {
    let share = partner.share_pence;
    let detail = json!({ "partner": partner.id, "organisation": partner.organisation_id, "share_pence": share });
    scene.tell(conn, Chain::Bid(bid.id()), kind, detail)
}
