//! The SQL of what was submitted, which nothing changes any more.

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*};

use crate::{
    bids::{documents, model::VersionInfo},
    clock::Moment,
    db::{
        Conn,
        schema::{bid_versions, bids},
    },
    error::{AppError, Result},
    funds::rulebook::Stage,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

/// Keeps a submitted version as exactly the text that was hashed, and the documents that it names; gives its number.
pub fn keep_version(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
    (stage, text, hash): (Stage, &str, &[u8]),
    (now, by): (Moment, Id<PersonKey>),
) -> Result<i32> {
    let number: i64 = bid_versions::table
        .filter(bid_versions::bid_id.eq(bid.id()))
        .filter(bid_versions::stage.eq(stage))
        .count()
        .get_result(conn)?;
    let number = i32::try_from(number + 1).map_err(AppError::internal)?;
    insert_into(bid_versions::table)
        .values((
            bid_versions::id.eq(id),
            bid_versions::bid_id.eq(bid.id()),
            bid_versions::stage.eq(stage),
            bid_versions::number.eq(number),
            bid_versions::data.eq(text),
            bid_versions::hash.eq(hash),
            bid_versions::submitted_at.eq(now),
            bid_versions::submitted_by.eq(by),
        ))
        .execute(conn)?;
    documents::store::keep(conn, bid, stage)?;
    Ok(number)
}

/// The submitted versions, oldest first.
pub fn versions(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<VersionInfo>> {
    let rows: Vec<(Id<RowKey>, Stage, i32, Vec<u8>, Moment)> = bid_versions::table
        .filter(bid_versions::bid_id.eq(bid.id()))
        .order((bid_versions::submitted_at, bid_versions::number))
        .select((
            bid_versions::id,
            bid_versions::stage,
            bid_versions::number,
            bid_versions::hash,
            bid_versions::submitted_at,
        ))
        .load(conn)?;
    let info = |(id, stage, number, hash, submitted_at): (_, _, _, Vec<u8>, _)| VersionInfo {
        stage,
        number,
        hash: hex::encode(hash),
        submitted_at,
        id: Some(id),
    };
    Ok(rows.into_iter().map(info).collect())
}

/// One submitted version and its text.
pub fn version(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    stage: Stage,
    number: i32,
) -> Result<Option<(VersionInfo, String)>> {
    let row: Option<(Id<RowKey>, Vec<u8>, Moment, String)> = bid_versions::table
        .filter(bid_versions::bid_id.eq(bid.id()))
        .filter(bid_versions::stage.eq(stage))
        .filter(bid_versions::number.eq(number))
        .select((bid_versions::id, bid_versions::hash, bid_versions::submitted_at, bid_versions::data))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, hash, submitted_at, text)| {
        (VersionInfo { stage, number, hash: hex::encode(hash), submitted_at, id: Some(id) }, text)
    }))
}

/// The text of the version that stands for a stage: the newest submitted.
pub fn standing_text(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<Option<String>> {
    Ok(bid_versions::table
        .filter(bid_versions::bid_id.eq(bid.id()))
        .filter(bid_versions::stage.eq(stage))
        .order(bid_versions::number.desc())
        .select(bid_versions::data)
        .first(conn)
        .optional()?)
}

/// When the version that stands for a stage was submitted, and by whom.
pub fn submitted(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<(Moment, Id<PersonKey>)> {
    Ok(bid_versions::table
        .filter(bid_versions::bid_id.eq(bid.id()))
        .filter(bid_versions::stage.eq(stage))
        .order(bid_versions::number.desc())
        .select((bid_versions::submitted_at, bid_versions::submitted_by))
        .first(conn)?)
}

/// The texts of the versions that stand for a stage, by the bids of a round.
pub fn standing_texts(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    stage: Stage,
) -> Result<BTreeMap<Id<BidKey>, String>> {
    let rows: Vec<(Id<BidKey>, String)> = bid_versions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bid_versions::stage.eq(stage))
        .order(bid_versions::number)
        .select((bids::id, bid_versions::data))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
