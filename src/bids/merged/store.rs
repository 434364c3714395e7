//! The SQL of answers of bids that became part of another. They are found by the proposal that was done; the room of
//! partnerships keeps it.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::Value;

use super::model::MergedAnswer;
use crate::{
    db::{
        Conn, Doc,
        schema::{answers, bids, organisations, partnership_proposals as proposals},
    },
    error::Result,
    funds::rulebook::Stage,
    identity::policy::Granted,
    ids::{BidKey, Id},
};

/// The answers of a stage of every bid that became part of this one, or of one that did, by reference and question.
pub fn answers(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<Vec<MergedAnswer>> {
    let ended = ended(conn, bid.id())?;
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, String, String, Doc<Value>)> = answers::table
        .inner_join(bids::table.inner_join(organisations::table))
        .filter(answers::bid_id.eq_any(ended))
        .filter(answers::stage.eq(stage))
        .order((bids::reference, answers::question))
        .select((bids::reference, organisations::name, answers::question, answers::value))
        .load(conn)?;
    let answer = |(reference, lead, question, value): (_, _, _, Doc<Value>)| MergedAnswer {
        reference,
        lead,
        question,
        value: value.0,
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// For which stage a bid was written when it became part of another.
pub fn stage_at_end(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Option<Stage>> {
    let merged = proposals::table.filter(proposals::other_bid_id.eq(Some(bid.id())));
    Ok(merged.filter(proposals::state.eq("done")).select(proposals::stage).first(conn).optional()?)
}

fn ended(conn: &mut Conn, into: Id<BidKey>) -> Result<BTreeSet<Id<BidKey>>> {
    let (mut known, mut next) = (BTreeSet::new(), vec![into]);
    while !next.is_empty() {
        let found: Vec<Option<Id<BidKey>>> = proposals::table
            .filter(proposals::bid_id.eq_any(&next))
            .filter(proposals::state.eq("done"))
            .filter(proposals::other_bid_id.is_not_null())
            .select(proposals::other_bid_id)
            .load(conn)?;
        next = found.into_iter().flatten().filter(|bid| known.insert(*bid)).collect();
    }
    Ok(known)
}
