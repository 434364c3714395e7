//! The SQL of comments.

use diesel::{insert_into, prelude::*, update};

use super::model::Comment;
use crate::{
    clock::Moment,
    db::{Conn, schema::answer_comments},
    error::{AppError, Result},
    funds::rulebook::Stage,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RowKey},
};

/// Puts a comment in.
pub fn insert(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage, new: &Comment) -> Result<()> {
    insert_into(answer_comments::table)
        .values((
            answer_comments::id.eq(new.id),
            answer_comments::bid_id.eq(bid.id()),
            answer_comments::stage.eq(stage),
            answer_comments::question.eq(&new.question),
            answer_comments::words.eq(&new.words),
            answer_comments::written_by.eq(new.written_by),
            answer_comments::organisation_id.eq(new.organisation_id),
            answer_comments::written_at.eq(new.written_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// The comments on the answers of a stage, oldest first.
pub fn of_stage(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<Vec<Comment>> {
    Ok(answer_comments::table
        .filter(answer_comments::bid_id.eq(bid.id()))
        .filter(answer_comments::stage.eq(stage))
        .order((answer_comments::written_at, answer_comments::id))
        .select(Comment::as_select())
        .load(conn)?)
}

/// One of a question's comments.
///
/// # Errors
/// `NotFound`.
pub fn one(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (stage, question): (Stage, &str),
    id: Id<RowKey>,
) -> Result<Comment> {
    let found = answer_comments::table
        .find(id)
        .filter(answer_comments::bid_id.eq(bid.id()))
        .filter(answer_comments::stage.eq(stage))
        .filter(answer_comments::question.eq(question))
        .select(Comment::as_select())
        .first(conn)
        .optional()?;
    found.ok_or(AppError::NotFound)
}

/// Calls a comment resolved, unless somebody has done so already.
pub fn resolve(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>, by: Id<PersonKey>, now: Moment) -> Result<()> {
    let open = answer_comments::table
        .find(id)
        .filter(answer_comments::bid_id.eq(bid.id()))
        .filter(answer_comments::resolved_at.is_null());
    let change = (answer_comments::resolved_by.eq(Some(by)), answer_comments::resolved_at.eq(Some(now)));
    update(open).set(change).execute(conn)?;
    Ok(())
}
