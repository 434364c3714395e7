//! The SQL of the sift's marks: added to, never changed.

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*};

use super::super::model::{Mark, Marked, NewMark};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, sift_marks},
    },
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

type Row = (Id<BidKey>, String, i32, Mark, Option<String>);

/// The marks that count on each bid of a round.
pub fn marks_of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeMap<Id<BidKey>, Vec<Marked>>> {
    let rows: Vec<Row> = sift_marks::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .order(sift_marks::number.desc())
        .select((sift_marks::bid_id, sift_marks::question, sift_marks::number, sift_marks::mark, sift_marks::caveat))
        .load(conn)?;
    let mut marks: BTreeMap<Id<BidKey>, Vec<Marked>> = BTreeMap::new();
    for (bid, question, number, mark, caveat) in rows {
        add_newest(marks.entry(bid).or_default(), Marked { question, number, mark, caveat });
    }
    Ok(marks)
}

/// The marks that count on one bid.
pub fn marks_of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Marked>> {
    let rows: Vec<(String, i32, Mark, Option<String>)> = sift_marks::table
        .filter(sift_marks::bid_id.eq(bid.id()))
        .order(sift_marks::number.desc())
        .select((sift_marks::question, sift_marks::number, sift_marks::mark, sift_marks::caveat))
        .load(conn)?;
    let mut marks = Vec::new();
    for (question, number, mark, caveat) in rows {
        add_newest(&mut marks, Marked { question, number, mark, caveat });
    }
    Ok(marks)
}

/// By question, when the mark was given that counts on one bid.
pub fn marked_at(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<BTreeMap<String, Moment>> {
    let rows: Vec<(String, Moment)> = sift_marks::table
        .filter(sift_marks::bid_id.eq(bid.id()))
        .order(sift_marks::number)
        .select((sift_marks::question, sift_marks::created_at))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Marks come newest first: of each question the first is kept.
fn add_newest(marks: &mut Vec<Marked>, marked: Marked) {
    if !marks.iter().any(|known| known.question == marked.question) {
        marks.push(marked);
    }
}

/// Adds a mark after the `last` one on the same answer.
pub fn append_mark(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (id, last): (Id<RowKey>, i32),
    new: &NewMark,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    insert_into(sift_marks::table)
        .values((
            sift_marks::id.eq(id),
            sift_marks::bid_id.eq(bid.id()),
            sift_marks::question.eq(&new.question),
            sift_marks::number.eq(last + 1),
            sift_marks::mark.eq(new.mark),
            sift_marks::caveat.eq(new.words()),
            sift_marks::person_id.eq(person),
            sift_marks::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
