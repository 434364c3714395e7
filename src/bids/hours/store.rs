//! The SQL of the hours that bids took.

use std::collections::BTreeSet;

use diesel::{insert_into, prelude::*, update};

use super::model::Figures;
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

/// What an organisation said, and the version of that; nothing at 0 where it never said anything.
pub fn of(conn: &mut Conn, bid: &Granted<BidKey>, organisation: Id<OrganisationKey>) -> Result<(Option<i32>, i32)> {
    let row: Option<(Option<i32>, i32)> = bid_hours::table
        .find((bid.id(), organisation))
        .select((bid_hours::hours, bid_hours::version))
        .first(conn)
        .optional()?;
    Ok(row.unwrap_or_default())
}

/// Writes what an organisation says over what it said at `version`.
pub fn put(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (organisation, version): (Id<OrganisationKey>, i32),
    hours: Option<i32>,
    (by, now): (Option<Id<PersonKey>>, Moment),
) -> Result<()> {
    let columns = (
        bid_hours::hours.eq(hours),
        bid_hours::version.eq(version + 1),
        bid_hours::given_by.eq(by),
        bid_hours::given_at.eq(now),
    );
    if version == 0 {
        let key = (bid_hours::bid_id.eq(bid.id()), bid_hours::organisation_id.eq(organisation));
        insert_into(bid_hours::table).values((key, columns)).execute(conn)?;
    } else {
        update(bid_hours::table.find((bid.id(), organisation))).set(columns).execute(conn)?;
    }
    Ok(())
}

/// The figures of a round as a whole, in which nobody's own answer shows, and when the last answer in them was given. Whether
/// they are public yet is the caller's to have asked.
///
/// # Errors
/// When the database fails.
pub fn figures(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<(Figures, Moment)>> {
    let rows: Vec<(Id<BidKey>, Option<i32>, Moment)> = bid_hours::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(bid_hours::hours.is_not_null())
        .select((bid_hours::bid_id, bid_hours::hours, bid_hours::given_at))
        .load(conn)?;
    let about: BTreeSet<Id<BidKey>> = rows.iter().map(|(bid, ..)| *bid).collect();
    let last = rows.iter().map(|(.., at)| *at).max();
    Ok(Figures::of(rows.into_iter().filter_map(|(_, hours, _)| hours).collect(), about.len()).zip(last))
}
