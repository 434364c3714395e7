//! Who hears that a bid has lost a reader: the fund's managers who have no conflict of interest with it.

use serde_json::json;

use crate::{
    actor::Actor,
    bids,
    db::Conn,
    error::Result,
    funds,
    http::Scene,
    identity::{
        policy::{self, Action, BidKind},
        store::{people, readers},
    },
    ids::{BidKey, Id, PersonKey},
    mail::outbox::Notice,
};

/// Asks for another reader in the place of one who has a conflict with the bid. Why is not said: that stands in the service.
pub(super) fn reader_wanted(conn: &mut Conn, scene: &Scene, id: Id<BidKey>, lost: Id<PersonKey>) -> Result<()> {
    let granted = policy::bid(conn, &Actor::System, Action::ReadBid, id)?;
    let bid = bids::store::load(conn, &granted)?;
    if !matches!(bid.kind, BidKind::Waiting | BidKind::Review) {
        return Ok(());
    }
    let round = funds::store::round_by_id(conn, bid.round_id)?;
    let data = json!({
        "title": bid.title,
        "reference": bid.reference,
        "round": round.title,
        "assessor": people::name_of(conn, lost)?,
        "link": format!("/bids/{}/assessors", bid.reference),
    });
    let told = Notice { template: "reader-wanted", bid: Some(id), round: Some(bid.round_id), data };
    for manager in readers::managers(conn, round.fund_id)? {
        if !policy::has_conflict(conn, manager.id, id, scene.now)? {
            let occasion = format!("{id} {lost} {} {}", scene.now.micros(), manager.id);
            scene.write_to(conn, &manager, &told, &occasion)?;
        }
    }
    Ok(())
}
