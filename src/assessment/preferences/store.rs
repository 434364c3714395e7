//! The SQL of preferences. Who could read a bid and has no wish has no row.

use std::collections::BTreeMap;

use diesel::{delete, insert_into, prelude::*};

use super::model::Preference;
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{assessor_preferences, bids},
    },
    each,
    error::Result,
    identity::policy::{Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// What the reader has said of the bids of a round, by bid, without those that a conflict hides from them.
pub(super) fn own(conn: &mut Conn, sight: &Sight, round: Id<RoundKey>) -> Result<BTreeMap<Id<BidKey>, Preference>> {
    let rows: Vec<(Id<BidKey>, Preference)> = assessor_preferences::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(assessor_preferences::person_id.nullable().eq(sight.person))
        .select((assessor_preferences::bid_id, assessor_preferences::preference))
        .load(conn)?;
    Ok(rows.into_iter().filter(|(bid, _)| !sight.hidden.contains(bid)).collect())
}

/// What everybody has said of the bids of a round.
pub(super) fn of_round(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
) -> Result<Vec<(Id<BidKey>, Id<PersonKey>, Preference)>> {
    Ok(assessor_preferences::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .select((assessor_preferences::bid_id, assessor_preferences::person_id, assessor_preferences::preference))
        .load(conn)?)
}

/// Keeps what somebody says of a bid in the place of what they have said before.
pub(super) fn keep(
    conn: &mut Conn,
    _: &Granted<RoundKey>,
    (person, bid): (Id<PersonKey>, Id<BidKey>),
    (preference, now): (Preference, Moment),
) -> Result<()> {
    if preference == Preference::Neutral {
        delete(assessor_preferences::table.find((person, bid))).execute(conn)?;
        return Ok(());
    }
    let row = (
        assessor_preferences::person_id.eq(person),
        assessor_preferences::bid_id.eq(bid),
        assessor_preferences::preference.eq(preference),
        assessor_preferences::said_at.eq(now),
    );
    let again = (assessor_preferences::preference.eq(preference), assessor_preferences::said_at.eq(now));
    each!(conn, |conn| insert_into(assessor_preferences::table)
        .values(row)
        .on_conflict((assessor_preferences::person_id, assessor_preferences::bid_id))
        .do_update()
        .set(again)
        .execute(conn))?;
    Ok(())
}
