//! The SQL of the hours that bids took.

use diesel::{insert_into, prelude::*};

use super::model::Said;
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bid_hours, bids},
    },
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, OrganisationKey, PersonKey, RoundKey},
};

/// What an organisation said last, and the version of that; nothing at 0 where it never said anything.
pub fn of(conn: &mut Conn, bid: &Granted<BidKey>, organisation: Id<OrganisationKey>) -> Result<(Option<i32>, i32)> {
    let row: Option<(Option<i32>, i32)> = bid_hours::table
        .filter(bid_hours::bid_id.eq(bid.id()))
        .filter(bid_hours::organisation_id.eq(organisation))
        .order(bid_hours::version.desc())
        .select((bid_hours::hours, bid_hours::version))
        .first(conn)
        .optional()?;
    Ok(row.unwrap_or_default())
}

/// Writes what an organisation says after what it said at `version`.
pub fn put(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (organisation, version): (Id<OrganisationKey>, i32),
    hours: Option<i32>,
    (by, now): (Option<Id<PersonKey>>, Moment),
) -> Result<()> {
    insert_into(bid_hours::table)
        .values((
            bid_hours::bid_id.eq(bid.id()),
            bid_hours::organisation_id.eq(organisation),
            bid_hours::hours.eq(hours),
            bid_hours::version.eq(version + 1),
            bid_hours::given_by.eq(by),
            bid_hours::given_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Everything that organisations ever said of the bids of a round, in the order in which they said it. It is nobody's to read:
/// what is public of it is for [`published`](super::model::published) to say.
///
/// # Errors
/// When the database fails.
pub fn of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Said>> {
    Ok(bid_hours::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .order((bid_hours::given_at, bid_hours::bid_id, bid_hours::organisation_id, bid_hours::version))
        .select((bid_hours::bid_id, bid_hours::organisation_id, bid_hours::hours, bid_hours::given_at))
        .load(conn)?)
}
