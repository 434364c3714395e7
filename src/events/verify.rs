//! Finds any edit, deletion, reordering or cut tail of the history that the chains and checkpoints cover.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use ed25519_dalek::VerifyingKey;
use serde::Serialize;

use super::{
    ChainKey, Data,
    checkpoint::{self, Checkpoint, Heads},
    store::{ORIGIN, link, of_chain},
};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{chains, events},
    },
    error::Result,
    ids::Id,
};

/// What `roundtable verify` found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Whether nothing was found.
    pub verified: bool,
    /// How many chains were read.
    pub chains: usize,
    /// How many events were read.
    pub events: i64,
    /// How many checkpoints were held against them.
    pub checkpoints: usize,
    /// How many events stand after the newest checkpoint: cutting these off would not be seen.
    pub uncovered: i64,
    /// What is wrong, in words.
    pub findings: Vec<Finding>,
}

/// One thing wrong with the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The chain.
    pub chain: String,
    /// The event's place in it, where one can be named.
    pub seq: Option<i64>,
    /// What is wrong.
    pub what: String,
}

impl Finding {
    fn new(chain: Id<ChainKey>, seq: Option<i64>, what: impl Into<String>) -> Self {
        Self { chain: chain.to_string(), seq, what: what.into() }
    }
}

/// Reads every chain and holds it against its own hashes and against the checkpoints of the database and `outside`.
pub fn verify(conn: &mut Conn, key: &VerifyingKey, outside: &[Checkpoint]) -> Result<Report> {
    let mut report = Report::default();
    let mut lengths = BTreeMap::new();
    let mut seen: BTreeMap<Id<ChainKey>, Vec<String>> = BTreeMap::new();
    for chain in every_chain(conn)? {
        let hashes = read_chain(conn, chain, &mut report)?;
        lengths.insert(chain, i64::try_from(hashes.len()).unwrap_or(i64::MAX));
        seen.insert(chain, hashes);
    }
    report.chains = seen.len();
    report.events = lengths.values().sum();
    let mut checkpoints = checkpoint::kept(conn)?;
    checkpoints.extend_from_slice(outside);
    let newest = hold_against(&checkpoints, key, &seen, &mut report);
    report.uncovered = report.events - covered(newest.as_ref(), &lengths);
    report.verified = report.findings.is_empty();
    Ok(report)
}

/// Chains by their heads and by their events: a deleted head must not hide its events.
fn every_chain(conn: &mut Conn) -> Result<BTreeSet<Id<ChainKey>>> {
    let mut all: BTreeSet<Id<ChainKey>> = chains::table.select(chains::subject).load(conn)?.into_iter().collect();
    all.extend(events::table.select(events::chain).distinct().load::<Id<ChainKey>>(conn)?);
    Ok(all)
}

/// Gives the hashes as the chain's data makes them.
fn read_chain(conn: &mut Conn, chain: Id<ChainKey>, report: &mut Report) -> Result<Vec<String>> {
    let columns: Vec<(i64, String, Moment)> = events::table
        .filter(events::chain.eq(chain))
        .order(events::seq)
        .select((events::seq, events::kind, events::at))
        .load(conn)?;
    let mut previous = ORIGIN.to_vec();
    let mut hashes = Vec::with_capacity(columns.len());
    for (place, ((seq, data, hash), row)) in (1_i64..).zip(of_chain(conn, chain)?.into_iter().zip(&columns)) {
        let found = fault_of(place, &previous, (seq, &data, &hash), row);
        report.findings.extend(found.map(|what| Finding::new(chain, Some(seq), what)));
        hashes.push(hex::encode(&hash));
        previous = hash;
    }
    let head: Option<(i64, Vec<u8>)> =
        chains::table.find(chain).select((chains::length, chains::head)).first(conn).optional()?;
    if head != Some((i64::try_from(columns.len()).unwrap_or(i64::MAX), previous)) {
        report.findings.push(Finding::new(
            chain,
            None,
            "the chain does not end where its head says: its tail was cut or added to",
        ));
    }
    Ok(hashes)
}

fn fault_of(
    place: i64,
    previous: &[u8],
    event: (i64, &str, &[u8]),
    row: &(i64, String, Moment),
) -> Option<&'static str> {
    let (seq, data, hash) = event;
    if link(previous, data) != hash {
        return Some("the event's data or an event before it was changed: its hash does not fit");
    }
    let Ok(read) = serde_json::from_str::<Data>(data) else { return Some("the event's data cannot be read") };
    if seq != place || read.seq != place {
        return Some("an event before it is missing or was moved");
    }
    if read.kind != row.1 || read.at != row.2 {
        return Some("the columns beside the event's data say something else than the data");
    }
    None
}

/// Gives the newest checkpoint that is genuine.
fn hold_against(
    checkpoints: &[Checkpoint],
    key: &VerifyingKey,
    seen: &BTreeMap<Id<ChainKey>, Vec<String>>,
    report: &mut Report,
) -> Option<Heads> {
    let mut newest: Option<Heads> = None;
    for checkpoint in checkpoints {
        report.checkpoints += 1;
        let Some(heads) = checkpoint.heads(key) else {
            report.findings.push(Finding {
                chain: "checkpoints".into(),
                seq: None,
                what: "a checkpoint is not signed by our key".into(),
            });
            continue;
        };
        report.findings.extend(heads.chains.iter().filter_map(|head| missing(head, seen, heads.at)));
        if newest.as_ref().is_none_or(|known| known.at < heads.at) {
            newest = Some(heads);
        }
    }
    report.findings.dedup();
    newest
}

fn missing(head: &checkpoint::Head, seen: &BTreeMap<Id<ChainKey>, Vec<String>>, at: Moment) -> Option<Finding> {
    if head.length == 0 {
        return None;
    }
    let index = usize::try_from(head.length - 1).ok()?;
    let hash = seen.get(&head.chain).and_then(|hashes| hashes.get(index));
    (hash != Some(&head.head)).then(|| {
        let what = format!("the checkpoint of {at} knows another event at this place, or it was cut off");
        Finding::new(head.chain, Some(head.length), what)
    })
}

fn covered(newest: Option<&Heads>, lengths: &BTreeMap<Id<ChainKey>, i64>) -> i64 {
    let heads = newest.map(|heads| heads.chains.as_slice()).unwrap_or_default();
    heads.iter().map(|head| head.length.min(lengths.get(&head.chain).copied().unwrap_or(0))).sum()
}
