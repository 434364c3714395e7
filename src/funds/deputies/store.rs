//! The SQL of deputies.

use chrono::NaiveDate;
use diesel::{insert_into, prelude::*, update};

use crate::{
    clock::Moment,
    db::{Conn, schema::deputies},
    error::Result,
    identity::{
        deputies::{Deputy, NewDeputy},
        policy::Granted,
        store::deputies::{Row, named},
    },
    ids::{FundKey, Id, PersonKey, RowKey},
};

/// The deputies of a fund whose last day is not over, by their first day.
pub fn of_fund(conn: &mut Conn, fund: &Granted<FundKey>, today: NaiveDate) -> Result<Vec<Deputy>> {
    let rows: Vec<Row> = deputies::table
        .filter(deputies::fund_id.eq(fund.id()))
        .filter(deputies::ended_at.is_null())
        .filter(deputies::until_day.ge(today))
        .order((deputies::from_day, deputies::id))
        .select((
            deputies::id,
            deputies::principal_id,
            deputies::deputy_id,
            deputies::from_day,
            deputies::until_day,
            deputies::reason,
        ))
        .load(conn)?;
    named(conn, rows)
}

/// Who acts for whom today, principal first. For the room that counts approvals, which has policy's yes itself.
///
/// # Errors
/// When the database fails.
pub fn in_force(conn: &mut Conn, fund: Id<FundKey>, today: NaiveDate) -> Result<Vec<(Id<PersonKey>, Id<PersonKey>)>> {
    Ok(deputies::table
        .filter(deputies::fund_id.eq(fund))
        .filter(deputies::ended_at.is_null())
        .filter(deputies::from_day.le(today))
        .filter(deputies::until_day.ge(today))
        .select((deputies::principal_id, deputies::deputy_id))
        .load(conn)?)
}

/// Puts a deputy in.
pub fn insert(
    conn: &mut Conn,
    fund: &Granted<FundKey>,
    (id, principal): (Id<RowKey>, Id<PersonKey>),
    new: &NewDeputy,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    let row = (
        deputies::id.eq(id),
        deputies::fund_id.eq(fund.id()),
        deputies::principal_id.eq(principal),
        deputies::deputy_id.eq(new.deputy),
        deputies::from_day.eq(new.from),
        deputies::until_day.eq(new.until),
        deputies::reason.eq(new.reason.trim()),
        deputies::named_by.eq(person),
        deputies::named_at.eq(now),
    );
    insert_into(deputies::table).values(row).execute(conn)?;
    Ok(())
}

/// Ends a deputy's days.
pub fn end(conn: &mut Conn, fund: &Granted<FundKey>, id: Id<RowKey>, now: Moment) -> Result<()> {
    let standing = deputies::table.find(id).filter(deputies::fund_id.eq(fund.id()));
    update(standing.filter(deputies::ended_at.is_null())).set(deputies::ended_at.eq(Some(now))).execute(conn)?;
    Ok(())
}
