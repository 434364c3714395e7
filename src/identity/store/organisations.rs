//! Organisations. Who they are is public; changing them demands policy's yes.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::{delete, insert_into, prelude::*, update};

use crate::{
    db::{
        Conn,
        schema::{organisation_names, organisations},
    },
    error::{AppError, Result},
    identity::{
        model::{Organisation, folded},
        policy::GrantedService,
    },
    ids::{Id, OrganisationKey},
};

/// More steps than this lead round in a circle.
const LONGEST_SUCCESSION: usize = 10;

/// An organisation by id.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn by_id(conn: &mut Conn, id: Id<OrganisationKey>) -> Result<Organisation> {
    organisations::table.find(id).first(conn).optional()?.ok_or(AppError::NotFound)
}

/// Organisations by ids, by name.
///
/// # Errors
/// When the database fails.
pub fn by_ids(conn: &mut Conn, ids: &[Id<OrganisationKey>]) -> Result<Vec<Organisation>> {
    Ok(organisations::table.filter(organisations::id.eq_any(ids)).order(organisations::name).load(conn)?)
}

/// The organisation that a text names: by code, ONS code, org-id, or a name that it has or had, in any case. Where
/// several had the name, the one that exists still.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, text: &str) -> Result<Option<Organisation>> {
    let capitals = text.trim().to_uppercase();
    let by_code = organisations::table
        .filter(
            organisations::code
                .eq(&capitals)
                .or(organisations::ons_code.eq(&capitals))
                .or(organisations::org_id.eq(&capitals)),
        )
        .order(organisations::id)
        .first(conn)
        .optional()?;
    match by_code {
        Some(found) => Ok(Some(found)),
        None => by_name(conn, text),
    }
}

fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Organisation>> {
    let found = organisations::table
        .inner_join(organisation_names::table)
        .filter(organisation_names::folded.eq(folded(name)))
        .order((organisations::ends_on.is_not_null(), organisations::id))
        .select(organisations::all_columns)
        .first(conn)
        .optional()?;
    Ok(found)
}

/// The organisation that does the work of `of` on a day: itself while it exists, otherwise whoever took over.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such organisation.
pub fn successor(conn: &mut Conn, of: Id<OrganisationKey>, on: NaiveDate) -> Result<Organisation> {
    let mut organisation = by_id(conn, of)?;
    for _ in 0..LONGEST_SUCCESSION {
        match organisation.replaced_by {
            Some(next) if organisation.ends_on.is_some_and(|gone| gone <= on) => organisation = by_id(conn, next)?,
            _ => break,
        }
    }
    Ok(organisation)
}

/// One page of the organisations whose names, now or formerly, contain the words of `search`, in the order of their
/// codes and beginning after `after`.
///
/// # Errors
/// When the database fails.
pub fn page(conn: &mut Conn, search: &str, after: Option<&str>, limit: i64) -> Result<Vec<Organisation>> {
    let mut query = organisations::table.order(organisations::code).limit(limit).into_boxed();
    if let Some(code) = after {
        query = query.filter(organisations::code.gt(code.to_owned()));
    }
    let words = folded(search);
    if !words.is_empty() {
        // Folded text has letters, digits and blanks only: nothing in it is a wildcard.
        let named = organisation_names::table
            .filter(organisation_names::folded.like(format!("%{words}%")))
            .select(organisation_names::organisation_id);
        query = query.filter(organisations::id.eq_any(named));
    }
    Ok(query.load(conn)?)
}

/// The names that an organisation has and had, by spelling.
///
/// # Errors
/// When the database fails.
pub fn names_of(conn: &mut Conn, id: Id<OrganisationKey>) -> Result<Vec<String>> {
    Ok(organisation_names::table
        .filter(organisation_names::organisation_id.eq(id))
        .order(organisation_names::folded)
        .select(organisation_names::name)
        .load(conn)?)
}

/// Every organisation: an import holds its lines against them.
///
/// # Errors
/// When the database fails.
pub fn every(conn: &mut Conn) -> Result<Vec<Organisation>> {
    Ok(organisations::table.order(organisations::code).load(conn)?)
}

/// Adds an organisation.
///
/// # Errors
/// When the database fails, as with a code that another has.
pub fn add(conn: &mut Conn, _granted: &GrantedService, new: &Organisation) -> Result<()> {
    insert_into(organisations::table)
        .values((
            organisations::id.eq(new.id),
            organisations::code.eq(&new.code),
            organisations::signed_declaration.eq(new.signed_declaration),
            organisations::version.eq(new.version),
            columns_of(new),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes an organisation over the one with its id.
///
/// # Errors
/// When the database fails.
pub fn change(conn: &mut Conn, _granted: &GrantedService, changed: &Organisation) -> Result<()> {
    update(organisations::table.find(changed.id))
        .set((organisations::version.eq(organisations::version + 1), columns_of(changed)))
        .execute(conn)?;
    Ok(())
}

type Columns<'a> = (
    diesel::dsl::Eq<organisations::name, &'a str>,
    diesel::dsl::Eq<organisations::kind, crate::identity::model::OrganisationKind>,
    diesel::dsl::Eq<organisations::nation, crate::identity::model::Nation>,
    diesel::dsl::Eq<organisations::ons_code, Option<&'a str>>,
    diesel::dsl::Eq<organisations::org_id, Option<&'a str>>,
    diesel::dsl::Eq<organisations::mail_domain, Option<&'a str>>,
    diesel::dsl::Eq<organisations::starts_on, Option<NaiveDate>>,
    diesel::dsl::Eq<organisations::ends_on, Option<NaiveDate>>,
    diesel::dsl::Eq<organisations::replaced_by, Option<Id<OrganisationKey>>>,
);

fn columns_of(organisation: &Organisation) -> Columns<'_> {
    (
        organisations::name.eq(organisation.name.as_str()),
        organisations::kind.eq(organisation.kind),
        organisations::nation.eq(organisation.nation),
        organisations::ons_code.eq(organisation.ons_code.as_deref()),
        organisations::org_id.eq(organisation.org_id.as_deref()),
        organisations::mail_domain.eq(organisation.mail_domain.as_deref()),
        organisations::starts_on.eq(organisation.starts_on),
        organisations::ends_on.eq(organisation.ends_on),
        organisations::replaced_by.eq(organisation.replaced_by),
    )
}

/// Sets the names that find an organisation, and says whether that changed any.
///
/// # Errors
/// When the database fails.
pub fn set_names(
    conn: &mut Conn,
    _granted: &GrantedService,
    id: Id<OrganisationKey>,
    names: &[String],
) -> Result<bool> {
    let wanted: BTreeMap<String, &String> =
        names.iter().map(|name| (folded(name), name)).filter(|(folded, _)| !folded.is_empty()).collect();
    let known = names_of(conn, id)?;
    if known.iter().eq(wanted.values().copied()) {
        return Ok(false);
    }
    delete(organisation_names::table.filter(organisation_names::organisation_id.eq(id))).execute(conn)?;
    for (folded, name) in wanted {
        insert_into(organisation_names::table)
            .values((
                organisation_names::folded.eq(folded),
                organisation_names::organisation_id.eq(id),
                organisation_names::name.eq(name),
            ))
            .execute(conn)?;
    }
    Ok(true)
}
