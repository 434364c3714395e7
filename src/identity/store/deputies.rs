//! What the deputies of funds and those of organisations are read as: they stand in tables of their own, in one shape.

use chrono::NaiveDate;

use super::people;
use crate::{
    db::Conn,
    error::Result,
    identity::deputies::Deputy,
    ids::{Id, PersonKey, RowKey},
};

/// A deputy as a table has it: its id, in whose place, who acts, the first and the last day, and why.
pub type Row = (Id<RowKey>, Id<PersonKey>, Id<PersonKey>, NaiveDate, NaiveDate, String);

/// Deputies with what the people are called.
///
/// # Errors
/// When the database fails.
pub fn named(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Deputy>> {
    let deputy = |(id, principal, deputy, from, until, reason): Row| {
        let (principal_name, deputy_name) = (people::person(conn, principal)?.name, people::person(conn, deputy)?.name);
        Ok(Deputy { id, principal, principal_name, deputy, deputy_name, from, until, reason })
    };
    rows.into_iter().map(deputy).collect()
}
