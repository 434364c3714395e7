//! Writes a partnership as everybody agreed to it.

use super::super::{
    model::{Partner, PartnerState},
    service::{letters, profile},
    store,
};
use crate::{
    bids::{
        self,
        content::{Content, Member},
        model::Bid,
        partner::{PartnerKind, PartnerPeople, TakingPart},
    },
    db::Conn,
    error::{AppError, Result},
    http::Scene,
    identity::{policy::Granted, store::organisations},
    ids::BidKey,
};

/// Writes lead, partners and costs of a bid as `after` has them, where `before` is what stands. A council that comes in without
/// having agreed itself is invited; one that is no partner afterwards reads `reason`.
///
/// # Errors
/// `Stale` when the bid is led by somebody else meanwhile.
pub fn partnership(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    (before, after): (&Content, &Content),
    reason: &str,
) -> Result<()> {
    let heading = bids::store::load(conn, bid)?;
    if before.lead.id != after.lead.id
        && !bids::store::change_lead(conn, bid, (before.lead.id, after.lead.id), scene.now)?
    {
        return Err(AppError::Stale { current: heading.version });
    }
    if before.costs != after.costs {
        let rows: Vec<_> = after.costs.iter().map(|line| (scene.fresh(), line.clone())).collect();
        bids::store::put_costs(conn, bid, &rows)?;
    }
    let heading = Bid { lead_id: after.lead.id, ..heading };
    let known = store::partners_of(conn, bid)?;
    let is_in = |partner: &Partner| after.partners.iter().any(|one| one.organisation.id == partner.organisation_id);
    for partner in known.iter().filter(|partner| partner.state.stands() && !is_in(partner)) {
        let reason = Some(reason.to_owned());
        let people = PartnerPeople::default();
        let gone = Partner { state: PartnerState::Left, reason, people, answered_at: Some(scene.now), ..next(partner) };
        overwrite(conn, bid, partner, &gone)?;
    }
    for member in &after.partners {
        let stood = known.iter().find(|partner| partner.organisation_id == member.organisation.id);
        put(conn, scene, (bid, &heading), member, stood)?;
    }
    bids::store::touch(conn, bid, scene.now)
}

fn put(
    conn: &mut Conn,
    scene: &Scene,
    (bid, heading): (&Granted<BidKey>, &Bid),
    member: &Member,
    stood: Option<&Partner>,
) -> Result<()> {
    if stood.is_some_and(|partner| says(partner, member)) {
        return Ok(());
    }
    let by = scene.actor.person().unwrap_or(heading.created_by);
    let body = organisations::by_id(conn, member.organisation.id)?.kind;
    let kind = member.kind.unwrap_or(PartnerKind::of_itself(body));
    let new = Partner {
        id: scene.fresh(),
        organisation_id: member.organisation.id,
        code: member.organisation.code.clone(),
        name: member.organisation.name.clone(),
        kind,
        role: String::new(),
        state: PartnerState::Invited,
        share_pence: member.share_pence,
        part: TakingPart::default(),
        sponsor: String::new(),
        people: PartnerPeople::default(),
        reason: None,
        replaced_by: None,
        invited_by: by,
        invited_at: scene.now,
        answered_at: None,
        version: 0,
    };
    let mut after = Partner {
        role: member.role.clone(),
        sponsor: member.sponsor.clone(),
        share_pence: member.share_pence,
        part: member.part.clone(),
        kind,
        replaced_by: None,
        state: if member.confirmed { PartnerState::Confirmed } else { PartnerState::Invited },
        answered_at: member.confirmed.then_some(scene.now),
        invited_by: by,
        invited_at: scene.now,
        reason: None,
        ..next(stood.unwrap_or(&new))
    };
    if member.confirmed {
        // What was agreed to stands as it was read; whom to ask is no part of that.
        after.people = profile::named(conn, &after)?.people;
    }
    match stood {
        Some(stood) => {
            overwrite(conn, bid, stood, &after)?;
            if stood.kind != kind {
                store::put_kind(conn, bid, stood.id, kind)?;
            }
        }
        None => store::insert(conn, bid, &after)?,
    }
    if after.state == PartnerState::Invited {
        letters::invitation(conn, scene, heading, &after)?;
    }
    Ok(())
}

/// Whether a partner takes part already as the member says.
fn says(partner: &Partner, member: &Member) -> bool {
    partner.state.stands()
        && (partner.state == PartnerState::Confirmed) == member.confirmed
        && partner.share_pence == member.share_pence
        && member.kind.is_none_or(|kind| kind == partner.kind)
        && partner.part == member.part
        && partner.role == member.role
        && partner.sponsor == member.sponsor
}

fn next(partner: &Partner) -> Partner {
    Partner { version: partner.version + 1, ..partner.clone() }
}

fn overwrite(conn: &mut Conn, bid: &Granted<BidKey>, before: &Partner, after: &Partner) -> Result<()> {
    if store::overwrite(conn, bid, before.version, after)? {
        return Ok(());
    }
    Err(AppError::Stale { current: before.version })
}
