//! The SQL of the bids that one organisation leads in a round.

use diesel::{delete, insert_into, prelude::*};

use super::model::LedBid;
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{bids, choices_of_bids, people, withdrawals},
    },
    error::Result,
    identity::policy::{Granted, Sight},
    ids::{BidKey, Id, OrganisationKey, PersonKey, RoundKey},
};

/// The bids that an organisation leads in a round, in the order of their making.
pub fn of_organisation(
    conn: &mut Conn,
    organisation: &Granted<OrganisationKey>,
    round: Id<RoundKey>,
) -> Result<Vec<LedBid>> {
    led(conn, organisation.id(), round)
}

/// A bid and those that its lead leads beside it.
pub fn beside(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<LedBid>> {
    let (lead, round) = bids::table.find(bid.id()).select((bids::lead_id, bids::round_id)).first(conn)?;
    led(conn, lead, round)
}

/// What an organisation leads beside a bid that it is to lead as well.
pub fn beside_as(conn: &mut Conn, bid: &Granted<BidKey>, lead: Id<OrganisationKey>) -> Result<Vec<LedBid>> {
    let round = bids::table.find(bid.id()).select(bids::round_id).first(conn)?;
    let mut others = led(conn, lead, round)?;
    others.retain(|led| led.id != bid.id());
    Ok(others)
}

fn led(conn: &mut Conn, lead: Id<OrganisationKey>, round: Id<RoundKey>) -> Result<Vec<LedBid>> {
    type Row = (Id<BidKey>, String, String, String, Option<Moment>, Option<bool>);
    let rows: Vec<Row> = bids::table
        .inner_join(people::table)
        .left_join(withdrawals::table)
        .left_join(choices_of_bids::table)
        .filter(bids::lead_id.eq(lead))
        .filter(bids::round_id.eq(round))
        .filter(withdrawals::bid_id.is_null())
        .filter(bids::submitted_at.is_not_null().or(bids::kind.ne("closed")))
        .order((bids::created_at, bids::id))
        .select((
            bids::id,
            bids::reference,
            bids::title,
            people::name,
            bids::submitted_at,
            choices_of_bids::put_forward.nullable(),
        ))
        .load(conn)?;
    let led = |(id, reference, title, started_by, submitted_at, put_forward): Row| LedBid {
        id,
        reference,
        title,
        started_by,
        submitted: submitted_at.is_some(),
        put_forward,
    };
    Ok(rows.into_iter().map(led).collect())
}

/// The rounds in which organisations of one's own write bids as lead authority that are not submitted.
pub fn written_by(conn: &mut Conn, sight: &Sight) -> Result<Vec<(Id<OrganisationKey>, Id<RoundKey>)>> {
    Ok(bids::table
        .filter(bids::lead_id.eq_any(&sight.organisations))
        .filter(bids::submitted_at.is_null())
        .filter(bids::kind.ne("closed"))
        .select((bids::lead_id, bids::round_id))
        .distinct()
        .order((bids::round_id, bids::lead_id))
        .load(conn)?)
}

/// Who started a bid that an organisation leads.
pub fn started_by(conn: &mut Conn, organisation: &Granted<OrganisationKey>, bid: Id<BidKey>) -> Result<Id<PersonKey>> {
    let own = bids::table.find(bid).filter(bids::lead_id.eq(organisation.id()));
    Ok(own.select(bids::created_by).first(conn)?)
}

/// Notes whether a draft goes forward. The bid itself does not change by it, so that nobody who writes it has to begin again.
pub fn put_forward(
    conn: &mut Conn,
    organisation: &Granted<OrganisationKey>,
    bid: Id<BidKey>,
    goes: Option<bool>,
) -> Result<()> {
    let own = bids::table.find(bid).filter(bids::lead_id.eq(organisation.id()));
    let id: Id<BidKey> = own.select(bids::id).first(conn)?;
    delete(choices_of_bids::table.find(id)).execute(conn)?;
    if let Some(goes) = goes {
        let row = (choices_of_bids::bid_id.eq(id), choices_of_bids::put_forward.eq(goes));
        insert_into(choices_of_bids::table).values(row).execute(conn)?;
    }
    Ok(())
}
