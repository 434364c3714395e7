//! Who hears of a clarification: the people of the bid's lead what is asked of them, the fund's managers and the bid's
//! assessors that it is answered.

use std::collections::BTreeMap;

use serde_json::json;

use super::model::Clarification;
use crate::{
    bids::{self, model::Bid},
    db::Conn,
    error::Result,
    funds,
    http::Scene,
    identity::{
        model::Person,
        policy::{self, Granted},
        store::readers,
    },
    ids::{BidKey, FundKey, Id, PersonKey},
    mail::outbox::{Notice, extend},
};

/// Tells the people of the lead: `asked`, `more_time`, `taken_back` with its reason, or `reminder`.
pub(super) fn to_lead(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (row, occasion, reason): (&Clarification, &'static str, Option<&str>),
) -> Result<()> {
    let bid = bids::store::load(conn, granted)?;
    let (mut told, _) = about(conn, &bid, ("clarification", row))?;
    extend(&mut told.data, json!({ "occasion": occasion, "reason": reason, "until": row.until_at.in_words() }));
    for reader in readers::of_organisations(conn, [bid.lead_id])? {
        // More time can be given more than once, and each has a reminder of its own.
        let occasion = format!("{} {occasion} {} {}", row.id, row.until_at.micros(), reader.id);
        scene.write_to(conn, &reader, &told, &occasion)?;
    }
    Ok(())
}

/// Tells the fund's managers and the bid's assessors that it is answered: those of them who may know of the bid.
pub(super) fn of_answer(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, row: &Clarification) -> Result<()> {
    let bid = bids::store::load(conn, granted)?;
    let (told, fund) = about(conn, &bid, ("clarification-answered", row))?;
    let mut staff: BTreeMap<Id<PersonKey>, Person> = BTreeMap::new();
    for reader in readers::managers(conn, fund)?.into_iter().chain(readers::assessors(conn, bid.id)?) {
        if !policy::has_conflict(conn, reader.id, bid.id, scene.now)? {
            staff.insert(reader.id, reader);
        }
    }
    for reader in staff.into_values() {
        scene.write_to(conn, &reader, &told, &format!("{} {}", row.id, reader.id))?;
    }
    Ok(())
}

fn about(conn: &mut Conn, bid: &Bid, (template, row): (&'static str, &Clarification)) -> Result<(Notice, Id<FundKey>)> {
    let round = funds::store::round_by_id(conn, bid.round_id)?;
    let data = json!({
        "title": bid.title,
        "reference": bid.reference,
        "round": round.title,
        "question": row.question,
        "link": format!("/bids/{}/clarifications/{}", bid.reference, row.number),
    });
    Ok((Notice { template, bid: Some(bid.id), round: Some(bid.round_id), data }, round.fund_id))
}
