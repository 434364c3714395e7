//! Checkpoints: the heads of all chains, signed, so that even the newest events cannot be cut off unseen.
//!
//! A checkpoint is kept in the database and, where `CHECKPOINT_DIR` is set, as a file that may lie off the machine.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use diesel::{insert_into, prelude::*};
use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::ChainKey;
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{chains, checkpoints},
    },
    error::{AppError, Result},
    ids::{Id, RowKey},
};

/// What is signed: every chain's length and head at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heads {
    /// When it was taken.
    pub at: Moment,
    /// The chains, in the order of their ids.
    pub chains: Vec<Head>,
}

/// One chain at the time of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The chain.
    pub chain: Id<ChainKey>,
    /// How many events it had.
    pub length: i64,
    /// The hash of the last, in hexadecimal digits.
    pub head: String,
}

/// A checkpoint as it lies in the database and in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// [`Heads`] as exactly the text that was signed.
    pub data: String,
    /// The Ed25519 signature, in base64.
    pub signature: String,
}

impl Checkpoint {
    /// The heads, if `key` signed them.
    pub fn heads(&self, key: &VerifyingKey) -> Option<Heads> {
        let bytes = STANDARD.decode(&self.signature).ok()?;
        let signature = ed25519_dalek::Signature::from_slice(&bytes).ok()?;
        key.verify(self.data.as_bytes(), &signature).ok()?;
        serde_json::from_str(&self.data).ok()
    }
}

/// Signs the heads of all chains and keeps the checkpoint.
pub fn take(conn: &mut Conn, id: Id<RowKey>, now: Moment, key: &SigningKey) -> Result<Checkpoint> {
    let rows: Vec<(Id<ChainKey>, i64, Vec<u8>)> =
        chains::table.order(chains::subject).select((chains::subject, chains::length, chains::head)).load(conn)?;
    let chains =
        rows.into_iter().map(|(chain, length, head)| Head { chain, length, head: hex::encode(head) }).collect();
    let data = serde_json::to_string(&Heads { at: now, chains })?;
    let signature = key.sign(data.as_bytes()).to_bytes();
    insert_into(checkpoints::table)
        .values((
            checkpoints::id.eq(id),
            checkpoints::at.eq(now),
            checkpoints::data.eq(&data),
            checkpoints::signature.eq(signature.to_vec()),
        ))
        .execute(conn)?;
    Ok(Checkpoint { data, signature: STANDARD.encode(signature) })
}

/// Every checkpoint of the database, oldest first.
pub fn kept(conn: &mut Conn) -> Result<Vec<Checkpoint>> {
    let rows: Vec<(String, Vec<u8>)> =
        checkpoints::table.order(checkpoints::at).select((checkpoints::data, checkpoints::signature)).load(conn)?;
    Ok(rows.into_iter().map(|(data, signature)| Checkpoint { data, signature: STANDARD.encode(signature) }).collect())
}

/// Writes a checkpoint as a file of the folder, named by its instant.
pub fn write_to(folder: &Path, now: Moment, checkpoint: &Checkpoint) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let name = format!("checkpoint-{:020}.json", now.micros());
    std::fs::write(folder.join(name), serde_json::to_vec(checkpoint)?)
}

/// Reads the checkpoints of a folder, oldest first.
pub fn read_from(folder: &Path) -> Result<Vec<Checkpoint>> {
    let listing = std::fs::read_dir(folder).map_err(AppError::internal)?;
    let mut paths: Vec<_> = listing.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read(path).map_err(AppError::internal)?;
            serde_json::from_slice(&text).map_err(AppError::from)
        })
        .collect()
}
