//! Who hears of a clarification: the people of the bid's lead what is asked of them, the fund's managers and the bid's
//! assessors that it is answered.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::{Value, json};

use super::model::Clarification;
use crate::{
    bids::{self, model::Bid},
    db::{
        Conn,
        schema::{assignments, fund_roles, memberships, people},
    },
    error::Result,
    funds,
    http::Scene,
    identity::{
        model::FundRole,
        policy::{self, Granted},
    },
    ids::{BidKey, FundKey, Id, PersonKey},
    mail::{
        Address,
        outbox::{self, Letter},
    },
};

/// Somebody who is told.
type Reader = (Id<PersonKey>, Address, String);

/// Tells the people of the lead: `asked`, `more_time`, `taken_back` with its reason, or `reminder`.
pub(super) fn to_lead(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (row, occasion, reason): (&Clarification, &'static str, Option<&str>),
) -> Result<()> {
    let bid = bids::store::load(conn, granted)?;
    let (mut data, _) = about(conn, &bid, row)?;
    extend(&mut data, json!({ "occasion": occasion, "reason": reason, "until": row.until_at.in_words() }));
    let readers: Vec<Reader> = memberships::table
        .inner_join(people::table)
        .filter(memberships::organisation_id.eq(bid.lead_id))
        .filter(memberships::ended_at.is_null())
        .select((people::id, people::email, people::name))
        .distinct()
        .order(people::id)
        .load(conn)?;
    for reader in readers {
        // More time can be given more than once, and each has a reminder of its own.
        let key = format!("clarification {} {occasion} {} {}", row.id, row.until_at.micros(), reader.0);
        write_to(conn, scene, &bid, ("clarification", key), (reader, &data))?;
    }
    Ok(())
}

/// Tells the fund's managers and the bid's assessors that it is answered: those of them who may know of the bid.
pub(super) fn of_answer(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, row: &Clarification) -> Result<()> {
    let bid = bids::store::load(conn, granted)?;
    let (data, fund) = about(conn, &bid, row)?;
    let mut readers: BTreeMap<Id<PersonKey>, Reader> = BTreeMap::new();
    for reader in managers(conn, fund)?.into_iter().chain(assessors(conn, &bid)?) {
        if !policy::has_conflict(conn, reader.0, bid.id)? {
            readers.insert(reader.0, reader);
        }
    }
    for reader in readers.into_values() {
        let key = format!("clarification-answered {} {}", row.id, reader.0);
        write_to(conn, scene, &bid, ("clarification-answered", key), (reader, &data))?;
    }
    Ok(())
}

fn about(conn: &mut Conn, bid: &Bid, row: &Clarification) -> Result<(Value, Id<FundKey>)> {
    let round = funds::store::round_by_id(conn, bid.round_id)?;
    let data = json!({
        "title": bid.title,
        "reference": bid.reference,
        "round": round.title,
        "question": row.question,
        "link": format!("/bids/{}/clarifications/{}", bid.reference, row.number),
    });
    Ok((data, round.fund_id))
}

fn managers(conn: &mut Conn, fund: Id<FundKey>) -> Result<Vec<Reader>> {
    Ok(fund_roles::table
        .inner_join(people::table)
        .filter(fund_roles::fund_id.eq(fund))
        .filter(fund_roles::role.eq(FundRole::FundManager))
        .filter(fund_roles::ended_at.is_null())
        .order(people::id)
        .select((people::id, people::email, people::name))
        .load(conn)?)
}

fn assessors(conn: &mut Conn, bid: &Bid) -> Result<Vec<Reader>> {
    Ok(assignments::table
        .inner_join(people::table.on(people::id.eq(assignments::person_id)))
        .filter(assignments::bid_id.eq(bid.id))
        .filter(assignments::ended_at.is_null())
        .order(people::id)
        .select((people::id, people::email, people::name))
        .load(conn)?)
}

fn extend(data: &mut Value, more: Value) {
    if let (Value::Object(data), Value::Object(more)) = (data, more) {
        data.extend(more);
    }
}

fn write_to(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Bid,
    (template, unique_key): (&'static str, String),
    ((person, recipient, name), data): (Reader, &Value),
) -> Result<()> {
    let mut data = data.clone();
    extend(&mut data, json!({ "name": name }));
    let letter = Letter {
        id: scene.fresh(),
        template,
        recipient,
        person: Some(person),
        bid: Some(bid.id),
        round: Some(bid.round_id),
        data,
        unique_key,
    };
    outbox::post(conn, letter, scene.now)
}
