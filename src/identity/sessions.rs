//! Sessions: opaque tokens, hashed in the database.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    actor::SignedIn,
    clock::Moment,
    db::{Conn, schema::sessions},
    error::Result,
    ids::{Id, PersonKey, SessionKey},
};

/// How a token is kept.
pub fn hash_of(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The token that forms of a session carry.
pub fn csrf_of(token: &str) -> String {
    hex::encode(Sha256::new().chain_update("csrf ").chain_update(token).finalize())
}

/// Who is signed in with this token.
pub fn actor_of(conn: &mut Conn, token: &str, _now: Moment) -> Result<Option<SignedIn>> {
    let row: Option<(Id<SessionKey>, Id<PersonKey>, Moment)> = sessions::table
        .filter(sessions::token.eq(hash_of(token)))
        .filter(sessions::ended_at.is_null())
        .select((sessions::id, sessions::person_id, sessions::fresh_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(session, person, fresh_at)| SignedIn { person, session, fresh_at }))
}
