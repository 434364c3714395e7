//! The SQL of who reads which bid.

use diesel::{insert_into, prelude::*, update};

use super::{
    super::model::{Assignment, BidRow, Readers},
    BID,
};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{assignments, bids, fund_roles, organisations, people},
    },
    each,
    error::Result,
    identity::policy::{BidKind, Granted, Sight},
    ids::{BidKey, FundKey, Id, PersonKey, RoundKey, RowKey},
};

/// Whether a person assesses for a fund.
pub fn assesses_for(conn: &mut Conn, fund: Id<FundKey>, person: Id<PersonKey>) -> Result<bool> {
    let found: Option<Id<PersonKey>> = fund_roles::table
        .filter(fund_roles::fund_id.eq(fund))
        .filter(fund_roles::person_id.eq(person))
        .filter(fund_roles::role.eq("assessor"))
        .filter(fund_roles::ended_at.is_null())
        .select(fund_roles::person_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// The bids of these references, without those that a conflict hides.
pub fn ids_of<'a>(
    conn: &mut Conn,
    sight: &Sight,
    references: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Id<BidKey>>> {
    Ok(bids::table
        .filter(bids::reference.eq_any(references))
        .filter(bids::id.ne_all(&sight.hidden))
        .order(bids::id)
        .select(bids::id)
        .load(conn)?)
}

/// The funds for which a person works in any role.
pub fn funds_of(conn: &mut Conn, person: Id<PersonKey>) -> Result<Vec<Id<FundKey>>> {
    Ok(fund_roles::table
        .filter(fund_roles::person_id.eq(person))
        .filter(fund_roles::ended_at.is_null())
        .order(fund_roles::fund_id)
        .select(fund_roles::fund_id)
        .distinct()
        .load(conn)?)
}

/// Who assesses for the fund of a round, by name.
pub fn pool(conn: &mut Conn, _: &Granted<RoundKey>, fund: Id<FundKey>) -> Result<Vec<(Id<PersonKey>, String)>> {
    Ok(fund_roles::table
        .inner_join(people::table)
        .filter(fund_roles::fund_id.eq(fund))
        .filter(fund_roles::role.eq("assessor"))
        .filter(fund_roles::ended_at.is_null())
        .order((people::name, people::id))
        .select((people::id, people::name))
        .load(conn)?)
}

/// Gives a bid to an assessor; giving it again brings it back.
pub fn assign(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
    person: Id<PersonKey>,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    let none: Option<Moment> = None;
    let row = (
        assignments::id.eq(id),
        assignments::bid_id.eq(bid.id()),
        assignments::person_id.eq(person),
        assignments::assigned_by.eq(by),
        assignments::assigned_at.eq(now),
        assignments::version.eq(1),
    );
    let again = (
        assignments::ended_at.eq(none),
        assignments::assigned_by.eq(by),
        assignments::assigned_at.eq(now),
        assignments::version.eq(assignments::version + 1),
    );
    each!(conn, |conn| insert_into(assignments::table)
        .values(row)
        .on_conflict((assignments::bid_id, assignments::person_id))
        .do_update()
        .set(again)
        .execute(conn))?;
    Ok(())
}

type Row = (String, Id<PersonKey>, String, Moment, Option<Moment>, i32);

/// Who has a bid, by name.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Assignment>> {
    let rows: Vec<Row> = assignments::table
        .inner_join(bids::table)
        .inner_join(people::table.on(people::id.eq(assignments::person_id)))
        .filter(assignments::bid_id.eq(bid.id()))
        .filter(assignments::ended_at.is_null())
        .order((people::name, people::id))
        .select((
            bids::reference,
            assignments::person_id,
            people::name,
            assignments::assigned_at,
            assignments::submitted_at,
            assignments::version,
        ))
        .load(conn)?;
    let assignment = |(bid, person, name, assigned_at, submitted_at, version)| Assignment {
        bid,
        person,
        name,
        assigned_at,
        submitted_at,
        version,
        warning: None,
    };
    Ok(rows.into_iter().map(assignment).collect())
}

/// Who has which bid of a round: the bid, the person, their name, and when they submitted.
pub fn of_round(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
) -> Result<Vec<(Id<BidKey>, Id<PersonKey>, String, Option<Moment>)>> {
    Ok(assignments::table
        .inner_join(bids::table)
        .inner_join(people::table.on(people::id.eq(assignments::person_id)))
        .filter(bids::round_id.eq(round.id()))
        .filter(assignments::ended_at.is_null())
        .order((people::name, people::id))
        .select((assignments::bid_id, assignments::person_id, people::name, assignments::submitted_at))
        .load(conn)?)
}

/// Somebody who no longer reads a bid.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The bid.
    pub bid: Id<BidKey>,
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// Since when.
    pub at: Moment,
    /// When they had submitted.
    pub submitted_at: Option<Moment>,
}

type EndedRow = (Id<BidKey>, Id<PersonKey>, String, Option<Moment>, Option<Moment>);

fn ended(rows: Vec<EndedRow>) -> Vec<Ended> {
    let ended =
        |(bid, person, name, at, submitted_at): EndedRow| Some(Ended { bid, person, name, at: at?, submitted_at });
    let mut found: Vec<Ended> = rows.into_iter().filter_map(ended).collect();
    // Databases order names each in their own way.
    found.sort_by(|one, other| (&one.name, one.person).cmp(&(&other.name, other.person)));
    found
}

/// Who no longer reads a bid, by name.
pub fn ended_of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Ended>> {
    let rows: Vec<EndedRow> = assignments::table
        .inner_join(people::table.on(people::id.eq(assignments::person_id)))
        .filter(assignments::bid_id.eq(bid.id()))
        .filter(assignments::ended_at.is_not_null())
        .select((assignments::bid_id, people::id, people::name, assignments::ended_at, assignments::submitted_at))
        .load(conn)?;
    Ok(ended(rows))
}

/// Who no longer reads which bid of a round, by name.
pub fn ended_of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<Ended>> {
    let rows: Vec<EndedRow> = assignments::table
        .inner_join(bids::table)
        .inner_join(people::table.on(people::id.eq(assignments::person_id)))
        .filter(bids::round_id.eq(round.id()))
        .filter(assignments::ended_at.is_not_null())
        .select((assignments::bid_id, people::id, people::name, assignments::ended_at, assignments::submitted_at))
        .load(conn)?;
    Ok(ended(rows))
}

/// When each bid of a round was given to those who have it.
pub fn given_at(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<(Id<BidKey>, Moment)>> {
    Ok(assignments::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(assignments::ended_at.is_null())
        .select((assignments::bid_id, assignments::assigned_at))
        .load(conn)?)
}

/// How far the assessment of a bid is.
pub fn readers(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Readers> {
    let submitted: Vec<Option<Moment>> = assignments::table
        .filter(assignments::bid_id.eq(bid.id()))
        .filter(assignments::ended_at.is_null())
        .select(assignments::submitted_at)
        .load(conn)?;
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    Ok(Readers { given_to: count(submitted.len()), submitted: count(submitted.iter().flatten().count()) })
}

/// The bids that one was given and that no conflict hides, with when that was and when one submitted.
pub fn mine(conn: &mut Conn, sight: &Sight) -> Result<Vec<(BidRow, Moment, Option<Moment>)>> {
    let Some(person) = sight.person else { return Ok(Vec::new()) };
    let rows: Vec<(Id<BidKey>, Moment, Option<Moment>)> = assignments::table
        .filter(assignments::person_id.eq(person))
        .filter(assignments::bid_id.eq_any(&sight.assigned))
        .select((assignments::bid_id, assignments::assigned_at, assignments::submitted_at))
        .load(conn)?;
    let bids: Vec<BidRow> = bids::table
        .inner_join(organisations::table)
        .filter(bids::id.eq_any(&sight.assigned))
        .order(bids::id)
        .select(BID)
        .load(conn)?;
    let given = |bid: BidRow| {
        let (_, assigned, submitted) = *rows.iter().find(|(of, ..)| *of == bid.id)?;
        Some((bid, assigned, submitted))
    };
    Ok(bids.into_iter().filter_map(given).collect())
}

/// Takes a bid from an assessor; what they wrote stays.
pub fn end(conn: &mut Conn, bid: Id<BidKey>, person: Id<PersonKey>, now: Moment) -> Result<()> {
    let standing = assignments::table.filter(assignments::bid_id.eq(bid)).filter(assignments::person_id.eq(person));
    update(standing.filter(assignments::ended_at.is_null()))
        .set((assignments::ended_at.eq(Some(now)), assignments::version.eq(assignments::version + 1)))
        .execute(conn)?;
    Ok(())
}

/// The bids that a person has to read or has read and that are not decided yet, with their rounds: what is decided stays as it
/// was read.
pub fn given_to(conn: &mut Conn, person: Id<PersonKey>) -> Result<Vec<(Id<BidKey>, Id<RoundKey>)>> {
    Ok(assignments::table
        .inner_join(bids::table)
        .filter(assignments::person_id.eq(person))
        .filter(assignments::ended_at.is_null())
        .filter(bids::kind.eq_any([BidKind::Waiting, BidKind::Review]))
        .order(bids::id)
        .select((bids::id, bids::round_id))
        .load(conn)?)
}

/// Counts a change of an assessment that stands at `version`; whether it was so.
pub fn touch(conn: &mut Conn, bid: &Granted<BidKey>, person: Id<PersonKey>, version: i32) -> Result<bool> {
    let standing = assignments::table
        .filter(assignments::bid_id.eq(bid.id()))
        .filter(assignments::person_id.eq(person))
        .filter(assignments::version.eq(version));
    Ok(update(standing).set(assignments::version.eq(version + 1)).execute(conn)? == 1)
}

/// Submits an assessment that stands at `version` and is not submitted; whether it was so.
pub fn submit(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    person: Id<PersonKey>,
    (version, now): (i32, Moment),
) -> Result<bool> {
    let standing = assignments::table
        .filter(assignments::bid_id.eq(bid.id()))
        .filter(assignments::person_id.eq(person))
        .filter(assignments::version.eq(version))
        .filter(assignments::submitted_at.is_null());
    let change = (assignments::submitted_at.eq(Some(now)), assignments::version.eq(version + 1));
    Ok(update(standing).set(change).execute(conn)? == 1)
}
