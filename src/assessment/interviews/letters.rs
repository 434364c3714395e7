//! Who hears of interviews: the councils of a bid that know of its invitation, whoever sits on a panel, and the fund's managers where
//! somebody is wanted in the place of another.

use serde_json::{Value, json};

use super::model::SlotRow;
use crate::{
    actor::Actor,
    assessment::{model::BidRow, store},
    bids,
    db::Conn,
    error::Result,
    funds::{self, model::RoundInFull},
    http::Scene,
    identity::{
        policy::{self, Action},
        store::{people, readers},
    },
    ids::{BidKey, Id, OrganisationKey, PersonKey},
    mail::outbox::{Notice, extend},
    partnerships::{self, model::PartnerState},
};

fn when(slot: &SlotRow) -> String {
    format!("{}, until {}", slot.starts_at.in_words(), slot.ends_at().time_in_words())
}

fn about(slot: &SlotRow) -> Value {
    json!({ "when": when(slot), "place": slot.place, "joining": slot.joining })
}

/// Tells the councils of a bid that there are times to choose from; `newest` is the number of the newest time.
pub(super) fn times(conn: &mut Conn, scene: &Scene, round: &RoundInFull, (bid, newest): (&BidRow, i32)) -> Result<()> {
    let data = json!({ "when": "", "place": "", "joining": "", "reason": "" });
    let key = format!("{} {newest}", bid.id);
    councils(conn, scene, (round, (bid.id, bid.lead_id)), (bid, "times", data), &key)
}

/// Tells the councils of the bid that has chosen a time: `chosen`, `changed` or `cancelled` with the reason, or `reminder`.
pub(super) fn to_councils(
    conn: &mut Conn,
    scene: &Scene,
    round: &RoundInFull,
    (slot, occasion): (&SlotRow, &'static str),
) -> Result<()> {
    let Some(id) = slot.bid_id else { return Ok(()) };
    let granted = policy::bid(conn, &Actor::System, Action::ReadBid, id)?;
    let bid = store::bid(conn, &granted)?;
    let mut data = about(slot);
    let reason = if matches!(occasion, "changed" | "cancelled") { slot.reason.as_str() } else { "" };
    extend(&mut data, json!({ "reason": reason }));
    let key = format!("{} {}", slot.id, slot.version);
    councils(conn, scene, (round, (bid.id, bid.lead_id)), (&bid, occasion, data), &key)
}

fn councils(
    conn: &mut Conn,
    scene: &Scene,
    (round, of): (&RoundInFull, (Id<BidKey>, Id<OrganisationKey>)),
    (bid, occasion, mut data): (&BidRow, &'static str, Value),
    key: &str,
) -> Result<()> {
    extend(
        &mut data,
        json!({
            "occasion": occasion,
            "title": bid.title,
            "reference": bid.reference,
            "round": round.round.title,
            "link": format!("/bids/{}/interview", bid.reference),
        }),
    );
    for reader in partnerships::readers_of(conn, of, &[PartnerState::Confirmed])? {
        let mut data = data.clone();
        extend(&mut data, json!({ "leads": reader.leads }));
        let told = Notice { template: "interview", bid: Some(bid.id), round: Some(round.round.id), data };
        scene.write_to(conn, &reader.person, &told, &format!("{key} {occasion} {}", reader.person.id))?;
    }
    Ok(())
}

/// Tells somebody of the panel: `named`, `chosen`, `changed` or `cancelled` with the reason, `released` or `reminder`. Of a bid with
/// which they have a conflict of interest they hear nothing.
pub(super) fn to_panel(
    conn: &mut Conn,
    scene: &Scene,
    (round, person): (&RoundInFull, Id<PersonKey>),
    (occasion, slots, reason): (&'static str, &[SlotRow], Option<&str>),
) -> Result<()> {
    let Some(first) = slots.first() else { return Ok(()) };
    let bid = match first.bid_id {
        Some(id) if policy::has_conflict(conn, person, id, scene.now)? => return Ok(()),
        Some(id) => {
            let granted = policy::bid(conn, &Actor::System, Action::ReadBid, id)?;
            Some(store::bid(conn, &granted)?)
        }
        None => None,
    };
    let reader = people::person(conn, person)?;
    let mut data = about(first);
    let scores = bid.as_ref().filter(|_| matches!(occasion, "chosen" | "changed" | "reminder"));
    extend(
        &mut data,
        json!({
            "occasion": occasion,
            "round": round.round.title,
            "fund": round.fund.name,
            "times": slots.iter().map(when).collect::<Vec<_>>(),
            "title": bid.as_ref().map(|bid| bid.title.as_str()),
            "reference": bid.as_ref().map(|bid| bid.reference.as_str()),
            "reason": reason.unwrap_or_default(),
            "link": scores.map_or_else(|| "/assess".to_owned(), |bid| format!("/bids/{}/interview/score", bid.reference)),
        }),
    );
    let told = Notice { template: "interview-panel", bid: bid.map(|bid| bid.id), round: Some(round.round.id), data };
    let key = format!("{} {} {occasion} {person} {}", first.id, first.version, scene.now.micros());
    scene.write_to(conn, &reader, &told, &key)
}

/// Why somebody no longer sits on a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// They have a conflict of interest with its bid.
    Conflict,
    /// Their place in the round's pool has ended.
    Place,
}

/// Asks the fund's managers without a conflict of interest for somebody in the place of another. More of why is not said: that stands in
/// the service.
pub(super) fn somebody_wanted(
    conn: &mut Conn,
    scene: &Scene,
    (id, slot): (Id<BidKey>, &SlotRow),
    (lost, why): (Id<PersonKey>, Lost),
) -> Result<()> {
    let granted = policy::bid(conn, &Actor::System, Action::ReadBid, id)?;
    let bid = bids::store::load(conn, &granted)?;
    let round = funds::store::round_by_id(conn, bid.round_id)?;
    let data = json!({
        "title": bid.title,
        "reference": bid.reference,
        "round": round.title,
        "when": when(slot),
        "who": people::name_of(conn, lost)?,
        "conflict": why == Lost::Conflict,
        "link": format!("/rounds/{}/interviews/{}", round.slug, slot.number),
    });
    let told = Notice { template: "interviewer-wanted", bid: Some(id), round: Some(bid.round_id), data };
    for manager in readers::managers(conn, round.fund_id)? {
        if !policy::has_conflict(conn, manager.id, id, scene.now)? {
            let key = format!("{} {lost} {} {}", slot.id, scene.now.micros(), manager.id);
            scene.write_to(conn, &manager, &told, &key)?;
        }
    }
    Ok(())
}
