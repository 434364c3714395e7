//! People, their memberships and their roles for funds. Giving and taking a role demands policy's yes; whatever is read
//! here is about the asker, or for a room that has policy's yes itself.

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*, update};

use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{fund_roles, funds, memberships, organisations, people},
    },
    each,
    error::{AppError, Result},
    identity::{
        model::{Appointment, FundRole, MemberRole, Membership, Person},
        policy::{Granted, GrantedService},
    },
    ids::{FundKey, Id, OrganisationKey, PersonKey, RowKey},
    mail::{Address, Language},
};

/// A person by id.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn person(conn: &mut Conn, id: Id<PersonKey>) -> Result<Person> {
    people::table.find(id).first(conn).optional()?.ok_or(AppError::NotFound)
}

/// What a person is called; "Somebody" once they are not known any more.
///
/// # Errors
/// When the database fails.
pub fn name_of(conn: &mut Conn, id: Id<PersonKey>) -> Result<String> {
    let name: Option<String> = people::table.find(id).select(people::name).first(conn).optional()?;
    Ok(name.unwrap_or_else(|| "Somebody".into()))
}

/// What these people are called; whoever is not known any more has no name here.
///
/// # Errors
/// When the database fails.
pub fn names_of(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = Id<PersonKey>>,
) -> Result<BTreeMap<Id<PersonKey>, String>> {
    let named: Vec<(Id<PersonKey>, String)> =
        people::table.filter(people::id.eq_any(ids)).select((people::id, people::name)).load(conn)?;
    Ok(named.into_iter().collect())
}

/// A person by e-mail address.
///
/// # Errors
/// When the database fails.
pub fn person_by_email(conn: &mut Conn, email: &Address) -> Result<Option<Person>> {
    Ok(people::table.filter(people::email.eq(email)).first(conn).optional()?)
}

/// The person with this address: the one who is known, or a new one with the id and the name.
///
/// # Errors
/// When the database fails.
pub fn register(conn: &mut Conn, id: Id<PersonKey>, email: &Address, name: &str, now: Moment) -> Result<Person> {
    let row = (
        people::id.eq(id),
        people::email.eq(email),
        people::name.eq(name),
        people::service_admin.eq(false),
        people::created_at.eq(now),
        people::version.eq(1),
    );
    each!(conn, |conn| insert_into(people::table).values(row).on_conflict_do_nothing().execute(conn))?;
    person_by_email(conn, email)?.ok_or(AppError::NotFound)
}

/// Lets a person run the instance.
///
/// # Errors
/// When the database fails.
pub fn make_service_admin(conn: &mut Conn, _granted: &GrantedService, person: Id<PersonKey>) -> Result<()> {
    update(people::table.find(person))
        .set((people::service_admin.eq(true), people::version.eq(people::version + 1)))
        .execute(conn)?;
    Ok(())
}

/// Says in which language somebody wants to read mail. For themself.
///
/// # Errors
/// When the database fails.
pub fn read_in(conn: &mut Conn, person: Id<PersonKey>, language: Language) -> Result<()> {
    update(people::table.find(person))
        .set((people::language.eq(language), people::version.eq(people::version + 1)))
        .execute(conn)?;
    Ok(())
}

/// The people who run the instance, by name.
///
/// # Errors
/// When the database fails.
pub fn service_admins(conn: &mut Conn) -> Result<Vec<Person>> {
    Ok(people::table.filter(people::service_admin).order((people::name, people::id)).load(conn)?)
}

/// Gives a person a role in an organisation, and says whether they lacked it; one who had it before has it again.
///
/// # Errors
/// When the database fails.
pub fn join(
    conn: &mut Conn,
    organisation: &Granted<OrganisationKey>,
    (person, role): (Id<PersonKey>, MemberRole),
    id: Id<RowKey>,
    now: Moment,
) -> Result<bool> {
    let none: Option<Moment> = None;
    let row = (
        memberships::id.eq(id),
        memberships::person_id.eq(person),
        memberships::organisation_id.eq(organisation.id()),
        memberships::role.eq(role),
        memberships::created_at.eq(now),
    );
    let upsert = insert_into(memberships::table)
        .values(row)
        .on_conflict((memberships::person_id, memberships::organisation_id, memberships::role))
        .do_update()
        .set(memberships::ended_at.eq(none));
    // The prelude's `filter` is for queries alone.
    let again = diesel::query_dsl::methods::FilterDsl::filter(upsert, memberships::ended_at.is_not_null());
    let given = each!(conn, |conn| again.execute(conn))?;
    Ok(given == 1)
}

/// Takes a role in an organisation away.
///
/// # Errors
/// [`AppError::NotFound`] when the person does not have it.
pub fn leave(
    conn: &mut Conn,
    organisation: &Granted<OrganisationKey>,
    (person, role): (Id<PersonKey>, MemberRole),
    now: Moment,
) -> Result<()> {
    let ended = update(
        memberships::table
            .filter(memberships::organisation_id.eq(organisation.id()))
            .filter(memberships::person_id.eq(person))
            .filter(memberships::role.eq(role))
            .filter(memberships::ended_at.is_null()),
    )
    .set(memberships::ended_at.eq(now))
    .execute(conn)?;
    if ended == 1 { Ok(()) } else { Err(AppError::NotFound) }
}

/// What a person is in organisations, by the organisations' names.
///
/// # Errors
/// When the database fails.
pub fn memberships(conn: &mut Conn, person: Id<PersonKey>) -> Result<Vec<Membership>> {
    let rows: Vec<(Id<OrganisationKey>, String, MemberRole)> = memberships::table
        .inner_join(organisations::table)
        .filter(memberships::person_id.eq(person))
        .filter(memberships::ended_at.is_null())
        .order((organisations::name, memberships::role))
        .select((memberships::organisation_id, organisations::name, memberships::role))
        .load(conn)?;
    Ok(rows.into_iter().map(|(organisation, name, role)| Membership { organisation, name, role }).collect())
}

/// What a person is for funds, by the funds' names.
///
/// # Errors
/// When the database fails.
pub fn appointments(conn: &mut Conn, person: Id<PersonKey>) -> Result<Vec<Appointment>> {
    let rows: Vec<(Id<FundKey>, String, FundRole)> = fund_roles::table
        .inner_join(funds::table)
        .filter(fund_roles::person_id.eq(person))
        .filter(fund_roles::ended_at.is_null())
        .order((funds::name, fund_roles::role))
        .select((fund_roles::fund_id, funds::name, fund_roles::role))
        .load(conn)?;
    Ok(rows.into_iter().map(|(fund, name, role)| Appointment { fund, name, role }).collect())
}

/// The people of an organisation, each as often as they have roles, by name.
///
/// # Errors
/// When the database fails.
pub fn members(conn: &mut Conn, organisation: &Granted<OrganisationKey>) -> Result<Vec<(Person, MemberRole)>> {
    with_roles(conn, organisation.id(), MemberRole::ALL)
}

/// The people of an organisation who have a role: to whom mail for that role goes.
///
/// # Errors
/// When the database fails.
pub fn people_with(conn: &mut Conn, organisation: Id<OrganisationKey>, role: MemberRole) -> Result<Vec<Person>> {
    Ok(with_roles(conn, organisation, &[role])?.into_iter().map(|(person, _)| person).collect())
}

fn with_roles(
    conn: &mut Conn,
    organisation: Id<OrganisationKey>,
    roles: &[MemberRole],
) -> Result<Vec<(Person, MemberRole)>> {
    let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
    let rows = memberships::table
        .inner_join(people::table)
        .filter(memberships::organisation_id.eq(organisation))
        .filter(memberships::ended_at.is_null())
        .filter(memberships::role.eq_any(words))
        .order((people::name, people::id, memberships::role))
        .select((people::all_columns, memberships::role))
        .load(conn)?;
    Ok(rows)
}
