//! A partner leaves, in its own account.

use serde_json::json;

use super::{answer::own_invitation, letters, look::share_faults, refuse_when_closed};
use crate::{
    bids,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call},
    ids::{Id, RowKey},
    partnerships::{
        model::{Partner, PartnerState, reason_fault},
        sign_offs::service::parts_changed,
        store,
    },
};

/// Says that a council that took part does so no more, and why: the people of the lead are told, with what its leaving does to
/// the shares.
///
/// # Errors
/// Policy's; `Forbidden` for anybody but the council's own people; `Invalid` without a reason; `Conflict` with `no_partner`
/// when it does not take part, and with `deadline_passed` once full applications have closed.
pub async fn leave(app: &App, call: &Call, reference: String, partner: Id<RowKey>, reason: String) -> Result<Partner> {
    call.write(app, move |conn, scene| {
        let (bid, before) = own_invitation(conn, scene, &reference, partner)?;
        let missing = "Say why your council leaves. The lead authority will read it.";
        AppError::unless_empty(reason_fault("reason", &reason, missing).into_iter().collect())?;
        refuse_when_closed(conn, scene, &bid)?;
        let gone = before.state == PartnerState::Confirmed
            && store::leave(conn, &bid, partner, reason.trim(), (scene.actor.person(), scene.now))?;
        if !gone {
            let message = format!("{} does not take part in this bid: {}.", before.name, before.state);
            return Err(AppError::conflict("no_partner", message));
        }
        let after = store::partner(conn, &bid, partner)?;
        let heading = bids::store::load(conn, &bid)?;
        let faults = share_faults(conn, &bid)?;
        letters::left(conn, scene, &heading, &after, &faults)?;
        let detail = json!({ "partner": after.id, "organisation": after.organisation_id });
        scene.tell(conn, Chain::Bid(bid.id()), "partner.left", detail)?;
        parts_changed(conn, scene, &bid)?;
        Ok(after)
    })
    .await
}
