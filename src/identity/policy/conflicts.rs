//! The conflicts of interest that stand at an instant. One that has an end stands until then, the instant itself included.

use diesel::prelude::*;

use crate::{
    clock::Moment,
    db::{Conn, schema::conflicts},
    error::Result,
    ids::{BidKey, Id, OrganisationKey, PersonKey},
};

/// A conflict that stands.
pub(super) struct Conflict {
    /// The bid that it is with.
    pub bid: Option<Id<BidKey>>,
    /// The organisation that it is with, and so every bid that it leads or joins.
    pub organisation: Option<Id<OrganisationKey>>,
    /// Whether the person said so: nobody hides from them what they know.
    pub own: bool,
}

type Row = (Option<Id<BidKey>>, Option<Id<OrganisationKey>>, Id<PersonKey>);

/// The conflicts of a person that stand.
pub(super) fn standing(conn: &mut Conn, person: Id<PersonKey>, now: Moment) -> Result<Vec<Conflict>> {
    let rows: Vec<Row> = conflicts::table
        .filter(conflicts::person_id.eq(person))
        .filter(conflicts::lifted_at.is_null())
        .filter(conflicts::until_at.is_null().or(conflicts::until_at.ge(Some(now))))
        .order(conflicts::id)
        .select((conflicts::bid_id, conflicts::organisation_id, conflicts::created_by))
        .load(conn)?;
    let conflict = |(bid, organisation, by)| Conflict { bid, organisation, own: by == person };
    Ok(rows.into_iter().map(conflict).collect())
}
