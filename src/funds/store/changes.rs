//! The SQL of changed milestones: of a whole round, and of single bids that have more time.

use diesel::{insert_into, prelude::*, update};

use crate::{
    clock::Moment,
    db::{
        Conn, Doc,
        schema::{milestone_changes as changes, reopenings},
    },
    error::Result,
    funds::{
        change::{Change, End, Ground, Instants, Said},
        model::{Milestone, Round, RoundInFull, Timetable},
        reopening::{self, SetAside},
        rulebook::Stage,
    },
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

/// Adds a change to those of its round or bid. Whoever makes it has been asked before.
pub fn insert_change(conn: &mut Conn, change: &Change) -> Result<()> {
    insert_into(changes::table)
        .values((
            changes::id.eq(change.id),
            changes::round_id.eq(change.round_id),
            changes::bid_id.eq(change.bid_id),
            changes::milestone.eq(change.milestone),
            changes::number.eq(change.number),
            changes::from_at.eq(change.from_at),
            changes::to_at.eq(change.to_at),
            changes::ground.eq(change.ground),
            changes::reason.eq(&change.reason),
            changes::at_once.eq(change.at_once),
            changes::made_by.eq(change.made_by),
            changes::made_at.eq(change.made_at),
        ))
        .execute(conn)?;
    if let Some(named) = &change.reopening {
        insert_into(reopenings::table)
            .values((reopenings::change_id.eq(change.id), reopenings::questions.eq(&named.questions)))
            .execute(conn)?;
    }
    Ok(())
}

/// The changes of a round's own milestones, in the order in which they were made.
pub fn changes_of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Change>> {
    Ok(changes::table
        .left_join(reopenings::table)
        .filter(changes::round_id.eq(round))
        .filter(changes::bid_id.is_null())
        .order(changes::number)
        .select(Change::as_select())
        .load(conn)?)
}

/// The changes for one bid alone, in the order in which they were made.
pub fn changes_of_bid(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<Change>> {
    Ok(changes::table
        .left_join(reopenings::table)
        .filter(changes::bid_id.eq(bid))
        .order(changes::number)
        .select(Change::as_select())
        .load(conn)?)
}

/// A change by its id, for the jobs that follow it.
pub fn change(conn: &mut Conn, id: Id<RowKey>) -> Result<Change> {
    let change = changes::table.left_join(reopenings::table).filter(changes::id.eq(id));
    Ok(change.select(Change::as_select()).first(conn)?)
}

/// Notes the second person behind a change; says whether it still waited for one.
pub fn agree(conn: &mut Conn, change: Id<RowKey>, (person, now): (Id<PersonKey>, Moment)) -> Result<bool> {
    let waiting = changes::table.find(change).filter(changes::confirmed_at.is_null()).filter(changes::ended.is_null());
    let set = (changes::confirmed_by.eq(Some(person)), changes::confirmed_at.eq(Some(now)));
    Ok(update(waiting).set(set).execute(conn)? == 1)
}

/// Ends a proposal that never came into force; says whether it was still one.
pub fn end(conn: &mut Conn, change: Id<RowKey>, end: End) -> Result<bool> {
    let waiting = changes::table
        .find(change)
        .filter(changes::confirmed_at.is_null())
        .filter(changes::ended.is_null())
        .filter(changes::at_once.eq(false));
    Ok(update(waiting).set(changes::ended.eq(Some(Doc(end)))).execute(conn)? == 1)
}

/// Notes an objection to a change that is in force; says whether it was the first.
pub fn object(conn: &mut Conn, change: Id<RowKey>, said: Said) -> Result<bool> {
    let standing = changes::table
        .find(change)
        .filter(changes::confirmed_at.is_null())
        .filter(changes::objection.is_null())
        .filter(changes::at_once.eq(true));
    Ok(update(standing).set(changes::objection.eq(Some(Doc(said)))).execute(conn)? == 1)
}

/// Notes what was set aside when a reopening came into force.
pub fn set_aside(conn: &mut Conn, change: Id<RowKey>, written: Vec<SetAside>) -> Result<()> {
    update(reopenings::table.find(change)).set(reopenings::set_aside.eq(Some(Doc(written)))).execute(conn)?;
    Ok(())
}

/// Notes that a newer version was submitted by a reopening, which ends it.
pub fn use_up(conn: &mut Conn, change: Id<RowKey>, now: Moment) -> Result<()> {
    update(reopenings::table.find(change)).set(reopenings::used_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

/// The reopening by which alone the form of a stage is open to a bid now, if that is so.
pub fn reopening_of(
    conn: &mut Conn,
    (round, bid): (Id<RoundKey>, Id<BidKey>),
    stage: Stage,
    now: Moment,
) -> Result<Option<Change>> {
    let Some(published) = super::timetable(conn, round)?.closes(stage) else { return Ok(None) };
    let own = changes_of_bid(conn, bid)?;
    Ok(reopening::in_force(published, &own, Milestone::closing(stage), now).cloned())
}

/// The timetable that a bid goes by: its round's, but for what closes later for this bid alone.
pub fn timetable_of(conn: &mut Conn, round: Id<RoundKey>, bid: Id<BidKey>) -> Result<Timetable> {
    let Timetable(mut rows) = super::timetable(conn, round)?;
    let own = changes_of_bid(conn, bid)?;
    for (milestone, at) in &mut rows {
        let of_it = own.iter().filter(|change| change.milestone == *milestone && change.used_at().is_none());
        *at = Instants::of(*at, of_it).in_force.max(*at);
    }
    Ok(Timetable(rows))
}

/// A round with its fund, rules and the timetable that a bid goes by.
pub fn in_full_for(conn: &mut Conn, round: Round, bid: Id<BidKey>) -> Result<RoundInFull> {
    let timetable = timetable_of(conn, round.id, bid)?;
    Ok(RoundInFull { timetable, ..super::in_full(conn, round)? })
}

/// The bids for which a milestone is not over at `now` though the round's own may be. At the very instant one is still in
/// time. What is reopened is public already, and stays so while the version that stands can be replaced.
pub fn bids_with_more_time(
    conn: &mut Conn,
    round: Id<RoundKey>,
    milestone: Milestone,
    now: Moment,
) -> Result<Vec<Id<BidKey>>> {
    let found: Vec<Option<Id<BidKey>>> = changes::table
        .filter(changes::round_id.eq(round))
        .filter(changes::milestone.eq(milestone))
        .filter(changes::bid_id.is_not_null())
        .filter(changes::at_once.eq(true).or(changes::confirmed_at.is_not_null()))
        .filter(changes::to_at.ge(now))
        .filter(changes::ground.ne(Ground::Reopening))
        .select(changes::bid_id)
        .distinct()
        .load(conn)?;
    Ok(found.into_iter().flatten().collect())
}
