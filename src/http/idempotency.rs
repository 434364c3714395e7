//! Idempotency-Key: the first answer to a key is kept in the transaction that made it, and given again.

use actix_web::{HttpRequest, http::Method};
use diesel::{delete, insert_into, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::Scene;
use crate::{
    clock::Moment,
    db::{Conn, schema::idempotency},
    error::{AppError, Result},
};

/// How many characters a key has at most.
pub const LONGEST_KEY: usize = 128;

/// A key with the fingerprint of what it was sent for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    key: String,
    fingerprint: Vec<u8>,
    ours: bool,
}

impl Key {
    /// The key of a piece of work of our own, which its name says whole.
    pub fn named(name: &str) -> Self {
        Self { key: name.into(), fingerprint: Vec::new(), ours: true }
    }

    /// The name of a piece of work of our own; a key that was sent from outside names none.
    pub fn work(&self) -> Option<&str> {
        self.ours.then_some(self.key.as_str())
    }

    /// The key of a request that changes something, if it carries one.
    pub fn of_request(request: &HttpRequest, body: &[u8]) -> Result<Option<Self>> {
        if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(None);
        }
        let Some(value) = request.headers().get("Idempotency-Key") else { return Ok(None) };
        let key = value.to_str().unwrap_or_default();
        if key.is_empty() || key.len() > LONGEST_KEY || key.contains('\t') {
            let message = format!("Send an Idempotency-Key of 1 to {LONGEST_KEY} visible characters of ASCII.");
            return Err(AppError::invalid("Idempotency-Key", "wrong_key", message));
        }
        let fingerprint = Sha256::new()
            .chain_update(request.method().as_str())
            .chain_update([0])
            .chain_update(request.path())
            .chain_update([0])
            .chain_update(body)
            .finalize()
            .to_vec();
        Ok(Some(Self { key: key.into(), fingerprint, ours: false }))
    }

    /// The key that a page of ours put into its form, with what the form says; what is no key names nothing.
    pub fn of_form(key: &str, form: &str) -> Option<Self> {
        let is_key = !key.is_empty() && key.len() <= LONGEST_KEY;
        is_key.then(|| Self { key: key.into(), fingerprint: Sha256::digest(form).to_vec(), ours: false })
    }

    /// The same key for a request that says something in its address too.
    #[must_use]
    pub fn also(&self, said: &str) -> Self {
        let whole = Sha256::new().chain_update(&self.fingerprint).chain_update(said).finalize();
        Self { fingerprint: whole.to_vec(), ..self.clone() }
    }

    /// The key of one part of what this key was sent for.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        let part = Sha256::new().chain_update(&self.key).chain_update([0]).chain_update(name).finalize();
        Self { key: format!("part {}", hex::encode(part)), ..self.clone() }
    }
}

/// Does `body` unless its answer is known already.
pub fn once<T: Serialize + DeserializeOwned>(
    conn: &mut Conn,
    scene: &Scene,
    key: &Key,
    body: impl FnOnce(&mut Conn) -> Result<T>,
) -> Result<T> {
    if let Some(answer) = answered(conn, scene, key)? {
        return Ok(answer);
    }
    let answer = body(conn)?;
    insert_into(idempotency::table)
        .values((
            idempotency::actor.eq(actor_word(scene)),
            idempotency::key.eq(&key.key),
            idempotency::fingerprint.eq(&key.fingerprint),
            idempotency::answer.eq(serde_json::to_string(&answer)?),
            idempotency::created_at.eq(scene.now),
        ))
        .execute(conn)?;
    Ok(answer)
}

/// The answer that a key got already.
///
/// # Errors
/// `Invalid` when it was used for something else.
pub fn answered<T: DeserializeOwned>(conn: &mut Conn, scene: &Scene, key: &Key) -> Result<Option<T>> {
    let known: Option<(Vec<u8>, String)> = idempotency::table
        .find((actor_word(scene), &key.key))
        .select((idempotency::fingerprint, idempotency::answer))
        .first(conn)
        .optional()?;
    match known {
        None => Ok(None),
        Some((fingerprint, answer)) if fingerprint == key.fingerprint => Ok(Some(serde_json::from_str(&answer)?)),
        Some(_) => Err(used_otherwise()),
    }
}

/// Forgets at most so many keys of requests that came before an instant, and says how many. The names of our own work stay:
/// a replay that is run again must find what it has done.
///
/// # Errors
/// When the database fails.
pub fn forget_keys(conn: &mut Conn, before: Moment, most: i64) -> Result<usize> {
    let ours: &[u8] = &[];
    let old: Vec<(String, String)> = idempotency::table
        .filter(idempotency::created_at.lt(before))
        .filter(idempotency::fingerprint.ne(ours))
        .limit(most)
        .select((idempotency::actor, idempotency::key))
        .load(conn)?;
    for (actor, key) in &old {
        delete(idempotency::table.find((actor, key))).execute(conn)?;
    }
    Ok(old.len())
}

fn actor_word(scene: &Scene) -> String {
    let recorded = scene.actor.recorded();
    format!("{} {}", recorded.kind, recorded.id.unwrap_or_default())
}

fn used_otherwise() -> AppError {
    let message = "This Idempotency-Key was used for another request. Send a new key.";
    AppError::invalid("Idempotency-Key", "key_reused", message)
}
