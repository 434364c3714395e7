//! The SQL of the history: append and read.

use diesel::{insert_into, prelude::*, update};
use sha2::{Digest, Sha256};

use super::{Chain, ChainKey, Data, Happened};
use crate::{
    db::{
        Conn,
        schema::{chains, events},
    },
    each,
    error::{AppError, Result},
    ids::Id,
};

/// The head of an empty chain.
pub(super) const ORIGIN: [u8; 32] = [0; 32];

/// The hash of an event: over the hash before it and exactly the bytes of its data.
pub(super) fn link(previous: &[u8], data: &str) -> Vec<u8> {
    Sha256::new().chain_update(previous).chain_update(data.as_bytes()).finalize().to_vec()
}

/// Appends an event to its chain and gives its place in it.
pub fn append(conn: &mut Conn, happened: Happened<'_>) -> Result<i64> {
    let (length, head) = head_of(conn, happened.chain)?;
    let seq = length + 1;
    let data = serde_json::to_string(&Data {
        seq,
        kind: happened.kind.into(),
        at: happened.at,
        actor: happened.actor.recorded(),
        detail: happened.detail,
    })?;
    let hash = link(&head, &data);
    let chain = happened.chain.id();
    // The chain first: of two who append at once the second waits for it and begins anew, instead of finding its place taken.
    update(chains::table.find(chain)).set((chains::length.eq(seq), chains::head.eq(&hash))).execute(conn)?;
    insert_into(events::table)
        .values((
            events::chain.eq(chain),
            events::seq.eq(seq),
            events::kind.eq(happened.kind),
            events::at.eq(happened.at),
            events::data.eq(&data),
            events::hash.eq(&hash),
        ))
        .execute(conn)?;
    Ok(seq)
}

fn head_of(conn: &mut Conn, chain: Chain) -> Result<(i64, Vec<u8>)> {
    let known = chains::table
        .find(chain.id())
        .select((chains::length, chains::head))
        .first::<(i64, Vec<u8>)>(conn)
        .optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    let origin = ORIGIN.to_vec();
    let row = (
        chains::subject.eq(chain.id()),
        chains::kind.eq(chain.kind()),
        chains::length.eq(0_i64),
        chains::head.eq(&origin),
    );
    each!(conn, |conn| insert_into(chains::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok((0, origin))
}

/// A chain's events as they were written, oldest first.
pub fn of_chain(conn: &mut Conn, chain: Id<ChainKey>) -> Result<Vec<(i64, String, Vec<u8>)>> {
    let rows = events::table
        .filter(events::chain.eq(chain))
        .order(events::seq)
        .select((events::seq, events::data, events::hash))
        .load(conn)?;
    Ok(rows)
}

/// The newest event of a chain, if there is one.
pub fn newest(conn: &mut Conn, chain: Chain) -> Result<Option<Data>> {
    let data: Option<String> = events::table
        .filter(events::chain.eq(chain.id()))
        .order(events::seq.desc())
        .select(events::data)
        .first(conn)
        .optional()?;
    data.map(|data| serde_json::from_str(&data).map_err(AppError::from)).transpose()
}

/// A chain's history, oldest first.
pub fn history(conn: &mut Conn, chain: Chain) -> Result<Vec<Data>> {
    of_chain(conn, chain.id())?
        .into_iter()
        .map(|(_, data, _)| serde_json::from_str(&data).map_err(AppError::from))
        .collect()
}
