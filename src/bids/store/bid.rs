//! The SQL of a bid itself: its row, its version, and the state that it stands in.

use diesel::{delete, insert_into, prelude::*, update};

use crate::{
    bids::model::Bid,
    clock::Moment,
    db::{
        Conn,
        schema::{bids, choices_of_bids, rounds, withdrawals},
    },
    error::{AppError, Result},
    identity::policy::{BidKind, Granted},
    ids::{BidKey, Id, OrganisationKey, RoundKey},
    money::Pence,
};

/// The id behind a reference: the first step of every use case, before policy is asked.
pub fn id_of(conn: &mut Conn, reference: &str) -> Result<Id<BidKey>> {
    let found = bids::table.filter(bids::reference.eq(reference)).select(bids::id).first(conn).optional()?;
    found.ok_or(AppError::NotFound)
}

/// A bid.
pub fn load(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Bid> {
    Ok(bids::table.find(bid.id()).select(Bid::as_select()).first(conn)?)
}

/// The next free reference of a round. Looking before taking it makes PostgreSQL call two that take the same at once a
/// lost race, which runs again, and not a broken constraint.
pub fn next_reference(conn: &mut Conn, round: Id<RoundKey>) -> Result<String> {
    let prefix: String = rounds::table.find(round).select(rounds::prefix).first(conn)?;
    let mut number: i64 = bids::table.filter(bids::round_id.eq(round)).count().get_result(conn)?;
    loop {
        number += 1;
        let reference = format!("{prefix}-{number:04}");
        let holder: Option<Id<BidKey>> =
            bids::table.filter(bids::reference.eq(&reference)).select(bids::id).first(conn).optional()?;
        if holder.is_none() {
            return Ok(reference);
        }
    }
}

/// Puts a bid in.
pub fn insert(conn: &mut Conn, _: &Granted<OrganisationKey>, bid: &Bid) -> Result<()> {
    insert_into(bids::table)
        .values((
            bids::id.eq(bid.id),
            bids::reference.eq(&bid.reference),
            bids::round_id.eq(bid.round_id),
            bids::lead_id.eq(bid.lead_id),
            bids::workflow_id.eq(bid.workflow_id),
            bids::state.eq(&bid.state),
            bids::kind.eq(bid.kind),
            bids::title.eq(&bid.title),
            bids::phase.eq(&bid.phase),
            bids::ask_pence.eq(bid.ask_pence),
            bids::known.eq(&bid.known),
            bids::created_by.eq(bid.created_by),
            bids::created_at.eq(bid.created_at),
            bids::updated_at.eq(bid.updated_at),
            bids::version.eq(bid.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// What of a bid's heading changes.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = bids)]
pub struct Heading {
    /// A new title.
    pub title: Option<String>,
    /// A new phase.
    pub phase: Option<String>,
    /// A new ask.
    pub ask_pence: Option<Pence>,
}

/// Changes the heading of a bid that stands at `version`; says whether it did.
pub fn change_heading(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    version: i32,
    heading: &Heading,
    now: Moment,
) -> Result<bool> {
    let changed = update(bids::table.find(bid.id()).filter(bids::version.eq(version)))
        .set((heading, bids::updated_at.eq(now), bids::version.eq(version + 1)))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Writes title, phase and ask anew, as they stood; whoever does it counts the change.
pub fn put_heading(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (title, phase, ask_pence): (&str, Option<&str>, Option<Pence>),
) -> Result<()> {
    update(bids::table.find(bid.id()))
        .set((bids::title.eq(title), bids::phase.eq(phase), bids::ask_pence.eq(ask_pence)))
        .execute(conn)?;
    Ok(())
}

/// Counts a change of a bid's parts, if it stands at `version`; says whether it did.
pub fn touch_if(conn: &mut Conn, bid: &Granted<BidKey>, version: i32, now: Moment) -> Result<bool> {
    change_version(conn, bid, Some(version), now)
}

/// Counts a change of a bid's parts.
pub fn touch(conn: &mut Conn, bid: &Granted<BidKey>, now: Moment) -> Result<()> {
    change_version(conn, bid, None, now).map(drop)
}

fn change_version(conn: &mut Conn, bid: &Granted<BidKey>, version: Option<i32>, now: Moment) -> Result<bool> {
    let stands: i32 = bids::table.find(bid.id()).select(bids::version).first(conn)?;
    if version.is_some_and(|version| version != stands) {
        return Ok(false);
    }
    update(bids::table.find(bid.id())).set((bids::updated_at.eq(now), bids::version.eq(stands + 1))).execute(conn)?;
    Ok(true)
}

/// Moves a bid to another state. For `journey` alone, which has asked the workflow.
pub fn move_to(
    conn: &mut Conn,
    bid: Id<BidKey>,
    from: &str,
    (state, kind): (&str, BidKind),
    now: Moment,
) -> Result<bool> {
    let changed = update(bids::table.find(bid).filter(bids::state.eq(from)))
        .set((
            bids::state.eq(state),
            bids::kind.eq(kind),
            bids::updated_at.eq(now),
            bids::version.eq(bids::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Gives a bid another lead authority, and says whether it was led as expected. A choice of the one before among its drafts is
/// none of the new one's.
pub fn change_lead(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (from, to): (Id<OrganisationKey>, Id<OrganisationKey>),
    now: Moment,
) -> Result<bool> {
    delete(choices_of_bids::table.find(bid.id())).execute(conn)?;
    let led = bids::table.find(bid.id()).filter(bids::lead_id.eq(from));
    let changed = update(led)
        .set((bids::lead_id.eq(to), bids::updated_at.eq(now), bids::version.eq(bids::version + 1)))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Notes when a bid was last submitted, from which on it is not withdrawn any more if it ever was.
pub fn mark_submitted(conn: &mut Conn, bid: &Granted<BidKey>, now: Moment) -> Result<()> {
    update(bids::table.find(bid.id())).set(bids::submitted_at.eq(Some(now))).execute(conn)?;
    delete(withdrawals::table.find(bid.id())).execute(conn)?;
    Ok(())
}

/// Notes that the councils of a bid took it back: it no longer counts among those that its lead has submitted.
pub fn mark_withdrawn(conn: &mut Conn, bid: &Granted<BidKey>, now: Moment) -> Result<()> {
    delete(withdrawals::table.find(bid.id())).execute(conn)?;
    let row = (withdrawals::bid_id.eq(bid.id()), withdrawals::withdrawn_at.eq(now));
    insert_into(withdrawals::table).values(row).execute(conn)?;
    Ok(())
}
