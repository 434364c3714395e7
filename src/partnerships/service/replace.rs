//! The lead lets another organisation take the place of a partner: a council was reorganised, or a partner steps out.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    granted,
    invite::{invited, keep, refuse_unless_it_stands},
    letters, refuse_when_closed,
};
use crate::{
    bids::{
        self,
        partner::{PartnerKind, PartnerPeople},
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy::{Action, Granted},
    ids::{BidKey, Id, RowKey},
    partnerships::{
        model::{Invitation, Partner, reason_fault},
        sign_offs::service::parts_changed,
        store,
    },
};

/// Who takes the place of a partner, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// Whom to invite: an id, a code, an ONS code, an org-id or a name.
    pub organisation: String,
    /// Why, which the people of the partner that goes read.
    pub reason: String,
    /// Who answers for the new partner, and whom to ask there.
    #[serde(default)]
    pub people: PartnerPeople,
}

/// Takes a partner out that stands at `version`, invites another organisation on the same terms in its place, and moves the
/// lines of the costs over, so that the shares still add up. Both are told. Gives the new partner.
///
/// # Errors
/// Policy's; `Invalid` with every fault; `Conflict` when the one is no partner or the other is one already or leads the bid;
/// `Stale` when somebody changed the partner meanwhile.
pub async fn replace(
    app: &App,
    call: &Call,
    reference: String,
    (partner, version): (Id<RowKey>, i32),
    replacement: Replacement,
) -> Result<Partner> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ManagePartners)?;
        let before = store::partner(conn, &bid, partner)?;
        let missing = "Say why another organisation takes its place. Its people will read it.";
        let reason = reason_fault("reason", &replacement.reason, missing);
        let invitation = on_the_terms_of(&before, &replacement);
        AppError::unless_empty(invitation.faults().into_iter().chain(reason).collect())?;
        refuse_when_closed(conn, scene, &bid)?;
        refuse_unless_it_stands(&before)?;
        let comes = change_over(conn, scene, &bid, (&before, version), (&invitation, replacement.reason.trim()))?;
        parts_changed(conn, scene, &bid)?;
        Ok(comes)
    })
    .await
}

/// The same invitation as the partner had, but for its people.
fn on_the_terms_of(before: &Partner, replacement: &Replacement) -> Invitation {
    Invitation {
        organisation: replacement.organisation.clone(),
        role: before.role.clone(),
        share_pence: before.share_pence,
        sponsor: before.sponsor.clone(),
        kind: None,
        part: before.part.clone(),
        people: replacement.people.clone(),
    }
}

fn change_over(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    (before, version): (&Partner, i32),
    (invitation, reason): (&Invitation, &str),
) -> Result<Partner> {
    let heading = bids::store::load(conn, bid)?;
    let organisation = invited(conn, scene, &heading, &invitation.organisation)?;
    // A body that is no council cannot be a partner council in the place of one.
    let fits = before.kind.faults(&organisation, before.share_pence).is_empty();
    let kind = if fits { before.kind } else { PartnerKind::of_itself(organisation.kind) };
    let invitation = Invitation { kind: Some(kind), ..invitation.clone() };
    let by = scene.actor.person().unwrap_or(heading.created_by);
    let comes = keep(conn, scene, bid, &organisation, &invitation, by)?;
    if !store::replace(conn, bid, (before.id, version), (comes.id, reason))? {
        return Err(AppError::Stale { current: before.version });
    }
    hand_costs_over(conn, scene, bid, (before, &comes))?;
    let gone = store::partner(conn, bid, before.id)?;
    letters::replaced(conn, scene, &heading, (&gone, &comes))?;
    letters::invitation(conn, scene, &heading, &comes)?;
    let detail = json!({
        "partner": gone.id, "organisation": gone.organisation_id, "by": comes.id, "by_organisation": comes.organisation_id,
        "share_pence": comes.share_pence,
    });
    scene.tell(conn, Chain::Bid(bid.id()), "partner.replaced", detail)?;
    Ok(comes)
}

/// The costs of the one are those of the other from now on.
fn hand_costs_over(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    (gone, comes): (&Partner, &Partner),
) -> Result<()> {
    let mut lines = bids::store::costs(conn, bid)?;
    let mut moved = false;
    for line in lines.iter_mut().filter(|line| line.organisation_id == Some(gone.organisation_id)) {
        line.organisation_id = Some(comes.organisation_id);
        moved = true;
    }
    if moved {
        let rows: Vec<_> = lines.into_iter().map(|line| (scene.fresh(), line)).collect();
        bids::store::put_costs(conn, bid, &rows)?;
        bids::store::touch(conn, bid, scene.now)?;
    }
    Ok(())
}
