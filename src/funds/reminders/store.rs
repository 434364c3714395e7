//! The SQL of a round's reminders.

use diesel::{insert_into, prelude::*, update};

use super::model::{Reminders, USUAL};
use crate::{
    clock::Moment,
    db::{
        Conn, Doc,
        schema::{milestone_changes, round_reminders},
    },
    each,
    error::Result,
    funds::model::Milestone,
    identity::policy::Granted,
    ids::{BidKey, Id, RoundKey},
};

/// The reminders of a round, or the usual ones.
///
/// # Errors
/// When the database fails.
pub fn of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<Reminders> {
    let row: Option<(Doc<Vec<u8>>, i32)> = round_reminders::table
        .find(round)
        .select((round_reminders::days, round_reminders::version))
        .first(conn)
        .optional()?;
    Ok(row.map_or_else(
        || Reminders { days: USUAL.to_vec(), version: 0 },
        |(days, version)| Reminders { days: days.0, version },
    ))
}

/// Puts a round's reminders in the place of those at `version`; says whether those stood.
///
/// # Errors
/// When the database fails.
pub fn put(conn: &mut Conn, round: &Granted<RoundKey>, version: i32, days: Vec<u8>) -> Result<bool> {
    let days = Doc(days);
    if version == 0 {
        let row =
            (round_reminders::round_id.eq(round.id()), round_reminders::days.eq(&days), round_reminders::version.eq(1));
        let put = each!(conn, |conn| insert_into(round_reminders::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn))?;
        return Ok(put == 1);
    }
    let before = round_reminders::table.find(round.id()).filter(round_reminders::version.eq(version));
    let changed = (round_reminders::days.eq(&days), round_reminders::version.eq(version + 1));
    Ok(update(before).set(changed).execute(conn)? == 1)
}

/// The closings that single bids have of their own, whether or not they came into force: a bid that does not go by its own
/// has nobody reminded of it.
pub(super) fn own_times(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<(Option<Id<BidKey>>, Milestone, Moment)>> {
    Ok(milestone_changes::table
        .filter(milestone_changes::round_id.eq(round))
        .filter(milestone_changes::bid_id.is_not_null())
        .select((milestone_changes::bid_id, milestone_changes::milestone, milestone_changes::to_at))
        .load(conn)?)
}
