//! The SQL of signatories' deputies.

use chrono::NaiveDate;
use diesel::{insert_into, prelude::*, update};

use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{memberships, signatory_deputies as deputies},
    },
    error::Result,
    identity::{
        deputies::{Deputy, NewDeputy},
        model::{MemberRole, Person},
        policy::Granted,
        store::{
            deputies::{Row, named},
            people,
        },
    },
    ids::{Id, OrganisationKey, PersonKey, RowKey},
};

/// The deputies of an organisation whose last day is not over, by their first day.
pub fn of_organisation(
    conn: &mut Conn,
    organisation: &Granted<OrganisationKey>,
    today: NaiveDate,
) -> Result<Vec<Deputy>> {
    let rows: Vec<Row> = deputies::table
        .filter(deputies::organisation_id.eq(organisation.id()))
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

/// Puts a deputy in.
pub fn insert(
    conn: &mut Conn,
    organisation: &Granted<OrganisationKey>,
    (id, principal): (Id<RowKey>, Id<PersonKey>),
    new: &NewDeputy,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    let row = (
        deputies::id.eq(id),
        deputies::organisation_id.eq(organisation.id()),
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
pub fn end(conn: &mut Conn, organisation: &Granted<OrganisationKey>, id: Id<RowKey>, now: Moment) -> Result<()> {
    let standing = deputies::table.find(id).filter(deputies::organisation_id.eq(organisation.id()));
    update(standing.filter(deputies::ended_at.is_null())).set(deputies::ended_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

/// Somebody who can sign for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Who signs.
    pub person: Person,
    /// In whose place, if they are a deputy.
    pub principal: Option<Person>,
}

impl Seat {
    /// Whether this person signs, or it is done in their place: the two count as one.
    pub fn is(&self, person: Id<PersonKey>) -> bool {
        self.person.id == person || self.principal.as_ref().is_some_and(|principal| principal.id == person)
    }
}

/// Everybody who can sign for an organisation today: its signatories, and those who act for one of them. For rooms that ask for
/// signatures and have policy's yes themselves.
///
/// # Errors
/// When the database fails.
pub fn seats(conn: &mut Conn, organisation: Id<OrganisationKey>, today: NaiveDate) -> Result<Vec<Seat>> {
    let signatories = people::people_with(conn, organisation, MemberRole::Signatory)?;
    let acting: Vec<(Id<PersonKey>, Id<PersonKey>)> = deputies::table
        .filter(deputies::organisation_id.eq(organisation))
        .filter(deputies::ended_at.is_null())
        .filter(deputies::from_day.le(today))
        .filter(deputies::until_day.ge(today))
        .order(deputies::id)
        .select((deputies::principal_id, deputies::deputy_id))
        .load(conn)?;
    let mut seats: Vec<Seat> =
        signatories.iter().map(|person| Seat { person: person.clone(), principal: None }).collect();
    for (principal, deputy) in acting {
        let principal = signatories.iter().find(|signatory| signatory.id == principal);
        if principal.is_some() && works_there(conn, organisation, deputy)? {
            seats.push(Seat { person: people::person(conn, deputy)?, principal: principal.cloned() });
        }
    }
    Ok(seats)
}

/// In which way somebody can sign for an organisation today, if they can.
///
/// # Errors
/// When the database fails.
pub fn seat_of(
    conn: &mut Conn,
    organisation: Id<OrganisationKey>,
    person: Option<Id<PersonKey>>,
    today: NaiveDate,
) -> Result<Option<Seat>> {
    Ok(seats(conn, organisation, today)?.into_iter().find(|seat| Some(seat.person.id) == person))
}

fn works_there(conn: &mut Conn, organisation: Id<OrganisationKey>, person: Id<PersonKey>) -> Result<bool> {
    let roles: i64 = memberships::table
        .filter(memberships::organisation_id.eq(organisation))
        .filter(memberships::person_id.eq(person))
        .filter(memberships::ended_at.is_null())
        .count()
        .get_result(conn)?;
    Ok(roles > 0)
}
