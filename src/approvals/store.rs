//! The SQL of requests for approval and of approvals.

use diesel::{dsl::exists, insert_into, prelude::*, select, update};

use serde_json::Value;

use super::model::{Able, Approval, Ending, Open, Request, Thing};
use crate::{
    clock::Moment,
    db::{
        Conn, Doc,
        schema::{approval_requests, approvals, people, rounds},
    },
    each,
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, FundKey, Id, PersonKey, RoundKey, RowKey},
};

/// The newest request about a thing, whether or not it has ended.
pub fn last(conn: &mut Conn, thing: &Thing) -> Result<Option<Request>> {
    let query = approval_requests::table
        .filter(approval_requests::round_id.eq(thing.round))
        .filter(approval_requests::subject.eq(&thing.subject))
        .order(approval_requests::id.desc())
        .select(Request::as_select())
        .into_boxed();
    let query = match thing.bid {
        Some(bid) => query.filter(approval_requests::bid_id.eq(bid)),
        None => query.filter(approval_requests::bid_id.is_null()),
    };
    Ok(query.first(conn).optional()?)
}

/// Whether people are asked about a whole round's list now.
pub fn is_open(conn: &mut Conn, round: Id<RoundKey>, subject: &str) -> Result<bool> {
    let open = approval_requests::table
        .filter(approval_requests::round_id.eq(round))
        .filter(approval_requests::subject.eq(subject))
        .filter(approval_requests::bid_id.is_null())
        .filter(approval_requests::ended_at.is_null());
    Ok(select(exists(open)).get_result(conn)?)
}

/// What people are asked about a bid now, oldest first.
pub fn open_of_bid(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<Request>> {
    Ok(approval_requests::table
        .filter(approval_requests::bid_id.eq(bid))
        .filter(approval_requests::ended_at.is_null())
        .order(approval_requests::id)
        .select(Request::as_select())
        .load(conn)?)
}

/// What the people of a fund are asked now, oldest first: the request, its round, and its bid if it is about one.
pub fn open_of_fund(conn: &mut Conn, fund: Id<FundKey>) -> Result<Vec<Open>> {
    let rounds = rounds::table.filter(rounds::fund_id.eq(fund)).select(rounds::id);
    Ok(approval_requests::table
        .filter(approval_requests::round_id.eq_any(rounds))
        .filter(approval_requests::ended_at.is_null())
        .order(approval_requests::id)
        .select((Request::as_select(), approval_requests::round_id, approval_requests::bid_id))
        .load(conn)?)
}

/// What people are asked about a whole round now, oldest first.
pub fn open_of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Request>> {
    Ok(approval_requests::table
        .filter(approval_requests::round_id.eq(round))
        .filter(approval_requests::bid_id.is_null())
        .filter(approval_requests::ended_at.is_null())
        .order(approval_requests::id)
        .select(Request::as_select())
        .load(conn)?)
}

/// Ends whatever is asked about a round and its bids, since nothing in it moves on; gives what it was.
pub fn end_of_round(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    (person, now): (Option<Id<PersonKey>>, Moment),
) -> Result<Vec<Id<RowKey>>> {
    let open = approval_requests::table
        .filter(approval_requests::round_id.eq(round.id()))
        .filter(approval_requests::ended_at.is_null());
    let ended = open.order(approval_requests::id).select(approval_requests::id).load(conn)?;
    update(open)
        .set((
            approval_requests::ended_at.eq(Some(now)),
            approval_requests::ended_by.eq(person),
            approval_requests::ending.eq(Some(Ending::Overtaken)),
        ))
        .execute(conn)?;
    Ok(ended)
}

/// Puts a request in.
pub fn insert(
    conn: &mut Conn,
    id: Id<RowKey>,
    thing: &Thing,
    body: Option<Value>,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<Request> {
    let body = body.map(Doc);
    let row = (
        approval_requests::id.eq(id),
        approval_requests::round_id.eq(thing.round),
        approval_requests::bid_id.eq(thing.bid),
        approval_requests::subject.eq(&thing.subject),
        approval_requests::body.eq(&body),
        approval_requests::requested_by.eq(person),
        approval_requests::requested_at.eq(now),
    );
    insert_into(approval_requests::table).values(row).execute(conn)?;
    Ok(Request {
        id,
        subject: thing.subject.clone(),
        body,
        requested_by: person,
        ended_at: None,
        ended_by: None,
        ending: None,
        reason: None,
    })
}

/// Ends a request; says whether this call was the one that did.
pub fn end(
    conn: &mut Conn,
    request: Id<RowKey>,
    (ending, reason): (Ending, Option<&str>),
    (person, now): (Option<Id<PersonKey>>, Moment),
) -> Result<bool> {
    let open = approval_requests::table.find(request).filter(approval_requests::ended_at.is_null());
    let ended = update(open)
        .set((
            approval_requests::ended_at.eq(Some(now)),
            approval_requests::ended_by.eq(person),
            approval_requests::ending.eq(Some(ending)),
            approval_requests::reason.eq(reason),
        ))
        .execute(conn)?;
    Ok(ended == 1)
}

/// The approvals of a request, oldest first.
pub fn approvals(conn: &mut Conn, request: Id<RowKey>) -> Result<Vec<Approval>> {
    Ok(approvals::table
        .inner_join(people::table)
        .filter(approvals::request_id.eq(request))
        .order((approvals::approved_at, approvals::id))
        .select((
            approvals::id,
            approvals::person_id,
            approvals::counts_as,
            people::name,
            approvals::hash,
            approvals::approved_at,
        ))
        .load(conn)?)
}

/// Puts somebody's approval in, in the place of the one that they gave before.
pub fn approve(
    conn: &mut Conn,
    id: Id<RowKey>,
    request: Id<RowKey>,
    hash: &[u8],
    (able, now): (&Able, Moment),
) -> Result<()> {
    let row = (
        approvals::id.eq(id),
        approvals::request_id.eq(request),
        approvals::person_id.eq(able.person.id),
        approvals::counts_as.eq(able.seat),
        approvals::hash.eq(hash),
        approvals::approved_at.eq(now),
    );
    each!(conn, |conn| insert_into(approvals::table)
        .values(row)
        .on_conflict((approvals::request_id, approvals::person_id))
        .do_update()
        .set((approvals::counts_as.eq(able.seat), approvals::hash.eq(hash), approvals::approved_at.eq(now)))
        .execute(conn))?;
    Ok(())
}
