//! The SQL of moving bids to another version of their workflow.

use diesel::{insert_into, prelude::*, update};

use crate::{
    bids::model::Bid,
    clock::Moment,
    db::{
        Conn,
        schema::{bids, chains, decisions, workflow_moved_bids, workflow_moves},
    },
    error::{AppError, Result},
    events::Chain,
    identity::policy::{Granted, Sight},
    ids::{BidKey, Id, RoundKey, RowKey, WorkflowKey},
};

/// The submitted bids of a round that are pinned to a version, by reference, without those that are hidden.
pub fn pinned(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    sight: &Sight,
    workflow: Id<WorkflowKey>,
) -> Result<Vec<Bid>> {
    Ok(bids::table
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::workflow_id.eq(workflow))
        .filter(bids::kind.ne("draft"))
        .filter(bids::submitted_at.is_not_null())
        .filter(bids::id.ne_all(&sight.hidden))
        .order(bids::reference)
        .select(Bid::as_select())
        .load(conn)?)
}

/// Pins a bid that stands as `bid` says to another version, in another state of the same kind; says whether it stood so.
pub fn repin(conn: &mut Conn, bid: &Bid, (workflow, state): (Id<WorkflowKey>, &str), now: Moment) -> Result<bool> {
    let standing = bids::table
        .find(bid.id)
        .filter(bids::workflow_id.eq(bid.workflow_id))
        .filter(bids::state.eq(&bid.state))
        .filter(bids::version.eq(bid.version));
    let changed = update(standing)
        .set((
            bids::workflow_id.eq(workflow),
            bids::state.eq(state),
            bids::updated_at.eq(now),
            bids::version.eq(bid.version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// A move of bids.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = workflow_moves)]
pub struct MoveRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// The version from which.
    pub from_number: i32,
    /// The version to which.
    pub to_number: i32,
    /// When.
    pub moved_at: Moment,
    /// When it was undone.
    pub undone_at: Option<Moment>,
}

/// Puts a move in.
pub fn insert_move(conn: &mut Conn, round: &Granted<RoundKey>, new: &MoveRow) -> Result<()> {
    insert_into(workflow_moves::table)
        .values((
            workflow_moves::id.eq(new.id),
            workflow_moves::round_id.eq(round.id()),
            workflow_moves::from_number.eq(new.from_number),
            workflow_moves::to_number.eq(new.to_number),
            workflow_moves::moved_at.eq(new.moved_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// The moves of a round, newest first.
pub fn moves(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<MoveRow>> {
    Ok(workflow_moves::table
        .filter(workflow_moves::round_id.eq(round.id()))
        .order(workflow_moves::id.desc())
        .select(MoveRow::as_select())
        .load(conn)?)
}

/// One move of a round.
///
/// # Errors
/// `NotFound`.
pub fn one_move(conn: &mut Conn, round: &Granted<RoundKey>, id: Id<RowKey>) -> Result<MoveRow> {
    let found = workflow_moves::table
        .find(id)
        .filter(workflow_moves::round_id.eq(round.id()))
        .select(MoveRow::as_select())
        .first(conn)
        .optional()?;
    found.ok_or(AppError::NotFound)
}

/// Notes that a move was undone; says whether it stood until now.
pub fn mark_undone(conn: &mut Conn, id: Id<RowKey>, now: Moment) -> Result<bool> {
    let standing = workflow_moves::table.find(id).filter(workflow_moves::undone_at.is_null());
    Ok(update(standing).set(workflow_moves::undone_at.eq(Some(now))).execute(conn)? == 1)
}

/// A bid that was moved, as it stood right after.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = workflow_moved_bids)]
pub struct MovedRow {
    /// The bid.
    pub bid_id: Id<BidKey>,
    /// Its state before.
    pub from_state: String,
    /// Its state after.
    pub to_state: String,
    /// Its version after.
    pub bid_version: i32,
    /// The place of the move in its history.
    pub seq: i64,
}

/// Puts in how a bid was moved.
pub fn insert_moved(conn: &mut Conn, id: Id<RowKey>, moved: &MovedRow) -> Result<()> {
    insert_into(workflow_moved_bids::table)
        .values((
            workflow_moved_bids::move_id.eq(id),
            workflow_moved_bids::bid_id.eq(moved.bid_id),
            workflow_moved_bids::from_state.eq(&moved.from_state),
            workflow_moved_bids::to_state.eq(&moved.to_state),
            workflow_moved_bids::bid_version.eq(moved.bid_version),
            workflow_moved_bids::seq.eq(moved.seq),
        ))
        .execute(conn)?;
    Ok(())
}

/// The bids of a move.
pub fn moved(conn: &mut Conn, id: Id<RowKey>) -> Result<Vec<MovedRow>> {
    Ok(workflow_moved_bids::table
        .filter(workflow_moved_bids::move_id.eq(id))
        .order(workflow_moved_bids::bid_id)
        .select(MovedRow::as_select())
        .load(conn)?)
}

/// Whether a bid stands exactly as right after its move: its row, its history, and what was decided on it.
pub fn is_untouched(conn: &mut Conn, moved: &MovedRow, since: Moment) -> Result<bool> {
    let version: i32 = bids::table.find(moved.bid_id).select(bids::version).first(conn)?;
    let length: i64 = chains::table.find(Chain::Bid(moved.bid_id).id()).select(chains::length).first(conn)?;
    let decided: i64 = decisions::table
        .filter(decisions::bid_id.eq(moved.bid_id))
        .filter(decisions::decided_at.ge(since))
        .count()
        .get_result(conn)?;
    Ok(version == moved.bid_version && length == moved.seq && decided == 0)
}
