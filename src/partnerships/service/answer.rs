//! What the invited council does, in its own account: confirm or decline.

use serde_json::json;

use super::{granted, letters, profile, refuse_when_closed};
use crate::{
    bids,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RowKey},
    partnerships::{
        model::{Partner, PartnerState, reason_fault},
        rules,
        sign_offs::service::parts_changed,
        store,
    },
};

/// Says that the council takes part, with the share and the sponsor that the invitation names. Where it names no sponsor or no
/// contact, those of the council's profile are taken.
///
/// # Errors
/// Policy's; `Forbidden` for anybody but the council's own people; `Conflict` (`answered_already`) the second time.
pub async fn confirm(app: &App, call: &Call, reference: String, partner: Id<RowKey>) -> Result<Partner> {
    call.write(app, move |conn, scene| {
        let (bid, invited) = own_invitation(conn, scene, &reference, partner)?;
        answer(conn, scene, &bid, &invited, (PartnerState::Confirmed, None))
    })
    .await
}

/// Says that the council does not take part, and why.
///
/// # Errors
/// As [`confirm`]; `Invalid` without a reason.
pub async fn decline(
    app: &App,
    call: &Call,
    reference: String,
    partner: Id<RowKey>,
    reason: String,
) -> Result<Partner> {
    call.write(app, move |conn, scene| {
        let (bid, invited) = own_invitation(conn, scene, &reference, partner)?;
        let missing = "Say why your council does not take part. The lead authority will read it.";
        AppError::unless_empty(reason_fault("reason", &reason, missing).into_iter().collect())?;
        answer(conn, scene, &bid, &invited, (PartnerState::Declined, Some(reason.trim())))
    })
    .await
}

/// The invitation, for the people of the council that was invited and nobody else.
pub(super) fn own_invitation(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    partner: Id<RowKey>,
) -> Result<(Granted<BidKey>, Partner)> {
    let bid = granted(conn, scene, reference, Action::AnswerInvitation)?;
    let invited = store::partner(conn, &bid, partner)?;
    let sight = policy::sight(conn, &scene.actor)?;
    if sight.everything || sight.organisations.contains(&invited.organisation_id) {
        return Ok((bid, invited));
    }
    let message = format!("Only people of {} can say whether it takes part.", invited.name);
    Err(AppError::forbidden("not_allowed", message))
}

fn answer(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    invited: &Partner,
    (state, reason): (PartnerState, Option<&str>),
) -> Result<Partner> {
    if invited.state != PartnerState::Invited {
        return Err(answered_already(invited));
    }
    refuse_when_closed(conn, scene, bid)?;
    if state == PartnerState::Confirmed {
        rules::refuse_one_too_many(conn, bid, invited)?;
    }
    if !store::answer(conn, bid, invited.id, (state, reason), (scene.actor.person(), scene.now))? {
        return Err(answered_already(invited));
    }
    let (event, template) = match state {
        PartnerState::Confirmed => ("partner.confirmed", "confirmed"),
        _ => ("partner.declined", "declined"),
    };
    let mut answered = store::partner(conn, bid, invited.id)?;
    if state == PartnerState::Confirmed {
        answered = profile::take(conn, bid, answered)?;
    }
    let heading = bids::store::load(conn, bid)?;
    letters::answered(conn, scene, &heading, &answered, template)?;
    let detail = json!({ "partner": answered.id, "organisation": answered.organisation_id });
    scene.tell(conn, Chain::Bid(bid.id()), event, detail)?;
    parts_changed(conn, scene, bid)?;
    Ok(answered)
}

fn answered_already(partner: &Partner) -> AppError {
    let message = format!("This invitation has been answered already: {} has {}.", partner.name, partner.state);
    AppError::conflict("answered_already", message)
}
