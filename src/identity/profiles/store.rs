//! The SQL of organisations' profiles.

use diesel::{insert_into, prelude::*, update};

use super::model::{Kept, Profile};
use crate::{
    clock::Moment,
    db::{Conn, Doc, schema::organisation_profiles as profiles},
    error::Result,
    identity::policy::Granted,
    ids::{Id, OrganisationKey, PersonKey},
};

type Row = (Doc<Profile>, i32, Option<Id<PersonKey>>, Moment);

/// An organisation's profile; an empty one of version 0 where nothing was ever written.
///
/// # Errors
/// When the database fails.
pub fn of(conn: &mut Conn, organisation: &Granted<OrganisationKey>) -> Result<Kept> {
    let row: Option<Row> = profiles::table
        .find(organisation.id())
        .select((profiles::said, profiles::version, profiles::changed_by, profiles::changed_at))
        .first(conn)
        .optional()?;
    let kept = |(said, version, by, at): Row| Kept { profile: said.0, version, changed: Some((by, at)) };
    Ok(row.map(kept).unwrap_or_default())
}

/// Writes a profile over the one that stands at `version`, which is 0 where there is none; says whether it did.
///
/// # Errors
/// When the database fails.
pub fn put(
    conn: &mut Conn,
    organisation: &Granted<OrganisationKey>,
    version: i32,
    profile: &Profile,
    (by, now): (Option<Id<PersonKey>>, Moment),
) -> Result<bool> {
    // Read first, so that PostgreSQL calls two first writers a lost race, which runs again, and not a broken constraint.
    if of(conn, organisation)?.version != version {
        return Ok(false);
    }
    let columns = (
        profiles::said.eq(Doc(profile.clone())),
        profiles::version.eq(version + 1),
        profiles::changed_by.eq(by),
        profiles::changed_at.eq(now),
    );
    if version == 0 {
        insert_into(profiles::table)
            .values((profiles::organisation_id.eq(organisation.id()), columns))
            .execute(conn)?;
    } else {
        update(profiles::table.find(organisation.id())).set(columns).execute(conn)?;
    }
    Ok(true)
}
