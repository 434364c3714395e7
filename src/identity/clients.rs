//! API clients: programs that act for an organisation, with a secret that is shown once and kept as a hash.
//!
//! A client is checked in the database at each request, so that revoking it works at once.

use diesel::{insert_into, prelude::*, update};

use super::{
    model::ApiClient,
    policy::Granted,
    secrets::{self, client_secret},
};
use crate::{
    clock::Moment,
    db::{Conn, schema::api_clients},
    error::{AppError, Result},
    ids::{ClientKey, Id, IdSource, OrganisationKey, PersonKey},
};

type Columns = (
    api_clients::id,
    api_clients::name,
    api_clients::organisation_id,
    api_clients::created_at,
    api_clients::revoked_at,
    api_clients::version,
);
const COLUMNS: Columns = (
    api_clients::id,
    api_clients::name,
    api_clients::organisation_id,
    api_clients::created_at,
    api_clients::revoked_at,
    api_clients::version,
);

/// A client on its way in. Made outside the transaction, so that its secret is never part of a stored answer.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// The id it shall have.
    pub id: Id<ClientKey>,
    /// What its owners call it.
    pub name: String,
    secret: Vec<u8>,
}

impl NewClient {
    /// A new client and the secret to show, once.
    pub fn make(ids: &IdSource, name: String, now: Moment) -> (Self, String) {
        let (id, secret) = (ids.fresh(now), client_secret(ids));
        (Self { id, name, secret: hash_of(id, &secret) }, secret)
    }
}

fn hash_of(id: Id<ClientKey>, secret: &str) -> Vec<u8> {
    secrets::hash(id.uuid().as_bytes(), secret.as_bytes())
}

/// Lets a client act for an organisation.
///
/// # Errors
/// When the database fails.
pub fn create(
    conn: &mut Conn,
    organisation: &Granted<OrganisationKey>,
    new: &NewClient,
    by: Id<PersonKey>,
    now: Moment,
) -> Result<ApiClient> {
    insert_into(api_clients::table)
        .values((
            api_clients::id.eq(new.id),
            api_clients::name.eq(&new.name),
            api_clients::organisation_id.eq(organisation.id()),
            api_clients::role.eq("member"),
            api_clients::secret.eq(&new.secret),
            api_clients::created_by.eq(by),
            api_clients::created_at.eq(now),
            api_clients::version.eq(1),
        ))
        .execute(conn)?;
    Ok(api_clients::table.find(new.id).select(COLUMNS).first(conn)?)
}

/// The clients of an organisation, the newest first.
///
/// # Errors
/// When the database fails.
pub fn of_organisation(conn: &mut Conn, organisation: &Granted<OrganisationKey>) -> Result<Vec<ApiClient>> {
    Ok(api_clients::table
        .filter(api_clients::organisation_id.eq(organisation.id()))
        .order((api_clients::created_at.desc(), api_clients::id.desc()))
        .select(COLUMNS)
        .load(conn)?)
}

/// A client of an organisation.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn find(conn: &mut Conn, organisation: &Granted<OrganisationKey>, client: Id<ClientKey>) -> Result<ApiClient> {
    api_clients::table
        .find(client)
        .filter(api_clients::organisation_id.eq(organisation.id()))
        .select(COLUMNS)
        .first(conn)
        .optional()?
        .ok_or(AppError::NotFound)
}

/// Revokes a client: its tokens open nothing from now on. Revoking it again changes nothing.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn revoke(
    conn: &mut Conn,
    organisation: &Granted<OrganisationKey>,
    client: Id<ClientKey>,
    now: Moment,
) -> Result<ApiClient> {
    update(
        api_clients::table
            .find(client)
            .filter(api_clients::organisation_id.eq(organisation.id()))
            .filter(api_clients::revoked_at.is_null()),
    )
    .set((api_clients::revoked_at.eq(now), api_clients::version.eq(api_clients::version + 1)))
    .execute(conn)?;
    find(conn, organisation, client)
}

/// Whether a client exists and was not revoked.
///
/// # Errors
/// When the database fails.
pub fn is_live(conn: &mut Conn, client: Id<ClientKey>) -> Result<bool> {
    let live: Option<Id<ClientKey>> = api_clients::table
        .find(client)
        .filter(api_clients::revoked_at.is_null())
        .select(api_clients::id)
        .first(conn)
        .optional()?;
    Ok(live.is_some())
}

/// Whether `secret` is the secret of a live client.
///
/// # Errors
/// When the database fails.
pub fn knows_secret(conn: &mut Conn, client: Id<ClientKey>, secret: &str) -> Result<bool> {
    let kept: Option<Vec<u8>> = api_clients::table
        .find(client)
        .filter(api_clients::revoked_at.is_null())
        .select(api_clients::secret)
        .first(conn)
        .optional()?;
    // An unknown client costs the same hash and comparison as a known one.
    let right = secrets::same(&hash_of(client, secret), kept.as_deref().unwrap_or(&[0; 32]));
    Ok(right && kept.is_some())
}
