//! The SQL of scores: added to, never changed.

use diesel::{insert_into, prelude::*};

use super::super::model::{NewScore, Score};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, scores},
    },
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

/// Every score that a person gave a bid.
pub fn own_scores(conn: &mut Conn, bid: &Granted<BidKey>, person: Id<PersonKey>) -> Result<Vec<Score>> {
    Ok(scores::table
        .filter(scores::bid_id.eq(bid.id()))
        .filter(scores::person_id.eq(person))
        .order((scores::criterion, scores::number))
        .select(Score::as_select())
        .load(conn)?)
}

/// Every score that anybody gave a bid.
pub fn scores_of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<(Id<PersonKey>, Score)>> {
    Ok(scores::table
        .filter(scores::bid_id.eq(bid.id()))
        .order((scores::person_id, scores::criterion, scores::number))
        .select((scores::person_id, Score::as_select()))
        .load(conn)?)
}

/// Every score that anybody gave a bid of the round.
pub fn scores_of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<(Id<BidKey>, Id<PersonKey>, Score)>> {
    Ok(scores::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .order((scores::bid_id, scores::person_id, scores::criterion, scores::number))
        .select((scores::bid_id, scores::person_id, Score::as_select()))
        .load(conn)?)
}

/// Adds a score after the `last` one of the same person on the same criterion.
pub fn append_score(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (id, last): (Id<RowKey>, i32),
    new: &NewScore,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    insert_into(scores::table)
        .values((
            scores::id.eq(id),
            scores::bid_id.eq(bid.id()),
            scores::person_id.eq(person),
            scores::criterion.eq(&new.criterion),
            scores::number.eq(last + 1),
            scores::value.eq(new.value),
            scores::justification.eq(new.justification.trim()),
            scores::confidence.eq(new.confidence),
            scores::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
